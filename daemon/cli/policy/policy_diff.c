/* Two policies in words; see policy_diff.h.
 * A number that is compared stands in one table with its name. */
#include "daemon/cli/policy/policy_diff.h"

#include <string.h>
#include <time.h>

enum { SET_BYTES = 160, DAY_BYTES = 12, SUBJECT_BYTES = 48 };

struct word_bit {
    uint32_t    bit;
    const char *word;
};

static const struct word_bit purposes[] = {
    {PURPOSE_MATCH,        "match"      },
    { PURPOSE_ALERT,       "alert"      },
    { PURPOSE_STAFF_CHECK, "staff_check"},
    { PURPOSE_ZONE,        "zone"       },
    { PURPOSE_CARE,        "care"       },
    { 0,                   NULL         }
};

static const struct word_bit recipients[] = {
    {RECIPIENT_POLICE,     "police"   },
    { RECIPIENT_JUDICIAL,  "judicial" },
    { RECIPIENT_CIVIL,     "civil"    },
    { RECIPIENT_EDUCATION, "education"},
    { RECIPIENT_COMMUNITY, "community"},
    { RECIPIENT_OFFICE,    "office"   },
    { 0,                   NULL       }
};

static const struct word_bit circumstances[] = {
    {CIRCUMSTANCE_LEFT_BEHIND,          "left_behind"        },
    { CIRCUMSTANCE_SINGLE_PARENT,       "single_parent"      },
    { CIRCUMSTANCE_ORPHAN,              "orphan"             },
    { CIRCUMSTANCE_DE_FACTO_UNATTENDED, "de_facto_unattended"},
    { CIRCUMSTANCE_DISABLED,            "disabled"           },
    { CIRCUMSTANCE_OTHER_HARDSHIP,      "other_hardship"     },
    { 0,                                NULL                 }
};

static const struct word_bit sexes[] = {
    {SEX_FEMALE,   "female" },
    { SEX_MALE,    "male"   },
    { SEX_UNKNOWN, "unknown"},
    { 0,           NULL     }
};

/* Where differences go; `subject` stands before the name of each. */
struct diff {
    FILE       *stream;
    const char *subject;
    size_t      count;
};

static const char *state_word(enum policy_state state)
{
    return state == POLICY_ON ? "on" : state == POLICY_OFF ? "off" : "refused";
}

static const char *class_word(enum policy_class_rule rule)
{
    return rule == CLASS_RULE_B ? "B" : rule == CLASS_RULE_NONE ? "none" : "A_if_minor_victim";
}

static void write_set(const struct word_bit *words, uint32_t set, char text[SET_BYTES])
{
    snprintf(text, SET_BYTES, "%s", set == 0 ? "none" : "");
    for (; words->word != NULL; words++) {
        const size_t used = strlen(text);
        if ((set & words->bit) != 0)
            snprintf(text + used, SET_BYTES - used, "%s%s", used > 0 ? ", " : "", words->word);
    }
}

static void compare_words(struct diff *diff, const char *name, const char *before, const char *after)
{
    if (strcmp(before, after) == 0)
        return;
    fprintf(diff->stream, "%s%s: %s -> %s\n", diff->subject, name, before, after);
    diff->count++;
}

static void compare_sets(struct diff *diff, const char *name, const struct word_bit *words, uint32_t before,
                         uint32_t after)
{
    char old[SET_BYTES], new[SET_BYTES];

    write_set(words, before, old);
    write_set(words, after, new);
    compare_words(diff, name, old, new);
}

/* ---- categories ---- */

static void write_day(int32_t day, char text[DAY_BYTES])
{
    const time_t noon = (time_t)day * 86400 + 43200;
    struct tm    date;

    snprintf(text, DAY_BYTES, "no end");
    if (day != POLICY_DAY_UNKNOWN && gmtime_r(&noon, &date) != NULL)
        strftime(text, DAY_BYTES, "%Y-%m-%d", &date);
}

static void compare_category(struct diff *diff, const struct policy_category *a, const struct policy_category *b)
{
    char old[DAY_BYTES], new[DAY_BYTES];

    compare_words(diff, "state", state_word(a->state), state_word(b->state));
    if (a->state != POLICY_ON && b->state != POLICY_ON)
        return;
    write_day(a->expires_day, old);
    write_day(b->expires_day, new);
    compare_words(diff, "ends", old, new);
    compare_words(diff, "class", class_word(a->class_rule), class_word(b->class_rule));
    compare_sets(diff, "purposes", purposes, a->purposes, b->purposes);
    compare_sets(diff, "recipients", recipients, a->recipients, b->recipients);
    compare_words(diff, "cap", policy_colour_word(a->cap), policy_colour_word(b->cap));
    compare_words(diff, "relation_only", a->relation_only ? "true" : "false", b->relation_only ? "true" : "false");
    compare_words(diff, "basis", a->basis, b->basis);
    snprintf(old, sizeof old, "%d", (int)a->retention_years);
    snprintf(new, sizeof new, "%d", (int)b->retention_years);
    compare_words(diff, "retention_years", old, new);
}

