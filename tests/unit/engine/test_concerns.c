/* Which records of concern count on a day, and until when: orders, releases, ends, deaths, appeals.
 * Days are small numbers here; the calendar has its own tests. */
#include "daemon/engine/concerns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { YEAR = 366, CASE_1 = 11, CASE_2 = 12 };

static struct record_facts blank(enum feed_type type, int64_t record_id)
{
    struct record_facts facts;

    memset(&facts, 0, sizeof facts);
    facts.version      = FACTS_VERSION;
    facts.type         = (uint8_t)type;
    facts.record_id    = record_id;
    facts.from_day     = POLICY_DAY_UNKNOWN;
    facts.until_day    = POLICY_DAY_UNKNOWN;
    facts.released_day = POLICY_DAY_UNKNOWN;
    facts.term_end_day = POLICY_DAY_UNKNOWN;
    facts.event_day    = POLICY_DAY_UNKNOWN;
    return facts;
}

static struct record_facts conviction(int64_t record_id, uint64_t case_key)
{
    struct record_facts facts = blank(FEED_RISK, record_id);

    facts.category     = CATEGORY_SEXOFF_MINOR;
    facts.victim_minor = ANSWER_YES;
    facts.self         = 100 + (uint64_t)record_id;
    facts.case_key     = case_key;
    return facts;
}

static struct record_facts order(int64_t record_id, int32_t from, int32_t to)
{
    struct record_facts facts = blank(FEED_ORDER, record_id);

    facts.category  = CATEGORY_ORDER;
    facts.from_day  = from;
    facts.until_day = to;
    return facts;
}

static struct record_facts event(enum feed_risk_event kind, int32_t day, uint64_t case_key, uint64_t target)
{
    struct record_facts facts = blank(FEED_RISK_STATUS, 900);

    facts.event     = (uint8_t)kind;
    facts.event_day = day;
    facts.case_key  = case_key;
    facts.target    = target;
    return facts;
}

static struct person_situation settle(const struct record_facts *facts, size_t count, int32_t today)
{
    struct person_situation situation = { 0 };
    struct policy           policy;
    struct concerns         concerns;

    policy_defaults(&policy);
    concerns_begin(&concerns);
    for (size_t i = 0; i < count; i++)
        concerns_add(&concerns, &facts[i]);
    concerns_settle(&concerns, &policy, today, &situation);
    return situation;
}

