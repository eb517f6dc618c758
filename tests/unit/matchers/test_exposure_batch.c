/* The index against a from-scratch run over all pairs, batch by batch, and its memory at every limit.
 * Deliberately a small crowded town, so that every kind of tie arises often. */
#include "daemon/common/pool_heap.h"
#include "matchers/tier/exposure_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PERSONS = 240, UNITS = 11, ARENA_BYTES = 8 << 20 };

static const int32_t TODAY = 20500;

static uint64_t seed;

static uint64_t pick(uint64_t bound)
{
    seed += 0x9e3779b97f4a7c15u;
    uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    z          = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % bound;
}

/* What is true, beside what the index and the applied results say. */
struct town {
    struct policy           policy;
    struct person_situation people[PERSONS]; /* person i has id i + 1 */
    bool                    is_there[PERSONS];
    /* applied results: hashes, 0: no pair; open faults */
    uint64_t               pairs[PERSONS][PERSONS]; /* by child and risk */
    uint64_t               units[UNITS][PERSONS];
    uint64_t               alone[PERSONS], groups[PERSONS];
    uint32_t               faults[PERSONS];
    struct pool_memory     memory;
    struct exposure_index *index;
    void                  *arena_memory;
    struct arena           arena;
    int32_t                today;
};

static void random_residence(struct exposure_residence *home)
{
    *home = (struct exposure_residence){ .as_of_day = TODAY - (int32_t)pick(100), .record_id = (int64_t)pick(9) };
    home->community_code = 500111004001 + 200 * pick(2);
    home->group_key      = pick(2) * (1 + pick(12));
    home->building_key   = pick(3) != 0 ? 1 + pick(60) : 0;
    home->dwelling_key   = home->building_key != 0 && pick(2) == 0 ? home->building_key * 100 + pick(3) : 0;
    home->precision      = (enum proximity_precision)pick(7);
    home->has_point      = pick(3) != 0;
    home->lon            = 105.70 + 0.0002 * (double)pick(150);
    home->lat            = 29.70 + 0.0002 * (double)pick(150);
    home->uncertainty_m  = (float)pick(50);
    home->in_barred_zone = pick(10) == 0;
}

static struct person_situation random_person(int64_t person_id)
{
    struct person_situation s = {
        .person_id = person_id,
        .grade     = (enum identity_grade_word)pick(3),
        .birth     = {TODAY - 4000, TODAY - 4000},
        .moved_day = POLICY_DAY_UNKNOWN
    };

    s.is_child      = pick(10) < 7;
    s.is_vulnerable = pick(4) == 0;
    s.is_disputed   = pick(20) == 0;
    if (!s.is_child || pick(15) == 0)
        s.concern_count = (uint8_t)pick(3);
    for (size_t i = 0; i < s.concern_count; i++)
        s.concerns[i] =
            (struct exposure_concern){ .category       = (enum policy_category_code)pick(6),
                                       .class          = (enum policy_class)pick(3),
                                       .until_day      = pick(3) == 0 ? TODAY + (int32_t)pick(5) : POLICY_DAY_UNKNOWN,
                                       .released_day   = pick(3) == 0 ? TODAY - (int32_t)pick(60) : POLICY_DAY_UNKNOWN,
                                       .victim_pupil   = pick(3) == 0,
                                       .occupation_ban = pick(6) == 0,
                                       .order_names_schools = pick(6) == 0,
                                       .is_prohibited       = pick(3) == 0,
                                       .orders_key          = pick(3),
                                       .is_at_large         = pick(2) == 0,
                                       .record_id           = (int64_t)pick(9) };
    s.moved_day       = pick(4) == 0 ? TODAY - (int32_t)pick(60) : POLICY_DAY_UNKNOWN;
    s.residence_count = (uint8_t)pick(4);
    for (size_t i = 0; i < s.residence_count; i++)
        random_residence(&s.residences[i]);
    s.household_count = (uint8_t)pick(2);
    s.households[0]   = 1 + pick(40);
    s.unit_count      = (uint8_t)pick(2);
    s.units[0]        = (struct exposure_unit){ .key = 1 + pick(10), .is_close_contact = pick(3) != 0 };
    s.gate_count      = (uint8_t)pick(3);
    for (size_t i = 0; i < s.gate_count; i++)
        s.gates[i] = (struct exposure_gate){ 105.70 + 0.0002 * (double)pick(150), 29.70 + 0.0002 * (double)pick(150),
                                             1 + pick(10) };
    s.caregiver_count = (uint8_t)pick(3);
    for (size_t i = 0; i < s.caregiver_count; i++)
        s.caregivers[i] = 1 + (int64_t)pick(PERSONS);
    return s;
}

