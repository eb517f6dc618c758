/* Stated addresses into residences; see situation_home.h. */
#include "daemon/engine/situation_home.h"

/* Equal for the same village group of the same community; 0 when one of them is not known. */
static uint64_t group_key(const struct address_features *address)
{
    if (address->group == 0 || address->level < 12)
        return 0;
    return address->code * UINT64_C(0x9E3779B97F4A7C15) ^ address->group;
}

static void place_at(struct exposure_residence *residence, double lon, double lat, float uncertainty_m)
{
    residence->has_point     = true;
    residence->lon           = lon;
    residence->lat           = lat;
    residence->uncertainty_m = uncertainty_m;
}

/* The mean of a community, which moves with every place that comes, is no point: nobody lives there. */
struct exposure_residence situation_home(const struct world_tools *tools, struct world *world,
                                         const struct record_facts *facts, const struct facts_residence *stated)
{
    const struct place_index     *places = world_places(world);
    const struct address_features whole  = place_index_complete(places, &stated->address);
    const struct located          located =
        place_index_locate_stated(places, &stated->address, stated->has_point, stated->lon, stated->lat);
    /* The library knows an estate's road and number: two spellings of one dwelling get one key. */
    struct exposure_residence residence = {
        .dwelling_key   = address_dwelling_key(&whole),
        .building_key   = address_building_key(&whole),
        .group_key      = group_key(&stated->address),
        .community_code = stated->address.level >= 12 ? stated->address.code : 0,
        .town_code      = stated->address.level >= 9 ? (uint32_t)(stated->address.code / 1000) : 0,
        .precision      = (enum proximity_precision)located_stated_precision(&stated->address),
        .as_of_day      = stated->as_of_day,
        .record_id      = facts->record_id,
    };

    if (!located.has_point)
        return residence;
    residence.precision = (enum proximity_precision)located.precision; /* the same values (place_index.h) */
    if (stated->has_point || residence.precision >= tools->policy->radii.distance_precision)
        place_at(&residence, located.lon, located.lat, located.uncertainty_m);
    return residence;
}