/* Two convictions, ids 1 and 2, of cases 1 and 2, and one event on day 1000: which still count. */
static void test_events(void **state)
{
    static const struct {
        const char          *what;
        enum feed_risk_event kind;
        uint64_t             case_key, target;
        int32_t              today;
        int                  left; /* bit 0: record 1, bit 1: record 2 */
    } rows[] = {
        {"death ends all",                          FEED_EVENT_DEATH,         0,      0,   1000, 0},
        { "death of tomorrow is no death",          FEED_EVENT_DEATH,         0,      0,   999,  3},
        { "death ends all, whatever case it names", FEED_EVENT_DEATH,         CASE_1, 0,   1000, 0},
        { "an appeal upheld, nothing named",        FEED_EVENT_APPEAL_UPHELD, 0,      0,   1000, 0},
        { "an appeal upheld in case 1",             FEED_EVENT_APPEAL_UPHELD, CASE_1, 0,   1000, 2},
        { "an appeal upheld of record 2",           FEED_EVENT_APPEAL_UPHELD, 0,      102, 1000, 1},
        { "the record named wins over the case",    FEED_EVENT_APPEAL_UPHELD, CASE_1, 102, 1000, 1},
        { "an appeal upheld in a case not here",    FEED_EVENT_APPEAL_UPHELD, 77,     0,   1000, 3},
        { "a record not of this person",            FEED_EVENT_APPEAL_UPHELD, 0,      555, 1000, 3},
        { "a release ends nothing",                 FEED_EVENT_RELEASE,       0,      0,   1000, 3},
        { "a move ends nothing",                    FEED_EVENT_MOVE,          0,      0,   1000, 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct record_facts     facts[]   = { event(rows[i].kind, 1000, rows[i].case_key, rows[i].target),
                                                    conviction(2, CASE_2), conviction(1, CASE_1) };
        const struct person_situation situation = settle(facts, 3, rows[i].today);
        int                           left      = 0;

        for (size_t k = 0; k < situation.concern_count; k++)
            left |= 1 << (situation.concerns[k].record_id - 1);
        if (left != rows[i].left)
            print_error("%s: %d\n", rows[i].what, left);
        assert_int_equal(left, rows[i].left);
    }
}

static void test_ends(void **state)
{
    const int32_t       day = policy_day_of_date(2026, 3, 1), five_years_on = policy_day_of_date(2031, 3, 1);
    struct record_facts facts[2] = { conviction(1, CASE_1), event(FEED_EVENT_RELEASE, day, 0, 0) };

    (void)state;
    assert_int_equal(settle(facts, 1, day).concerns[0].until_day, POLICY_DAY_UNKNOWN); /* in prison */
    assert_int_equal(settle(facts, 2, day - 1).concerns[0].until_day, POLICY_DAY_UNKNOWN);
    struct person_situation situation = settle(facts, 2, day);
    assert_int_equal(situation.concerns[0].until_day, five_years_on);
    assert_int_equal(situation.concerns[0].released_day, day);

    /* The source's own end may be nearer, never farther; a later release counts from itself. */
    facts[0].until_day = five_years_on - 10;
    assert_int_equal(settle(facts, 2, day).concerns[0].until_day, five_years_on - 10);
    facts[0].until_day = five_years_on + 10;
    assert_int_equal(settle(facts, 2, day).concerns[0].until_day, five_years_on);
    facts[0].released_day = day - YEAR;
    assert_int_equal(settle(facts, 2, day).concerns[0].released_day, day);
    facts[1].event_day = day - 2 * YEAR;
    assert_int_equal(settle(facts, 2, day).concerns[0].released_day, day - YEAR);

    /* Corrections: three years after the end of the term. */
    facts[0]          = conviction(1, CASE_1);
    facts[0].category = CATEGORY_CORR_SEXOFF;
    facts[1]          = event(FEED_EVENT_TERM_END, day, CASE_1, 0);
    assert_int_equal(settle(facts, 2, day).concerns[0].until_day, policy_day_of_date(2029, 3, 1));
}

static void test_orders(void **state)
{
    struct record_facts     facts[2] = { conviction(1, CASE_1), order(2, 1000, 2000) };
    struct person_situation situation;

    (void)state;
    facts[1].names_schools = 1;
    situation              = settle(facts, 2, 999); /* not yet in force */
    assert_int_equal(situation.concern_count, 1);
    assert_false(situation.concerns[0].order_names_schools);
    situation = settle(facts, 2, 1000);
    assert_int_equal(situation.concern_count, 2);
    assert_true(situation.concerns[0].order_names_schools); /* it sharpens the offence */
    assert_int_equal(situation.concerns[1].category, CATEGORY_ORDER);
    assert_int_equal(situation.concerns[1].until_day, 2000);
    assert_int_equal(situation.concerns[1].class, POLICY_CLASS_NONE);
    assert_false(settle(facts, 2, 2001).concerns[0].order_names_schools);

    facts[1]           = order(2, 1000, POLICY_DAY_UNKNOWN); /* for life */
    facts[1].bans_work = 1;
    situation          = settle(facts, 2, 40000);
    assert_true(situation.concerns[1].occupation_ban && !situation.concerns[0].occupation_ban);
    assert_int_equal(situation.concerns[1].until_day, POLICY_DAY_UNKNOWN);
}

/* Whatever an order says is part of the evidence: a change of it alone has its holder's pairs looked at again. */
static void test_changed_orders(void **state)
{
    static const struct {
        const char *what;
        int32_t     from, to, today;
        int         is_prohibition, bans_work, names_schools, place, use, radius_m;
        bool        is_news;
    } rows[] = {
        {"the same order",                           1000, 2000, 1500, 1, 0, 1, 7, FACTS_BARRED,   100, false},
        { "the same on another day",                 1000, 2000, 1999, 1, 0, 1, 7, FACTS_BARRED,   100, false},
        { "it ends later",                           1000, 2001, 1500, 1, 0, 1, 7, FACTS_BARRED,   100, true },
        { "it began later",                          1001, 2000, 1500, 1, 0, 1, 7, FACTS_BARRED,   100, true },
        { "it is a ban from work as well",           1000, 2000, 1500, 1, 1, 1, 7, FACTS_BARRED,   100, true },
        { "it is no prohibition",                    1000, 2000, 1500, 0, 0, 1, 7, FACTS_BARRED,   100, true },
        { "it names no schools",                     1000, 2000, 1500, 1, 0, 0, 7, FACTS_BARRED,   100, true },
        { "it bars from another place",              1000, 2000, 1500, 1, 0, 1, 8, FACTS_BARRED,   100, true },
        { "it allows the place as a home",           1000, 2000, 1500, 1, 0, 1, 7, FACTS_APPROVED, 100, true },
        { "it bars a wider circle",                  1000, 2000, 1500, 1, 0, 1, 7, FACTS_BARRED,   101, true },
        { "where the holder lives is no part of it", 1000, 2000, 1500, 1, 0, 1, 7, FACTS_LIVES,    100, true },
        { "it is over",                              1000, 2000, 2001, 1, 0, 1, 7, FACTS_BARRED,   100, true },
    };
    uint64_t first = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record_facts facts[2] = { conviction(1, CASE_1), order(2, rows[i].from, rows[i].to) };

        facts[1].is_prohibition                 = (uint8_t)rows[i].is_prohibition;
        facts[1].bans_work                      = (uint8_t)rows[i].bans_work;
        facts[1].names_schools                  = (uint8_t)rows[i].names_schools;
        facts[1].residence_count                = 1;
        facts[1].residences[0].address.code     = (uint64_t)rows[i].place;
        facts[1].residences[0].use              = (uint8_t)(rows[i].use & 15);
        facts[1].residences[0].radius_m         = (uint16_t)rows[i].radius_m;
        const struct person_situation situation = settle(facts, 2, rows[i].today);
        const uint64_t                key       = situation.concerns[0].orders_key;
        first                                   = i == 0 ? key : first;
        if ((key != first) != rows[i].is_news)
            print_error("%s\n", rows[i].what);
        assert_int_equal(key != first, rows[i].is_news);
        assert_int_equal(situation.concerns[situation.concern_count - 1].orders_key, key); /* for every concern */
    }
    const struct record_facts alone = conviction(1, CASE_1);
    assert_true(settle(&alone, 1, 1500).concerns[0].orders_key == 0);
    const struct record_facts two[]     = { conviction(1, CASE_1), order(2, 1000, 2000), order(3, 1200, 2000) };
    const struct record_facts swapped[] = { conviction(1, CASE_1), order(2, 1200, 2000), order(3, 1000, 2000) };
    assert_true(settle(two, 3, 1500).concerns[0].orders_key == settle(swapped, 3, 1500).concerns[0].orders_key);
}

