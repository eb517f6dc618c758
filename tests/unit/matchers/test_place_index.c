/* The library of places: found again exactly, relaxed level by level, and gone when removed.
 * Features are made by hand; the parser has its own tests. */
#include "daemon/common/pool_heap.h"
#include "tests/unit/matchers/address_fixture.h"

#include <math.h>

static struct address_features house(uint64_t community, uint32_t group, uint32_t number)
{
    return (struct address_features){ .code   = community,
                                      .group  = group,
                                      .number = number,
                                      .level  = 12,
                                      .flags  = number != 0 ? ADDRESS_HAS_RURAL_NUMBER : 0 };
}

static struct address_features flat(uint32_t number, uint32_t building, uint32_t room)
{
    return (struct address_features){ .code     = 500111001001u,
                                      .road     = 7,
                                      .number   = number,
                                      .building = building,
                                      .unit     = building != 0,
                                      .room     = room,
                                      .level    = 12 };
}

static void test_exact_and_relaxed(void **state)
{
    struct pool_memory            memory  = pool_memory_of_heap(0);
    struct place_index           *index   = place_index_make(&memory);
    const struct address_features known   = house(500111004001u, 3, 27);
    const struct address_features near_it = house(500111004001u, 3, 28);
    const struct address_features asked   = house(500111004001u, 3, 99);
    const struct address_features other   = house(500111004001u, 5, 1);
    const struct address_features nowhere = house(510100001001u, 5, 1);

    (void)state;
    assert_true(place_index_put(index, 1, &known, true, 105.7800, 29.4900));
    assert_true(place_index_put(index, 2, &near_it, true, 105.7820, 29.4900));
    struct located located = place_index_locate(index, &known);
    assert_true(located.found && located.has_point && located.place == 1);
    assert_int_equal(located.precision, LOCATED_NUMBER);
    assert_true(fabs(located.lon - 105.78) < 1e-7);

    located = place_index_locate(index, &asked);
    assert_int_equal(located.precision, LOCATED_GROUP);
    assert_true(located.has_point && located.place == 0 && fabs(located.lon - 105.781) < 1e-6);
    assert_true(located.uncertainty_m >= 300);

    located = place_index_locate(index, &other);
    assert_int_equal(located.precision, LOCATED_COMMUNITY);
    located = place_index_locate(index, &nowhere);
    assert_false(located.found || located.has_point);
    assert_int_equal(located.precision, LOCATED_NONE);
    place_index_drop(index);
    assert_int_equal(memory.used_bytes, 0);
}

static void test_rooms(void **state)
{
    struct pool_memory            memory = pool_memory_of_heap(0);
    struct place_index           *index  = place_index_make(&memory);
    const struct address_features room = flat(168, 3, 601), next = flat(168, 3, 602), yard = flat(168, 0, 0);

    (void)state;
    assert_true(place_index_put(index, 5, &room, false, 0, 0));
    assert_true(place_index_put(index, 6, &yard, true, 105.70, 29.70));
    struct located located = place_index_locate(index, &room);
    assert_true(located.found && located.place == 5 && located.has_point);
    assert_int_equal(located.precision, LOCATED_NUMBER); /* the point is the yard's */
    located = place_index_locate(index, &next);
    assert_true(located.found && located.has_point);
    assert_int_equal(located.precision, LOCATED_NUMBER);
    place_index_drop(index);
}

static void test_estate_alone(void **state)
{
    struct pool_memory      memory = pool_memory_of_heap(0);
    struct place_index     *index  = place_index_make(&memory);
    struct address_features known  = flat(168, 3, 601);
    struct address_features asked  = flat(0, 3, 601);

    (void)state;
    known.poi  = 99;
    asked.poi  = 99;
    asked.road = 0;
    assert_true(place_index_put(index, 5, &known, true, 105.70, 29.70));
    struct address_features whole = place_index_complete(index, &asked);
    assert_true(address_dwelling_key(&whole) == address_dwelling_key(&known));
    assert_int_equal(place_index_locate(index, &asked).precision, LOCATED_ROOM);

    /* A second estate of that name in the community: which one is meant is not known. */
    known.number = 200;
    assert_true(place_index_put(index, 6, &known, true, 105.71, 29.70));
    whole = place_index_complete(index, &asked);
    assert_int_equal(whole.number, 0);
    place_index_drop(index);
    assert_int_equal(memory.used_bytes, 0);
}

static void test_put_anew_and_remove(void **state)
{
    struct pool_memory            memory = pool_memory_of_heap(0);
    struct place_index           *index  = place_index_make(&memory);
    const struct address_features a = house(500111004001u, 3, 27), b = house(500111004002u, 3, 27);

    (void)state;
    assert_true(place_index_put(index, 1, &a, true, 105.78, 29.49));
    assert_true(place_index_put(index, 1, &b, true, 105.79, 29.49));
    assert_int_equal(place_index_count(index), 1);
    assert_false(place_index_locate(index, &a).place == 1);
    assert_true(place_index_locate(index, &b).place == 1);
    assert_true(place_index_remove(index, 1));
    assert_false(place_index_remove(index, 1));
    assert_false(place_index_locate(index, &b).found);
    place_index_drop(index);
}

