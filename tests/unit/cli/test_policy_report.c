/* Counts of a projected change and the words of a difference, on pairs and policies made by hand.
 * The world and the routing are tested on the real stack (tests/integration/test_policy.py). */
#include "daemon/cli/policy/policy_diff.h"
#include "daemon/cli/policy/policy_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TODAY = 20782 }; /* Wednesday, 2026-11-25 */

static void weeks_begin_on_monday(void **state)
{
    static const struct {
        const char *what;
        int32_t     day, weeks;
    } rows[] = {
        {"today",                     TODAY,      0   },
        { "Monday of this week",      TODAY - 2,  0   },
        { "Sunday before it",         TODAY - 3,  1   },
        { "Monday before it",         TODAY - 9,  1   },
        { "the Sunday before that",   TODAY - 10, 2   },
        { "a day to come",            TODAY + 30, 0   },
        { "before records were kept", 0,          2969},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].what);
        assert_int_equal(policy_week_of(rows[i].day, TODAY), rows[i].weeks);
    }
}

static char station[] = "station", police[] = "police", justice[] = "justice", judicial[] = "judicial";

/* One area, told to two posts. */
static struct policy_routing one_way(struct policy_way *way, int *stops, struct routed_post *posts)
{
    *way = (struct policy_way){ .child_area = 500111004201, .recipients = 3, .rule = RULE_O1, .first = 0, .count = 2 };
    stops[0] = 0;
    stops[1] = 1;
    posts[0] = (struct routed_post){ station, police };
    posts[1] = (struct routed_post){ justice, judicial };
    return (struct policy_routing){ way, 1, stops, 2, posts, 2 };
}

static struct projected_pair pair(int64_t child, int64_t risk, enum tier tier, bool is_held)
{
    return (struct projected_pair){
        .ids        = {SUBJECT_CHILD, child, risk},
        .tier       = tier,
        .rule       = RULE_O1,
        .is_held    = is_held,
        .recipients = 3,
        .child_area = 500111004201
    };
}

static json_int_t figure(const json_t *rows, size_t row, const char *key)
{
    return json_integer_value(json_object_get(json_array_get(rows, row), key));
}

/* (1,9) stays, (2,9) goes, (3,9) rises from yellow to orange, (4,9) is new, (5,9) is new and held, (6,9) falls. */
static struct projected_pair before_pairs[4], after_pairs[5];

static void counts_what_opens_and_goes(void **state)
{
    struct policy_way     way;
    int                   stops[2];
    struct routed_post    posts[2];
    struct policy_routing routing = one_way(&way, stops, posts);
    struct policy         policies[2];
    const int32_t         before_weeks[] = { 0, 1, 9, 0 }, after_weeks[] = { 0, 9, 0, 0, 2 };
    size_t                over = 0;

    (void)state;
    before_pairs[0] = pair(1, 9, TIER_ORANGE, false);
    before_pairs[1] = pair(2, 9, TIER_ORANGE, false);
    before_pairs[2] = pair(3, 9, TIER_YELLOW, false);
    before_pairs[3] = pair(6, 9, TIER_ORANGE, false);
    after_pairs[0]  = pair(1, 9, TIER_ORANGE, false);
    after_pairs[1]  = pair(3, 9, TIER_ORANGE, false);
    after_pairs[2]  = pair(4, 9, TIER_ORANGE, false);
    after_pairs[3]  = pair(5, 9, TIER_ORANGE, true);
    after_pairs[4]  = pair(6, 9, TIER_YELLOW, false);
    policy_defaults(&policies[0]);
    policy_defaults(&policies[1]);
    policies[0].budget.at_once[TIER_ORANGE] = 1;

    const struct projection          before = { before_pairs, 4 }, after = { after_pairs, 5 };
    const struct policy_report_input input  = { &policies[0], &policies[1], &before,     &after,
                                                &routing,     before_weeks, after_weeks, TODAY };
    json_t                          *report = policy_report_make(&input, &over);
    assert_non_null(report);
    const json_t *rules = json_object_get(report, "rules");
    assert_int_equal(json_array_size(rules), 2);
    assert_int_equal(figure(rules, 0, "before"), 3);
    assert_int_equal(figure(rules, 0, "after"), 4);
    assert_int_equal(figure(rules, 0, "opened"), 3);
    assert_int_equal(figure(rules, 0, "gone"), 1);
    assert_int_equal(figure(rules, 0, "held"), 1);
    assert_int_equal(figure(rules, 1, "before"), 1);
    assert_int_equal(figure(rules, 1, "after"), 1);
    assert_int_equal(figure(rules, 1, "opened"), 0);
    const json_t *told = json_object_get(report, "posts");
    assert_int_equal(json_array_size(told), 4);     /* two posts, orange and yellow */
    assert_int_equal(figure(told, 0, "opened"), 2); /* held pairs alert nobody */
    assert_int_equal(figure(told, 0, "per_week"), 1);
    assert_int_equal(over, 2); /* both posts, orange */
    const json_t *weeks = json_object_get(report, "weeks");
    const json_t *now   = json_object_get(json_array_get(weeks, POLICY_REPORT_WEEKS - 1), "orange");
    assert_int_equal(json_integer_value(json_array_get(now, 0)), 2);
    assert_int_equal(json_integer_value(json_array_get(now, 1)), 3);
    json_decref(report);
}

