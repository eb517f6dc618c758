/* Profile, ages, classes and the sealing rule on both sides of each date.
 * Deliberately without files: those are in tests/unit/common/test_policy.c. */
#include "matchers/tier/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "2008-03-01", "2008-03" and "2008" become ranges, "" is unknown. */
static struct policy_date date_of(const char *text)
{
    int year = 0, month = 0, day = 0;

    const int parts = text[0] != '\0' ? sscanf(text, "%d-%d-%d", &year, &month, &day) : 0;
    if (parts <= 0)
        return (struct policy_date){ POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN };
    if (parts == 1)
        return (struct policy_date){ policy_day_of_date(year, 1, 1), policy_day_of_date(year, 12, 31) };
    if (parts == 2)
        return (struct policy_date){ policy_day_of_date(year, month, 1),
                                     policy_day_of_date(month == 12 ? year + 1 : year, month % 12 + 1, 1) - 1 };
    return (struct policy_date){ policy_day_of_date(year, month, day), policy_day_of_date(year, month, day) };
}

/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct {
    const char             *what;
    bool                    says_sealed;
    enum policy_disposition disposition;
    const char             *birth, *offence, *judgment;
    int32_t                 months;
    enum policy_seal        expected;
} seals[] = {
    { "flagged by the feed", true, 0, "1980-01-01", "2015-01-01", "2015-06-01", 120, SEAL_SEALED },
    { "an adult's conviction", false, 0, "1980-01-01", "2015-01-01", "2015-06-01", 36, SEAL_NOT_SEALED},
    { "the day before the 18th birthday, 5 years", false, 0, "1990-05-20", "2008-05-19", "2009-01-01", 60,
      SEAL_SEALED },
    { "the day before, 5 years and a month", false, 0, "1990-05-20", "2008-05-19", "2009-01-01", 61,
      SEAL_NOT_SEALED},
    { "the birthday itself is still juvenile", false, 0, "1990-05-20", "2008-05-20", "2009-01-01", 60, SEAL_SEALED },
    { "the day after the birthday", false, 0, "1990-05-20", "2008-05-21", "2009-01-01", 60, SEAL_NOT_SEALED},
    { "a juvenile, sentence unknown", false, 0, "1990-05-20", "2007-01-01", "2008-01-01", -1, SEAL_SEALED },
    { "a juvenile not prosecuted", false, DISPOSITION_NON_PROSECUTION, "1990-05-20", "2007-01-01", "", -1,
      SEAL_SEALED },
    { "a juvenile not prosecuted, odd sentence", false, DISPOSITION_NON_PROSECUTION, "1990-05-20", "2007-01-01", "",
      90, SEAL_SEALED },
    { "an adult not prosecuted", false, DISPOSITION_NON_PROSECUTION, "1980-01-01", "2015-01-01", "", -1,
      SEAL_NOT_SEALED },
    { "any administrative penalty", false, DISPOSITION_ADMINISTRATIVE_PENALTY, "1960-01-01", "2015-01-01", "", -1,
      SEAL_SEALED },
    { "born on 29 February, 28 February at 18", false, 0, "1992-02-29", "2010-02-28", "2010-06-01", 12,
      SEAL_SEALED },
    { "born on 29 February, 2 March at 18", false, 0, "1992-02-29", "2010-03-02", "2010-06-01", 12, SEAL_NOT_SEALED},
    { "offence unknown, judged a day under 20", false, 0, "1990-05-20", "", "2010-05-19", 12, SEAL_ASK_OWNER },
    { "offence unknown, judged at 20", false, 0, "1990-05-20", "", "2010-05-20", 12, SEAL_NOT_SEALED},
    { "offence unknown, judged at 19, long sentence", false, 0, "1990-05-20", "", "2009-06-01", 84, SEAL_NOT_SEALED},
    { "neither date known", false, 0, "1970-05-20", "", "", 12, SEAL_ASK_OWNER },
    { "birth unknown", false, 0, "", "2015-01-01", "2015-06-01", 12, SEAL_ASK_OWNER },
    { "birth unknown, long sentence", false, 0, "", "2015-01-01", "2015-06-01", 120, SEAL_NOT_SEALED},
    { "offence known to the year of the birthday", false, 0, "1990-05-20", "2008", "2009-01-01", 12,
      SEAL_ASK_OWNER },
    { "offence known to a juvenile year", false, 0, "1990-05-20", "2007", "2009-01-01", 12, SEAL_SEALED },
    { "offence known to an adult year", false, 0, "1990-05-20", "2009", "2010-01-01", 12, SEAL_NOT_SEALED},
    { "birth known to the year, offence in doubt", false, 0, "1990", "2008-06-01", "2009-01-01", 12,
      SEAL_ASK_OWNER },
    { "birth known to the year, adult in any reading", false, 0, "1990", "2009-01-01", "2009-06-01", 12,
      SEAL_NOT_SEALED },
};
/* clang-format on */

