/* What blocking.h says of an index, against counts by hand and by brute force. */
#include "identity_fixture.h"
#include "matchers/identity/blocking.h"

enum { PERSONS = 120, HOLDERS = 30 };

static struct fixture *filled(void)
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    struct identity_batch *batch   = identity_batch_begin(fixture->index, &fixture->arena);

    for (int64_t id = 1; id <= PERSONS; id++) {
        struct mention_features features;
        char                    name[64], birth[16], number[20];

        invent((unsigned)id, name, birth, number);
        const struct person_input input = { .names       = { span_from_text(name) },
                                            .name_count  = 1,
                                            .id_number   = span_from_text(id % 2 == 0 ? number : ""),
                                            .birth_date  = span_from_text(birth),
                                            .phones      = { span_from_text("13800000009") },
                                            .phone_count = id <= HOLDERS };
        mention_features_make(tables, &input, &features);
        assert_true(identity_batch_put(batch, id, canonical_of(id), 0, &features));
    }
    assert_true(identity_batch_resolve(batch, &fixture->next_person));
    identity_batch_merge(batch);
    return fixture;
}

static void the_commonest_keys_come_first(void **state)
{
    struct fixture          *fixture = filled();
    struct identity_key_load loads[5], first;

    (void)state;
    const size_t count = identity_key_loads(fixture->index, loads, 5);
    assert_int_equal(count, 5);
    assert_string_equal(loads[0].kind, "phone");
    assert_int_equal(loads[0].holders, HOLDERS);
    assert_true(loads[0].is_common);
    for (size_t i = 1; i < count; i++)
        assert_true(loads[i].holders <= loads[i - 1].holders && loads[i].holders > 1);
    assert_int_equal(identity_key_loads(fixture->index, &first, 1), 1);
    assert_memory_equal(&first.hash, &loads[0].hash, sizeof first.hash);
    assert_int_equal(identity_key_loads(fixture->index, loads, 0), 0);
    fixture_drop(fixture);
}

static void candidates_are_what_shares_a_key(void **state)
{
    struct fixture *fixture = filled();
    uint64_t        pairs   = 0;

    (void)state;
    for (int64_t a = 1; a <= PERSONS; a++) {
        for (int64_t b = a + 1; b <= PERSONS; b++) {
            assert_int_equal(identity_is_candidate(fixture->index, a, b), identity_is_candidate(fixture->index, b, a));
            pairs += identity_is_candidate(fixture->index, a, b);
        }
    }
    assert_true(pairs > 0);
    assert_int_equal(identity_candidate_count(fixture->index), pairs);
    assert_false(identity_is_candidate(fixture->index, 1, PERSONS + 1));
    fixture_drop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_commonest_keys_come_first),
        cmocka_unit_test(candidates_are_what_shares_a_key),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
