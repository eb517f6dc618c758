/* Coordinates as departments deliver them, turned into CGCS2000 degrees.
 * Deliberately without projections: zone metres are the feed's business. */
#ifndef HULEI_MATCHERS_ADDRESS_COORDINATE_H
#define HULEI_MATCHERS_ADDRESS_COORDINATE_H

#include <stdbool.h>

enum coordinate_system {
    COORDINATE_CGCS2000 = 0, /* EPSG 4490 */
    COORDINATE_WGS84,        /* the same within centimetres */
    COORDINATE_GCJ02,        /* the offset system of Chinese web maps */
    COORDINATE_BD09          /* Baidu's offset on top of it */
};

/*
 * Degrees in, degrees out; the offset systems are inverted by iteration (round trip within 0.01 m). Outside the
 * rectangle the offset systems are defined for, GCJ-02 is the identity. False, with the output untouched, when the
 * input is not finite or no longitude and latitude at all.
 */
bool coordinate_to_cgcs2000(enum coordinate_system system, double lon, double lat, double *out_lon, double *out_lat);

/* The other way, for tests and exports; same contract. */
bool coordinate_from_cgcs2000(enum coordinate_system system, double lon, double lat, double *out_lon, double *out_lat);

/* Whether the point lies in the rectangle that holds China and where the offset systems apply. */
bool coordinate_in_china(double lon, double lat);

#endif
