/* The ground of a map; see ground.h.
 * Coarse and offline: roads and outlines are drawn from points alone. */
#include "daemon/console/http/ground.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { OUTLINE_CORNERS_MIN = 3, ROAD_POINTS_MIN = 2, FEATURES_MAX = 400 };

static int by_area(const void *a, const void *b)
{
    const struct ground_spot *x = a, *y = b;

    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    if (x->lon < y->lon || x->lon > y->lon)
        return x->lon < y->lon ? -1 : 1;
    return (x->lat > y->lat) - (x->lat < y->lat);
}

static int by_road(const void *a, const void *b)
{
    const struct ground_spot *x = a, *y = b;

    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    return (x->road > y->road) - (x->road < y->road);
}

static int by_way(const void *a, const void *b)
{
    const struct ground_spot *x = a, *y = b;

    return (x->along > y->along) - (x->along < y->along);
}

static json_t *degrees(const struct ground_spot *spot)
{
    return json_pack("[f, f]", spot->lon, spot->lat);
}

static json_t *feature(const char *kind, const char *shape, json_t *coordinates)
{
    return json_pack("{s:s, s:{s:s}, s:{s:s, s:o}}", "type", "Feature", "properties", "kind", kind, "geometry", "type",
                     shape, "coordinates", coordinates);
}

static double turn(const struct ground_spot *a, const struct ground_spot *b, const struct ground_spot *c)
{
    return (b->lon - a->lon) * (c->lat - a->lat) - (b->lat - a->lat) * (c->lon - a->lon);
}

/* One half of the convex hull of spots in the order of by_area (Andrew's monotone chain); its length. */
static size_t half_hull(const struct ground_spot *spots, size_t count, bool is_upper, const struct ground_spot **hull)
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        const struct ground_spot *next = &spots[is_upper ? count - 1 - i : i];
        while (length >= 2 && turn(hull[length - 2], hull[length - 1], next) <= 0)
            length--;
        hull[length++] = next;
    }
    return length;
}

/* The outline of a community's places; NULL when they span no area. */
static json_t *outline(const struct ground_spot *spots, size_t count)
{
    const struct ground_spot **hull = calloc(2 * count + 2, sizeof(struct ground_spot *));
    json_t                    *ring = NULL;

    if (hull == NULL)
        return NULL;
    size_t length = half_hull(spots, count, false, hull);
    length += half_hull(spots, count, true, hull + length - 1) - 1; /* the last of one half begins the other */
    if (length > OUTLINE_CORNERS_MIN) {
        ring = json_array();
        for (size_t i = 0; i < length; i++)
            json_array_append_new(ring, degrees(hull[i]));
    }
    free(hull);
    return ring != NULL ? feature("community", "Polygon", json_pack("[o]", ring)) : NULL;
}

/* A road's houses in the order of the direction in which they lie farthest apart. */
static json_t *road_line(struct ground_spot *spots, size_t count)
{
    double lon = 0, lat = 0, across = 0, up = 0, both = 0;

    for (size_t i = 0; i < count; i++) {
        lon += spots[i].lon / (double)count;
        lat += spots[i].lat / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        across += (spots[i].lon - lon) * (spots[i].lon - lon);
        up += (spots[i].lat - lat) * (spots[i].lat - lat);
        both += (spots[i].lon - lon) * (spots[i].lat - lat);
    }
    const double angle = 0.5 * atan2(2 * both, across - up);
    for (size_t i = 0; i < count; i++)
        spots[i].along = cos(angle) * (spots[i].lon - lon) + sin(angle) * (spots[i].lat - lat);
    qsort(spots, count, sizeof *spots, by_way);
    json_t *line = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(line, degrees(&spots[i]));
    return feature("road", "LineString", line);
}

static size_t area_length(const struct ground_spot *spots, size_t count)
{
    size_t length = 1;

    while (length < count && spots[length].area == spots[0].area)
        length++;
    return length;
}

static size_t road_length(const struct ground_spot *spots, size_t count)
{
    size_t length = 1;

    while (length < count && spots[length].area == spots[0].area && spots[length].road == spots[0].road)
        length++;
    return length;
}

json_t *ground_draw(struct ground_spot *spots, size_t count)
{
    json_t *features = json_array();

    if (count > 0)
        qsort(spots, count, sizeof *spots, by_area);
    for (size_t first = 0, length = 0; first < count; first += length) {
        length        = area_length(spots + first, count - first);
        json_t *shape = spots[first].area != 0 ? outline(spots + first, length) : NULL;
        if (shape != NULL)
            json_array_append_new(features, shape);
    }
    if (count > 0)
        qsort(spots, count, sizeof *spots, by_road);
    for (size_t first = 0, length = 0; first < count && json_array_size(features) < FEATURES_MAX; first += length) {
        length = road_length(spots + first, count - first);
        if (length >= ROAD_POINTS_MIN && spots[first].road != 0)
            json_array_append_new(features, road_line(spots + first, length));
    }
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
}
