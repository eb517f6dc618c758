/* The identity index as the engine uses it: discards, human verdicts, full memory and endless streams leave the persons
 * that are right. Any order: test_identity_order.c; what must never merge: test_identity_guards.c. */
#include "identity_fixture.h"
#include "matchers/identity/compare.h"

enum { PERSONS = 600, MENTIONS_EACH = 4, MENTIONS = PERSONS * MENTIONS_EACH, GONE_EVERY = 7 };

struct step {
    int64_t mention_id;           /* person * 16 + which */
    bool    is_removal, is_stale; /* stale: another person's content, put right later */
};

static bool take_step(struct identity_batch *batch, const struct step *step)
{
    struct mention_features features;
    const unsigned          person = (unsigned)(step->mention_id / 16);

    if (step->is_removal)
        return identity_batch_remove(batch, step->mention_id);
    make_mention(step->is_stale ? (person + 5) % PERSONS : person, (unsigned)(step->mention_id % 16), &features);
    return identity_batch_put(batch, step->mention_id, canonical_of(step->mention_id), 0, &features);
}

static bool run_batch(struct fixture *fixture, const struct step *steps, size_t count, bool is_kept)
{
    struct identity_batch *batch = identity_batch_begin(fixture->index, &fixture->arena);
    bool                   is_ok = batch != NULL;

    for (size_t i = 0; i < count && is_ok; i++)
        is_ok = take_step(batch, &steps[i]);
    const int64_t next = fixture->next_person;
    is_ok              = is_ok && identity_batch_resolve(batch, &fixture->next_person);
    if (is_ok && is_kept) {
        identity_batch_merge(batch);
    } else {
        identity_batch_discard(batch);
        fixture->next_person = next;
    }
    arena_reset(&fixture->arena);
    return is_ok;
}

/* Every mention arrives; some first with wrong content, some are withdrawn at the end. Shuffled but causal. */
static size_t make_steps(struct step *steps, uint64_t seed)
{
    size_t count = 0;

    for (int64_t i = 0; i < MENTIONS; i++) {
        const int64_t id = i / MENTIONS_EACH * 16 + i % MENTIONS_EACH;

        steps[count++] = (struct step){ id, false, i % 11 == 0 };
    }
    for (size_t i = count - 1; i > 0; i--) {
        const size_t      j    = next_random(&seed) % (i + 1);
        const struct step swap = steps[i];

        steps[i] = steps[j];
        steps[j] = swap;
    }
    const size_t first_round = count;
    for (size_t i = 0; i < first_round; i++) {
        if (steps[i].is_stale)
            steps[count++] = (struct step){ steps[i].mention_id, false, false };
        else if (steps[i].mention_id % GONE_EVERY == 0)
            steps[count++] = (struct step){ steps[i].mention_id, true, false };
    }
    return count;
}

static void run_stream(struct fixture *fixture, const struct step *steps, size_t count, size_t batch_size)
{
    for (size_t i = 0; i < count; i += batch_size)
        assert_true(run_batch(fixture, steps + i, count - i < batch_size ? count - i : batch_size, true));
}

static void test_truth(void **state)
{
    static struct step steps[2 * MENTIONS];
    struct fixture    *fixture = fixture_make(INDEX_BYTES);
    size_t             joined = 0, possible = 0;

    (void)state;
    run_stream(fixture, steps, make_steps(steps, 5), 300);
    for (int64_t i = 0; i < MENTIONS; i++) {
        const int64_t id     = i / MENTIONS_EACH * 16 + i % MENTIONS_EACH;
        const int64_t person = identity_person_of(fixture->index, id);
        int64_t       members[256];
        const size_t  count = identity_members_of(fixture->index, person, members, 256);

        if (person == 0)
            continue;
        possible++;
        joined += count > 1;
        for (size_t j = 0; j < count; j++)
            assert_int_equal(members[j] / 16, id / 16); /* never a sibling, never a twin */
    }
    assert_true(joined * 100 >= possible * 97);
    fixture_drop(fixture);
}