static struct town *make_town(void)
{
    struct town *town = calloc(1, sizeof *town);

    assert_non_null(town);
    policy_defaults(&town->policy);
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++)
        town->policy.rules[i] = true;
    town->memory       = pool_memory_of_heap(0);
    town->index        = exposure_index_make(&town->memory);
    town->arena_memory = malloc(ARENA_BYTES);
    town->today        = TODAY;
    assert_non_null(town->index);
    assert_non_null(town->arena_memory);
    arena_init(&town->arena, town->arena_memory, ARENA_BYTES);
    return town;
}

static void drop_town(struct town *town)
{
    exposure_index_drop(town->index);
    assert_int_equal(town->memory.used_bytes, 0);
    free(town->arena_memory);
    free(town);
}

static uint64_t *hash_at(struct town *town, const struct exposure_ids *ids)
{
    switch (ids->subject) {
    case SUBJECT_CHILD:
        return &town->pairs[ids->subject_id - 1][ids->risk_id - 1];
    case SUBJECT_UNIT:
        return &town->units[ids->subject_id][ids->risk_id - 1];
    case SUBJECT_PERSON:
        return &town->alone[ids->risk_id - 1];
    case SUBJECT_GROUP:
        return &town->groups[ids->risk_id - 1];
    }
    fail();
    return NULL;
}

static void apply(struct town *town, const struct exposure_result *result)
{
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct exposure_pair *pair = &result->pairs[i];
        uint64_t                   *hash = hash_at(town, &pair->ids);

        assert_int_equal(pair->is_known, *hash != 0);
        assert_int_equal(pair->is_unchanged, *hash == pair->evidence_hash[0]);
        *hash = pair->evidence_hash[0];
    }
    for (size_t i = 0; i < result->gone_count; i++) {
        uint64_t *hash = hash_at(town, &result->gone[i].ids);
        assert_true(*hash != 0);
        *hash = 0;
    }
    for (size_t i = 0; i < result->fault_count; i++) {
        uint32_t *faults = &town->faults[result->faults[i].person_id - 1];
        assert_int_equal(*faults & result->faults[i].opened, 0);
        assert_int_equal(*faults & result->faults[i].closed, result->faults[i].closed);
        *faults = (*faults | result->faults[i].opened) & ~result->faults[i].closed;
    }
}

/* ---- everything from scratch, with the same decision code but without any index ---- */

static size_t check_pairs_of(const struct town *town, size_t r)
{
    size_t count = 0;

    for (size_t c = 0; c < PERSONS; c++) {
        struct exposure_pair pair;
        /* What B1 says is counted, never a pair by itself. */
        const bool is_pair =
            town->is_there[c] && town->is_there[r] &&
            exposure_decide_pair(&town->policy, &town->people[c], &town->people[r], town->today, &pair) &&
            pair.decision.rule != RULE_B1;
        assert_true(town->pairs[c][r] == (is_pair ? pair.evidence_hash[0] : 0));
        count += is_pair;
    }
    return count;
}

static size_t check_units_of(const struct town *town, size_t r)
{
    const struct person_situation *risk  = &town->people[r];
    size_t                         count = 0;

    for (size_t key = 1; key < UNITS; key++) {
        struct exposure_pair pair;
        bool                 is_pair = false;
        for (size_t u = 0; town->is_there[r] && u < risk->unit_count; u++)
            is_pair = is_pair ||
                      (risk->units[u].key == key && exposure_decide_unit(&town->policy, risk, u, town->today, &pair));
        assert_true(town->units[key][r] == (is_pair ? pair.evidence_hash[0] : 0));
        count += is_pair;
    }
    return count;
}

