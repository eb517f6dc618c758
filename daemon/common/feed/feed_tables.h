/* The fields of every type that is served: FEEDS.md as tables.
 * Reads nothing; feed_field.c walks them. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_TABLES_H
#define HULEI_DAEMON_COMMON_FEED_FEED_TABLES_H

#include "daemon/common/feed/feed_field.h"

/* Of `data` as a whole; fills a struct feed_record. NULL for a type that is not enabled. */
const struct field_table *feed_table_of(enum feed_type type);

extern const struct field_word feed_disposition_words[];

#endif
