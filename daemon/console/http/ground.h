/* What is under the points of a map, as GeoJSON: communities and roads, drawn from places of the address library. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_GROUND_H
#define HULEI_DAEMON_CONSOLE_HTTP_GROUND_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* A place with a point. */
struct ground_spot {
    uint64_t area;     /* its community, 12 digits; 0 unknown */
    uint32_t road;     /* hash of the road's name; 0: none */
    double   lon, lat; /* degrees */
    double   along;    /* of the drawing's own */
};

/*
 * A FeatureCollection: a closed outline around the places of each community (kind `community`), a line along the houses
 * of each road in it (kind `road`); new reference. Sorts the spots.
 */
json_t *ground_draw(struct ground_spot *spots, size_t count);

#endif