static size_t check_alone(const struct town *town, size_t r)
{
    struct exposure_pair pair;
    const bool           is_pair =
        town->is_there[r] && exposure_decide_person(&town->policy, &town->people[r], town->today, &pair);

    assert_true(town->alone[r] == (is_pair ? pair.evidence_hash[0] : 0));
    return is_pair;
}

static size_t check_group(const struct town *town, size_t r)
{
    const struct person_situation *risk                        = &town->people[r];
    struct exposure_group          groups[EXPOSURE_RESIDENCES] = { 0 };
    struct exposure_pair           pair;

    for (size_t i = 0; town->is_there[r] && i < risk->residence_count; i++) {
        for (size_t c = 0; c < PERSONS; c++) {
            if (town->is_there[c])
                exposure_count_in_group(&town->policy, &town->people[c], &risk->residences[i], town->today, &groups[i]);
        }
    }
    const bool is_pair = town->is_there[r] && exposure_decide_group(&town->policy, risk, groups, town->today, &pair);
    assert_true(town->groups[r] == (is_pair ? pair.evidence_hash[0] : 0));
    return is_pair;
}

/* How often each kind of pair stood in any check: a test in which one never stands shows nothing of it. */
static size_t seen[SUBJECT_GROUP + 1];

static size_t check_from_scratch(const struct town *town)
{
    size_t count = 0;

    for (size_t r = 0; r < PERSONS; r++) {
        const size_t   by_subject[] = { check_pairs_of(town, r), check_units_of(town, r), check_alone(town, r),
                                        check_group(town, r) };
        const uint32_t faults =
            town->is_there[r] ? exposure_address_faults(&town->policy, &town->people[r], town->today) : 0;
        for (int subject = SUBJECT_CHILD; subject <= SUBJECT_GROUP; subject++) {
            seen[subject] += by_subject[subject];
            count += by_subject[subject];
        }
        assert_int_equal(town->faults[r], faults);
    }
    assert_int_equal(exposure_index_counts(town->index).pairs, count);
    return count;
}

static void change_one(struct town *town, struct exposure_batch *batch)
{
    const size_t i = pick(PERSONS);

    if (pick(5) == 0) {
        assert_true(exposure_batch_remove(batch, (int64_t)i + 1));
        town->is_there[i] = false;
        return;
    }
    town->people[i]   = random_person((int64_t)i + 1);
    town->is_there[i] = town->people[i].is_child || town->people[i].concern_count > 0;
    assert_true(exposure_batch_put(batch, &town->people[i]));
}

static void run_batch(struct town *town, size_t changes)
{
    struct exposure_result result;

    arena_reset(&town->arena);
    struct exposure_batch *batch = exposure_batch_begin(town->index, &town->arena);
    assert_non_null(batch);
    for (size_t i = 0; i < changes; i++)
        change_one(town, batch);
    assert_int_equal(exposure_batch_pairs(batch, &town->policy, town->today, &result), EXPOSURE_OK);
    apply(town, &result);
    exposure_batch_merge(batch);
}

static void test_batches_equal_a_run_from_scratch(void **state)
{
    const char  *wanted  = getenv("HULEI_EXPOSURE_CHANGES"); /* tests/full asks for more */
    const size_t changes = wanted != NULL ? strtoul(wanted, NULL, 10) : 2000;
    struct town *town    = make_town();
    size_t       largest = 0, done = 0;

    (void)state;
    seed = 11;
    memset(seen, 0, sizeof seen);
    for (int round = 0; done < changes; round++) {
        const size_t now = 1 + pick(round % 10 == 0 ? 100 : 25);
        run_batch(town, now);
        const size_t count = check_from_scratch(town);
        largest            = count > largest ? count : largest;
        done += now;
    }
    print_message("%zu changes of %d persons, up to %zu pairs; compared in all: %zu with a child, %zu with a unit, "
                  "%zu alone, %zu groups\n",
                  done, PERSONS, largest, seen[SUBJECT_CHILD], seen[SUBJECT_UNIT], seen[SUBJECT_PERSON],
                  seen[SUBJECT_GROUP]);
    assert_true(largest > 200);
    for (int subject = SUBJECT_CHILD; subject <= SUBJECT_GROUP; subject++)
        assert_true(seen[subject] > 20);
    drop_town(town);
}

