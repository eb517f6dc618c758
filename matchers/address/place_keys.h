/* Keys under which an address is found in the library of places, one per level of precision.
 * Deliberately without any table: place_index.c has those. */
#ifndef HULEI_MATCHERS_ADDRESS_PLACE_KEYS_H
#define HULEI_MATCHERS_ADDRESS_PLACE_KEYS_H

#include "matchers/address/address.h"

enum { PLACE_LEVELS = LOCATED_ROOM + 1 }; /* of enum located_precision; [LOCATED_NONE] is never used */

enum place_estate_kind { PLACE_ESTATE_IN_COMMUNITY = 0, PLACE_ESTATE_IN_TOWN, PLACE_ESTATE_KINDS };

/* 0 where the address does not go so deep. */
void place_keys_make(const struct address_features *features, uint64_t keys[PLACE_LEVELS]);

/* The finest level that has a key. */
enum located_precision place_keys_finest(const uint64_t keys[PLACE_LEVELS]);

/* The estate's name within its community or town; 0 when either is not stated. */
uint64_t place_estate_key(const struct address_features *features, enum place_estate_kind kind);

#endif
