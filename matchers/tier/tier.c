/* The tier rules as one table; see tier.h.
 * Deliberately no health, welfare or disability field of an adult anywhere in the facts. */
#include "matchers/tier/tier.h"

struct match {
    enum tier_relation relation;
    int32_t            band_m;
};

typedef bool (*rule_condition)(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                               struct match *match);

static void add_reason(struct tier_decision *decision, enum tier_reason reason)
{
    if (decision->reason_count < TIER_REASONS_MAX)
        decision->reasons[decision->reason_count++] = (uint8_t)reason;
}

static int32_t band_of(const struct policy *policy, const struct pair_facts *facts)
{
    const double bands[] = { policy->radii.near_m, policy->radii.built_up_m, policy->radii.rural_m,
                             policy->radii.counted_m };

    for (size_t i = 0; facts->has_distance && i < sizeof bands / sizeof bands[0]; i++) {
        if (facts->distance_m <= bands[i])
            return (int32_t)bands[i];
    }
    return 0;
}

static bool is_within(const struct policy *policy, const struct pair_facts *facts, double radius_m,
                      enum proximity_precision precision, struct match *match)
{
    if (!facts->has_distance || facts->precision < precision || !(facts->distance_m <= radius_m))
        return false;
    *match = (struct match){ RELATION_NEAR, band_of(policy, facts) };
    return true;
}

static bool shares_building(const struct pair_facts *facts, struct match *match)
{
    if (!facts->same_building && !facts->same_dwelling)
        return false;
    *match = (struct match){ RELATION_BUILDING, 0 };
    return true;
}

static bool shares_dwelling(const struct pair_facts *facts, struct match *match)
{
    if (!facts->same_dwelling && !facts->same_household)
        return false;
    *match = (struct match){ facts->same_dwelling ? RELATION_DWELLING : RELATION_HOUSEHOLD, 0 };
    return true;
}

static bool condition_r1(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today;
    return facts->class == POLICY_CLASS_A && shares_dwelling(facts, match);
}

static bool condition_r2(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today;
    *match = (struct match){ RELATION_CAREGIVER, 0 };
    return facts->is_caregiver && (facts->class == POLICY_CLASS_A || facts->category == CATEGORY_ABUSE_MINOR);
}

static bool condition_r3(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today;
    *match = (struct match){ RELATION_STAFF, 0 };
    return facts->works_with_minors &&
           (facts->class == POLICY_CLASS_A || facts->category == CATEGORY_ABUSE_MINOR || facts->occupation_ban);
}

static bool condition_r4(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today;
    *match = (struct match){ RELATION_ZONE, 0 };
    return facts->is_prohibited && facts->in_barred_zone;
}

static bool condition_o1(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    return facts->class == POLICY_CLASS_A &&
           (shares_building(facts, match) || is_within(policy, facts, policy->radii.near_m, PRECISION_NUMBER, match));
}

static bool is_fresh(const struct policy *policy, int32_t day, int32_t today)
{
    return day != POLICY_DAY_UNKNOWN && day <= today && today - day <= policy->cycles.fresh_days;
}

static bool condition_o2(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    return facts->class == POLICY_CLASS_A &&
           (is_fresh(policy, facts->moved_day, today) || is_fresh(policy, facts->released_day, today)) &&
           is_within(policy, facts, policy->radii.built_up_m, policy->radii.distance_precision, match);
}

static bool condition_o3(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    *match = (struct match){ RELATION_GATE, (int32_t)policy->radii.school_zone_m };
    return facts->class == POLICY_CLASS_A && facts->has_gate && facts->gate_m <= policy->radii.school_zone_m &&
           facts->risk_precision >= policy->radii.distance_precision &&
           (facts->order_names_schools || facts->offence_against_pupils);
}

static bool condition_o4(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today;
    if (facts->class != POLICY_CLASS_B)
        return false;
    if (shares_dwelling(facts, match))
        return true;
    *match = (struct match){ RELATION_CAREGIVER, 0 };
    return facts->is_caregiver;
}

static bool condition_o5(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)policy, (void)today, (void)match;
    return facts->class == POLICY_CLASS_A && facts->is_unlocatable;
}

static bool condition_y1(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    if (facts->class != POLICY_CLASS_A)
        return false;

    const double radius_m = facts->is_rural ? policy->radii.rural_m : policy->radii.built_up_m;
    if (is_within(policy, facts, radius_m, policy->radii.distance_precision, match))
        return true;
    *match = (struct match){ RELATION_GROUP, 0 };
    return facts->is_rural && facts->same_group;
}

static bool condition_y2(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    return facts->class == POLICY_CLASS_B &&
           (shares_building(facts, match) || is_within(policy, facts, policy->radii.near_m, PRECISION_NUMBER, match));
}