static void test_discard_takes_everything_back(void **state)
{
    static struct step steps[2 * MENTIONS];
    struct fixture    *plain = fixture_make(INDEX_BYTES), *tried = fixture_make(INDEX_BYTES);
    const size_t       count = make_steps(steps, 9);

    (void)state;
    for (size_t i = 0; i < count; i += 50) {
        const size_t part = count - i < 50 ? count - i : 50;

        assert_true(run_batch(tried, steps + i, part, false));
        assert_true(run_batch(tried, steps + i, part, true));
        assert_true(run_batch(plain, steps + i, part, true));
    }
    assert_int_equal(fingerprint(plain), fingerprint(tried));

    const struct identity_statistics a = identity_index_statistics(plain->index);
    const struct identity_statistics b = identity_index_statistics(tried->index);
    assert_int_equal(a.mentions, b.mentions);
    assert_int_equal(a.profiles, b.profiles);
    assert_int_equal(a.persons, b.persons);
    assert_int_equal(a.keys, b.keys);
    assert_int_equal(a.hot_keys, b.hot_keys);
    assert_int_equal(plain->next_person, tried->next_person);
    fixture_drop(plain);
    fixture_drop(tried);
}

/* A full arena or a full index is a value, and the index is as it was. */
static void test_full_memory(void **state)
{
    static struct step steps[2 * MENTIONS];
    struct fixture    *fixture = fixture_make(INDEX_BYTES);
    size_t             refused = 0;

    (void)state;
    make_steps(steps, 3);
    assert_true(run_batch(fixture, steps, 400, true));
    const uint64_t                   before = fingerprint(fixture);
    const struct identity_statistics first  = identity_index_statistics(fixture->index);
    for (size_t capacity = 0; capacity < 600000; capacity += capacity / 16 + 64) {
        fixture->arena.capacity = capacity;
        if (run_batch(fixture, steps + 350, 100, false))
            continue;
        refused++;
        assert_int_equal(fingerprint(fixture), before);
    }
    const struct identity_statistics last = identity_index_statistics(fixture->index);
    assert_true(refused > 10);
    assert_int_equal(first.keys, last.keys);
    assert_int_equal(first.profiles, last.profiles);
    fixture_drop(fixture);

    struct fixture *small = fixture_make(1100000);
    assert_non_null(small->index);
    size_t kept = 0;
    while (kept < MENTIONS && run_batch(small, steps + kept, 20, true))
        kept += 20;
    assert_true(kept < MENTIONS);
    const uint64_t full = fingerprint(small);
    assert_false(run_batch(small, steps + kept, 20, true));
    assert_int_equal(fingerprint(small), full);
    assert_true(small->taken_bytes <= 1100000);
    fixture_drop(small);
}

/* Puts and removes for ever at constant memory. HULEI_CYCLES=10000000 is the full size. */
static void test_constant_memory(void **state)
{
    const char     *wanted  = getenv("HULEI_CYCLES");
    const long      cycles  = wanted != NULL ? strtol(wanted, NULL, 10) : 40000;
    struct fixture *fixture = fixture_make(INDEX_BYTES);
    struct step     steps[40];
    size_t          after_first = 0;

    (void)state;
    for (long done = 0; done < cycles; done += 20) {
        const int64_t base = done / 20 % 100 * 5;

        for (int64_t i = 0; i < 20; i++) {
            steps[i]      = (struct step){ (base + i / 4) * 16 + i % 4, false, false };
            steps[20 + i] = (struct step){ ((base + 250 + i / 4) % 500) * 16 + i % 4, true, false };
        }
        assert_true(run_batch(fixture, steps, 40, true));
        if (done == cycles / 4 / 20 * 20)
            after_first = fixture->taken_bytes;
    }
    assert_int_equal(fixture->taken_bytes, after_first);
    fixture_drop(fixture);
}

static bool decide(struct fixture *fixture, int64_t a, int64_t b, enum identity_verdict verdict)
{
    struct identity_batch *batch = identity_batch_begin(fixture->index, &fixture->arena);
    const bool             is_ok =
        identity_batch_decide(batch, a, b, verdict) && identity_batch_resolve(batch, &fixture->next_person);

    assert_true(is_ok);
    identity_batch_merge(batch);
    arena_reset(&fixture->arena);
    return identity_person_of(fixture->index, a) == identity_person_of(fixture->index, b);
}

