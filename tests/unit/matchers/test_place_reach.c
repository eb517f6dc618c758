/* Whoever a place can move is told: random libraries and addresses, against the place index itself.
 * Features are made by hand from few words, so that they meet often. */
#include "daemon/common/pool_heap.h"
#include "tests/unit/matchers/address_fixture.h"

#include "matchers/address/place_index.h"
#include "matchers/address/place_reach.h"

enum { RESIDENTS = 60, PLACES = 40, STEPS = 3000 };

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

/* Present or not, then one of a few values. */
static uint32_t maybe(uint64_t *seed, uint32_t values)
{
    return draw(seed, 2) == 0 ? 0 : 1 + draw(seed, values);
}

static struct address_features any_address(uint64_t *seed)
{
    static const uint64_t   codes[]  = { 500111001001u, 500111001002u, 500111002201u, 500111001000u, 500111000000u };
    static const uint8_t    levels[] = { 12, 12, 12, 9, 6 };
    const uint32_t          where    = draw(seed, 5);
    struct address_features features = { .code = codes[where], .level = levels[where] };

    features.place = draw(seed, 8) == 0 ? 5 : 0;
    features.group = maybe(seed, 2);
    if (draw(seed, 3) == 0) {
        features.number = 1 + draw(seed, 2);
        features.flags  = ADDRESS_HAS_RURAL_NUMBER;
        return features;
    }
    features.road     = maybe(seed, 2);
    features.number   = features.road != 0 ? maybe(seed, 2) : 0;
    features.poi      = maybe(seed, 2);
    features.building = maybe(seed, 2);
    features.room     = features.building != 0 ? maybe(seed, 2) : 0;
    return features;
}

/* What of an address the rules look at. */
struct view {
    struct address_features whole;
    struct located          located;
};

static struct view view_of(const struct place_index *index, const struct address_features *features)
{
    struct view view = { .whole = place_index_complete(index, features) };

    const struct located located = place_index_locate(index, &view.whole);
    if (located.has_point && located.precision >= LOCATED_GROUP) {
        view.located.has_point     = true;
        view.located.lon           = located.lon;
        view.located.lat           = located.lat;
        view.located.precision     = located.precision;
        view.located.uncertainty_m = located.uncertainty_m;
    }
    return view;
}

/* What a resident was told: of the group's middle, or of a place that may be its own. */
enum { TOLD_OF_GROUP = 1, TOLD_OF_PLACE };

static void note(void *context, uint64_t resident, bool by_group)
{
    unsigned char *told = context;

    if (told[resident] != TOLD_OF_PLACE)
        told[resident] = by_group ? TOLD_OF_GROUP : TOLD_OF_PLACE;
}

static void whoever_a_place_moves_is_told(void **state)
{
    struct pool_memory      memory = pool_memory_of_heap(0);
    struct place_index     *index  = place_index_make(&memory);
    struct place_reach      reach;
    struct address_features homes[RESIDENTS];
    struct view             before[RESIDENTS];
    uint64_t                seed  = 7;
    size_t                  moved = 0, told = 0;

    (void)state;
    place_reach_init(&reach, &memory);
    for (uint64_t i = 0; i < RESIDENTS; i++) {
        homes[i]  = any_address(&seed);
        before[i] = view_of(index, &homes[i]);
        assert_true(place_reach_add(&reach, &homes[i], i));
    }
    for (size_t step = 0; step < STEPS; step++) {
        unsigned char  is_told[RESIDENTS] = { 0 };
        const uint64_t handle             = 1 + draw(&seed, PLACES);
        if (draw(&seed, 3) == 0) {
            place_index_remove(index, handle);
            place_reach_remove_place(&reach, handle, note, is_told);
        } else {
            const struct address_features place = any_address(&seed);
            const double                  lon   = 105.0 + draw(&seed, 1000) * 1e-5;
            assert_true(place_index_put(index, handle, &place, draw(&seed, 4) != 0, lon, 29.5));
            assert_true(place_reach_put_place(&reach, handle, &place, note, is_told));
        }
        for (size_t i = 0; i < RESIDENTS; i++) {
            const struct view after    = view_of(index, &homes[i]);
            const bool        is_moved = memcmp(&after, &before[i], sizeof after) != 0;
            moved += is_moved;
            told += is_told[i] != 0;
            assert_true(is_told[i] || !is_moved);
            if (is_moved && is_told[i] == TOLD_OF_GROUP)
                assert_true(after.located.precision == LOCATED_GROUP || before[i].located.precision == LOCATED_GROUP);
            if (after.located.precision > LOCATED_GROUP && is_told[i] == TOLD_OF_GROUP)
                assert_false(is_moved);
            before[i] = after;
        }
    }
    print_message("%zu told, %zu of them moved\n", told, moved);
    assert_in_range(moved, 1000, told);
    for (uint64_t i = 0; i < RESIDENTS; i++)
        place_reach_remove(&reach, &homes[i], i);
    place_reach_clear(&reach);
    place_index_drop(index);
    assert_int_equal(memory.used_bytes, 0);
}

static void who_moved_away_is_not_told(void **state)
{
    struct pool_memory            memory = pool_memory_of_heap(0);
    struct place_reach            reach;
    unsigned char                 is_told[3] = { 0 };
    const struct address_features house      = {
             .code = 500111004001u, .group = 3, .number = 27, .level = 12, .flags = ADDRESS_HAS_RURAL_NUMBER
    };

    (void)state;
    place_reach_init(&reach, &memory);
    assert_true(place_reach_add(&reach, &house, 1) && place_reach_add(&reach, &house, 2));
    place_reach_remove(&reach, &house, 1);
    assert_true(place_reach_put_place(&reach, 9, &house, note, is_told));
    assert_false(is_told[1]);
    assert_true(is_told[2]);
    place_reach_clear(&reach);
    assert_int_equal(memory.used_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_a_place_moves_is_told),
        cmocka_unit_test(who_moved_away_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