static bool condition_y3(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    *match = (struct match){ RELATION_NEAR, (int32_t)policy->radii.cluster_m };
    return facts->class == POLICY_CLASS_A && facts->children_near >= policy->yellow_group_children;
}

static bool condition_b1(const struct policy *policy, const struct pair_facts *facts, int32_t today,
                         struct match *match)
{
    (void)today;
    if (facts->class != POLICY_CLASS_A)
        return false;
    if (is_within(policy, facts, policy->radii.counted_m, policy->radii.distance_precision, match))
        return true;
    *match = (struct match){ RELATION_COMMUNITY, 0 };
    return facts->same_community;
}

/* Age of address: how far it may lower the tier. */
enum age_cap { AGE_LOWERS, AGE_LOWERS_TO_ORANGE, AGE_NEVER_LOWERS };

/* BY_BOTH_HOMES and BY_RISK_HOME are capped by the precision of what they rest on; BY_RELATION is open to categories
 * that count by relation only; BY_ONE_ROOF (O4) and BY_ABSENCE (O5) are neither. */
enum rule_basis { BY_BOTH_HOMES, BY_RISK_HOME, BY_RELATION, BY_ONE_ROOF, BY_ABSENCE };

enum { PURPOSE_MATCH_OR_STAFF = PURPOSE_MATCH | PURPOSE_STAFF_CHECK };

/* In order of evaluation. The category must allow one of the purposes. */
static const struct rule_row {
    enum policy_rule  rule;
    enum tier_subject subject;
    enum tier         tier;
    rule_condition    applies;
    enum rule_basis   basis;
    enum age_cap      age_cap;
    uint32_t          purposes;
} rows[] = {
  /* clang-format off */
    { RULE_R1, SUBJECT_CHILD,  TIER_RED,    condition_r1, BY_BOTH_HOMES, AGE_LOWERS_TO_ORANGE, PURPOSE_MATCH },
    { RULE_R2, SUBJECT_CHILD,  TIER_RED,    condition_r2, BY_RELATION,   AGE_NEVER_LOWERS, PURPOSE_MATCH_OR_STAFF },
    { RULE_R3, SUBJECT_UNIT,   TIER_RED,    condition_r3, BY_RELATION,   AGE_NEVER_LOWERS, PURPOSE_MATCH_OR_STAFF },
    { RULE_R4, SUBJECT_PERSON, TIER_RED,    condition_r4, BY_RISK_HOME,  AGE_NEVER_LOWERS, PURPOSE_ZONE },
    { RULE_O1, SUBJECT_CHILD,  TIER_ORANGE, condition_o1, BY_BOTH_HOMES, AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_O2, SUBJECT_CHILD,  TIER_ORANGE, condition_o2, BY_BOTH_HOMES, AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_O3, SUBJECT_CHILD,  TIER_ORANGE, condition_o3, BY_RISK_HOME,  AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_O4, SUBJECT_CHILD,  TIER_ORANGE, condition_o4, BY_ONE_ROOF,   AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_O5, SUBJECT_PERSON, TIER_ORANGE, condition_o5, BY_ABSENCE,    AGE_NEVER_LOWERS, PURPOSE_MATCH },
    { RULE_Y1, SUBJECT_CHILD,  TIER_YELLOW, condition_y1, BY_BOTH_HOMES, AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_Y2, SUBJECT_CHILD,  TIER_YELLOW, condition_y2, BY_BOTH_HOMES, AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_Y3, SUBJECT_GROUP,  TIER_YELLOW, condition_y3, BY_RISK_HOME,  AGE_LOWERS,       PURPOSE_MATCH },
    { RULE_B1, SUBJECT_CHILD,  TIER_BLUE,   condition_b1, BY_BOTH_HOMES, AGE_LOWERS,       PURPOSE_MATCH },
  /* clang-format on */
};

static enum tier_reason reason_of_relation(enum tier_relation relation)
{
    switch (relation) {
    case RELATION_NONE:
        return REASON_NONE;
    case RELATION_DWELLING:
        return REASON_SAME_DWELLING;
    case RELATION_HOUSEHOLD:
        return REASON_SAME_HOUSEHOLD;
    case RELATION_CAREGIVER:
        return REASON_CAREGIVER;
    case RELATION_STAFF:
        return REASON_STAFF;
    case RELATION_ZONE:
        return REASON_BARRED_ZONE;
    case RELATION_BUILDING:
        return REASON_SAME_BUILDING;
    case RELATION_GATE:
        return REASON_SCHOOL_GATE;
    case RELATION_NEAR:
        return REASON_NEAR;
    case RELATION_GROUP:
        return REASON_SAME_GROUP;
    case RELATION_COMMUNITY:
        return REASON_SAME_COMMUNITY;
    }
    return REASON_NONE;
}