static void test_humans_win(void **state)
{
    static struct step steps[2 * MENTIONS];
    struct fixture    *fixture = fixture_make(INDEX_BYTES);

    (void)state;
    for (size_t i = 0; i < 200; i++)
        steps[i] = (struct step){ (int64_t)(i / 4 * 16 + i % 4), false, false };
    assert_true(run_batch(fixture, steps, 200, true));
    const uint64_t before = fingerprint(fixture);
    const int64_t  person = identity_person_of(fixture->index, 4 * 16);

    /* Two siblings with two valid numbers: only a human joins them, and may take it back. */
    assert_true(identity_person_of(fixture->index, 2 * 16) != identity_person_of(fixture->index, 3 * 16));
    assert_true(decide(fixture, 2 * 16, 3 * 16, IDENTITY_SAME));
    assert_int_equal(identity_grade_of(fixture->index, identity_person_of(fixture->index, 2 * 16)),
                     IDENTITY_PROBABLE); /* other records of both hang on by more than the verdict */
    assert_false(decide(fixture, 2 * 16, 3 * 16, IDENTITY_UNSURE));
    assert_int_equal(fingerprint(fixture), before);

    /* One person in two records: a human parts them; the id stays with the lowest mention. */
    assert_int_equal(person, identity_person_of(fixture->index, 4 * 16 + 1));
    assert_false(decide(fixture, 4 * 16, 4 * 16 + 1, IDENTITY_DIFFERENT));
    assert_int_equal(identity_person_of(fixture->index, 4 * 16), person);
    assert_true(decide(fixture, 4 * 16, 4 * 16 + 1, IDENTITY_UNSURE));
    assert_int_equal(fingerprint(fixture), before);
    assert_int_equal(identity_person_of(fixture->index, 4 * 16 + 1), person);

    /* One record without a number: a human knows whom it means, until that is taken back. */
    const struct step lone = { 70 * 16 + 3, false, false };
    assert_true(run_batch(fixture, &lone, 1, true));
    const int64_t known = identity_person_of(fixture->index, lone.mention_id);
    assert_int_equal(identity_grade_of(fixture->index, known), IDENTITY_PROBABLE);
    assert_true(decide(fixture, lone.mention_id, lone.mention_id, IDENTITY_SAME));
    assert_int_equal(identity_grade_of(fixture->index, known), IDENTITY_CONFIRMED);
    assert_true(decide(fixture, lone.mention_id, lone.mention_id, IDENTITY_UNSURE));
    assert_int_equal(identity_grade_of(fixture->index, known), IDENTITY_PROBABLE);

    /* A whole person, each record with each: all of it is known, and stays so when one goes. */
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = i; j < 4; j++)
            assert_true(decide(fixture, 4 * 16 + i, 4 * 16 + j, IDENTITY_SAME));
    }
    assert_int_equal(identity_grade_of(fixture->index, person), IDENTITY_CONFIRMED);
    const struct step gone = { 4 * 16 + 1, true, false };
    assert_true(run_batch(fixture, &gone, 1, true));
    assert_int_equal(identity_grade_of(fixture->index, person), IDENTITY_CONFIRMED);
    fixture_drop(fixture);
}

static void test_compare_is_symmetric(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4000; i++) {
        struct mention_features a, b;
        uint64_t                random = i + 1;

        next_random(&random);
        make_mention((unsigned)(next_random(&random) % 60), i % 4, &a);
        make_mention((unsigned)(next_random(&random) % 60), i / 4 % 4, &b);
        const struct comparison ab  = identity_compare(tables, model, NULL, &a, &b);
        const struct comparison ba  = identity_compare(tables, model, NULL, &b, &a);
        const struct comparison own = identity_compare(tables, model, NULL, &a, &a);

        assert_memory_equal(&ab.bits, &ba.bits, sizeof ab.bits);
        assert_int_equal(ab.veto, ba.veto);
        assert_int_equal(own.veto, VETO_NONE);
        assert_true(ab.bits <= own.bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth),       cmocka_unit_test(test_discard_takes_everything_back),
        cmocka_unit_test(test_full_memory), cmocka_unit_test(test_constant_memory),
        cmocka_unit_test(test_humans_win),  cmocka_unit_test(test_compare_is_symmetric),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