static void test_sealing(void **state)
{
    struct policy policy;
    int           broken = 0;

    (void)state;
    policy_defaults(&policy);
    for (size_t i = 0; i < sizeof seals / sizeof seals[0]; i++) {
        const struct policy_seal_facts facts = { .says_sealed     = seals[i].says_sealed,
                                                 .disposition     = seals[i].disposition,
                                                 .offence         = date_of(seals[i].offence),
                                                 .judgment        = date_of(seals[i].judgment),
                                                 .birth           = date_of(seals[i].birth),
                                                 .sentence_months = seals[i].months };
        const enum policy_seal         seal  = policy_seal_check(&policy, &facts);
        if (seal == seals[i].expected)
            continue;
        print_error("%s: %d\n", seals[i].what, (int)seal);
        broken++;
    }
    assert_int_equal(broken, 0);
}

static void test_birthday_setting(void **state)
{
    struct policy                  policy;
    const struct policy_seal_facts facts = { .birth           = date_of("1990-05-20"),
                                             .offence         = date_of("2008-05-20"),
                                             .judgment        = date_of("2009-01-01"),
                                             .sentence_months = 12 };

    (void)state;
    policy_defaults(&policy);
    policy.sealing.birthday_is_juvenile = false;
    assert_int_equal(policy_seal_check(&policy, &facts), SEAL_NOT_SEALED);
}

/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct {
    const char              *what;
    enum policy_sex          sex;
    const char              *birth;
    uint32_t                 circumstances;
    enum policy_child_status status;
    bool                     is_in, asks;
} children[] = {
    { "a left-behind girl of 10", SEX_FEMALE, "2016-01-01", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, true, false},
    { "a boy", SEX_MALE, "2016-01-01", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, false, false},
    { "sex unknown stays in", SEX_UNKNOWN, "2016-01-01", CIRCUMSTANCE_ORPHAN, CHILD_ACTIVE, true, false},
    { "no circumstance", SEX_FEMALE, "2016-01-01", 0, CHILD_ACTIVE, false, false},
    { "an ended record", SEX_FEMALE, "2016-01-01", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ENDED, false, false},
    { "the day before 18", SEX_FEMALE, "2008-11-26", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, true, false},
    { "18 today", SEX_FEMALE, "2008-11-25", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, false, false},
    { "birth unknown: in, and asked", SEX_FEMALE, "", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, true, true },
    { "birth unknown and a boy", SEX_MALE, "", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, false, false},
    { "birth known to the year of 18", SEX_FEMALE, "2008", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, true, false},
    { "birth known to a year past", SEX_FEMALE, "2007", CIRCUMSTANCE_LEFT_BEHIND, CHILD_ACTIVE, false, false},
    { "birth known to the month of 18", SEX_FEMALE, "2008-11", CIRCUMSTANCE_DISABLED, CHILD_ACTIVE, true, false},
};
/* clang-format on */