/* How old the older address is, in its own cycles: 0 fresh, 1 older than a cycle or not dated, 2 older than two. */
static int cycles_old(int32_t as_of_day, int32_t cycle_days, int32_t today)
{
    if (as_of_day == POLICY_DAY_UNKNOWN)
        return 1;

    const int64_t age_days = (int64_t)today - as_of_day;
    return age_days > 2 * (int64_t)cycle_days ? 2 : age_days > cycle_days;
}

static int address_cycles_old(const struct policy *policy, const struct pair_facts *facts, bool rests_on_child_home,
                              int32_t today)
{
    const int32_t cycle = facts->class == POLICY_CLASS_A ? policy->cycles.class_a_days : policy->cycles.class_b_days;
    const int     risk  = cycles_old(facts->risk_address_day, cycle, today);
    const int child = rests_on_child_home ? cycles_old(facts->child_address_day, policy->cycles.child_days, today) : 0;

    return risk > child ? risk : child;
}

static enum tier lowered_by_age(enum tier tier, enum age_cap cap)
{
    switch (cap) {
    case AGE_NEVER_LOWERS:
        return tier;
    case AGE_LOWERS_TO_ORANGE:
        return tier < TIER_ORANGE ? TIER_ORANGE : tier;
    case AGE_LOWERS:
        return tier < TIER_BLUE ? (enum tier)(tier + 1) : tier;
    }
    return tier;
}

static void cap_tier(struct tier_decision *decision, enum tier cap, enum tier_reason reason)
{
    if (decision->tier >= cap)
        return;
    decision->tier = cap;
    add_reason(decision, reason);
}

static void raise_by_vulnerability(struct tier_decision *decision, const struct pair_facts *facts)
{
    if (!facts->is_vulnerable || decision->tier != TIER_YELLOW)
        return;
    decision->tier = TIER_ORANGE;
    add_reason(decision, REASON_RAISE_VULNERABLE);
}

static void cap_by_precision(struct tier_decision *decision, const struct rule_row *row, const struct pair_facts *facts)
{
    const enum proximity_precision precision = row->basis == BY_RISK_HOME ? facts->risk_precision : facts->precision;

    if ((row->basis != BY_BOTH_HOMES && row->basis != BY_RISK_HOME) || precision > PRECISION_COMMUNITY)
        return;
    decision->certainty = CERTAINTY_POSSIBLE;
    cap_tier(decision, TIER_YELLOW, REASON_CAP_PRECISION);
}

static void cap_by_address_age(struct tier_decision *decision, const struct rule_row *row, const struct policy *policy,
                               const struct pair_facts *facts, int32_t today)
{
    const int old =
        decision->rests_on_place ? address_cycles_old(policy, facts, decision->rests_on_child_home, today) : 0;
    if (old == 0)
        return;

    decision->certainty          = CERTAINTY_POSSIBLE;
    decision->wants_address_task = true;
    add_reason(decision, REASON_ADDRESS_OLD);
    if (old == 2)
        cap_tier(decision, lowered_by_age(decision->tier, row->age_cap), REASON_CAP_ADDRESS_AGE);
}

static void weigh_identity(struct tier_decision *decision, const struct pair_facts *facts)
{
    if (facts->child_grade != GRADE_WORD_PROBABLE && facts->risk_grade != GRADE_WORD_PROBABLE) {
        add_reason(decision, facts->subject == SUBJECT_CHILD ? REASON_ID_STRONG_BOTH : REASON_ID_STRONG);
        return;
    }
    decision->is_held   = true;
    decision->certainty = CERTAINTY_POSSIBLE;
    add_reason(decision, REASON_ID_PROBABLE);
}

static void set_severity(struct tier_decision *decision, const struct policy *policy, const struct pair_facts *facts)
{
    static const enum tier_severity by_tier[] = { [TIER_NONE]   = SEVERITY_MINOR,
                                                  [TIER_RED]    = SEVERITY_EXTREME,
                                                  [TIER_ORANGE] = SEVERITY_SEVERE,
                                                  [TIER_YELLOW] = SEVERITY_MODERATE,
                                                  [TIER_BLUE]   = SEVERITY_MINOR };

    decision->severity = by_tier[decision->tier];
    if (!facts->is_under_14 || !policy->minors.severity_raised || decision->severity == SEVERITY_EXTREME)
        return;
    decision->severity = (enum tier_severity)(decision->severity + 1);
    add_reason(decision, REASON_UNDER_14);
}

static void explain_order(struct tier_decision *decision, const struct pair_facts *facts)
{
    if (decision->rule == RULE_O3 && facts->order_names_schools)
        add_reason(decision, REASON_SCHOOL_ORDER);
    if (decision->rule == RULE_O3 && facts->offence_against_pupils)
        add_reason(decision, REASON_PUPIL_OFFENCE);
    if (decision->rule == RULE_R3 && facts->occupation_ban)
        add_reason(decision, REASON_OCCUPATION_BAN);
}

