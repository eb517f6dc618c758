/* What ends a comparison early changes nothing: invented people, siblings and twins among them, with errors in some. */
#include "identity_fixture.h"

#include "matchers/identity/index_parts.h"

enum { PERSONS = 60, MENTIONS_EACH = 4, MENTIONS = PERSONS * MENTIONS_EACH };

static double expected_bits(const struct comparison *full, double least_bits)
{
    return full->veto == VETO_NONE && full->bits >= least_bits ? full->bits : 0;
}

/* Some state a sex, which may be another than the number's. */
static void make_profiles(struct profile profiles[MENTIONS])
{
    for (unsigned i = 0; i < MENTIONS; i++) {
        make_mention(i / MENTIONS_EACH, i % MENTIONS_EACH, &profiles[i].features);
        if (i % 3 != 0 && profiles[i].features.sex == PERSON_SEX_UNKNOWN)
            profiles[i].features.sex = i % 3 == 1 ? PERSON_MALE : PERSON_FEMALE;
    }
}

static void test_early_ends(void **state)
{
    static struct profile profiles[MENTIONS];
    const double          most  = identity_name_bits_most(model);
    size_t                edges = 0, strangers = 0;

    (void)state;
    make_profiles(profiles);
    for (size_t i = 0; i < (size_t)MENTIONS * MENTIONS; i++) {
        const struct profile   *a = &profiles[i / MENTIONS], *b = &profiles[i % MENTIONS];
        const struct comparison full = identity_compare_fully(tables, model, NULL, &a->features, &b->features);
        /* The sum itself is enough, and a little more is not. */
        const double leasts[] = { 1e-3, model->cluster_bits, model->join_bits, full.bits, full.bits + 1e-9 };

        for (size_t j = 0; j < sizeof leasts / sizeof leasts[0]; j++) {
            const double least    = leasts[j] > 0 ? leasts[j] : 1e-3;
            const double bits     = identity_bits_from(tables, model, NULL, &a->features, &b->features, most, least);
            const double expected = expected_bits(&full, least);

            assert_memory_equal(&bits, &expected, sizeof bits);
            edges += bits > 0;
        }
        if (gists_are_strangers(profile_gist(a), profile_gist(b))) {
            assert_int_not_equal(full.veto, VETO_NONE);
            strangers++;
        }
    }
    assert_true(edges > MENTIONS && strangers > MENTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_early_ends) };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
