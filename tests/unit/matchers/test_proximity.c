/* Radius queries against a brute-force great-circle reference, moves and removals, memory.
 * Deliberately seeds a generator of its own: the same points in every run. */
#include "daemon/common/pool_heap.h"
#include "matchers/proximity/proximity.h"
#include "tests/unit/matchers/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* By the chord between two points in space, in long double: another formula than the one under test. */
static double reference_distance_m(struct proximity_point a, struct proximity_point b)
{
    const long double rad = 0.017453292519943295769L;
    const long double dx  = cosl(a.lat * rad) * cosl(a.lon * rad) - cosl(b.lat * rad) * cosl(b.lon * rad);
    const long double dy  = cosl(a.lat * rad) * sinl(a.lon * rad) - cosl(b.lat * rad) * sinl(b.lon * rad);
    const long double dz  = sinl(a.lat * rad) - sinl(b.lat * rad);

    return (double)(2 * 6371008.8L * asinl(sqrtl(dx * dx + dy * dy + dz * dz) / 2));
}

static void test_distance(void **state)
{
    const struct proximity_point dazu = { 105.7219, 29.7073 };

    (void)state;
    assert_true(fabs(proximity_distance_m(dazu, dazu)) < 1e-9);
    /* One degree of a meridian of the mean sphere. */
    assert_true(fabs(proximity_distance_m(dazu, (struct proximity_point){ 105.7219, 30.7073 }) - 111195.08) < 0.1);
    seed = 1;
    for (int i = 0; i < 10000; i++) {
        const struct proximity_point a = { uniform(73, 135), uniform(4, 53) };
        const struct proximity_point b = { a.lon + uniform(-0.05, 0.05), a.lat + uniform(-0.05, 0.05) };
        assert_true(fabs(proximity_distance_m(a, b) - reference_distance_m(a, b)) < 1e-6);
        assert_true(proximity_distance_m(a, b) == proximity_distance_m(b, a));
    }
}

enum { POINTS = 600, QUERIES = 960 }; /* four checks at three latitudes: 11,520 random cases */

struct found {
    bool   is_found[POINTS];
    size_t count;
};

static bool note(void *context, const struct proximity_hit *hit)
{
    struct found *found = context;

    assert_false(found->is_found[hit->item.id]);
    found->is_found[hit->item.id] = true;
    found->count++;
    return true;
}

/* A third of the points sits within a metre of a cell border. */
static struct proximity_point random_point(double lat)
{
    struct proximity_point point = { uniform(105.60, 105.68), uniform(lat, lat + 0.08) };

    if (uniform(0, 3) < 1)
        point.lon = floor(point.lon / 0.005) * 0.005 + uniform(-1e-5, 1e-5);
    if (uniform(0, 3) < 1)
        point.lat = floor(point.lat / 0.005) * 0.005 + uniform(-1e-5, 1e-5);
    return point;
}

static double reference_reach_m(const struct proximity_item *item, struct proximity_point centre, double uncertainty_m,
                                enum proximity_reach reach)
{
    const double distance_m = reference_distance_m(centre, item->point);
    const double slack_m    = uncertainty_m + (double)item->uncertainty_m;

    if (reach == PROXIMITY_NOMINAL)
        return distance_m;
    return reach == PROXIMITY_POSSIBLE ? fmax(distance_m - slack_m, 0) : distance_m + slack_m;
}

static void check_against_brute_force(const struct proximity_grid *grid, const struct proximity_item *items,
                                      const bool *is_in, double lat, enum proximity_reach reach)
{
    static const double radii[] = { 0, 1, 200, 500, 1000, 3000 };

    for (int query = 0; query < QUERIES; query++) {
        const struct proximity_point centre      = query % 4 == 0 ? items[query % POINTS].point : random_point(lat);
        const float                  uncertainty = query % 3 == 0 ? 40 : 0;
        const double                 radius      = radii[query % 6];
        static struct found          found;

        memset(&found, 0, sizeof found);
        assert_true(proximity_query(grid, centre, uncertainty, radius, reach, note, &found));
        for (size_t i = 0; i < POINTS; i++) {
            const double reached = reference_reach_m(&items[i], centre, (double)uncertainty, reach);
            if (fabs(reached - radius) < 1e-6) /* either answer is right at the rim */
                continue;
            assert_int_equal(found.is_found[i], is_in[i] && reached <= radius);
        }
    }
}

