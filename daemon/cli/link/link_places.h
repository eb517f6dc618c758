/* What an address text says of where somebody lives, remembered: a household writes one address many times.
 * Deliberately bounded: a text that pushed another out is only read again. */
#ifndef HULEI_DAEMON_CLI_LINK_PLACES_H
#define HULEI_DAEMON_CLI_LINK_PLACES_H

#include "matchers/address/address.h"

/* All 0 where the text does not say. */
struct link_place {
    uint64_t community, dwelling, building;
};

struct link_places;

/* NULL: memory is out. The gazetteer is borrowed. */
struct link_places *link_places_open(const struct gazetteer *gazetteer);
/* Closing NULL does nothing. */
void link_places_close(struct link_places *places);

/* Reads the text, or remembers it. Any number of threads, each with an arena of its own for scratch memory. */
struct link_place link_places_get(struct link_places *places, struct span text, uint64_t area_code,
                                  struct arena *arena);

#endif
