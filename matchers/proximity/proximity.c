/* A grid of cells over CGCS2000; see proximity.h.
 * Deliberately equal-angle cells of 0.005 degrees (about 480 m by 556 m at 大足): no projection, no zone borders. */
#include "matchers/proximity/proximity.h"

#include <assert.h>
#include <math.h>

static const double EARTH_RADIUS_M     = 6371008.8;
static const double RADIANS_PER_DEGREE = 0.017453292519943295;
static const double CELL_DEGREES       = 0.005;
static const double RADIUS_MAX_M       = 50000;
/* Wider than any rounding in the box computation, far below a millimetre on the ground. */
static const double BOX_SLACK_DEGREES = 1e-9;

double proximity_distance_m(struct proximity_point a, struct proximity_point b)
{
    const double half_lat = (b.lat - a.lat) * RADIANS_PER_DEGREE / 2;
    const double half_lon = (b.lon - a.lon) * RADIANS_PER_DEGREE / 2;
    const double s        = sin(half_lat) * sin(half_lat) +
                     cos(a.lat * RADIANS_PER_DEGREE) * cos(b.lat * RADIANS_PER_DEGREE) * sin(half_lon) * sin(half_lon);

    return 2 * EARTH_RADIUS_M * asin(sqrt(s < 1 ? s : 1));
}

bool proximity_point_is_valid(struct proximity_point point)
{
    return point.lon >= 73 && point.lon <= 136 && point.lat >= 3 && point.lat <= 54;
}

static int64_t cell_index(double degrees)
{
    return (int64_t)floor(degrees / CELL_DEGREES);
}

static uint64_t cell_key(int64_t column, int64_t row)
{
    return (uint64_t)column << 32 | (uint64_t)(uint32_t)row;
}

static uint64_t cell_of(struct proximity_point point)
{
    return cell_key(cell_index(point.lon), cell_index(point.lat));
}

static const struct proximity_item *item_of(const struct keymap_node *node)
{
    return keymap_pointer(node);
}

void proximity_init(struct proximity_grid *grid, struct pool_memory *memory)
{
    *grid = (struct proximity_grid){ 0 };
    keymap_init(&grid->cells, memory);
    pool_init(&grid->items, memory, sizeof(struct proximity_item));
}

void proximity_clear(struct proximity_grid *grid)
{
    keymap_clear(&grid->cells);
    pool_clear(&grid->items);
    grid->largest_uncertainty_m = 0;
}

bool proximity_insert(struct proximity_grid *grid, struct proximity_item item)
{
    if (!proximity_point_is_valid(item.point))
        return false;
    if (!(item.uncertainty_m >= 0))
        item.uncertainty_m = 0;

    struct proximity_item *stored = pool_take(&grid->items);
    if (stored == NULL)
        return false;
    if (!keymap_insert(&grid->cells, 0, cell_of(item.point), keymap_value(stored))) {
        pool_give(&grid->items, stored);
        return false;
    }
    *stored = item;
    if (item.uncertainty_m > grid->largest_uncertainty_m)
        grid->largest_uncertainty_m = item.uncertainty_m;
    return true;
}

static struct proximity_item *find(const struct proximity_grid *grid, uint64_t id, struct proximity_point point)
{
    if (!proximity_point_is_valid(point))
        return NULL;

    const struct keymap_node *node = keymap_first(&grid->cells, 0, cell_of(point));
    for (; node != NULL; node = keymap_next(node)) {
        struct proximity_item *item = keymap_pointer(node);
        if (item->id == id && item->point.lon == point.lon && item->point.lat == point.lat)
            return item;
    }
    return NULL;
}

bool proximity_remove(struct proximity_grid *grid, uint64_t id, struct proximity_point point)
{
    struct proximity_item *item = find(grid, id, point);
    if (item == NULL)
        return false;

    keymap_remove(&grid->cells, 0, cell_of(point), keymap_value(item));
    pool_give(&grid->items, item);
    return true;
}

