/* Situation -> tier, rule, reasons: every rule, raise and cap with rows on both sides of each bound.
 * Deliberately facts only; that facts come out right of addresses is test_exposure.c. */
#include "matchers/tier/tier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int32_t TODAY = 20500;

/* A row's facts as words; what is not said: class A, sexoff_minor, strong on both sides, addresses of yesterday,
 * placed to the building, nothing in common. */
struct row {
    const char *what;
    const char *facts;
    enum tier   tier;
    const char *rule;
    const char *reasons;
};

static bool read_number(const char *word, const char *key, double *value)
{
    const size_t length = strlen(key);

    if (strncmp(word, key, length) != 0 || word[length] != '=')
        return false;
    *value = strtod(word + length + 1, NULL);
    return true;
}

static bool read_flag(struct pair_facts *f, const char *word)
{
    const struct {
        const char *word;
        bool       *flag;
    } flags[] = {
        {"dwelling",     &f->same_dwelling         },
        { "household",   &f->same_household        },
        { "building",    &f->same_building         },
        { "group",       &f->same_group            },
        { "rural",       &f->is_rural              },
        { "caregiver",   &f->is_caregiver          },
        { "staff",       &f->is_staff              },
        { "zone",        &f->in_barred_zone        },
        { "schoolzone",  &f->at_school_zone        },
        { "schoolorder", &f->order_names_schools   },
        { "pupil",       &f->offence_against_pupils},
        { "ban",         &f->occupation_ban        },
        { "vulnerable",  &f->is_vulnerable         },
        { "under14",     &f->is_under_14           },
        { "disputed",    &f->is_disputed           },
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(word, flags[i].word) != 0)
            continue;
        *flags[i].flag = true;
        return true;
    }
    return false;
}

static bool read_measure(struct pair_facts *f, const char *word)
{
    double value;

    if (read_number(word, "near", &value)) {
        f->has_distance = true;
        f->distance_m   = value;
    } else if (read_number(word, "unsure", &value))
        f->uncertainty_m = value;
    else if (read_number(word, "riskage", &value))
        f->risk_address_day = TODAY - (int32_t)value;
    else if (read_number(word, "childage", &value))
        f->child_address_day = TODAY - (int32_t)value;
    else if (read_number(word, "until", &value))
        f->concern_until_day = TODAY + (int32_t)value;
    else if (read_number(word, "fresh", &value))
        f->fresh_since_day = TODAY - (int32_t)value;
    else if (read_number(word, "children", &value))
        f->children_near = (int32_t)value;
    else
        return false;
    return true;
}

static void read_word(struct pair_facts *f, const char *word)
{
    static const enum proximity_precision precisions[] = { PRECISION_NONE,  PRECISION_TOWN,   PRECISION_COMMUNITY,
                                                           PRECISION_GROUP, PRECISION_NUMBER, PRECISION_BUILDING,
                                                           PRECISION_ROOM };

    if (read_flag(f, word) || read_measure(f, word))
        return;
    for (size_t i = 0; i < sizeof precisions / sizeof precisions[0]; i++) {
        if (strncmp(word, "p=", 2) == 0 && strcmp(word + 2, policy_precision_word(precisions[i])) == 0) {
            f->precision = precisions[i];
            return;
        }
    }
    if (strcmp(word, "A") == 0 || strcmp(word, "B") == 0 || strcmp(word, "classless") == 0)
        f->class = word[0] == 'A' ? POLICY_CLASS_A : word[0] == 'B' ? POLICY_CLASS_B : POLICY_CLASS_NONE;
    else if (strcmp(word, "risk:probable") == 0)
        f->risk_grade = GRADE_WORD_PROBABLE;
    else if (strcmp(word, "child:probable") == 0)
        f->child_grade = GRADE_WORD_PROBABLE;
    else if (strcmp(word, "confirmed") == 0)
        f->risk_grade = f->child_grade = GRADE_WORD_CONFIRMED;
    else if (strcmp(word, "riskundated") == 0)
        f->risk_address_day = POLICY_DAY_UNKNOWN;
    else if (!policy_category_find(word, strlen(word), &f->category))
        fail_msg("no such word in a row: %s", word);
}

