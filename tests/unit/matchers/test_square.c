/* Children and persons of concern spread evenly over a square: how many pairs lie within each radius, and that the
 * tiers are those of a count by hand. Deliberately the index on one side and a ruler on the other. */
#include "daemon/common/pool_heap.h"
#include "matchers/tier/exposure_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CHILDREN = 300, RISKS = 30, ARENA_BYTES = 16 << 20, SEEDS_SHORT = 60 };

static const int32_t TODAY         = 20500;
static const double  SIDE_M        = 7745.966692414834; /* 60 square kilometres */
static const double  DEGREES_PER_M = 1 / 111195.07973436875;
static const double  SOUTH = 29.5, WEST = 105.7;

/* Of DOMAIN.md E.3, edges counted: pairs within 200, 500 and 1000 m on average. */
static const struct {
    double radius_m, expected;
} bands[] = {
    {200,   18.4 },
    { 500,  111.4},
    { 1000, 420.9},
};
enum { BANDS = sizeof bands / sizeof bands[0] };

struct place {
    double east_m, north_m;
};

static uint64_t state_of_random;

static double unit(void)
{
    state_of_random += 0x9e3779b97f4a7c15u;
    uint64_t z = (state_of_random ^ (state_of_random >> 30)) * 0xbf58476d1ce4e5b9u;
    z          = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static struct person_situation person_at(int64_t id, struct place at)
{
    struct person_situation person = {
        .person_id       = id,
        .grade           = GRADE_WORD_CONFIRMED,
        .birth           = {POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN},
        .moved_day       = POLICY_DAY_UNKNOWN,
        .residence_count = 1
    };

    person.residences[0] = (struct exposure_residence){
        .building_key = (uint64_t)id,
        .precision    = PRECISION_BUILDING,
        .as_of_day    = TODAY - 1,
        .has_point    = true,
        .lon          = WEST + at.east_m * DEGREES_PER_M / cos(SOUTH * 0.017453292519943295),
        .lat          = SOUTH + at.north_m * DEGREES_PER_M,
        .record_id    = id,
    };
    return person;
}

static struct exposure_result run_index(struct exposure_index *index, struct arena *arena, const struct policy *policy,
                                        const struct place *places)
{
    struct exposure_batch *batch  = exposure_batch_begin(index, arena);
    struct exposure_result result = { 0 };

    assert_non_null(batch);
    for (int64_t i = 0; i < CHILDREN + RISKS; i++) {
        struct person_situation person = person_at(i + 1, places[i]);
        person.is_child                = i < CHILDREN;
        person.concern_count           = i >= CHILDREN;
        person.concerns[0]             = (struct exposure_concern){ .category     = CATEGORY_SEXOFF_MINOR,
                                                                    .class        = POLICY_CLASS_A,
                                                                    .until_day    = POLICY_DAY_UNKNOWN,
                                                                    .released_day = POLICY_DAY_UNKNOWN,
                                                                    .record_id    = i };
        assert_true(exposure_batch_put(batch, &person));
    }
    assert_int_equal(exposure_batch_pairs(batch, policy, TODAY, &result), EXPOSURE_OK);
    return result;
}

/* Flat metres: over 8 km the sphere differs by less than a metre; whatever lies within one of a bound is not judged. */
static double metres(const struct place *a, const struct place *b)
{
    return hypot(a->east_m - b->east_m, a->north_m - b->north_m);
}

/* Tier by hand: 200 m orange, 500 m yellow. */
static void check_tiers(const struct exposure_result *result, const struct place *places)
{
    size_t next = 0;

    for (int64_t c = 0; c < CHILDREN; c++) {
        for (int64_t r = CHILDREN; r < CHILDREN + RISKS; r++) {
            const double              apart = metres(&places[c], &places[r]);
            const struct exposure_ids ids   = { SUBJECT_CHILD, c + 1, r + 1 };
            const bool is_in = next < result->pair_count && exposure_compare_ids(&result->pairs[next].ids, &ids) == 0;
            const enum tier tier = is_in ? result->pairs[next].decision.tier : TIER_NONE;
            next += is_in;
            if (fabs(apart - 200) < 2 || fabs(apart - 500) < 2)
                continue;
            assert_int_equal(tier, apart <= 200 ? TIER_ORANGE : apart <= 500 ? TIER_YELLOW : TIER_NONE);
        }
    }
    while (next < result->pair_count)
        assert_int_not_equal(result->pairs[next++].ids.subject, SUBJECT_CHILD);
}

static void test_square(void **state)
{
    const char   *wanted = getenv("HULEI_SQUARE_SEEDS"); /* tests/full asks for 2,000 */
    const size_t  seeds  = wanted != NULL ? strtoul(wanted, NULL, 10) : SEEDS_SHORT;
    struct place  places[CHILDREN + RISKS];
    double        sums[BANDS] = { 0 };
    struct policy policy;
    struct arena  arena;
    void         *memory = malloc(ARENA_BYTES);

    (void)state;
    assert_non_null(memory);
    policy_defaults(&policy);
    for (size_t seed = 1; seed <= seeds; seed++) {
        struct pool_memory     pool  = pool_memory_of_heap(0);
        struct exposure_index *index = exposure_index_make(&pool);
        state_of_random              = seed;
        for (size_t i = 0; i < CHILDREN + RISKS; i++)
            places[i] = (struct place){ SIDE_M * unit(), SIDE_M * unit() };
        arena_init(&arena, memory, ARENA_BYTES);
        const struct exposure_result result = run_index(index, &arena, &policy, places);
        check_tiers(&result, places);
        for (size_t c = 0; c < CHILDREN; c++) {
            for (size_t r = CHILDREN; r < CHILDREN + RISKS; r++) {
                for (size_t b = 0; b < BANDS; b++)
                    sums[b] += metres(&places[c], &places[r]) <= bands[b].radius_m;
            }
        }
        exposure_index_drop(index);
    }
    /* Few seeds scatter more: the mean of 60 stays within 8 % for the rarest band. */
    const double tolerance = seeds >= 2000 ? 0.02 : 0.08;
    for (size_t b = 0; b < BANDS; b++) {
        const double mean = sums[b] / (double)seeds;
        print_message("%zu seeds: %.1f pairs within %.0f m (expected %.1f)\n", seeds, mean, bands[b].radius_m,
                      bands[b].expected);
        assert_true(fabs(mean - bands[b].expected) <= tolerance * bands[b].expected);
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_square),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
