/* No sequence of health, disability or welfare words about an adult ever raises a tier: such categories are refused or
 * off, and what circumstances a record states of an adult is read by nothing. Random records, same pairs.
 * Deliberately over facts and concerns, where the feed's words enter the rules. */
#include "daemon/engine/concerns.h"
#include "matchers/tier/exposure_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 20000, TODAY = 20500 };

static uint64_t seed = 7;

static uint64_t pick(uint64_t bound)
{
    seed += 0x9e3779b97f4a7c15u;
    uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    z          = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % bound;
}

static struct record_facts random_risk(int64_t record_id)
{
    static const enum policy_category_code counted[] = { CATEGORY_SEXOFF_MINOR, CATEGORY_SEXOFF_ADULT,
                                                         CATEGORY_CORR_SEXOFF, CATEGORY_ABUSE_MINOR };
    struct record_facts                    facts;

    memset(&facts, 0, sizeof facts);
    facts.version      = FACTS_VERSION;
    facts.type         = FEED_RISK;
    facts.record_id    = record_id;
    facts.category     = (uint8_t)counted[pick(4)];
    facts.victim_minor = (uint8_t)pick(3);
    facts.victim_pupil = (uint8_t)pick(2);
    facts.from_day = facts.until_day = facts.term_end_day = facts.event_day = POLICY_DAY_UNKNOWN;
    facts.released_day = pick(2) == 0 ? TODAY - (int32_t)pick(900) : POLICY_DAY_UNKNOWN;
    return facts;
}

/* What a department may write of an adult's health, welfare or disability: the circumstances of a child's record, and
 * every category that is about health or welfare. */
static struct record_facts random_welfare(int64_t record_id)
{
    static const enum policy_category_code welfare[] = { CATEGORY_STD,          CATEGORY_HIV,
                                                         CATEGORY_MENTAL_ADULT, CATEGORY_DIAGNOSIS,
                                                         CATEGORY_VAGRANT,      CATEGORY_DRUG,
                                                         CATEGORY_SINGLE_CARER, CATEGORY_PROSTITUTION };
    struct record_facts                    facts     = random_risk(record_id);

    facts.category      = (uint8_t)welfare[pick(8)];
    facts.circumstances = (uint16_t)pick(64);
    return facts;
}

static struct person_situation settle(const struct policy *policy, const struct record_facts *facts, size_t count)
{
    struct person_situation situation = { .person_id = 2, .grade = GRADE_WORD_STRONG, .residence_count = 1 };
    struct concerns         concerns;

    situation.moved_day     = POLICY_DAY_UNKNOWN;
    situation.residences[0] = (struct exposure_residence){ .community_code = 500111004201,
                                                           .group_key      = 5,
                                                           .building_key   = 11,
                                                           .as_of_day      = TODAY - 3,
                                                           .precision      = PRECISION_BUILDING,
                                                           .record_id      = 9 };
    concerns_begin(&concerns);
    for (size_t i = 0; i < count; i++)
        concerns_add(&concerns, &facts[i]);
    concerns_settle(&concerns, policy, TODAY, &situation);
    return situation;
}

static struct person_situation random_girl(void)
{
    struct person_situation girl = {
        .person_id       = 1,
        .grade           = GRADE_WORD_STRONG,
        .is_child        = true,
        .is_vulnerable   = pick(2) == 0,
        .birth           = {TODAY - 4000, TODAY - 4000},
        .moved_day       = POLICY_DAY_UNKNOWN,
        .residence_count = 1
    };

    girl.residences[0] = (struct exposure_residence){ .community_code = 500111004201,
                                                      .group_key      = 4 + pick(2),
                                                      .building_key   = 10 + pick(3),
                                                      .as_of_day      = TODAY - (int32_t)pick(400),
                                                      .precision      = PRECISION_BUILDING,
                                                      .record_id      = 8 };
    if (pick(4) == 0)
        girl.caregivers[girl.caregiver_count++] = 2;
    return girl;
}

static void welfare_raises_nothing(void **state)
{
    struct policy policy;
    size_t        tied = 0;

    (void)state;
    policy_defaults(&policy);
    for (int round = 0; round < ROUNDS; round++) {
        struct record_facts           facts[4];
        const size_t                  plain = pick(3);
        const struct person_situation girl  = random_girl();
        for (size_t i = 0; i < plain; i++)
            facts[i] = random_risk((int64_t)i + 1);
        const struct person_situation without = settle(&policy, facts, plain);
        const size_t                  count   = plain + 1 + pick(2);
        for (size_t i = plain; i < count; i++)
            facts[i] = random_welfare((int64_t)i + 1);
        for (size_t i = 0; i < plain; i++)
            facts[i].circumstances = (uint16_t)pick(64);
        const struct person_situation with = settle(&policy, facts, count);

        struct exposure_pair before, after;
        const bool           was = exposure_decide_pair(&policy, &girl, &without, TODAY, &before);
        const bool           is  = exposure_decide_pair(&policy, &girl, &with, TODAY, &after);
        assert_int_equal(was, is);
        assert_int_equal(with.concern_count, without.concern_count);
        if (is) {
            assert_int_equal(before.decision.tier, after.decision.tier);
            assert_int_equal(before.decision.rule, after.decision.rule);
            assert_true(before.evidence_hash[0] == after.evidence_hash[0]);
            tied++;
        }
    }
    print_message("%d rounds, %zu with a pair\n", ROUNDS, tied);
    assert_true(tied > ROUNDS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welfare_raises_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
