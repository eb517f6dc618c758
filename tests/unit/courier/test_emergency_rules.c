/* The rules E1, E2, E3 and L1, on both sides of each bound. */
#include "daemon/courier/emergency_rules.h"

#include "daemon/common/feed/feed_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* 2026-03-04 at noon in China. */
static int64_t at_noon(void)
{
    int64_t time_us = 0;

    assert_true(feed_time_parse(span_from_text("2026-03-04T12:00:00+08:00"), &time_us));
    return time_us;
}

static struct person_block person(const char *birth, enum policy_sex sex)
{
    struct person_block block = { .is_present = true, .name = SPAN_INIT("x"), .sex = sex };

    if (birth != NULL)
        assert_true(feed_date_parse(span_from_text(birth), false, &block.birth));
    return block;
}

static void expect(const char *what, struct emergency_judgement judgement, const char *rule, const char *reason)
{
    const bool is_right =
        (judgement.rule == NULL) == (rule == NULL) && (rule == NULL || strcmp(judgement.rule, rule) == 0);

    if (!is_right)
        fail_msg("%s: rule %s", what, judgement.rule != NULL ? judgement.rule : "none");
    if (rule == NULL) {
        assert_int_equal(judgement.reason_count, 0);
        return;
    }
    assert_int_equal(judgement.tier, strcmp(rule, "L1") == 0 ? 3 : 1);
    if (judgement.reason_count == 0 || strcmp(judgement.reasons[0], reason) != 0)
        fail_msg("%s: reason %s", what, judgement.reason_count > 0 ? judgement.reasons[0] : "none");
}

/* ---- lodging ---- */

struct guest {
    const char     *birth; /* NULL: unknown */
    enum policy_sex sex;
    enum feed_kin   relation;
};

enum { GUESTS_MAX = 2 };

static const struct {
    const char         *what;
    const char         *birth;
    enum policy_sex     sex;
    enum feed_condition condition;
    struct guest        guests[GUESTS_MAX];
    int                 guest_count;
    const char         *rule, *reason;
} lodgings[] = {
  /* E3, the girl's age: full years count from the day after the birthday. */
    {"13 with a stranger",
     "2012-03-05", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "on her 14th birthday",
     "2012-03-04", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "the day after",
     "2012-03-03", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "L1",
     "ADULT_NOT_KIN"              },
    { "age unknown",
     NULL,         SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "only the year: may be 13",
     "2012",       SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "only the year: at least 14",
     "2011",       SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "L1",
     "ADULT_NOT_KIN"              },
 /* E3, whose sex. */
    { "a boy",
     "2015-01-01", SEX_MALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "L1",
     "ADULT_NOT_KIN"              },
    { "sex unknown",
     "2015-01-01", SEX_UNKNOWN,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "with a woman",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_FEMALE, FEED_KIN_NONE } },
     1, "L1",
     "ADULT_NOT_KIN"              },
    { "with somebody",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_UNKNOWN, FEED_KIN_NONE } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
 /* E3, who is a guardian. */
    { "her father",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_PARENT } },
     1, NULL,
     NULL                         },
    { "her guardian",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_GUARDIAN } },
     1, NULL,
     NULL                         },
    { "her grandfather",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1950", SEX_MALE, FEED_KIN_GRANDPARENT } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "an uncle",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_OTHER } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "relation unknown",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1980", SEX_MALE, FEED_KIN_UNKNOWN } },
     1, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
    { "mother and her friend",
     "2015-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1985", SEX_FEMALE, FEED_KIN_PARENT }, { "1980", SEX_MALE, FEED_KIN_NONE } },
     2, "E3",
     "GIRL_WITH_MALE_NON_GUARDIAN"},
 /* E3, a bad state: of any minor, whoever is with her. */
    { "intoxicated",
     "2009-01-01", SEX_MALE,
     FEED_CONDITION_INTOXICATED, { { "1980", SEX_MALE, FEED_KIN_PARENT } },
     1, "E3",
     "INTOXICATED"                },
    { "unconscious",
     "2009-01-01", SEX_FEMALE,
     FEED_CONDITION_UNCONSCIOUS, { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, "E3",
     "UNCONSCIOUS"                },
    { "hurt",
     "2009-01-01", SEX_FEMALE,
     FEED_CONDITION_HURT,        { { "1980", SEX_FEMALE, FEED_KIN_PARENT } },
     1, "E3",
     "HURT"                       },
    { "hurt, on the 18th birthday",
     "2008-03-04", SEX_FEMALE,
     FEED_CONDITION_HURT,        { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, "E3",
     "HURT"                       },
    { "hurt, no minor any more",
     "2008-03-03", SEX_FEMALE,
     FEED_CONDITION_HURT,        { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, NULL,
     NULL                         },
 /* L1 */
    { "alone",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, "L1",
     "MINOR_ALONE"                },
    { "alone, on the 18th birthday",
     "2008-03-04", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, "L1",
     "MINOR_ALONE"                },
    { "alone, no minor any more",
     "2008-03-03", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { NULL, SEX_UNKNOWN, FEED_KIN_UNKNOWN } },
     0, NULL,
     NULL                         },
    { "two girls",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "2010", SEX_FEMALE, FEED_KIN_NONE } },
     1, "L1",
     "MINORS_ONLY"                },
    { "with a sister of 17",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "2008-03-04", SEX_FEMALE, FEED_KIN_SIBLING } },
     1, "L1",
     "MINORS_ONLY"                },
    { "with a sister of 18",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "2008-03-03", SEX_FEMALE, FEED_KIN_SIBLING } },
     1, NULL,
     NULL                         },
    { "with a friend of 18",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "2008-03-03", SEX_FEMALE, FEED_KIN_NONE } },
     1, "L1",
     "ADULT_NOT_KIN"              },
    { "her mother",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1985", SEX_FEMALE, FEED_KIN_PARENT } },
     1, NULL,
     NULL                         },
    { "an aunt",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1985", SEX_FEMALE, FEED_KIN_OTHER } },
     1, NULL,
     NULL                         },
    { "her mother and a stranger",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1985", SEX_FEMALE, FEED_KIN_PARENT }, { "1985", SEX_FEMALE, FEED_KIN_NONE } },
     2, "L1",
     "ADULT_NOT_KIN"              },
    { "her mother and a friend of 15",
     "2010-01-01", SEX_FEMALE,
     FEED_CONDITION_NORMAL,      { { "1985", SEX_FEMALE, FEED_KIN_PARENT }, { "2011", SEX_FEMALE, FEED_KIN_NONE } },
     2, NULL,
     NULL                         },
};

