/* Addresses as records state them, with or without a point of their own; see place_index.h.
 * Knows nothing of what the address is to anybody. */
#include "matchers/address/address.h"
#include "matchers/address/place_index.h"

enum { STATED_UNCERTAINTY_M = 50 };

enum located_precision located_stated_precision(const struct address_features *features)
{
    if (features->room != 0 || features->unit != 0)
        return LOCATED_ROOM;
    if (features->building != 0)
        return LOCATED_BUILDING;
    if (features->number != 0)
        return LOCATED_NUMBER;
    if (features->group != 0)
        return LOCATED_GROUP;
    if (features->level >= 12)
        return LOCATED_COMMUNITY;
    return features->level >= 9 ? LOCATED_TOWN : LOCATED_NONE;
}

struct located place_index_locate_stated(const struct place_index *index, const struct address_features *features,
                                         bool has_point, double lon, double lat)
{
    const struct address_features whole = place_index_complete(index, features);

    if (!has_point)
        return place_index_locate(index, &whole);
    const enum located_precision words = located_stated_precision(features);
    return (struct located){
        .found         = false,
        .has_point     = true,
        .lon           = lon,
        .lat           = lat,
        .precision     = words > LOCATED_GROUP ? words : LOCATED_GROUP,
        .uncertainty_m = STATED_UNCERTAINTY_M,
    };
}
