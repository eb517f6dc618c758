/* What people and a new model say of the clusters: verdicts that win both ways, a no that is final, hysteresis.
 * What the records alone decide is in test_identity_guards.c. */
#include "identity_cases.h"

/* ---- human decisions ---- */

/* A verdict waits for a mention that is not there, and outlives one that goes and comes back. */
static void decisions_on_vanished_mentions(void **state)
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    const struct who       who     = { .name = "慕容晓峰", .birth = "1988-04-05", .phone = "13800000006" };
    const struct who       other   = { .name = "司徒雪梅", .birth = "1951-07-01", .phone = "13800000008" };
    struct identity_batch *batch   = begin(fixture);

    (void)state;
    assert_true(identity_batch_decide(batch, 1, 2, IDENTITY_DIFFERENT));
    assert_true(identity_batch_decide(batch, 3, 4, IDENTITY_SAME));
    put(batch, 1, &who);
    put(batch, 3, &who);
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 3));
    for (int round = 0; round < 3; round++) {
        batch = begin(fixture);
        put(batch, 2, &who);
        put(batch, 4, &other);
        finish(fixture, batch);
        assert_false(are_one(fixture, 1, 2));
        assert_true(are_one(fixture, 3, 4));
        batch = begin(fixture);
        assert_true(identity_batch_remove(batch, 2));
        assert_true(identity_batch_remove(batch, 4));
        finish(fixture, batch);
    }
    fixture_drop(fixture);
}

/* Two whom a human parted are never asked about again by themselves, and a third that fits both goes to one. */
static void a_humans_no_is_final(void **state)
{
    struct fixture  *fixture  = fixture_make(INDEX_BYTES);
    const struct who people[] = {
        {.name = "慕容晓峰", .birth = "1988-04-05",  .phone = "13800000006"},
        { .name = "慕容晓峰", .birth = "1988-04-05", .phone = "13800000006",        .household = 21 },
    };

    (void)state;
    put_all(fixture, people, 2);
    assert_true(are_one(fixture, 1, 2));
    const struct identity_result *result = decide(fixture, 1, 2, IDENTITY_DIFFERENT);
    assert_false(are_one(fixture, 1, 2));
    assert_int_equal(result->frozen_count, 0);

    struct identity_batch *batch = begin(fixture);
    put(batch, 3, &people[0]);
    result = finish(fixture, batch);
    assert_true(are_one(fixture, 1, 3) != are_one(fixture, 2, 3));
    assert_string_equal(frozen_with(fixture, result, 3)->reason, "human");
    fixture_drop(fixture);
}

/* A retrained model reads the same decisions: they still win, both ways. */
static void decisions_survive_retraining(void **state)
{
    struct identity_model   strict  = *model;
    struct fixture         *fixture = fixture_make(INDEX_BYTES);
    struct mention_features features[2];

    (void)state;
    strict.join_bits = 60; /* nothing reaches it but an equal number with everything else */
    fixture->index   = identity_index_create((struct memory){ grow, fixture }, INDEX_BYTES, tables, &strict);
    make(&(struct who){ .name = "慕容晓峰", .birth = "1988-04-05" }, &features[0]);
    make(&(struct who){ .name = "慕容小峰", .phone = "13800000006" }, &features[1]);
    assert_true(identity_decide(fixture->index, 1, 2, IDENTITY_SAME));
    assert_true(identity_decide(fixture->index, 3, 4, IDENTITY_DIFFERENT));
    for (int64_t id = 1; id <= 4; id++)
        assert_true(load_mention(fixture->index, &strict, id, &features[id % 2], 0));

    struct identity_batch *batch = begin(fixture);
    for (int64_t id = 1; id <= 4; id++)
        assert_true(identity_batch_touch(batch, id));
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 2));
    assert_false(are_one(fixture, 3, 4));
    fixture_drop(fixture);
}

/* ---- a new model ---- */

/* Loads three records of one person as an earlier model had clustered them, and activates `now`. */
static void activate(struct fixture *fixture, const struct identity_model *now, const struct who *people, size_t count)
{
    struct identity_link links[4];

    fixture->index       = identity_index_create((struct memory){ grow, fixture }, INDEX_BYTES, tables, now);
    fixture->next_person = 2;
    for (size_t i = 0; i < count; i++) {
        struct mention_features features;

        make(&people[i], &features);
        assert_true(load_mention(fixture->index, now, (int64_t)i + 1, &features, 1));
    }
    struct identity_batch *batch = begin(fixture);
    const size_t           kept  = identity_kept_links(fixture->index, 1, links, 4);
    assert_in_range(kept, 0, 4);
    for (size_t i = 0; i < kept; i++)
        assert_true(identity_batch_decide(batch, links[i].mention_a, links[i].mention_b, IDENTITY_KEPT));
    for (size_t i = 0; i < count; i++)
        assert_true(identity_batch_touch(batch, (int64_t)i + 1));
    finish(fixture, batch);
}

/* What a new model merely doubts stays together, also when the records are touched later; what it denies does not, and
 * nothing new is joined on so little. */
static void a_new_model_takes_apart_only_what_it_denies(void **state)
{
    struct fixture       *fixture  = fixture_make(INDEX_BYTES);
    struct identity_model now      = *model;
    const struct who      people[] = {
             {.name = "慕容晓峰",  .birth = "1988-04-05"},
             { .name = "慕容晓峰", .birth = "1988-04-05", .household = 21 },
             { .name = "慕容晓峰",                      .birth = "1951-07-01"                    },
    };

    (void)state;
    now.join_bits    = 200;
    now.cluster_bits = 18;
    activate(fixture, &now, people, 3);
    assert_true(are_one(fixture, 1, 2));
    assert_false(are_one(fixture, 1, 3));

    struct identity_batch *batch = begin(fixture);
    put(batch, 2, &people[1]);
    put(batch, 4, &people[1]);
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 2));
    assert_false(are_one(fixture, 1, 4));
    decide(fixture, 1, 2, IDENTITY_DIFFERENT);
    assert_false(are_one(fixture, 1, 2));
    fixture_drop(fixture);

    fixture          = fixture_make(INDEX_BYTES);
    now.cluster_bits = 190;
    activate(fixture, &now, people, 3);
    assert_false(are_one(fixture, 1, 2));
    fixture_drop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_on_vanished_mentions),
        cmocka_unit_test(a_humans_no_is_final),
        cmocka_unit_test(decisions_survive_retraining),
        cmocka_unit_test(a_new_model_takes_apart_only_what_it_denies),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
