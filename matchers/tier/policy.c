/* Words, shipped values and simple questions of the policy; see policy.h.
 * Deliberately no dates here (policy_dates.c) and no tier rules (tier.c). */
#include "matchers/tier/policy.h"

#include <string.h>

static const struct {
    const char *word;
    bool        is_refused;
} categories[POLICY_CATEGORY_COUNT] = {
#define CATEGORY_ROW(code, word, refused) [code] = { word, refused },
    POLICY_CATEGORIES(CATEGORY_ROW)
#undef CATEGORY_ROW
};

static const char *const rules[RULE_COUNT] = { [RULE_NONE] = "",
#define RULE_ROW(code, word) [code] = (word),
                                               POLICY_RULES(RULE_ROW)
#undef RULE_ROW
};

const char *policy_category_word(enum policy_category_code code)
{
    return (unsigned)code < POLICY_CATEGORY_COUNT ? categories[code].word : "";
}

bool policy_category_find(const char *word, size_t length, enum policy_category_code *code)
{
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        if (strlen(categories[i].word) != length || memcmp(categories[i].word, word, length) != 0)
            continue;
        *code = (enum policy_category_code)i;
        return true;
    }
    return false;
}

bool policy_category_is_refused_by_program(enum policy_category_code code)
{
    return (unsigned)code >= POLICY_CATEGORY_COUNT || categories[code].is_refused;
}

const char *policy_rule_word(enum policy_rule rule)
{
    return (unsigned)rule < RULE_COUNT ? rules[rule] : "";
}

const char *policy_precision_word(enum proximity_precision precision)
{
    switch (precision) {
    case PRECISION_NONE:
        return "none";
    case PRECISION_TOWN:
        return "town";
    case PRECISION_COMMUNITY:
        return "community";
    case PRECISION_GROUP:
        return "group";
    case PRECISION_NUMBER:
        return "number";
    case PRECISION_BUILDING:
        return "building";
    case PRECISION_ROOM:
        return "room";
    }
    return "none";
}

const char *policy_colour_word(enum tier tier)
{
    switch (tier) {
    case TIER_NONE:
        return "none";
    case TIER_RED:
        return "red";
    case TIER_ORANGE:
        return "orange";
    case TIER_YELLOW:
        return "yellow";
    case TIER_BLUE:
        return "blue";
    }
    return "none";
}

enum policy_state policy_category_state(const struct policy *policy, enum policy_category_code code, int32_t today)
{
    if (policy_category_is_refused_by_program(code))
        return POLICY_REFUSED;

    const struct policy_category *category = &policy->categories[code];
    if (category->state == POLICY_ON && category->expires_day != POLICY_DAY_UNKNOWN && today > category->expires_day)
        return POLICY_OFF;
    return category->state;
}

enum policy_class policy_risk_class(const struct policy *policy, enum policy_category_code code,
                                    enum policy_answer victim_minor, bool *ask_owner)
{
    const enum policy_class_rule rule =
        (unsigned)code < POLICY_CATEGORY_COUNT ? policy->categories[code].class_rule : CLASS_RULE_NONE;
    bool is_unsure          = false;
    enum policy_class class = POLICY_CLASS_NONE;

    if (rule == CLASS_RULE_B)
        class = POLICY_CLASS_B;
    if (rule == CLASS_RULE_A_IF_MINOR_VICTIM) {
        class = victim_minor == ANSWER_YES ? POLICY_CLASS_A : POLICY_CLASS_B;
        /* An offence against a minor without a minor victim contradicts itself: the owner must say. */
        is_unsure = victim_minor == ANSWER_UNKNOWN || (code == CATEGORY_SEXOFF_MINOR && victim_minor == ANSWER_NO);
    }
    if (ask_owner != NULL)
        *ask_owner = is_unsure;
    return class;
}

bool policy_child_is_vulnerable(const struct policy *policy, uint32_t circumstances)
{
    return (circumstances & policy->profile.vulnerable) != 0;
}

double policy_search_radius_m(const struct policy *policy)
{
    double radius_m = 0;

    if (policy->rules[RULE_O1] || policy->rules[RULE_Y2])
        radius_m = policy->radii.near_m;
    if ((policy->rules[RULE_O2] || policy->rules[RULE_Y1]) && policy->radii.built_up_m > radius_m)
        radius_m = policy->radii.built_up_m;
    if (policy->rules[RULE_Y1] && policy->radii.rural_m > radius_m)
        radius_m = policy->radii.rural_m;
    return radius_m;
}

