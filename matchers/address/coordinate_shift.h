/* Finds out that a feed names the wrong coordinate system, or converts twice: its points lie off their own addresses
 * by the offset between two systems. Deliberately counts only: nothing is corrected, the source has to be asked. */
#ifndef HULEI_MATCHERS_ADDRESS_COORDINATE_SHIFT_H
#define HULEI_MATCHERS_ADDRESS_COORDINATE_SHIFT_H

#include <stdint.h>

/* What the true point has gone through on top of what the feed says of itself. */
enum coordinate_mistake {
    COORDINATE_MISTAKE_NONE = 0,
    COORDINATE_GCJ02_UNDECLARED, /* GCJ-02 sent as CGCS2000 */
    COORDINATE_BD09_UNDECLARED,  /* BD-09 sent as CGCS2000 */
    COORDINATE_BD09_AS_GCJ02,    /* BD-09 sent as GCJ-02 */
    COORDINATE_GCJ02_AS_BD09,    /* GCJ-02 sent as BD-09 */
    COORDINATE_CONVERTED_TWICE,  /* CGCS2000 sent as GCJ-02: the offset was taken off twice */
    COORDINATE_CGCS2000_AS_BD09, /* the same with BD-09 */
    COORDINATE_MISTAKE_COUNT
};

/* "none", "gcj02_undeclared", …: for logs and metrics. */
const char *coordinate_mistake_word(enum coordinate_mistake mistake);

/* One per source. Zero it to begin. Old points fade: after 2,000 all counts are halved. */
struct coordinate_shift {
    uint32_t points; /* that could be compared */
    uint32_t mistakes[COORDINATE_MISTAKE_COUNT];
};

/*
 * Compares a point as the feed stated it, already turned into CGCS2000, with where the address library has the same
 * address. `uncertainty_m` is that of the library's point; above 120 m nothing is counted. Returns the mistake that
 * explains the point, COORDINATE_MISTAKE_NONE when it lies right or nothing explains it.
 */
enum coordinate_mistake coordinate_shift_note(struct coordinate_shift *shift, double lon, double lat,
                                              double library_lon, double library_lat, double uncertainty_m);

/* The mistake that at least 20 points and one in twenty show, the commonest first; COORDINATE_MISTAKE_NONE otherwise.
 */
enum coordinate_mistake coordinate_shift_verdict(const struct coordinate_shift *shift);

#endif