static void run_random_case(double lat)
{
    static struct proximity_item items[POINTS];
    static bool                  is_in[POINTS];
    struct pool_memory           memory = pool_memory_of_heap(0);
    struct proximity_grid        grid;

    proximity_init(&grid, &memory);
    for (size_t i = 0; i < POINTS; i++) {
        items[i] = (struct proximity_item){ i, random_point(lat), (float)uniform(0, 150) };
        is_in[i] = proximity_insert(&grid, items[i]);
        assert_true(is_in[i]);
    }
    check_against_brute_force(&grid, items, is_in, lat, PROXIMITY_NOMINAL);
    check_against_brute_force(&grid, items, is_in, lat, PROXIMITY_POSSIBLE);
    check_against_brute_force(&grid, items, is_in, lat, PROXIMITY_CERTAIN);

    for (size_t i = 0; i < POINTS; i += 3) {
        assert_true(proximity_remove(&grid, i, items[i].point));
        assert_false(proximity_remove(&grid, i, items[i].point));
        is_in[i] = false;
    }
    for (size_t i = 1; i < POINTS; i += 3) {
        const struct proximity_point to = random_point(lat);
        assert_true(proximity_move(&grid, i, items[i].point, to));
        items[i].point = to;
    }
    check_against_brute_force(&grid, items, is_in, lat, PROXIMITY_NOMINAL);
    proximity_clear(&grid);
    assert_int_equal(memory.used_bytes, 0);
}

static void test_radius_equals_brute_force(void **state)
{
    (void)state;
    seed = 2;
    run_random_case(29.66); /* 大足 */
    run_random_case(3.5);   /* the south of the box, widest cells */
    run_random_case(52.9);  /* the north, narrowest cells */
}

static bool keep(void *context, const struct proximity_hit *hit)
{
    *(struct proximity_hit *)context = *hit;
    return true;
}

/* Two circles of 30 m and 20 m: 100 m apart they cannot touch, 40 m apart they can. */
static void test_nearest_and_farthest(void **state)
{
    static const struct {
        double apart_m, nearest_m, farthest_m;
    } cases[] = {
        {100, 50, 150},
        { 40, 0,  90 },
        { 0,  0,  50 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct proximity_item item = {
            7, {105.7, 29.7},
             30
        };
        const struct proximity_point centre = { 105.7, 29.7 + cases[i].apart_m / 111195.08 };
        struct pool_memory           memory = pool_memory_of_heap(0);
        struct proximity_grid        grid;
        struct proximity_hit         hit = { 0 };

        proximity_init(&grid, &memory);
        assert_true(proximity_insert(&grid, item));
        assert_true(proximity_query(&grid, centre, 20, 200, PROXIMITY_CERTAIN, keep, &hit));
        assert_true(fabs(hit.nearest_m - cases[i].nearest_m) < 0.01);
        assert_true(fabs(hit.farthest_m - cases[i].farthest_m) < 0.01);
        proximity_clear(&grid);
    }
}

static bool stop_at_once(void *context, const struct proximity_hit *hit)
{
    (void)hit;
    ++*(int *)context;
    return false;
}

static void test_bad_points_and_early_stop(void **state)
{
    const struct proximity_item here = {
        7, {105.7, 29.7},
         0
    };
    struct pool_memory    memory = pool_memory_of_heap(0);
    struct proximity_grid grid;
    int                   visits = 0;

    (void)state;
    proximity_init(&grid, &memory);
    assert_false(proximity_insert(&grid, (struct proximity_item){
                                             1, {(double)NAN, 29},
                                              0
    }));
    assert_false(proximity_insert(&grid, (struct proximity_item){
                                             1, {29.7, 105.7},
                                              0
    }));
    assert_false(proximity_insert(&grid, (struct proximity_item){
                                             1, {0, 0},
                                              0
    }));
    assert_true(proximity_insert(&grid, here));
    assert_true(proximity_insert(&grid, here));
    assert_false(proximity_query(&grid, here.point, 0, 10, PROXIMITY_NOMINAL, stop_at_once, &visits));
    assert_int_equal(visits, 1);
    assert_true(proximity_query(&grid, here.point, 0, (double)NAN, PROXIMITY_NOMINAL, stop_at_once, &visits));
    assert_false(proximity_move(&grid, 7, here.point, (struct proximity_point){ 0, 0 }));
    assert_true(proximity_remove(&grid, 7, here.point));
    assert_true(proximity_remove(&grid, 7, here.point));
    assert_false(proximity_remove(&grid, 7, here.point));
    proximity_clear(&grid);
}

/* Whatever the limit, the grid refuses cleanly and gives everything back. */
static void test_every_memory_limit(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 120000; limit += 997) {
        struct pool_memory    memory = pool_memory_of_heap(0);
        struct proximity_grid grid;
        size_t                count = 0;

        memory.limit_bytes = limit + 1;
        seed               = 3;
        proximity_init(&grid, &memory);
        while (count < 1000 && proximity_insert(&grid, (struct proximity_item){ count, random_point(29.66), 0 }))
            count++;
        assert_true(memory.used_bytes <= limit + 1);
        assert_true(count == grid.items.live_count && count == grid.cells.nodes.live_count);
        proximity_clear(&grid);
        assert_int_equal(memory.used_bytes, 0);
    }
}

