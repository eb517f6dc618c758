/* What simulated posts answer: options, and plans that depend on the seed, the post and the alert alone.
 * No broker. */
#include "daemon/cli/post/agenda.h"
#include "daemon/cli/post/mix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALERTS = 4000, ID_BYTES = 64 };

static const struct {
    const char *what, *text;
    bool        is_right;
    int32_t     lowest_ms, highest_ms;
} delays[] = {
    {"one number",         "500",      true,  500, 500 },
    { "a range",           "200-2000", true,  200, 2000},
    { "at once",           "0",        true,  0,   0   },
    { "a range backwards", "2000-200", false, 0,   0   },
    { "no number",         "soon",     false, 0,   0   },
    { "a sign",            "-5",       false, 0,   0   },
    { "more behind it",    "5-6-7",    false, 0,   0   },
    { "longer than a day", "86400001", false, 0,   0   },
    { "empty",             "",         false, 0,   0   },
};

static const struct {
    const char *what, *text;
    bool        is_right;
} mixes[] = {
    {"every part", "loss=1,late=2,cannot=3,duplicate=4,foreign=5,unknown=6,broken=100", true },
    { "nothing",   "",                                                                  true },
    { "over 100",  "loss=101",                                                          false},
    { "unknown",   "lose=5",                                                            false},
    { "no number", "loss",                                                              false},
    { "bare",      "loss=",                                                             false},
    { "a comma",   "loss=5,",                                                           false},
};

static const struct {
    const char *what, *text;
    bool        is_right;
} outcomes[] = {
    {"two",           "done=9,not_found=1", true },
    { "unknown code", "eaten=1",            false},
    { "no weight",    "done",               false},
    { "all nothing",  "done=0",             false},
    { "none",         "",                   false},
};

static void reads_options(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        struct post_delay delay;
        if (post_delay_parse(delays[i].text, &delay) != delays[i].is_right ||
            (delays[i].is_right &&
             (delay.lowest_ms != delays[i].lowest_ms || delay.highest_ms != delays[i].highest_ms)))
            fail_msg("delay: %s", delays[i].what);
    }
    for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
        struct post_mix mix = post_mix_usual();
        if (post_mix_parse(mixes[i].text, &mix) != mixes[i].is_right)
            fail_msg("mix: %s", mixes[i].what);
    }
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        struct post_mix mix = post_mix_usual();
        if (post_mix_parse_outcomes(outcomes[i].text, &mix) != outcomes[i].is_right)
            fail_msg("outcomes: %s", outcomes[i].what);
    }
    struct post_mix mix = post_mix_usual();
    assert_true(post_mix_parse_until("acting", &mix));
    assert_false(post_mix_parse_until("sent", &mix));
    assert_false(post_mix_parse_until("cannot", &mix));
}

static void plan_number(const struct post_mix *mix, int number, const char *message, struct post_plan *plan)
{
    char alert[ID_BYTES];

    snprintf(alert, sizeof alert, "al-%d", number);
    post_plan_make(mix, "station", alert, message, plan);
}

static void takes_an_alert_as_far_as_it_is_told(void **state)
{
    struct post_mix  mix = post_mix_usual();
    struct post_plan plan;

    (void)state;
    plan_number(&mix, 1, "alert", &plan);
    assert_int_equal(plan.count, 3);
    assert_int_equal(plan.replies[0].state, DELIVERY_ACKED);
    assert_int_equal(plan.replies[1].state, DELIVERY_ACTING);
    assert_int_equal(plan.replies[2].state, DELIVERY_CLOSED);
    assert_string_equal(plan.replies[2].outcome, "done");
    assert_true(plan.replies[0].after_ms >= 200 && plan.replies[0].after_ms <= 2000);
    assert_true(plan.replies[1].after_ms >= plan.replies[0].after_ms + 200);
    mix.until = DELIVERY_ACKED;
    plan_number(&mix, 1, "update", &plan);
    assert_int_equal(plan.count, 1);
    plan_number(&mix, 1, "cancel", &plan);
    assert_int_equal(plan.count, 1);
    assert_int_equal(plan.replies[0].state, DELIVERY_CLOSED);
    assert_string_equal(plan.replies[0].outcome, "deleted");
    plan_number(&mix, 1, "close", &plan);
    assert_int_equal(plan.replies[0].state, DELIVERY_ACKED);
    assert_null(plan.replies[0].outcome);
}

