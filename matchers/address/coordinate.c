/* GCJ-02 and BD-09 offsets and their inverses; see coordinate.h.
 * The forward formulas are the published approximations every map client uses. */
#include "matchers/address/coordinate.h"

#include <math.h>

static const double pi                  = 3.14159265358979323846;
static const double krasovsky_axis_m    = 6378245.0;
static const double krasovsky_eccentric = 0.00669342162296594323;

struct offset {
    double lon, lat;
};

bool coordinate_in_china(double lon, double lat)
{
    return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

static double lat_wave(double x, double y)
{
    double sum = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));

    sum += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
    sum += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0;
    sum += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0;
    return sum;
}

static double lon_wave(double x, double y)
{
    double sum = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));

    sum += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
    sum += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0;
    sum += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0;
    return sum;
}

static struct offset gcj02_of(double lon, double lat)
{
    if (!coordinate_in_china(lon, lat))
        return (struct offset){ lon, lat };

    const double radians = lat / 180.0 * pi;
    const double magic   = 1.0 - krasovsky_eccentric * sin(radians) * sin(radians);
    const double root    = sqrt(magic);
    const double per_lat = krasovsky_axis_m * (1.0 - krasovsky_eccentric) / (magic * root) * pi / 180.0;
    const double per_lon = krasovsky_axis_m / root * cos(radians) * pi / 180.0;

    return (struct offset){ lon + lon_wave(lon - 105.0, lat - 35.0) / per_lon,
                            lat + lat_wave(lon - 105.0, lat - 35.0) / per_lat };
}

static struct offset bd09_of_gcj02(double lon, double lat)
{
    const double radius = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * pi * 3000.0 / 180.0);
    const double angle  = atan2(lat, lon) + 0.000003 * cos(lon * pi * 3000.0 / 180.0);

    return (struct offset){ radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006 };
}

static struct offset bd09_of(double lon, double lat)
{
    const struct offset gcj02 = gcj02_of(lon, lat);

    return bd09_of_gcj02(gcj02.lon, gcj02.lat);
}

/* The offsets change slowly: each step takes the remaining error off, and a few reach 1e-10 degrees. */
static struct offset invert(struct offset (*forward)(double, double), double lon, double lat)
{
    enum { STEPS_MAX = 30 };
    struct offset guess = { lon, lat };

    for (int i = 0; i < STEPS_MAX; i++) {
        const struct offset reached = forward(guess.lon, guess.lat);
        const double        lon_off = lon - reached.lon, lat_off = lat - reached.lat;
        guess.lon += lon_off;
        guess.lat += lat_off;
        if (fabs(lon_off) < 1e-11 && fabs(lat_off) < 1e-11)
            break;
    }
    return guess;
}

static bool is_position(double lon, double lat)
{
    return isfinite(lon) && isfinite(lat) && fabs(lon) <= 180.0 && fabs(lat) <= 90.0;
}

bool coordinate_to_cgcs2000(enum coordinate_system system, double lon, double lat, double *out_lon, double *out_lat)
{
    if (!is_position(lon, lat))
        return false;

    struct offset point = { lon, lat };
    switch (system) {
    case COORDINATE_CGCS2000:
    case COORDINATE_WGS84:
        break;
    case COORDINATE_GCJ02:
        if (coordinate_in_china(lon, lat))
            point = invert(gcj02_of, lon, lat);
        break;
    case COORDINATE_BD09:
        point = invert(bd09_of, lon, lat);
        break;
    }
    *out_lon = point.lon;
    *out_lat = point.lat;
    return true;
}

bool coordinate_from_cgcs2000(enum coordinate_system system, double lon, double lat, double *out_lon, double *out_lat)
{
    if (!is_position(lon, lat))
        return false;

    struct offset point = { lon, lat };
    if (system == COORDINATE_GCJ02)
        point = gcj02_of(lon, lat);
    else if (system == COORDINATE_BD09)
        point = bd09_of(lon, lat);
    *out_lon = point.lon;
    *out_lat = point.lat;
    return true;
}
