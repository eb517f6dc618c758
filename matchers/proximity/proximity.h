/* Points on a grid of cells over CGCS2000, found again by radius in metres.
 * Deliberately a screen: straight-line distance on a sphere, no roads, rivers or hills. */
#ifndef HULEI_MATCHERS_PROXIMITY_PROXIMITY_H
#define HULEI_MATCHERS_PROXIMITY_PROXIMITY_H

#include "matchers/proximity/keymap.h"

/* Degrees of CGCS2000 (EPSG 4490). Both finite; |lat| <= 85. */
struct proximity_point {
    double lon, lat;
};

/* One located thing. The same id may stand at several points. */
struct proximity_item {
    uint64_t               id;
    struct proximity_point point;
    float                  uncertainty_m; /* radius in which the true place lies; 0 when not stated */
};

/* How a radius treats uncertainty. */
enum proximity_reach {
    PROXIMITY_NOMINAL,  /* the stated points are within the radius */
    PROXIMITY_POSSIBLE, /* the true places might be: their nearest possible distance is within it */
    PROXIMITY_CERTAIN,  /* the true places must be: their farthest possible distance is within it */
};

struct proximity_hit {
    struct proximity_item item;
    double                distance_m; /* between the stated points */
    double                nearest_m;  /* the true places are at least so far apart; 0 when their circles meet */
    double                farthest_m; /* and at most so far */
};

struct proximity_grid {
    struct keymap cells;
    struct pool   items;
    float         largest_uncertainty_m; /* of all items ever inserted; widens PROXIMITY_POSSIBLE queries */
};

/* Great-circle distance in metres on the sphere of mean radius 6,371,008.8 m (within 0.6 % of the ellipsoid). */
double proximity_distance_m(struct proximity_point a, struct proximity_point b);

/* True when the point is finite and inside the box that holds all of China (lon 73-136, lat 3-54). */
bool proximity_point_is_valid(struct proximity_point point);

void proximity_init(struct proximity_grid *grid, struct pool_memory *memory);
void proximity_clear(struct proximity_grid *grid);

/* False when memory is out or the point is not valid; the grid is unchanged then. */
bool proximity_insert(struct proximity_grid *grid, struct proximity_item item);

/* Takes out the item with this id at this very point. False when it is not there. */
bool proximity_remove(struct proximity_grid *grid, uint64_t id, struct proximity_point point);

/* Moves an item; never needs new memory when it succeeds. False when it is not at `from` or `to` is not valid. */
bool proximity_move(struct proximity_grid *grid, uint64_t id, struct proximity_point from, struct proximity_point to);

/* Makes sure that the next `count` inserts succeed. */
bool proximity_reserve(struct proximity_grid *grid, size_t count);

/* Called once per item found, in no order; false stops the query. */
typedef bool (*proximity_visit)(void *context, const struct proximity_hit *hit);

/*
 * Visits every item within `radius_m` of `centre` (inclusive). `uncertainty_m` is the centre's own and does
 * not count with PROXIMITY_NOMINAL. Radii above 50 km are cut to 50 km. False when a visit stopped the query.
 */
bool proximity_query(const struct proximity_grid *grid, struct proximity_point centre, float uncertainty_m,
                     double radius_m, enum proximity_reach reach, proximity_visit visit, void *context);

#endif
