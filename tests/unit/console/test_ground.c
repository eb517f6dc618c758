/* Tests of console/http/ground.c: outlines and roads from points alone. */
#include "daemon/console/http/ground.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { HERE = 1, ELSEWHERE = 2, ROAD = 7 };

static size_t features_of(const json_t *ground, const char *kind, json_t **last)
{
    size_t  i, count = 0;
    json_t *feature;

    json_array_foreach(json_object_get(ground, "features"), i, feature)
    {
        if (strcmp(json_string_value(json_object_get(json_object_get(feature, "properties"), "kind")), kind) != 0)
            continue;
        count++;
        *last = json_object_get(json_object_get(feature, "geometry"), "coordinates");
    }
    return count;
}

static double lon_of(const json_t *line, size_t at)
{
    return json_real_value(json_array_get(json_array_get(line, at), 0));
}

static void outlines_a_community(void **state)
{
    /* A square with a place inside it, and two places of another community, which span nothing. */
    struct ground_spot spots[] = {
        {HERE,       0, 0, 0,   0},
        { HERE,      0, 2, 0,   0},
        { HERE,      0, 2, 2,   0},
        { HERE,      0, 0, 2,   0},
        { HERE,      0, 1, 1.5, 0},
        { ELSEWHERE, 0, 9, 9,   0},
        { ELSEWHERE, 0, 9, 8,   0},
        { 0,         0, 4, 4,   0},
    };
    json_t *ground = ground_draw(spots, sizeof spots / sizeof spots[0]), *rings = NULL;
    (void)state;

    assert_int_equal(features_of(ground, "community", &rings), 1);
    const json_t *ring = json_array_get(rings, 0);
    assert_int_equal(json_array_size(ring), 5);
    assert_true(json_equal(json_array_get(ring, 0), json_array_get(ring, 4)));
    for (size_t i = 0; i < 4; i++)
        assert_true(lon_of(ring, i) < 0.5 || lon_of(ring, i) > 1.5);
    assert_int_equal(features_of(ground, "road", &rings), 0);
    json_decref(ground);
}

static void draws_a_road_along_its_houses(void **state)
{
    struct ground_spot spots[] = {
        {HERE,       ROAD, 3, 3.1, 0},
        { HERE,      ROAD, 1, 0.9, 0},
        { HERE,      ROAD, 2, 2,   0},
        { ELSEWHERE, ROAD, 5, 5,   0},
        { HERE,      0,    9, 9,   0},
    };
    json_t *ground = ground_draw(spots, sizeof spots / sizeof spots[0]), *line = NULL;
    (void)state;

    assert_int_equal(features_of(ground, "road", &line), 1);
    assert_int_equal(json_array_size(line), 3);
    assert_true(lon_of(line, 1) == 2);
    assert_true((lon_of(line, 0) == 1) != (lon_of(line, 2) == 1));
    json_decref(ground);
}

static void draws_nothing_of_nothing(void **state)
{
    json_t *ground = ground_draw(NULL, 0);
    (void)state;

    assert_string_equal(json_string_value(json_object_get(ground, "type")), "FeatureCollection");
    assert_int_equal(json_array_size(json_object_get(ground, "features")), 0);
    json_decref(ground);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outlines_a_community),
        cmocka_unit_test(draws_a_road_along_its_houses),
        cmocka_unit_test(draws_nothing_of_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
