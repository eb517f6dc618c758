/* An address library read from a file, to be located against as the engine does it.
 * Deliberately keeps no address text: ids, features and points only. */
#ifndef HULEI_DAEMON_CLI_ADDRESS_PLACES_H
#define HULEI_DAEMON_CLI_ADDRESS_PLACES_H

#include "matchers/address/address.h"

#include <stddef.h>

struct address_places;

struct address_places_counts {
    size_t places, with_point;
    size_t refused;     /* lines that are no place */
    size_t index_bytes; /* of the place index; ids not counted */
};

/*
 * Reads a file whose lines are `place_id <tab> address [<tab> lon <tab> lat <tab> crs]` or JSON: a `place` event of
 * FEEDS.md or its data alone. A point needs its system (CGCS2000, WGS84, GCJ02, BD09). A line that is no place is left
 * out, counted, and told on stderr with its number, field and rule. `area` is a hint as for address_parse().
 * NULL with a message in `error`. Release with address_places_close(); NULL is allowed there.
 */
struct address_places *address_places_open(const char *path, const struct gazetteer *gazetteer, uint64_t area,
                                           struct arena *arena, char *error, size_t size);
void                   address_places_close(struct address_places *places);

struct address_places_counts address_places_count(const struct address_places *places);

/* Where the address lies. `*place_id` is the place that is the address itself, "" when there is none. */
struct located address_places_locate(const struct address_places *places, const struct address_features *features,
                                     const char **place_id);

#endif