/* Records end by themselves: touching everybody on the next day finds what is gone. */
static void test_touch_after_days(void **state)
{
    struct town           *town = make_town();
    struct exposure_result result;

    (void)state;
    seed = 12;
    run_batch(town, 300);
    size_t gone = 0;
    for (int day = 0; day < 8; day++) {
        town->today++;
        arena_reset(&town->arena);
        struct exposure_batch *batch = exposure_batch_begin(town->index, &town->arena);
        for (int64_t id = 1; id <= PERSONS; id++)
            assert_true(exposure_batch_touch(batch, id));
        assert_int_equal(exposure_batch_pairs(batch, &town->policy, town->today, &result), EXPOSURE_OK);
        gone += result.gone_count;
        apply(town, &result);
        exposure_batch_merge(batch);
        check_from_scratch(town);
    }
    assert_true(gone > 0);
    drop_town(town);
}

static void remember(struct town *town, enum tier_subject subject, int64_t id, size_t risk, uint64_t hash)
{
    const struct exposure_ids ids = { subject, id, (int64_t)risk + 1 };

    if (hash != 0)
        assert_true(exposure_index_remember_pair(town->index, &ids, hash, false));
}

static void test_loading_without_batches(void **state)
{
    struct town *town  = make_town();
    struct town *other = make_town();

    (void)state;
    seed = 13;
    run_batch(town, 300);
    for (size_t i = 0; i < PERSONS; i++) {
        struct person_situation stored;
        if (exposure_index_find(town->index, (int64_t)i + 1, &stored))
            assert_true(exposure_index_put(other->index, &stored));
        for (size_t r = 0; r < PERSONS; r++)
            remember(other, SUBJECT_CHILD, (int64_t)i + 1, r, town->pairs[i][r]);
        for (size_t key = 1; key < UNITS; key++)
            remember(other, SUBJECT_UNIT, (int64_t)key, i, town->units[key][i]);
        remember(other, SUBJECT_PERSON, 0, i, town->alone[i]);
        remember(other, SUBJECT_GROUP, 0, i, town->groups[i]);
        assert_true(exposure_index_remember_faults(other->index, (int64_t)i + 1, town->faults[i]));
    }
    memcpy(other->people, town->people, sizeof other->people);
    memcpy(other->is_there, town->is_there, sizeof other->is_there);
    memcpy(other->pairs, town->pairs, sizeof other->pairs);
    memcpy(other->units, town->units, sizeof other->units);
    memcpy(other->alone, town->alone, sizeof other->alone);
    memcpy(other->groups, town->groups, sizeof other->groups);
    memcpy(other->faults, town->faults, sizeof other->faults);
    check_from_scratch(other);
    assert_int_equal(exposure_index_counts(other->index).children, exposure_index_counts(town->index).children);
    run_batch(other, 50);
    check_from_scratch(other);
    drop_town(other);
    drop_town(town);
}

static void test_a_forgotten_batch_leaves_no_trace(void **state)
{
    struct town           *town = make_town();
    struct exposure_result result;

    (void)state;
    seed = 14;
    run_batch(town, 200);
    const struct exposure_counts before = exposure_index_counts(town->index);

    struct town *kept = malloc(sizeof *kept);
    memcpy(kept, town, sizeof *kept);
    arena_reset(&town->arena);
    struct exposure_batch *batch = exposure_batch_begin(town->index, &town->arena);
    for (int i = 0; i < 80; i++)
        change_one(town, batch);
    assert_int_equal(exposure_batch_pairs(batch, &town->policy, town->today, &result), EXPOSURE_OK);
    memcpy(town->people, kept->people, sizeof town->people);
    memcpy(town->is_there, kept->is_there, sizeof town->is_there);
    free(kept);

    assert_int_equal(exposure_index_counts(town->index).pairs, before.pairs);
    assert_int_equal(exposure_index_counts(town->index).children, before.children);
    run_batch(town, 20);
    check_from_scratch(town);
    drop_town(town);
}

