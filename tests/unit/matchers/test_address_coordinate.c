/* Coordinates against published values, and round trips.
 * The bar is 0.01 m, a tenth of a micro-degree. */
#include "tests/unit/matchers/address_fixture.h"

#include <math.h>

static const double centimetre_degrees = 0.9e-7;

static void take_case(void *context, char **columns)
{
    double values[6], lon, lat;

    (void)context;
    for (size_t i = 0; i < 6; i++)
        values[i] = strtod(columns[i + 1], NULL);
    assert_true(coordinate_from_cgcs2000(COORDINATE_GCJ02, values[0], values[1], &lon, &lat));
    assert_true(fabs(lon - values[2]) < 2e-8 && fabs(lat - values[3]) < 2e-8);
    assert_true(coordinate_from_cgcs2000(COORDINATE_BD09, values[0], values[1], &lon, &lat));
    assert_true(fabs(lon - values[4]) < 2e-8 && fabs(lat - values[5]) < 2e-8);
    assert_true(coordinate_to_cgcs2000(COORDINATE_GCJ02, values[2], values[3], &lon, &lat));
    assert_true(fabs(lon - values[0]) < centimetre_degrees && fabs(lat - values[1]) < centimetre_degrees);
    assert_true(coordinate_to_cgcs2000(COORDINATE_BD09, values[4], values[5], &lon, &lat));
    assert_true(fabs(lon - values[0]) < centimetre_degrees && fabs(lat - values[1]) < centimetre_degrees);
}

static void test_published(void **state)
{
    (void)state;
    fixture_rows("coord_cases.tsv", take_case, NULL);
}

static void test_round_trips(void **state)
{
    (void)state;
    for (double lon = 74; lon < 135; lon += 0.37) {
        for (double lat = 4; lat < 53; lat += 0.41) {
            for (int system = COORDINATE_GCJ02; system <= COORDINATE_BD09; system++) {
                double there_lon, there_lat, back_lon, back_lat;
                assert_true(coordinate_from_cgcs2000(system, lon, lat, &there_lon, &there_lat));
                assert_true(coordinate_to_cgcs2000(system, there_lon, there_lat, &back_lon, &back_lat));
                assert_true(fabs(back_lon - lon) < centimetre_degrees && fabs(back_lat - lat) < centimetre_degrees);
            }
        }
    }
}

static void test_no_position(void **state)
{
    double lon = 1, lat = 2;

    (void)state;
    assert_false(coordinate_to_cgcs2000(COORDINATE_GCJ02, NAN, 29, &lon, &lat));
    assert_false(coordinate_to_cgcs2000(COORDINATE_WGS84, 105, 91, &lon, &lat));
    assert_true(lon == 1 && lat == 2);
    assert_true(coordinate_in_china(105.7, 29.7));
    assert_false(coordinate_in_china(139.7, 35.7));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_published), cmocka_unit_test(test_round_trips),
                                        cmocka_unit_test(test_no_position) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
