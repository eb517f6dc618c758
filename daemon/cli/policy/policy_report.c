/* Counts of a change of policy; see policy_report.h.
 * Both projections are sorted by their pairs: one walk over both finds what is new and what is gone. */
#include "daemon/cli/policy/policy_report.h"

#include "daemon/common/policy.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIERS = 5, DAYS = 7, MONDAY = 3 /* 1970-01-01 was a Thursday */ };

struct change {
    int64_t before, after, opened, gone, held;
};

struct load {
    int64_t before, after, opened, in_weeks;
};

struct tally {
    const struct policy_report_input *input;
    struct change                     rules[RULE_COUNT][TIERS];
    struct load                      *posts; /* by post, then tier */
    int64_t                           weeks[2][POLICY_REPORT_WEEKS][TIERS];
};

int32_t policy_week_of(int32_t day, int32_t today)
{
    const int32_t weeks = (today + MONDAY) / DAYS - (day + MONDAY) / DAYS;

    return weeks > 0 ? weeks : 0;
}

/* ---- counting ---- */

static void count_posts(struct tally *tally, const struct projected_pair *pair, bool is_after, bool is_opened,
                        int32_t week)
{
    const struct policy_routing *routing = tally->input->routing;
    const struct policy_way     *way     = policy_routing_find(routing, pair);

    for (size_t i = 0; !pair->is_held && i < way->count; i++) {
        struct load *load = &tally->posts[(size_t)routing->stops[way->first + i] * TIERS + pair->tier];
        load->before += !is_after;
        load->after += is_after;
        load->opened += is_opened;
        load->in_weeks += is_after && week < POLICY_REPORT_WEEKS;
    }
}

static void count_pair(struct tally *tally, size_t i, bool is_after, bool is_opened)
{
    const struct policy_report_input *input = tally->input;
    const struct projected_pair      *pair  = is_after ? &input->after->pairs[i] : &input->before->pairs[i];
    const int32_t                     week  = is_after ? input->after_weeks[i] : input->before_weeks[i];
    struct change                    *rule  = &tally->rules[pair->rule][pair->tier];

    rule->before += !is_after;
    rule->after += is_after;
    rule->opened += is_opened;
    rule->held += is_after && pair->is_held;
    if (week < POLICY_REPORT_WEEKS)
        tally->weeks[is_after][week][pair->tier]++;
    count_posts(tally, pair, is_after, is_opened, week);
}

static void count_gone(struct tally *tally, const struct projected_pair *pair)
{
    tally->rules[pair->rule][pair->tier].gone++;
}

/* A pair that was there under a weaker tier is opened, too: it is reviewed again. */
static void count_all(struct tally *tally)
{
    const struct projection *before = tally->input->before, *after = tally->input->after;
    size_t                   b = 0;

    for (size_t i = 0; i < before->count; i++)
        count_pair(tally, i, false, false);
    for (size_t a = 0; a < after->count; a++) {
        while (b < before->count && projection_compare(&before->pairs[b], &after->pairs[a]) < 0)
            count_gone(tally, &before->pairs[b++]);
        const bool is_known  = b < before->count && projection_compare(&before->pairs[b], &after->pairs[a]) == 0;
        const bool is_opened = !is_known || after->pairs[a].tier < before->pairs[b].tier ||
                               (before->pairs[b].is_held && !after->pairs[a].is_held);
        b += is_known;
        count_pair(tally, a, true, is_opened);
    }
    while (b < before->count)
        count_gone(tally, &before->pairs[b++]);
}

/* ---- as JSON ---- */

static json_t *rules_of(const struct tally *tally)
{
    json_t *rows = json_array();

    for (int rule = 1; rule < RULE_COUNT; rule++) {
        for (int tier = 1; tier < TIERS; tier++) {
            const struct change *change = &tally->rules[rule][tier];
            if (change->before == 0 && change->after == 0)
                continue;
            json_array_append_new(
                rows, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "rule", policy_rule_word((enum policy_rule)rule),
                                "tier", policy_colour_word((enum tier)tier), "before", change->before, "after",
                                change->after, "opened", change->opened, "gone", change->gone, "held", change->held));
        }
    }
    return rows;
}

