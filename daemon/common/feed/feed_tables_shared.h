/* The blocks that several types share: person, residence, location.
 * Private to the tables. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_TABLES_SHARED_H
#define HULEI_DAEMON_COMMON_FEED_FEED_TABLES_SHARED_H

#include "daemon/common/feed/feed_field.h"

#define FIELDS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

extern const struct field_table feed_person_table;
extern const struct field_table feed_location_table;

/* Of `data` as a whole, each for some types; NULL for the others. */
const struct field_table *feed_table_of_concern(enum feed_type type);
const struct field_table *feed_table_of_care(enum feed_type type);
const struct field_table *feed_table_of_frame(enum feed_type type);
const struct field_table *feed_table_of_emergency(enum feed_type type);

/* Every type by its word; one not served yet may be named, too, for the day it is. */
extern const struct field_word feed_type_words[];

/* For field_table.check: refuses `to` before `from`; absent dates say nothing. */
bool feed_check_order(struct field_reading *reading, struct feed_date from, struct feed_date to, const char *to_name);

#endif