/* One fixed batch in an arena of every size: full is a value, and the index does not notice. */
static void test_every_arena_size(void **state)
{
    struct town *town    = make_town();
    bool         is_done = false;

    (void)state;
    seed = 15;
    run_batch(town, 200);
    for (size_t size = 0; !is_done; size += 1501) {
        struct exposure_result result;
        struct arena           arena;

        arena_init(&arena, town->arena_memory, size);
        struct exposure_batch *batch   = exposure_batch_begin(town->index, &arena);
        bool                   is_room = batch != NULL;
        seed                           = 16;
        for (int64_t id = 1; is_room && id <= 30; id++) {
            const struct person_situation s = random_person(id);
            is_room                         = exposure_batch_put(batch, &s);
        }
        is_done = is_room && exposure_batch_pairs(batch, &town->policy, town->today, &result) == EXPOSURE_OK;
        assert_true(size < ARENA_BYTES);
    }
    check_from_scratch(town);
    drop_town(town);
}

/* The index's own limit: the batch is told before COMMIT, and a merge that was promised always fits. */
static void test_every_index_limit(void **state)
{
    (void)state;
    for (size_t limit = 20000; limit < 700000; limit += 19973) {
        struct town           *town = make_town();
        struct exposure_result result;
        enum exposure_status   status = EXPOSURE_OK;

        town->memory.limit_bytes = limit;
        seed                     = 17;
        while (status == EXPOSURE_OK && exposure_index_counts(town->index).children < 120) {
            struct town *kept = malloc(sizeof *kept);
            memcpy(kept, town, sizeof *kept);
            arena_reset(&town->arena);
            struct exposure_batch *batch = exposure_batch_begin(town->index, &town->arena);
            for (int i = 0; i < 25; i++)
                change_one(town, batch);
            status = exposure_batch_pairs(batch, &town->policy, town->today, &result);
            if (status == EXPOSURE_OK) {
                apply(town, &result);
                exposure_batch_merge(batch);
            } else {
                assert_int_equal(status, EXPOSURE_INDEX_FULL);
                memcpy(town->people, kept->people, sizeof town->people);
                memcpy(town->is_there, kept->is_there, sizeof town->is_there);
            }
            free(kept);
        }
        check_from_scratch(town);
        drop_town(town);
    }
}

static void test_constant_memory_over_many_cycles(void **state)
{
    struct town *town = make_town();
    size_t       used = 0;

    (void)state;
    seed = 18;
    for (int cycle = 0; cycle < 60; cycle++) {
        struct exposure_result result;

        for (int round = 0; round < 5; round++)
            run_batch(town, 60);
        /* Emptied after every cycle: whatever was needed most is kept, nothing more is ever taken. */
        arena_reset(&town->arena);
        struct exposure_batch *batch = exposure_batch_begin(town->index, &town->arena);
        for (int64_t id = 1; id <= PERSONS; id++)
            assert_true(exposure_batch_remove(batch, id));
        assert_int_equal(exposure_batch_pairs(batch, &town->policy, town->today, &result), EXPOSURE_OK);
        apply(town, &result);
        exposure_batch_merge(batch);
        memset(town->is_there, 0, sizeof town->is_there);
        assert_int_equal(exposure_index_counts(town->index).pairs, 0);
        assert_int_equal(exposure_index_counts(town->index).children, 0);
        if (cycle == 20)
            used = town->memory.used_bytes;
    }
    assert_true(town->memory.used_bytes <= used + used / 4);
    drop_town(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches_equal_a_run_from_scratch),
        cmocka_unit_test(test_touch_after_days),
        cmocka_unit_test(test_loading_without_batches),
        cmocka_unit_test(test_a_forgotten_batch_leaves_no_trace),
        cmocka_unit_test(test_every_arena_size),
        cmocka_unit_test(test_every_index_limit),
        cmocka_unit_test(test_constant_memory_over_many_cycles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
