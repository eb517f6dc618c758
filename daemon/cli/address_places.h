/* Places of an address library read from a file, to be located against as the engine does it.
 * Deliberately without coordinates: it answers which place an address is, not where it lies. */
#ifndef HULEI_DAEMON_CLI_ADDRESS_PLACES_H
#define HULEI_DAEMON_CLI_ADDRESS_PLACES_H

#include "matchers/address/address.h"

struct address_places;

/* Reads lines `place_id <tab> address`; a line without a tab is left out. The area is a hint as for address_parse().
 * NULL with a message in `error`. Release with address_places_close(). */
struct address_places *address_places_open(const char *path, const struct gazetteer *gazetteer, uint64_t area,
                                           struct arena *arena, char *error, size_t size);
void                   address_places_close(struct address_places *places);

/* The id of the place that is the address itself, "" when there is none. `precision` gets what was found. */
const char *address_places_locate(const struct address_places *places, const struct address_features *features,
                                  enum located_precision *precision);

#endif