/* The same records in any order, and more of them than are kept, give the same concerns. */
static void test_order_of_arrival(void **state)
{
    enum { COUNT = CONCERNS_MAX + 8 };
    struct record_facts forwards[COUNT], backwards[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        forwards[i]              = conviction(i + 1, CASE_1);
        backwards[COUNT - 1 - i] = forwards[i];
    }
    const struct person_situation a = settle(forwards, COUNT, 1000), b = settle(backwards, COUNT, 1000);
    assert_int_equal(a.concern_count, EXPOSURE_CONCERNS);
    assert_int_equal(b.concern_count, EXPOSURE_CONCERNS);
    for (size_t i = 0; i < a.concern_count; i++) {
        assert_int_equal(a.concerns[i].record_id, i + 1);
        assert_int_equal(b.concerns[i].record_id, i + 1);
    }
}

static void test_category_off(void **state)
{
    struct record_facts facts = conviction(1, CASE_1);

    (void)state;
    facts.category = CATEGORY_DRUG;
    assert_int_equal(settle(&facts, 1, 1000).concern_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),           cmocka_unit_test(test_ends),
        cmocka_unit_test(test_orders),           cmocka_unit_test(test_changed_orders),
        cmocka_unit_test(test_order_of_arrival), cmocka_unit_test(test_category_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