static void depends_on_seed_post_and_alert_alone(void **state)
{
    struct post_mix  mix = post_mix_usual();
    struct post_plan first, again, other;
    int              differ = 0;

    (void)state;
    assert_true(post_mix_parse("loss=30,late=30,cannot=30,duplicate=30,foreign=30,unknown=30,broken=30", &mix));
    for (int i = 0; i < 100; i++) {
        plan_number(&mix, i, "alert", &first);
        plan_number(&mix, i, "alert", &again);
        assert_memory_equal(&first, &again, sizeof first);
        mix.seed++;
        plan_number(&mix, i, "alert", &other);
        differ += memcmp(&first, &other, sizeof first) != 0;
        mix.seed--;
    }
    assert_true(differ > 50);
}

static void keeps_the_parts(void **state)
{
    struct post_mix  mix = post_mix_usual();
    struct post_plan plan;
    int lost = 0, late = 0, cannot = 0, twice = 0, kinds[POST_REPLY_BROKEN + 1] = { 0 }, found = 0, answered = 0;

    (void)state;
    assert_true(post_mix_parse("loss=20,late=10,cannot=15,duplicate=5,foreign=3,unknown=4,broken=6", &mix));
    assert_true(post_mix_parse_outcomes("done=3,not_found=1", &mix));
    for (int i = 0; i < ALERTS; i++) {
        plan_number(&mix, i, "alert", &plan);
        lost += plan.is_lost;
        late += plan.is_late;
        answered += !plan.is_lost;
        for (size_t k = 0; k < plan.count; k++) {
            const struct post_reply *reply = &plan.replies[k];
            kinds[reply->kind]++;
            twice += reply->kind == POST_REPLY_OWN;
            cannot += reply->kind == POST_REPLY_OWN && reply->state == DELIVERY_CANNOT;
            found += reply->kind == POST_REPLY_OWN && reply->outcome != NULL && strcmp(reply->outcome, "done") == 0;
        }
    }
    assert_in_range(lost, ALERTS * 17 / 100, ALERTS * 23 / 100);
    assert_in_range(late, answered * 7 / 100, answered * 13 / 100);
    assert_in_range(cannot, answered * 12 / 100, answered * 18 / 100);
    assert_in_range(found, (answered - cannot) * 70 / 100, (answered - cannot) * 80 / 100);
    assert_in_range(kinds[POST_REPLY_DUPLICATE], twice * 3 / 100, twice * 7 / 100);
    assert_in_range(kinds[POST_REPLY_FOREIGN], answered * 1 / 100, answered * 5 / 100);
    assert_in_range(kinds[POST_REPLY_UNKNOWN], answered * 2 / 100, answered * 6 / 100);
    assert_in_range(kinds[POST_REPLY_BROKEN], answered * 4 / 100, answered * 8 / 100);
}

static void gives_answers_in_the_order_of_time(void **state)
{
    struct agenda agenda  = { .count = 0 };
    int64_t       last_ms = -1;
    int           taken   = 0;

    (void)state;
    for (int i = 0; i < ALERTS; i++) {
        struct desk_reply *reply = calloc(1, sizeof *reply);
        assert_non_null(reply);
        reply->due_ms = (int64_t)i * 7919 % ALERTS;
        assert_true(agenda_add(&agenda, reply));
    }
    assert_null(agenda_take(&agenda, -1));
    for (struct desk_reply *reply; (reply = agenda_take(&agenda, ALERTS / 2)) != NULL; taken++) {
        assert_true(reply->due_ms >= last_ms);
        last_ms = reply->due_ms;
        free(reply);
    }
    assert_int_equal(taken, ALERTS / 2 + 1);
    agenda_clear(&agenda);
}

static void knows_an_alert_again(void **state)
{
    struct agenda agenda = { .count = 0 };
    char          alert[ID_BYTES];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < ALERTS; i++) {
            snprintf(alert, sizeof alert, "al-%d", i);
            assert_int_equal(agenda_meet(&agenda, "station", alert), round == 0 ? AGENDA_NEW : AGENDA_KNOWN);
        }
    }
    assert_int_equal(agenda_meet(&agenda, "bureau", "al-1"), AGENDA_NEW);
    agenda_clear(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_options),
        cmocka_unit_test(takes_an_alert_as_far_as_it_is_told),
        cmocka_unit_test(depends_on_seed_post_and_alert_alone),
        cmocka_unit_test(keeps_the_parts),
        cmocka_unit_test(gives_answers_in_the_order_of_time),
        cmocka_unit_test(knows_an_alert_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