/* ---- numbers ---- */

static void compare_numbers(struct diff *diff, const struct policy *a, const struct policy *b)
{
#define ROW(name, member)                                                                                              \
    {                                                                                                                  \
        name, (double)a->member, (double)b->member                                                                     \
    }
    const struct {
        const char *name;
        double      before, after;
    } rows[] = {
        ROW("profile.age_below_years", profile.age_below_years),
        ROW("minor_rules.age_below_years", minors.age_below_years),
        ROW("minor_rules.severity_raised", minors.severity_raised),
        ROW("minor_rules.erase_after_profile_end_days", minors.erase_after_profile_end_days),
        ROW("sealing.juvenile_below_years", sealing.juvenile_below_years),
        ROW("sealing.birthday_is_juvenile", sealing.birthday_is_juvenile),
        ROW("sealing.sentence_at_most_months", sealing.sentence_at_most_months),
        ROW("sealing.ask_owner_below_years", sealing.ask_owner_below_years),
        ROW("review.undo_s", review.undo_s),
        ROW("review.red.due_minutes", review.due_minutes[TIER_RED]),
        ROW("review.orange.due_minutes", review.due_minutes[TIER_ORANGE]),
        ROW("review.yellow.due_minutes", review.due_minutes[TIER_YELLOW]),
        ROW("review.red.re_review_days", review.re_review_days[TIER_RED]),
        ROW("review.orange.re_review_days", review.re_review_days[TIER_ORANGE]),
        ROW("review.yellow.re_review_days", review.re_review_days[TIER_YELLOW]),
        ROW("budget.red.at_once", budget.at_once[TIER_RED]),
        ROW("budget.orange.at_once", budget.at_once[TIER_ORANGE]),
        ROW("budget.yellow.at_once", budget.at_once[TIER_YELLOW]),
        ROW("budget.red.per_week", budget.per_week[TIER_RED]),
        ROW("budget.orange.per_week", budget.per_week[TIER_ORANGE]),
        ROW("budget.yellow.per_week", budget.per_week[TIER_YELLOW]),
        ROW("radii.near_m", radii.near_m),
        ROW("radii.built_up_m", radii.built_up_m),
        ROW("radii.rural_m", radii.rural_m),
        ROW("radii.school_zone_m", radii.school_zone_m),
        ROW("radii.cluster_m", radii.cluster_m),
        ROW("radii.counted_m", radii.counted_m),
        ROW("radii.barred_place_m", radii.barred_place_m),
        ROW("cycles.class_a_days", cycles.class_a_days),
        ROW("cycles.class_b_days", cycles.class_b_days),
        ROW("cycles.child_days", cycles.child_days),
        ROW("cycles.fresh_days", cycles.fresh_days),
        ROW("cycles.flap_hold_hours", cycles.flap_hold_hours),
        ROW("yellow_group_children", yellow_group_children),
    };
#undef ROW

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].before == rows[i].after)
            continue;
        fprintf(diff->stream, "%s: %g -> %g\n", rows[i].name, rows[i].before, rows[i].after);
        diff->count++;
    }
}

static void compare_profiles(struct diff *diff, const struct policy_profile *a, const struct policy_profile *b)
{
    compare_sets(diff, "profile.sexes", sexes, a->sexes, b->sexes);
    compare_sets(diff, "profile.circumstances", circumstances, a->circumstances, b->circumstances);
    compare_sets(diff, "profile.vulnerable", circumstances, a->vulnerable, b->vulnerable);
}

size_t policy_diff_print(FILE *stream, const struct policy *before, const struct policy *after)
{
    struct diff diff = { stream, "", 0 };

    compare_words(&diff, "version", before->version, after->version);
    compare_profiles(&diff, &before->profile, &after->profile);
    compare_numbers(&diff, before, after);
    compare_words(&diff, "radii.distance_precision", policy_precision_word(before->radii.distance_precision),
                  policy_precision_word(after->radii.distance_precision));
    compare_words(&diff, "disputed_cap", policy_colour_word(before->disputed_cap),
                  policy_colour_word(after->disputed_cap));
    diff.subject = "rule ";
    for (int i = 1; i < RULE_COUNT; i++)
        compare_words(&diff, policy_rule_word((enum policy_rule)i), before->rules[i] ? "on" : "off",
                      after->rules[i] ? "on" : "off");
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        char subject[SUBJECT_BYTES];
        snprintf(subject, sizeof subject, "%s ", policy_category_word((enum policy_category_code)i));
        diff.subject = subject;
        compare_category(&diff, &before->categories[i], &after->categories[i]);
    }
    return diff.count;
}