/* What is said beside the relation. */
static void explain_rule(struct tier_decision *decision, const struct policy *policy, const struct pair_facts *facts,
                         int32_t today)
{
    if (decision->rule == RULE_Y1 && facts->is_rural)
        add_reason(decision, REASON_RURAL);
    if (decision->rule == RULE_O2 && is_fresh(policy, facts->moved_day, today))
        add_reason(decision, REASON_NEWLY_MOVED);
    if (decision->rule == RULE_O2 && is_fresh(policy, facts->released_day, today))
        add_reason(decision, REASON_NEWLY_RELEASED);
    if (decision->rule == RULE_O5)
        add_reason(decision, REASON_UNLOCATABLE);
    if (decision->rule == RULE_Y3)
        add_reason(decision, REASON_SEVERAL_CHILDREN);
    explain_order(decision, facts);
    if (decision->rests_on_child_home && decision->relation == RELATION_NEAR &&
        facts->distance_m + facts->uncertainty_m > decision->band_m) {
        decision->certainty = CERTAINTY_POSSIBLE;
        add_reason(decision, REASON_DISTANCE_UNSURE);
    }
}

/* One row through rule, raise, caps and dispute. */
static struct tier_decision decide_row(const struct rule_row *row, const struct match *match,
                                       const struct policy *policy, const struct pair_facts *facts, int32_t today)
{
    const struct policy_category *category = &policy->categories[facts->category];
    struct tier_decision          decision = {
                 .tier           = row->tier,
                 .rule           = row->rule,
                 .relation       = match->relation,
                 .certainty      = CERTAINTY_LIKELY,
                 .rests_on_place = match->relation != RELATION_CAREGIVER && match->relation != RELATION_STAFF &&
                                   match->relation != RELATION_NONE,
                 .rests_on_child_home =
                     match->relation != RELATION_CAREGIVER && row->basis != BY_RISK_HOME && row->subject == SUBJECT_CHILD,
                 .band_m     = match->band_m,
                 .recipients = category->recipients,
                 .is_held    = (category->purposes & PURPOSE_ALERT) == 0,
    };

    if (match->relation != RELATION_NONE)
        add_reason(&decision, reason_of_relation(match->relation));
    explain_rule(&decision, policy, facts, today);
    raise_by_vulnerability(&decision, facts);
    cap_by_precision(&decision, row, facts);
    cap_by_address_age(&decision, row, policy, facts, today);
    cap_tier(&decision, category->cap, REASON_CAP_CATEGORY);
    weigh_identity(&decision, facts);
    if (facts->is_disputed)
        add_reason(&decision, REASON_DISPUTED);
    if (facts->is_disputed && decision.tier < policy->disputed_cap)
        decision.tier = policy->disputed_cap;
    set_severity(&decision, policy, facts);
    return decision;
}

/* The category is on, the record has not ended, and nothing the program refuses slips in. */
static bool concern_counts(const struct policy *policy, const struct pair_facts *facts, int32_t today)
{
    return policy_category_state(policy, facts->category, today) == POLICY_ON &&
           (facts->concern_until_day == POLICY_DAY_UNKNOWN || today <= facts->concern_until_day);
}

struct tier_decision tier_decide(const struct policy *policy, const struct pair_facts *facts, int32_t today)
{
    struct tier_decision best = { .tier = TIER_NONE };

    if (!concern_counts(policy, facts, today))
        return best;

    const struct policy_category *category = &policy->categories[facts->category];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct rule_row *row   = &rows[i];
        struct match           match = { RELATION_NONE, 0 };

        if (row->subject != facts->subject || !policy->rules[row->rule] || (category->purposes & row->purposes) == 0)
            continue;
        if (category->relation_only && row->basis != BY_RELATION)
            continue;
        if (!row->applies(policy, facts, today, &match))
            continue;

        const struct tier_decision decision = decide_row(row, &match, policy, facts, today);
        if (best.tier == TIER_NONE || tier_decision_compare(&decision, &best) < 0)
            best = decision;
    }
    return best;
}

int tier_decision_compare(const struct tier_decision *a, const struct tier_decision *b)
{
    const int none_last_a = a->tier == TIER_NONE ? TIER_BLUE + 1 : (int)a->tier;
    const int none_last_b = b->tier == TIER_NONE ? TIER_BLUE + 1 : (int)b->tier;

    if (none_last_a != none_last_b)
        return none_last_a - none_last_b;
    if (a->is_held != b->is_held)
        return a->is_held ? 1 : -1;
    if (a->rule != b->rule)
        return (int)a->rule - (int)b->rule;
    if (a->certainty != b->certainty)
        return (int)b->certainty - (int)a->certainty;
    if (a->relation != b->relation)
        return (int)a->relation - (int)b->relation;
    return a->band_m - b->band_m;
}