static void test_many(void **state)
{
    enum { HOUSES = 100000 };
    struct pool_memory  memory = pool_memory_of_heap(0);
    struct place_index *index  = place_index_make(&memory);

    (void)state;
    for (uint32_t i = 0; i < HOUSES; i++) {
        const struct address_features features = house(500111004001u + i / 1000, 1 + i % 10, 1 + i % 1000);
        assert_true(place_index_put(index, i + 1, &features, true, 105.0 + i * 1e-6, 29.0));
    }
    print_message("bytes a place: %.1f\n", (double)memory.used_bytes / HOUSES);
    assert_true(memory.used_bytes <= 150u * HOUSES);
    for (uint32_t i = 0; i < HOUSES; i++) {
        const struct address_features features = house(500111004001u + i / 1000, 1 + i % 10, 1 + i % 1000);
        assert_int_equal(place_index_locate(index, &features).place, i + 1);
    }
    for (uint32_t i = 0; i < HOUSES; i += 2)
        assert_true(place_index_remove(index, i + 1));
    assert_int_equal(place_index_count(index), HOUSES / 2);
    place_index_drop(index);
    assert_int_equal(memory.used_bytes, 0);
}

static void test_reserve_keeps_its_word(void **state)
{
    struct pool_memory  memory = pool_memory_of_heap(0);
    struct place_index *index  = place_index_make(&memory);

    (void)state;
    assert_true(place_index_reserve(index, 500));
    memory.limit_bytes = memory.used_bytes;
    for (uint32_t i = 0; i < 500; i++) {
        const struct address_features features = house(500111004001u + i, i + 1, i + 1);
        assert_true(place_index_put(index, i + 1, &features, true, 105.78, 29.49));
    }
    place_index_drop(index);
}

/* A road number that a town gave twice, once in each of two communities. */
static void test_stated_community_decides(void **state)
{
    struct pool_memory      memory = pool_memory_of_heap(0);
    struct place_index     *index  = place_index_make(&memory);
    struct address_features here = flat(262, 5, 0), there = flat(262, 5, 0), silent = flat(262, 5, 0);

    (void)state;
    there.code   = 500111001002u;
    silent.code  = 500111001000u;
    silent.level = 9;
    assert_int_equal(address_building_key(&here), address_building_key(&there));
    assert_true(place_index_put(index, 5, &here, true, 105.70, 29.70));
    assert_true(place_index_put(index, 6, &there, true, 105.71, 29.70));
    assert_int_equal(place_index_locate(index, &here).place, 5);
    assert_int_equal(place_index_locate(index, &there).place, 6);

    /* Which of the two is meant is not known: no place, and a point no finer than the two lie apart. */
    struct located torn = place_index_locate(index, &silent);
    assert_true(torn.found && torn.has_point && torn.place == 0);
    assert_int_equal(torn.precision, LOCATED_COMMUNITY);
    assert_true(torn.uncertainty_m > 950);

    assert_true(place_index_put(index, 4, &here, true, 105.70, 29.70));
    assert_int_equal(place_index_locate(index, &there).place, 6);
    assert_int_equal(place_index_locate(index, &here).place, 4);

    /* Entries 50 m apart are one yard, whatever community each names. */
    assert_true(place_index_put(index, 6, &there, true, 105.7005, 29.70));
    assert_int_equal(place_index_locate(index, &silent).place, 4);
    place_index_drop(index);
}

/* 石角社区 and 石角村 of one town cannot be told apart, but the town knows the road. */
static void test_ambiguous_within_a_town(void **state)
{
    struct pool_memory            memory = pool_memory_of_heap(0);
    struct place_index           *index  = place_index_make(&memory);
    const struct address_features known  = flat(262, 5, 601);
    struct address_features       asked  = known;

    (void)state;
    asked.code  = 500111001000u;
    asked.level = 9;
    asked.flags = ADDRESS_IS_AMBIGUOUS;
    assert_true(place_index_put(index, 5, &known, true, 105.70, 29.70));
    assert_int_equal(place_index_locate(index, &asked).place, 5);

    asked.code  = 500111000000u;
    asked.level = 6; /* which town is not known either */
    assert_false(place_index_locate(index, &asked).found);

    struct address_features house_of = house(500111001000u, 3, 27);
    house_of.level                   = 9;
    house_of.flags |= ADDRESS_IS_AMBIGUOUS;
    assert_int_equal(place_index_locate(index, &house_of).precision, LOCATED_TOWN);
    assert_true(address_building_key(&house_of) == 0);
    place_index_drop(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_and_relaxed),      cmocka_unit_test(test_rooms),
        cmocka_unit_test(test_estate_alone),           cmocka_unit_test(test_stated_community_decides),
        cmocka_unit_test(test_put_anew_and_remove),    cmocka_unit_test(test_many),
        cmocka_unit_test(test_reserve_keeps_its_word), cmocka_unit_test(test_ambiguous_within_a_town),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