static json_t *posts_of(const struct tally *tally, size_t *over)
{
    const struct policy_routing *routing = tally->input->routing;
    const struct policy_budget  *budget  = &tally->input->before_policy->budget;
    json_t                      *rows    = json_array();

    for (size_t i = 0; i < routing->post_count * TIERS; i++) {
        const struct load *load     = &tally->posts[i];
        const size_t       tier     = i % TIERS;
        const int64_t      per_week = (load->in_weeks + POLICY_REPORT_WEEKS - 1) / POLICY_REPORT_WEEKS;
        const bool         is_over =
            budget->at_once[tier] > 0 && (load->opened > budget->at_once[tier] || per_week > budget->per_week[tier]);
        if (load->before == 0 && load->after == 0)
            continue;
        *over += is_over;
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:I, s:i, s:b}", "post",
                                              routing->posts[i / TIERS].id, "view", routing->posts[i / TIERS].view,
                                              "tier", policy_colour_word((enum tier)tier), "before", load->before,
                                              "after", load->after, "opened", load->opened, "at_once",
                                              (int)budget->at_once[tier], "per_week", per_week, "per_week_budget",
                                              (int)budget->per_week[tier], "over", is_over));
    }
    return rows;
}

static json_t *weeks_of(const struct tally *tally)
{
    json_t *rows = json_array();

    for (int week = POLICY_REPORT_WEEKS - 1; week >= 0; week--) {
        json_t *row = json_pack("{s:i}", "weeks_ago", week);
        for (int tier = 1; tier < TIERS; tier++)
            json_object_set_new(row, policy_colour_word((enum tier)tier),
                                json_pack("[I, I]", tally->weeks[0][week][tier], tally->weeks[1][week][tier]));
        json_array_append_new(rows, row);
    }
    return rows;
}

json_t *policy_report_make(const struct policy_report_input *input, size_t *over)
{
    struct tally *tally = calloc(1, sizeof *tally);
    char          before[96], after[96];
    json_t       *report = NULL;

    *over = 0;
    if (tally == NULL)
        return NULL;
    tally->input = input;
    tally->posts = calloc(input->routing->post_count * TIERS + 1, sizeof *tally->posts);
    if (tally->posts != NULL) {
        count_all(tally);
        policy_version_write(input->before_policy, before, sizeof before);
        policy_version_write(input->after_policy, after, sizeof after);
        report = json_pack("{s:s, s:s, s:o, s:o, s:o}", "before", before, "after", after, "rules", rules_of(tally),
                           "posts", posts_of(tally, over), "weeks", weeks_of(tally));
    }
    free(tally->posts);
    free(tally);
    return report;
}

/* ---- as tables ---- */

static const char *word_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static long long number_of(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static void print_rules(const json_t *rows)
{
    printf("\n%-6s %-8s %9s %9s %9s %9s %9s\n", "RULE", "TIER", "BEFORE", "AFTER", "OPENED", "GONE", "HELD");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%-6s %-8s %9lld %9lld %9lld %9lld %9lld\n", word_of(row, "rule"), word_of(row, "tier"),
               number_of(row, "before"), number_of(row, "after"), number_of(row, "opened"), number_of(row, "gone"),
               number_of(row, "held"));
    }
}

static void print_posts(const json_t *rows)
{
    printf("\n%-24s %-8s %9s %9s %9s %9s %9s %9s\n", "POST", "TIER", "BEFORE", "AFTER", "OPENED", "OF", "A WEEK", "OF");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%-24s %-8s %9lld %9lld %9lld %9lld %9lld %9lld%s\n", word_of(row, "post"), word_of(row, "tier"),
               number_of(row, "before"), number_of(row, "after"), number_of(row, "opened"), number_of(row, "at_once"),
               number_of(row, "per_week"), number_of(row, "per_week_budget"),
               json_is_true(json_object_get(row, "over")) ? "  OVER" : "");
    }
}

static void print_weeks(const json_t *rows)
{
    printf("\n%-10s %19s %19s %19s %19s\n", "WEEKS AGO", "RED", "ORANGE", "YELLOW", "BLUE");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%-10lld", number_of(row, "weeks_ago"));
        for (int tier = 1; tier < TIERS; tier++) {
            const json_t *both = json_object_get(row, policy_colour_word((enum tier)tier));
            printf(" %8lld ->%8lld", (long long)json_integer_value(json_array_get(both, 0)),
                   (long long)json_integer_value(json_array_get(both, 1)));
        }
        putchar('\n');
    }
}

void policy_report_print(const json_t *report)
{
    printf("policy %s -> %s\n", word_of(report, "before"), word_of(report, "after"));
    print_rules(json_object_get(report, "rules"));
    print_posts(json_object_get(report, "posts"));
    print_weeks(json_object_get(report, "weeks"));
}