static void the_budget_has_two_sides(void **state)
{
    struct policy_way       way;
    int                     stops[2];
    struct routed_post      posts[2];
    struct policy_routing   routing = one_way(&way, stops, posts);
    struct policy           policy;
    const int32_t           weeks[] = { 0, 0, 0, 0, 0 };
    const struct projection none = { NULL, 0 }, some = { after_pairs, 3 };
    size_t                  over = 0;

    (void)state;
    policy_defaults(&policy);
    const struct policy_report_input input = { &policy, &policy, &none, &some, &routing, weeks, weeks, TODAY };
    policy.budget.at_once[TIER_ORANGE]     = 3;
    policy.budget.per_week[TIER_ORANGE]    = 1;
    json_decref(policy_report_make(&input, &over));
    assert_int_equal(over, 0);
    policy.budget.at_once[TIER_ORANGE] = 2;
    json_decref(policy_report_make(&input, &over));
    assert_int_equal(over, 2);
}

static void differences_are_words(void **state)
{
    struct policy a, b;
    char         *text = NULL;
    size_t        size = 0;
    FILE         *stream;

    (void)state;
    policy_defaults(&a);
    policy_defaults(&b);
    stream = open_memstream(&text, &size);
    assert_int_equal(policy_diff_print(stream, &a, &b), 0);
    b.radii.near_m                                 = 250;
    b.rules[RULE_Y2]                               = !a.rules[RULE_Y2];
    b.profile.sexes                                = SEX_FEMALE;
    b.categories[CATEGORY_DRUG].state              = POLICY_ON;
    b.categories[CATEGORY_DRUG].expires_day        = TODAY;
    b.categories[CATEGORY_SEXOFF_ADULT].recipients = RECIPIENT_POLICE;
    const size_t count                             = policy_diff_print(stream, &a, &b);
    fclose(stream);
    assert_true(count >= 6);
    assert_non_null(strstr(text, "radii.near_m: 200 -> 250\n"));
    assert_non_null(strstr(text, "rule Y2: "));
    assert_non_null(strstr(text, "profile.sexes: female, unknown -> female\n"));
    assert_non_null(strstr(text, "drug state: off -> on\n"));
    assert_non_null(strstr(text, "drug ends: no end -> 2026-11-25\n"));
    assert_non_null(
        strstr(text, "sexoff_adult recipients: police, judicial, civil, education, community, office -> police\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(counts_what_opens_and_goes),
        cmocka_unit_test(the_budget_has_two_sides),
        cmocka_unit_test(differences_are_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
