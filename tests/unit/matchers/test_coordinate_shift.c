/* Feeds that mix coordinate systems up are told from feeds that are merely imprecise.
 * Points are made by the converter itself, whose own values have their test. */
#include "matchers/address/coordinate.h"
#include "matchers/address/coordinate_shift.h"
#include "tests/unit/matchers/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* `share` of `count` points are written in one system and read as another; all are off by up to 25 m. */
static struct coordinate_shift feed(int count, double share, enum coordinate_system written,
                                    enum coordinate_system read)
{
    struct coordinate_shift shift = { 0 };

    for (int i = 0; i < count; i++) {
        const double true_lon = uniform(105.5, 106.0), true_lat = uniform(29.4, 29.8);
        double       lon = true_lon, lat = true_lat;

        if (uniform(0, 1) < share) {
            double there_lon, there_lat;
            assert_true(coordinate_from_cgcs2000(written, true_lon, true_lat, &there_lon, &there_lat));
            assert_true(coordinate_to_cgcs2000(read, there_lon, there_lat, &lon, &lat));
        }
        lon += uniform(-0.00025, 0.00025);
        lat += uniform(-0.0002, 0.0002);
        coordinate_shift_note(&shift, lon, lat, true_lon, true_lat, 30);
    }
    return shift;
}

static void test_each_mistake_by_name(void **state)
{
    static const struct {
        enum coordinate_system  written, read;
        enum coordinate_mistake mistake;
    } cases[] = {
        {COORDINATE_GCJ02,     COORDINATE_CGCS2000, COORDINATE_GCJ02_UNDECLARED},
        { COORDINATE_GCJ02,    COORDINATE_WGS84,    COORDINATE_GCJ02_UNDECLARED},
        { COORDINATE_BD09,     COORDINATE_CGCS2000, COORDINATE_BD09_UNDECLARED },
        { COORDINATE_BD09,     COORDINATE_GCJ02,    COORDINATE_BD09_AS_GCJ02   },
        { COORDINATE_GCJ02,    COORDINATE_BD09,     COORDINATE_GCJ02_AS_BD09   },
        { COORDINATE_CGCS2000, COORDINATE_GCJ02,    COORDINATE_CONVERTED_TWICE },
        { COORDINATE_WGS84,    COORDINATE_BD09,     COORDINATE_CGCS2000_AS_BD09},
    };

    (void)state;
    seed = 1;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct coordinate_shift whole = feed(100, 1, cases[i].written, cases[i].read);
        const struct coordinate_shift part  = feed(1000, 0.1, cases[i].written, cases[i].read);
        assert_int_equal(coordinate_shift_verdict(&whole), cases[i].mistake);
        assert_int_equal(coordinate_shift_verdict(&part), cases[i].mistake);
    }
}

static void test_honest_feeds(void **state)
{
    struct coordinate_shift shift;

    (void)state;
    seed  = 2;
    shift = feed(1900, 1, COORDINATE_CGCS2000, COORDINATE_WGS84);
    assert_int_equal(shift.points, 1900);
    assert_int_equal(coordinate_shift_verdict(&shift), COORDINATE_MISTAKE_NONE);

    /* Points of other houses, up to 2 km away in every direction: wrong, but no system explains them. */
    shift = (struct coordinate_shift){ 0 };
    for (int i = 0; i < 1900; i++)
        coordinate_shift_note(&shift, 105.72 + uniform(-0.02, 0.02), 29.7 + uniform(-0.02, 0.02), 105.72, 29.7, 30);
    assert_int_equal(coordinate_shift_verdict(&shift), COORDINATE_MISTAKE_NONE);

    /* Nineteen shifted points are not yet a kind. */
    shift = feed(19, 1, COORDINATE_GCJ02, COORDINATE_CGCS2000);
    assert_int_equal(coordinate_shift_verdict(&shift), COORDINATE_MISTAKE_NONE);
}

static void test_rough_library_says_nothing(void **state)
{
    struct coordinate_shift shift = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++) {
        coordinate_shift_note(&shift, 105.7255, 29.7044, 105.7219, 29.7071, 300);
        coordinate_shift_note(&shift, 105.7255, 29.7044, 105.7219, 29.7071, (double)NAN);
        coordinate_shift_note(&shift, 139.70, 35.69, 139.69, 35.69, 30); /* no offset is defined there */
    }
    assert_int_equal(shift.points, 0);
}

/* A feed that was put right is forgiven after some thousand good points. */
static void test_old_points_fade(void **state)
{
    struct coordinate_shift shift;

    (void)state;
    seed  = 3;
    shift = feed(500, 1, COORDINATE_GCJ02, COORDINATE_CGCS2000);
    assert_int_equal(coordinate_shift_verdict(&shift), COORDINATE_GCJ02_UNDECLARED);
    for (int i = 0; i < 20000; i++)
        coordinate_shift_note(&shift, 105.7219, 29.7071, 105.7219, 29.7071, 20);
    assert_int_equal(coordinate_shift_verdict(&shift), COORDINATE_MISTAKE_NONE);
    assert_true(shift.points < 2000);
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(coordinate_mistake_word(COORDINATE_MISTAKE_NONE), "none");
    assert_string_equal(coordinate_mistake_word(COORDINATE_CONVERTED_TWICE), "converted_twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_mistake_by_name),
        cmocka_unit_test(test_honest_feeds),
        cmocka_unit_test(test_rough_library_says_nothing),
        cmocka_unit_test(test_old_points_fade),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