static void test_profile(void **state)
{
    const int32_t today = policy_day_of_date(2026, 11, 25);
    struct policy policy;
    int           broken = 0;

    (void)state;
    policy_defaults(&policy);
    for (size_t i = 0; i < sizeof children / sizeof children[0]; i++) {
        bool       asks;
        const bool is_in = policy_child_in_profile(&policy, children[i].sex, date_of(children[i].birth),
                                                   children[i].circumstances, children[i].status, today, &asks);
        if (is_in == children[i].is_in && asks == children[i].asks)
            continue;
        print_error("%s: in %d, asks %d\n", children[i].what, is_in, asks);
        broken++;
    }
    assert_int_equal(broken, 0);
    assert_false(policy_child_is_vulnerable(&policy, CIRCUMSTANCE_LEFT_BEHIND | CIRCUMSTANCE_SINGLE_PARENT));
    assert_true(policy_child_is_vulnerable(&policy, CIRCUMSTANCE_LEFT_BEHIND | CIRCUMSTANCE_ORPHAN));
}

static void test_class_of_record(void **state)
{
    struct policy policy;
    bool          asks;

    (void)state;
    policy_defaults(&policy);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_SEXOFF_MINOR, ANSWER_YES, &asks), POLICY_CLASS_A);
    assert_false(asks);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_SEXOFF_MINOR, ANSWER_UNKNOWN, &asks), POLICY_CLASS_B);
    assert_true(asks);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_SEXOFF_MINOR, ANSWER_NO, &asks), POLICY_CLASS_B);
    assert_true(asks);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_CORR_SEXOFF, ANSWER_NO, &asks), POLICY_CLASS_B);
    assert_false(asks);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_SEXOFF_ADULT, ANSWER_YES, &asks), POLICY_CLASS_B);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_ORDER, ANSWER_YES, NULL), POLICY_CLASS_NONE);
    assert_int_equal(policy_risk_class(&policy, CATEGORY_STD, ANSWER_YES, NULL), POLICY_CLASS_NONE);
}

static void test_refused_by_program(void **state)
{
    struct policy             policy;
    enum policy_category_code code;

    (void)state;
    policy_defaults(&policy);
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++)
        policy.categories[i].state = POLICY_ON;
    assert_int_equal(policy_category_state(&policy, CATEGORY_HIV, 20000), POLICY_REFUSED);
    assert_int_equal(policy_category_state(&policy, CATEGORY_MINOR_OFFENDER, 20000), POLICY_REFUSED);
    assert_int_equal(policy_category_state(&policy, CATEGORY_DRUG, 20000), POLICY_ON);
    assert_true(policy_category_find("bracelet_track", strlen("bracelet_track"), &code));
    assert_int_equal(code, CATEGORY_BRACELET_TRACK);
    assert_false(policy_category_find("bracelet", strlen("bracelet"), &code));
}

static void test_ages(void **state)
{
    (void)state;
    assert_int_equal(policy_day_of_date(1970, 1, 1), 0);
    assert_int_equal(policy_day_of_date(2000, 3, 1), 11017);
    assert_int_equal(policy_age_years(date_of("2012-02-29"), policy_day_of_date(2026, 2, 28)), 13);
    assert_int_equal(policy_age_years(date_of("2012-02-29"), policy_day_of_date(2026, 3, 1)), 14);
    assert_int_equal(policy_age_years(date_of("2012-02-29"), policy_day_of_date(2012, 2, 29)), 0);
    assert_int_equal(policy_age_years(date_of("2012-02-29"), policy_day_of_date(2012, 2, 28)), -1);
    assert_int_equal(policy_age_years(date_of(""), 20000), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealing),
        cmocka_unit_test(test_birthday_setting),
        cmocka_unit_test(test_profile),
        cmocka_unit_test(test_class_of_record),
        cmocka_unit_test(test_refused_by_program),
        cmocka_unit_test(test_ages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