static void default_category(struct policy *policy, enum policy_category_code code, enum policy_class_rule class_rule,
                             uint32_t purposes, uint32_t recipients, enum tier cap)
{
    policy->categories[code] = (struct policy_category){
        .state           = POLICY_ON,
        .class_rule      = class_rule,
        .purposes        = purposes,
        .recipients      = recipients,
        .cap             = cap,
        .expires_day     = POLICY_DAY_UNKNOWN,
        .retention_years = 5,
    };
}

static void default_categories(struct policy *policy)
{
    const uint32_t alert = PURPOSE_MATCH | PURPOSE_ALERT;

    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++)
        policy->categories[i] =
            (struct policy_category){ .state       = categories[i].is_refused ? POLICY_REFUSED : POLICY_OFF,
                                      .cap         = TIER_BLUE,
                                      .expires_day = POLICY_DAY_UNKNOWN };

    default_category(policy, CATEGORY_SEXOFF_MINOR, CLASS_RULE_A_IF_MINOR_VICTIM, alert | PURPOSE_STAFF_CHECK,
                     RECIPIENT_ALL, TIER_RED);
    default_category(policy, CATEGORY_SEXOFF_ADULT, CLASS_RULE_B, alert, RECIPIENT_ALL, TIER_ORANGE);
    default_category(policy, CATEGORY_CORR_SEXOFF, CLASS_RULE_A_IF_MINOR_VICTIM, alert,
                     RECIPIENT_POLICE | RECIPIENT_JUDICIAL, TIER_RED);
    default_category(policy, CATEGORY_ORDER, CLASS_RULE_NONE, PURPOSE_ZONE | PURPOSE_STAFF_CHECK | PURPOSE_ALERT,
                     RECIPIENT_ALL, TIER_RED);
    default_category(policy, CATEGORY_ABUSE_MINOR, CLASS_RULE_B, alert | PURPOSE_STAFF_CHECK, RECIPIENT_ALL, TIER_RED);
    policy->categories[CATEGORY_ABUSE_MINOR].relation_only   = true;
    policy->categories[CATEGORY_CORR_SEXOFF].retention_years = 3;
    policy->categories[CATEGORY_ORDER].retention_years       = 0;
}

static void default_numbers(struct policy *policy)
{
    policy->radii  = (struct policy_radii){ .distance_precision = PRECISION_GROUP,
                                            .near_m             = 200,
                                            .built_up_m         = 500,
                                            .rural_m            = 1000,
                                            .school_zone_m      = 200,
                                            .cluster_m          = 300,
                                            .counted_m          = 1000,
                                            .barred_place_m     = 50 };
    policy->cycles = (struct policy_cycles){
        .class_a_days = 30, .class_b_days = 90, .child_days = 180, .fresh_days = 30, .flap_hold_hours = 24
    };
    policy->review = (struct policy_review){
        .due_minutes = {0,  60, 24 * 60, 3 * 24 * 60, 0},
          .re_review_days = { 0, 30, 90,      180,         0},
          .undo_s = 60
    };
    policy->minors                = (struct policy_minors){ .age_below_years              = 14,
                                                            .unmask_needs_second_person   = true,
                                                            .severity_raised              = true,
                                                            .erase_after_profile_end_days = 365 };
    policy->sealing               = (struct policy_sealing){ .juvenile_below_years    = 18,
                                                             .birthday_is_juvenile    = true,
                                                             .sentence_at_most_months = 60,
                                                             .ask_owner_below_years   = 20 };
    policy->yellow_group_children = 3;
    policy->budget                = (struct policy_budget){
                       .at_once  = {[TIER_RED] = 20, [TIER_ORANGE] = 40, [TIER_YELLOW] = 120},
                       .per_week = { [TIER_RED] = 5, [TIER_ORANGE] = 10, [TIER_YELLOW] = 30 }
    };
    policy->disputed_cap = TIER_BLUE;
}

void policy_defaults(struct policy *policy)
{
    *policy = (struct policy){ .version = "built-in" };

    policy->profile = (struct policy_profile){
        .sexes           = SEX_FEMALE | SEX_UNKNOWN,
        .age_below_years = 18,
        .circumstances   = CIRCUMSTANCE_LEFT_BEHIND | CIRCUMSTANCE_SINGLE_PARENT | CIRCUMSTANCE_ORPHAN |
                         CIRCUMSTANCE_DE_FACTO_UNATTENDED | CIRCUMSTANCE_DISABLED | CIRCUMSTANCE_OTHER_HARDSHIP,
        .vulnerable = CIRCUMSTANCE_ORPHAN | CIRCUMSTANCE_DE_FACTO_UNATTENDED | CIRCUMSTANCE_DISABLED |
                      CIRCUMSTANCE_OTHER_HARDSHIP,
        .statuses = CHILD_ACTIVE,
    };
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++)
        policy->rules[rule] = true;
    default_categories(policy);
    default_numbers(policy);
}
