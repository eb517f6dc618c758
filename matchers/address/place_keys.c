/* Keys under which an address is found in the library of places; see place_keys.h.
 * Deliberately hashes only: equal keys mean the same place of that level. */
#include "matchers/address/place_keys.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t level_key(enum located_precision level, uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t parts[] = { a, b, c };

    return XXH3_64bits_withSeed(parts, sizeof parts, 100u + (uint64_t)level) | 1u;
}

void place_keys_make(const struct address_features *features, uint64_t keys[PLACE_LEVELS])
{
    const bool     has_community = features->level == 12 || (features->place != 0 && features->level >= 6);
    const uint64_t building      = address_building_key(features);
    const uint64_t dwelling      = address_dwelling_key(features);
    const bool     is_house      = (features->flags & ADDRESS_HAS_RURAL_NUMBER) != 0;

    memset(keys, 0, PLACE_LEVELS * sizeof *keys);
    if (features->level >= 9)
        keys[LOCATED_TOWN] = level_key(LOCATED_TOWN, gazetteer_cut(features->code, 9), 0, 0);
    if (has_community) {
        keys[LOCATED_COMMUNITY] = level_key(LOCATED_COMMUNITY, features->code, features->place, 0);
        if (features->group != 0)
            keys[LOCATED_GROUP] = level_key(LOCATED_GROUP, features->code, features->place, features->group);
    }
    if (is_house) {
        keys[LOCATED_NUMBER] = building != 0 ? level_key(LOCATED_NUMBER, building, 0, 0) : 0;
        return;
    }
    if (features->level >= 6 && features->road != 0 && features->number != 0) {
        struct address_features yard = *features;
        yard.building                = 0;
        yard.unit                    = 0;
        keys[LOCATED_NUMBER]         = level_key(LOCATED_NUMBER, address_building_key(&yard), 0, 0);
    }
    if (building != 0 && features->building != 0)
        keys[LOCATED_BUILDING] = level_key(LOCATED_BUILDING, building, 0, 0);
    if (dwelling != 0)
        keys[LOCATED_ROOM] = level_key(LOCATED_ROOM, dwelling, 0, 0);
}

enum located_precision place_keys_finest(const uint64_t keys[PLACE_LEVELS])
{
    for (int level = LOCATED_ROOM; level > LOCATED_NONE; level--) {
        if (keys[level] != 0)
            return (enum located_precision)level;
    }
    return LOCATED_NONE;
}

uint64_t place_estate_key(const struct address_features *features, enum place_estate_kind kind)
{
    const unsigned level = kind == PLACE_ESTATE_IN_COMMUNITY ? 12 : 9;
    if (features->poi == 0 || features->level < level)
        return 0;
    return level_key(LOCATED_NONE, gazetteer_cut(features->code, level), features->poi, kind);
}
