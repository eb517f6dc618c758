/* Counts points that lie where a mixed-up coordinate system would put them; see coordinate_shift.h.
 * Deliberately compares with the library only: two feeds with the same mistake do not confirm each other here. */
#include "matchers/address/coordinate_shift.h"

#include "matchers/address/coordinate.h"

#include <math.h>

static const double   metres_per_degree     = 111195.0;
static const double   radians_per_degree    = 0.017453292519943295;
static const double   right_within_m        = 60; /* the usual width of a yard, and of rounding */
static const double   library_worst_m       = 120;
static const uint32_t verdict_points        = 20;
static const uint32_t verdict_share_divisor = 20;
static const uint32_t halve_at_points       = 2000;

/* A mistake is made by writing the true point in one system and reading it as another. */
static const struct {
    const char            *word;
    enum coordinate_system written, read;
} mistakes[COORDINATE_MISTAKE_COUNT] = {
    [COORDINATE_MISTAKE_NONE]     = {"none",              COORDINATE_CGCS2000, COORDINATE_CGCS2000},
    [COORDINATE_GCJ02_UNDECLARED] = { "gcj02_undeclared", COORDINATE_GCJ02,    COORDINATE_CGCS2000},
    [COORDINATE_BD09_UNDECLARED]  = { "bd09_undeclared",  COORDINATE_BD09,     COORDINATE_CGCS2000},
    [COORDINATE_BD09_AS_GCJ02]    = { "bd09_as_gcj02",    COORDINATE_BD09,     COORDINATE_GCJ02   },
    [COORDINATE_GCJ02_AS_BD09]    = { "gcj02_as_bd09",    COORDINATE_GCJ02,    COORDINATE_BD09    },
    [COORDINATE_CONVERTED_TWICE]  = { "converted_twice",  COORDINATE_CGCS2000, COORDINATE_GCJ02   },
    [COORDINATE_CGCS2000_AS_BD09] = { "cgcs2000_as_bd09", COORDINATE_CGCS2000, COORDINATE_BD09    },
};

const char *coordinate_mistake_word(enum coordinate_mistake mistake)
{
    return mistakes[mistake].word;
}

/* On the flat: exact enough for a few kilometres. */
static double apart_m(double lon, double lat, double other_lon, double other_lat)
{
    const double east  = (lon - other_lon) * cos(lat * radians_per_degree);
    const double north = lat - other_lat;

    return metres_per_degree * sqrt(east * east + north * north);
}

static double apart_from_mistaken_m(enum coordinate_mistake mistake, double lon, double lat, double true_lon,
                                    double true_lat)
{
    double written_lon, written_lat, read_lon, read_lat;

    if (!coordinate_from_cgcs2000(mistakes[mistake].written, true_lon, true_lat, &written_lon, &written_lat) ||
        !coordinate_to_cgcs2000(mistakes[mistake].read, written_lon, written_lat, &read_lon, &read_lat))
        return INFINITY;
    return apart_m(lon, lat, read_lon, read_lat);
}

/* Of mistakes that lie near each other the nearest explains the point. */
static enum coordinate_mistake explain(double lon, double lat, double true_lon, double true_lat, double within_m)
{
    enum coordinate_mistake best    = COORDINATE_MISTAKE_NONE;
    double                  least_m = apart_m(lon, lat, true_lon, true_lat);

    if (least_m <= within_m)
        return COORDINATE_MISTAKE_NONE;
    least_m = within_m;
    for (int mistake = 1; mistake < COORDINATE_MISTAKE_COUNT; mistake++) {
        const double apart = apart_from_mistaken_m((enum coordinate_mistake)mistake, lon, lat, true_lon, true_lat);
        if (apart < least_m) {
            least_m = apart;
            best    = (enum coordinate_mistake)mistake;
        }
    }
    return best;
}

enum coordinate_mistake coordinate_shift_note(struct coordinate_shift *shift, double lon, double lat,
                                              double library_lon, double library_lat, double uncertainty_m)
{
    if (!(uncertainty_m <= library_worst_m) || !coordinate_in_china(library_lon, library_lat))
        return COORDINATE_MISTAKE_NONE;

    const double                  within_m = fmax(right_within_m, uncertainty_m);
    const enum coordinate_mistake mistake  = explain(lon, lat, library_lon, library_lat, within_m);
    shift->points++;
    if (mistake != COORDINATE_MISTAKE_NONE)
        shift->mistakes[mistake]++;
    if (shift->points >= halve_at_points) {
        shift->points /= 2;
        for (int i = 0; i < COORDINATE_MISTAKE_COUNT; i++)
            shift->mistakes[i] /= 2;
    }
    return mistake;
}

enum coordinate_mistake coordinate_shift_verdict(const struct coordinate_shift *shift)
{
    enum coordinate_mistake commonest = COORDINATE_MISTAKE_NONE;

    for (int mistake = 1; mistake < COORDINATE_MISTAKE_COUNT; mistake++) {
        if (shift->mistakes[mistake] > shift->mistakes[commonest])
            commonest = (enum coordinate_mistake)mistake;
    }
    const uint32_t count = shift->mistakes[commonest];
    return count >= verdict_points && count >= shift->points / verdict_share_divisor ? commonest
                                                                                     : COORDINATE_MISTAKE_NONE;
}