static struct pair_facts read_facts(const char *text)
{
    struct pair_facts facts = { .category          = CATEGORY_SEXOFF_MINOR,
                                .class             = POLICY_CLASS_A,
                                .risk_grade        = GRADE_WORD_STRONG,
                                .child_grade       = GRADE_WORD_STRONG,
                                .risk_address_day  = TODAY - 1,
                                .child_address_day = TODAY - 1,
                                .concern_until_day = POLICY_DAY_UNKNOWN,
                                .fresh_since_day   = POLICY_DAY_UNKNOWN,
                                .precision         = PRECISION_BUILDING };
    char              copy[256];

    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word != '\0')
            read_word(&facts, word);
    }
    return facts;
}

static void reasons_of(const struct tier_decision *decision, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < decision->reason_count; i++) {
        if (i > 0)
            text[used++] = ' ';
        used += tier_reason_write(decision, i, text + used, size - used);
    }
}

/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct row rows[] = {
    /* R1 */
    { "A in the same dwelling", "dwelling building", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "same booklet and living address", "household", TIER_RED, "R1", "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "B in the same dwelling has no rule while O4 is off", "B dwelling building", TIER_NONE, "", "" },
    { "R1 at a point placed only to the community", "household p=community", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ID_STRONG_BOTH" },
    { "R1 at group precision is not capped", "household p=group", TIER_RED, "R1", "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "R1 at town precision is capped too", "household p=town", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ID_STRONG_BOTH" },
    { "A's address one cycle old to the day", "dwelling riskage=30", TIER_RED, "R1",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "A's address older than a cycle", "dwelling riskage=31", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "A's address two cycles old to the day", "dwelling riskage=60", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "R1 older than two cycles: orange, not lower", "dwelling riskage=61", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "R1 ten years old: still orange", "dwelling riskage=3650", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "R1 capped by precision stays yellow when old", "household p=community riskage=61", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ADDRESS_OLD ID_STRONG_BOTH" },
    { "the child's address older than two of its cycles", "dwelling childage=361", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "the child's address within two cycles", "dwelling childage=360", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "an address without a date is doubted, not lowered", "dwelling riskundated", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "vulnerability does not change red", "dwelling vulnerable", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "red is extreme already", "dwelling under14", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "corrections, A, same dwelling", "corr_sexoff dwelling", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    /* R2 */
    { "A is the named caregiver", "caregiver", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "abuse_minor is the named caregiver", "abuse_minor B caregiver", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "B is the caregiver: no rule while O4 is off", "sexoff_adult B caregiver", TIER_NONE, "", "" },
    { "R2 never falls with age", "caregiver riskage=900 childage=900", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "R2 never falls with precision", "caregiver p=none", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "old address at home, but the caregiver", "caregiver dwelling riskage=61", TIER_RED, "R2",
      "CAREGIVER ID_STRONG_BOTH" },
    { "at home and caregiver: the earlier rule", "caregiver dwelling", TIER_RED, "R1",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "abuse_minor counts by relation only: same dwelling", "abuse_minor B dwelling building near=0", TIER_NONE, "",
      "" },
    { "abuse_minor even as A: not by place", "abuse_minor A building near=10", TIER_NONE, "", "" },
    { "R2 with a probable identity is held", "caregiver risk:probable", TIER_RED, "R2", "CAREGIVER ID_PROBABLE" },
    { "R2 disputed", "caregiver disputed", TIER_BLUE, "R2", "CAREGIVER ID_STRONG_BOTH DISPUTED" },
    /* O1 */
    { "A in the same building", "building", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "A at 200 m with a house number", "near=200 p=number", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "A at 200.1 m is yellow", "near=200.1 p=number", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "A at 0 m", "near=0 p=room", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "150 m, but only to the group", "near=150 p=group", TIER_YELLOW, "Y1", "NEAR_200M ID_STRONG_BOTH" },
    { "150 m between communities' middles are no distance", "near=150 p=community", TIER_NONE, "", "" },
    { "150 m, but only to the town", "near=150 p=town", TIER_NONE, "", "" },
    { "150 m without any precision", "near=150 p=none", TIER_NONE, "", "" },
    { "B at 100 m: nothing while Y2 is off", "sexoff_adult B near=100", TIER_NONE, "", "" },
    { "same building named, point only to the community", "building p=community", TIER_YELLOW, "O1",
      "SAME_BUILDING CAP_PRECISION ID_STRONG_BOTH" },
    { "O1 older than a cycle", "building riskage=31", TIER_ORANGE, "O1", "SAME_BUILDING ADDRESS_OLD ID_STRONG_BOTH" },
    { "O1 older than two cycles", "building riskage=61", TIER_YELLOW, "O1",
      "SAME_BUILDING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O1 with the vulnerability bit stays orange", "building vulnerable", TIER_ORANGE, "O1",
      "SAME_BUILDING ID_STRONG_BOTH" },
    { "O1 under 14: severity only", "building under14", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH UNDER_14" },
    { "O1 disputed: blue", "building disputed", TIER_BLUE, "O1", "SAME_BUILDING ID_STRONG_BOTH DISPUTED" },
    { "O1 with a probable child", "building child:probable", TIER_ORANGE, "O1", "SAME_BUILDING ID_PROBABLE" },
    { "O1 with confirmed persons", "building confirmed", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "the true points may be further", "near=190 unsure=30 p=number", TIER_ORANGE, "O1",
      "NEAR_200M DISTANCE_UNSURE ID_STRONG_BOTH" },
    { "the true points cannot be further", "near=150 unsure=50 p=number", TIER_ORANGE, "O1",
      "NEAR_200M ID_STRONG_BOTH" },
    { "both building and metres: the building is said", "building near=12", TIER_ORANGE, "O1",
      "SAME_BUILDING ID_STRONG_BOTH" },
    /* Y1 */
    { "A at 500 m, built-up", "near=500", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "A at 500.1 m, built-up", "near=500.1", TIER_NONE, "", "" },
    { "A at 1000 m, village", "near=1000 rural", TIER_YELLOW, "Y1", "NEAR_1000M RURAL ID_STRONG_BOTH" },
    { "A at 1000.1 m, village", "near=1000.1 rural", TIER_NONE, "", "" },
    { "A at 300 m, village", "near=300 rural", TIER_YELLOW, "Y1", "NEAR_500M RURAL ID_STRONG_BOTH" },
    { "same village group without points", "group rural p=group", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL ID_STRONG_BOTH" },
    { "same village group, points 1.4 km apart", "group rural near=1400 p=group", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL ID_STRONG_BOTH" },
    { "same residents' group in town is no reason", "group p=group", TIER_NONE, "", "" },
    { "vulnerability lifts yellow to orange", "near=400 vulnerable", TIER_ORANGE, "Y1",
      "NEAR_500M RAISE_VULNERABLE ID_STRONG_BOTH" },
    { "a cap beats the raise: precision", "group rural vulnerable p=community", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL RAISE_VULNERABLE CAP_PRECISION ID_STRONG_BOTH" },
    { "a cap beats the raise: age", "near=400 vulnerable riskage=61", TIER_YELLOW, "Y1",
      "NEAR_500M RAISE_VULNERABLE ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y1 older than two cycles: blue", "near=400 riskage=61", TIER_BLUE, "Y1",
      "NEAR_500M ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y1 older than a cycle: yellow", "near=400 riskage=60", TIER_YELLOW, "Y1",
      "NEAR_500M ADDRESS_OLD ID_STRONG_BOTH" },
    { "Y1 with a probable identity", "near=400 risk:probable child:probable", TIER_YELLOW, "Y1",
      "NEAR_500M ID_PROBABLE" },
    { "Y1 under 14", "near=400 under14", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH UNDER_14" },
    { "B at 400 m", "sexoff_adult B near=400", TIER_NONE, "", "" },
    /* category and record */
    { "the record ends today", "building until=0", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "the record ended yesterday", "building until=-1", TIER_NONE, "", "" },
    { "a category that is off", "released_other A dwelling building caregiver near=0", TIER_NONE, "", "" },
    { "a sealed kind", "molest_admin A dwelling caregiver", TIER_NONE, "", "" },
    { "a refused kind", "std A dwelling building caregiver near=0", TIER_NONE, "", "" },
    { "a refused kind: minors", "minor_offender A dwelling caregiver", TIER_NONE, "", "" },
    { "an order alone is no class", "order classless dwelling building near=0", TIER_NONE, "", "" },
    { "nothing in common", "", TIER_NONE, "", "" },
};
/* clang-format on */

/* The rules that are shipped off, switched on. */
/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct row more_rows[] = {
    { "R3: A at the child's school", "staff", TIER_RED, "R3", "STAFF ID_STRONG_BOTH" },
    { "R3: abuse_minor", "abuse_minor B staff", TIER_RED, "R3", "STAFF ID_STRONG_BOTH" },
    { "R3: an occupation ban", "order classless staff ban", TIER_RED, "R3", "STAFF ID_STRONG_BOTH" },
    { "R3: B without a ban", "sexoff_adult B staff", TIER_NONE, "", "" },
    { "R4: in the barred zone", "order classless zone", TIER_RED, "R4", "BARRED_ZONE ID_STRONG_BOTH" },
    { "R4 is capped by precision", "order classless zone p=community", TIER_YELLOW, "R4",
      "BARRED_ZONE CAP_PRECISION ID_STRONG_BOTH" },
    { "R4 never falls with age", "order classless zone riskage=900", TIER_RED, "R4",
      "BARRED_ZONE ADDRESS_OLD ID_STRONG_BOTH" },
    { "O2: moved 30 days ago to 500 m", "near=500 fresh=30", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2: moved 31 days ago", "near=500 fresh=31", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O2: fresh but far", "near=501 fresh=1", TIER_NONE, "", "" },
    { "O2 yields to O1", "near=100 fresh=1", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "O3: at the school with an order", "schoolzone schoolorder", TIER_ORANGE, "O3",
      "BARRED_ZONE SCHOOL_ORDER ID_STRONG_BOTH" },
    { "O3: at the school, offence against pupils", "schoolzone pupil", TIER_ORANGE, "O3",
      "BARRED_ZONE SCHOOL_ORDER ID_STRONG_BOTH" },
    { "O3: at the school without either", "schoolzone", TIER_NONE, "", "" },
    { "O4: B in the same dwelling", "sexoff_adult B dwelling building", TIER_ORANGE, "O4",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "O4: B the caregiver", "sexoff_adult B caregiver", TIER_ORANGE, "O4", "CAREGIVER ID_STRONG_BOTH" },
    { "O4 is not capped by precision", "sexoff_adult B household p=community", TIER_ORANGE, "O4",
      "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "O4 older than two cycles of B", "sexoff_adult B dwelling riskage=181", TIER_YELLOW, "O4",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O4 within a cycle of B", "sexoff_adult B dwelling riskage=90", TIER_ORANGE, "O4",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "Y2: B at 200 m", "sexoff_adult B near=200", TIER_YELLOW, "Y2", "NEAR_200M ID_STRONG_BOTH" },
    { "Y2: B at 201 m", "sexoff_adult B near=201", TIER_NONE, "", "" },
    { "Y2: B in the same building", "sexoff_adult B building", TIER_YELLOW, "Y2", "SAME_BUILDING ID_STRONG_BOTH" },
    { "Y2 raised by vulnerability", "sexoff_adult B building vulnerable", TIER_ORANGE, "Y2",
      "SAME_BUILDING RAISE_VULNERABLE ID_STRONG_BOTH" },
    { "Y3: three children within 300 m, Y1 comes first", "near=250 children=3", TIER_YELLOW, "Y1",
      "NEAR_500M ID_STRONG_BOTH" },
};
/* clang-format on */

static int check_rows(const struct policy *policy, const struct row *table, size_t count)
{
    int broken = 0;

    for (size_t i = 0; i < count; i++) {
        const struct pair_facts    facts    = read_facts(table[i].facts);
        const struct tier_decision decision = tier_decide(policy, &facts, TODAY);
        const char                *rule     = policy_rule_word(decision.rule);
        char                       reasons[256];

        reasons_of(&decision, reasons, sizeof reasons);
        if (decision.tier == table[i].tier && strcmp(rule, table[i].rule) == 0 &&
            strcmp(reasons, table[i].reasons) == 0)
            continue;
        print_error("%s: %s %s [%s]\n", table[i].what, policy_colour_word(decision.tier), rule, reasons);
        broken++;
    }
    return broken;
}

static void test_rows(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    assert_int_equal(check_rows(&policy, rows, sizeof rows / sizeof rows[0]), 0);
}

static void test_rows_of_rules_shipped_off(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++)
        policy.rules[i] = true;
    assert_int_equal(check_rows(&policy, more_rows, sizeof more_rows / sizeof more_rows[0]), 0);
}

static void test_category_cap(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    policy.categories[CATEGORY_SEXOFF_MINOR].cap = TIER_ORANGE;
    const struct row capped                      = { "a category capped at orange", "dwelling", TIER_ORANGE, "R1",
                                                     "SAME_DWELLING CAP_CATEGORY ID_STRONG_BOTH" };
    assert_int_equal(check_rows(&policy, &capped, 1), 0);
}

static void test_held_certainty_and_severity(void **state)
{
    struct policy        policy;
    struct pair_facts    facts;
    struct tier_decision decision;

    (void)state;
    policy_defaults(&policy);

    facts    = read_facts("building risk:probable");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_true(decision.is_held);
    assert_int_equal(decision.certainty, CERTAINTY_POSSIBLE);

    facts    = read_facts("building under14");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_false(decision.is_held);
    assert_int_equal(decision.certainty, CERTAINTY_LIKELY);
    assert_int_equal(decision.severity, SEVERITY_EXTREME);
    assert_int_equal(decision.recipients, RECIPIENT_ALL);

    facts    = read_facts("corr_sexoff building riskage=31");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_true(decision.wants_address_task);
    assert_int_equal(decision.certainty, CERTAINTY_POSSIBLE);
    assert_int_equal(decision.severity, SEVERITY_SEVERE);
    assert_int_equal(decision.recipients, RECIPIENT_POLICE | RECIPIENT_JUDICIAL);
}

/* A switched-on row counts to its last day, and no longer. */
static void test_expiry_of_a_switched_on_category(void **state)
{
    struct policy           policy;
    const struct pair_facts facts = read_facts("released_other A dwelling");

    (void)state;
    policy_defaults(&policy);
    policy.categories[CATEGORY_RELEASED_OTHER]             = policy.categories[CATEGORY_SEXOFF_MINOR];
    policy.categories[CATEGORY_RELEASED_OTHER].expires_day = TODAY;
    assert_int_equal(tier_decide(&policy, &facts, TODAY).tier, TIER_RED);
    assert_int_equal(tier_decide(&policy, &facts, TODAY + 1).tier, TIER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_rules_shipped_off),
        cmocka_unit_test(test_category_cap),
        cmocka_unit_test(test_held_certainty_and_severity),
        cmocka_unit_test(test_expiry_of_a_switched_on_category),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