static void judges_check_ins(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lodgings / sizeof lodgings[0]; i++) {
        struct feed_companion companions[GUESTS_MAX];
        struct feed_record    record = { .type = FEED_LODGING };
        for (int g = 0; g < lodgings[i].guest_count; g++) {
            const struct guest *guest = &lodgings[i].guests[g];
            companions[g]             = (struct feed_companion){ person(guest->birth, guest->sex), guest->relation };
        }
        record.lodging = (struct feed_lodging){ .minor           = person(lodgings[i].birth, lodgings[i].sex),
                                                .companions      = companions,
                                                .companion_count = (size_t)lodgings[i].guest_count,
                                                .condition       = lodgings[i].condition,
                                                .at_us           = at_noon() };
        expect(lodgings[i].what, emergency_judge(&record), lodgings[i].rule, lodgings[i].reason);
    }
}

/* ---- alarms and reports ---- */

static void judges_alarms(void **state)
{
    struct feed_record record = { .type = FEED_SOS };

    (void)state;
    record.sos.child_ref = span_from_text("c-1");
    expect("an alarm", emergency_judge(&record), "E1", "SOS");
    record.sos.child_ref = (struct span){ NULL, 0 };
    expect("an alarm of nobody known", emergency_judge(&record), "E1", "SOS");
    assert_string_equal(emergency_judge(&record).reasons[1], "CHILD_UNKNOWN");
    record.sos.signal = FEED_SOS_HEARTBEAT;
    expect("a sign of life", emergency_judge(&record), NULL, NULL);
    record.type = FEED_CHILD;
    expect("no emergency at all", emergency_judge(&record), NULL, NULL);
}

static void judges_reports(void **state)
{
    static const struct {
        const char        *what;
        bool               has_child;
        const char        *birth;
        enum policy_answer at_risk;
        const char        *rule;
    } rows[] = {
        {"a minor at risk",                true,  "2015-01-01", ANSWER_YES,     "E2"},
        { "nobody said whether",           true,  "2015-01-01", ANSWER_UNKNOWN, "E2"},
        { "no risk",                       true,  "2015-01-01", ANSWER_NO,      NULL},
        { "age unknown",                   true,  NULL,         ANSWER_YES,     "E2"},
        { "on the 18th birthday",          true,  "2008-03-04", ANSWER_YES,     "E2"},
        { "no minor any more",             true,  "2008-03-03", ANSWER_YES,     NULL},
        { "who it is is not known",        false, NULL,         ANSWER_YES,     "E2"},
        { "not known, and nobody at risk", false, NULL,         ANSWER_NO,      NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feed_record record = { .type = FEED_REPORT };
        record.report             = (struct feed_report){ .at_risk = rows[i].at_risk, .reported_at_us = at_noon() };
        if (rows[i].has_child)
            record.report.child = person(rows[i].birth, SEX_FEMALE);
        expect(rows[i].what, emergency_judge(&record), rows[i].rule, "MANDATORY_REPORT");
    }
}

/* ---- ages ---- */

static void counts_years(void **state)
{
    static const struct {
        const char *birth;
        int         years;
    } rows[] = {
        {"2015-03-04",  11},
        { "2015-03-05", 10},
        { "2026-03-04", 0 },
        { "2026-03-05", -1}, /* not born yet: nobody's age */
        { "2015-03",    -1},
        { NULL,         -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct person_block block = person(rows[i].birth, SEX_FEMALE);
        assert_int_equal(emergency_age_years(&block, at_noon()), rows[i].years);
    }
}

/* The number says what the fields leave open, and only that. */
static void asks_the_number(void **state)
{
    struct feed_record  record = { .type = FEED_LODGING };
    struct person_block girl   = person(NULL, SEX_UNKNOWN);

    (void)state;
    girl.id_number       = span_from_text("11010120150304002X");
    record.lodging       = (struct feed_lodging){ .minor = girl, .at_us = at_noon() };
    record.lodging.minor = girl;
    assert_int_equal(emergency_age_years(&girl, at_noon()), 11);
    girl.id_number = span_from_text("110101201503040021"); /* a wrong check character says nothing */
    assert_int_equal(emergency_age_years(&girl, at_noon()), -1);
    expect("a girl by her number, alone", emergency_judge(&record), "L1", "MINOR_ALONE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_check_ins), cmocka_unit_test(judges_alarms),   cmocka_unit_test(judges_reports),
        cmocka_unit_test(counts_years),     cmocka_unit_test(asks_the_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