bool proximity_move(struct proximity_grid *grid, uint64_t id, struct proximity_point from, struct proximity_point to)
{
    struct proximity_item *item = find(grid, id, from);
    if (item == NULL || !proximity_point_is_valid(to))
        return false;

    const uint64_t value = keymap_value(item);
    keymap_remove(&grid->cells, 0, cell_of(from), value);
    item->point = to;
    /* The node just given back is taken again. */
    const bool is_placed = keymap_insert(&grid->cells, 0, cell_of(to), value);
    assert(is_placed);
    return is_placed;
}

bool proximity_reserve(struct proximity_grid *grid, size_t count)
{
    return pool_reserve(&grid->items, count) && keymap_reserve(&grid->cells, count);
}

struct query {
    struct proximity_point centre;
    double                 radius_m;
    float                  uncertainty_m;
    enum proximity_reach   reach;
    proximity_visit        visit;
    void                  *context;
};

static double reached_m(enum proximity_reach reach, const struct proximity_hit *hit)
{
    if (reach == PROXIMITY_NOMINAL)
        return hit->distance_m;
    return reach == PROXIMITY_POSSIBLE ? hit->nearest_m : hit->farthest_m;
}

static struct proximity_hit hit_of(const struct query *query, const struct proximity_item *item)
{
    const double distance_m = proximity_distance_m(query->centre, item->point);
    const double slack_m    = (double)item->uncertainty_m + (double)query->uncertainty_m;

    return (struct proximity_hit){ .item       = *item,
                                   .distance_m = distance_m,
                                   .nearest_m  = distance_m > slack_m ? distance_m - slack_m : 0,
                                   .farthest_m = distance_m + slack_m };
}

static bool visit_cell(const struct proximity_grid *grid, const struct query *query, uint64_t cell)
{
    const struct keymap_node *node = keymap_first(&grid->cells, 0, cell);

    for (; node != NULL; node = keymap_next(node)) {
        const struct proximity_hit hit = hit_of(query, item_of(node));
        if (reached_m(query->reach, &hit) <= query->radius_m && !query->visit(query->context, &hit))
            return false;
    }
    return true;
}

/* Half width in degrees of longitude of the smallest box around the circle. */
static double half_width_degrees(double lat, double angle)
{
    const double ratio = sin(angle) / cos(lat * RADIANS_PER_DEGREE);

    return ratio < 1 ? asin(ratio) / RADIANS_PER_DEGREE : 180;
}

bool proximity_query(const struct proximity_grid *grid, struct proximity_point centre, float uncertainty_m,
                     double radius_m, enum proximity_reach reach, proximity_visit visit, void *context)
{
    if (!proximity_point_is_valid(centre) || !(radius_m >= 0))
        return true;
    if (radius_m > RADIUS_MAX_M)
        radius_m = RADIUS_MAX_M;
    if (!(uncertainty_m >= 0))
        uncertainty_m = 0;

    double search_m = radius_m;
    if (reach == PROXIMITY_POSSIBLE)
        search_m += (double)uncertainty_m + (double)grid->largest_uncertainty_m;
    if (search_m > 2 * RADIUS_MAX_M)
        search_m = 2 * RADIUS_MAX_M;

    const struct query query = { centre, radius_m, uncertainty_m, reach, visit, context };
    const double       angle = search_m / EARTH_RADIUS_M;
    const double       high  = angle / RADIANS_PER_DEGREE + BOX_SLACK_DEGREES;
    const double       wide  = half_width_degrees(centre.lat, angle) + BOX_SLACK_DEGREES;
    const int64_t      top   = cell_index(centre.lat + high);
    const int64_t      right = cell_index(centre.lon + wide);

    for (int64_t row = cell_index(centre.lat - high); row <= top; row++) {
        for (int64_t column = cell_index(centre.lon - wide); column <= right; column++) {
            if (!visit_cell(grid, &query, cell_key(column, row)))
                return false;
        }
    }
    return true;
}
