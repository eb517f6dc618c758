/* The blocks that several types share: person, residence, location.
 * Private to the tables. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_TABLES_SHARED_H
#define HULEI_DAEMON_COMMON_FEED_FEED_TABLES_SHARED_H

#include "daemon/common/feed/feed_field.h"

#define FIELDS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

extern const struct field_table feed_person_table;
extern const struct field_table feed_location_table;

#endif