static void test_constant_memory_over_many_moves(void **state)
{
    struct pool_memory     memory = pool_memory_of_heap(0);
    struct proximity_grid  grid;
    struct proximity_point at[500];

    (void)state;
    seed = 4;
    proximity_init(&grid, &memory);
    for (size_t i = 0; i < 500; i++) {
        at[i] = random_point(29.66);
        assert_true(proximity_insert(&grid, (struct proximity_item){ i, at[i], 0 }));
    }
    const size_t used = memory.used_bytes;
    for (size_t i = 0; i < 300000; i++) {
        const struct proximity_point to = random_point(29.66);
        const size_t                 id = i % 500;
        if (i % 2 == 0) {
            assert_true(proximity_move(&grid, id, at[id], to));
        } else {
            assert_true(proximity_remove(&grid, id, at[id]));
            assert_true(proximity_insert(&grid, (struct proximity_item){ id, to, 0 }));
        }
        at[id] = to;
    }
    assert_int_equal(memory.used_bytes, used);
    proximity_clear(&grid);
}

static bool count_hit(void *context, const struct proximity_hit *hit)
{
    (void)hit;
    ++*(size_t *)context;
    return true;
}

/* 300 children and 30 persons on a square of 60 km2: the expected pairs with edges counted. */
static void test_expected_pairs_of_a_sub_district(void **state)
{
    enum { SEEDS = 2000, CHILDREN = 300, PERSONS = 30 };
    static const double radii[]    = { 200, 500, 1000 };
    static const double expected[] = { 18.4, 111.4, 420.9 };
    const double        side_m     = 1000 * sqrt(60.0);
    const double        high       = side_m / 111195.08;
    size_t              pairs[3]   = { 0, 0, 0 };

    (void)state;
    for (int run = 0; run < SEEDS; run++) {
        struct pool_memory    memory = pool_memory_of_heap(0);
        struct proximity_grid grid;

        seed = 1000 + (uint64_t)run * 77777;
        proximity_init(&grid, &memory);
        const double wide = high / cos(29.7 * 0.017453292519943295);
        for (size_t i = 0; i < CHILDREN; i++)
            proximity_insert(&grid, (struct proximity_item){
                                        i, {105.7 + uniform(0, wide), 29.7 - high / 2 + uniform(0, high)},
                                         0
            });
        for (size_t i = 0; i < PERSONS; i++) {
            const struct proximity_point at = { 105.7 + uniform(0, wide), 29.7 - high / 2 + uniform(0, high) };
            for (int r = 0; r < 3; r++)
                proximity_query(&grid, at, 0, radii[r], PROXIMITY_NOMINAL, count_hit, &pairs[r]);
        }
        proximity_clear(&grid);
    }
    for (int r = 0; r < 3; r++) {
        const double mean = (double)pairs[r] / SEEDS;
        print_message("%.0f m: %.1f pairs, expected %.1f\n", radii[r], mean, expected[r]);
        assert_true(fabs(mean - expected[r]) < 0.02 * expected[r]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_radius_equals_brute_force),
        cmocka_unit_test(test_nearest_and_farthest),
        cmocka_unit_test(test_bad_points_and_early_stop),
        cmocka_unit_test(test_every_memory_limit),
        cmocka_unit_test(test_constant_memory_over_many_moves),
        cmocka_unit_test(test_expected_pairs_of_a_sub_district),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
