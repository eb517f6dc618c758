/* From two situations to the facts of tier_decide(): every address of one side against every one of the other.
 * Deliberately free of the index, so that a brute-force run over all pairs uses the very same code. */
#include "matchers/tier/exposure_reading.h"
#include "matchers/tier/exposure_table.h"

static bool is_equal_key(uint64_t a, uint64_t b)
{
    return a != 0 && a == b;
}

static bool shares_any(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            if (is_equal_key(a[i], b[j]))
                return true;
        }
    }
    return false;
}

static bool is_caregiver_of(const struct person_situation *child, int64_t person_id)
{
    for (size_t i = 0; i < child->caregiver_count; i++) {
        if (child->caregivers[i] == person_id)
            return true;
    }
    return false;
}

enum proximity_precision exposure_agreed_level(const struct exposure_residence *a, const struct exposure_residence *b)
{
    if (a->dwelling_key != 0 && b->dwelling_key != 0)
        return a->dwelling_key == b->dwelling_key ? PRECISION_ROOM : PRECISION_NONE;
    if (a->building_key != 0 && b->building_key != 0)
        return a->building_key == b->building_key ? PRECISION_NUMBER : PRECISION_NONE;
    if (a->group_key != 0 && b->group_key != 0)
        return a->group_key == b->group_key ? PRECISION_GROUP : PRECISION_NONE;
    return is_equal_key(a->community_code, b->community_code) ? PRECISION_COMMUNITY : PRECISION_NONE;
}

/* The last three digits 200-399 mark a village committee. */
static bool is_village(uint64_t community_code)
{
    const uint64_t committee = community_code % 1000;

    return committee >= 200 && committee <= 399;
}

static void add_distance(struct pair_facts *facts, const struct exposure_residence *child,
                         const struct exposure_residence *risk)
{
    const struct proximity_point a = { child->lon, child->lat }, b = { risk->lon, risk->lat };

    if (!child->has_point || !risk->has_point || !proximity_point_is_valid(a) || !proximity_point_is_valid(b))
        return;
    facts->has_distance  = true;
    facts->distance_m    = proximity_distance_m(a, b);
    facts->uncertainty_m = (double)child->uncertainty_m + (double)risk->uncertainty_m;
}

static void add_place(struct pair_facts *facts, const struct exposure_residence *child,
                      const struct exposure_residence *risk, bool shares_household)
{
    const enum proximity_precision agreed = exposure_agreed_level(child, risk);

    facts->child_address_day = child->as_of_day;
    facts->risk_address_day  = risk->as_of_day;
    facts->same_dwelling     = is_equal_key(child->dwelling_key, risk->dwelling_key);
    facts->same_building     = is_equal_key(child->building_key, risk->building_key);
    facts->same_group        = is_equal_key(child->group_key, risk->group_key);
    facts->same_household    = shares_household && agreed != PRECISION_NONE;
    facts->is_rural          = is_village(child->community_code) || (child->community_code == 0 && facts->same_group);
    facts->same_community    = is_equal_key(child->community_code, risk->community_code);
    facts->precision         = child->precision < risk->precision ? child->precision : risk->precision;
    /* That both name the same building is itself known to that precision, wherever its point may lie. */
    if (facts->same_dwelling)
        facts->precision = PRECISION_ROOM;
    else if (facts->same_building && facts->precision < PRECISION_NUMBER)
        facts->precision = PRECISION_NUMBER;
    else if (facts->same_group && facts->precision < PRECISION_GROUP)
        facts->precision = PRECISION_GROUP;
    add_distance(facts, child, risk);
}

/* How near the person of concern lives to a gate of the child's school. */
static void add_gate(struct pair_facts *facts, const struct person_situation *child,
                     const struct exposure_residence *home)
{
    const struct proximity_point at = { home->lon, home->lat };

    facts->risk_address_day = home->as_of_day;
    facts->risk_precision   = home->precision;
    for (size_t i = 0; home->has_point && proximity_point_is_valid(at) && i < child->gate_count; i++) {
        const struct proximity_point gate   = { child->gates[i].lon, child->gates[i].lat };
        const double                 metres = proximity_distance_m(at, gate);

        if (facts->has_gate && metres >= facts->gate_m)
            continue;
        facts->has_gate = true;
        facts->gate_m   = metres;
    }
}

static struct pair_facts facts_of_persons(const struct policy *policy, const struct person_situation *child,
                                          const struct person_situation *risk, int32_t today)
{
    const struct policy_date youngest = { child->birth.latest_day, child->birth.latest_day };
    const int32_t            age      = policy_age_years(youngest, today);

    return (struct pair_facts){
        .risk_grade        = risk->grade,
        .child_grade       = child->grade,
        .risk_address_day  = POLICY_DAY_UNKNOWN,
        .child_address_day = POLICY_DAY_UNKNOWN,
        .is_vulnerable     = child->is_vulnerable,
        .is_under_14       = age >= 0 && age < policy->minors.age_below_years,
        .is_caregiver      = is_caregiver_of(child, risk->person_id),
        .released_day      = POLICY_DAY_UNKNOWN,
        .moved_day         = POLICY_DAY_UNKNOWN,
        .is_disputed       = child->is_disputed || risk->is_disputed,
    };
}

static void add_child(struct exposure_pair *pair, const struct person_situation *child, int32_t today)
{
    const struct policy_date youngest = { child->birth.latest_day, child->birth.latest_day };

    pair->is_vulnerable   = child->is_vulnerable;
    pair->is_shielded     = child->is_shielded;
    pair->child_age_years = policy_age_years(youngest, today);
    if (child->is_shielded)
        pair->decision.recipients &= RECIPIENT_POLICE;
}

bool exposure_decide_pair(const struct policy *policy, const struct person_situation *child,
                          const struct person_situation *risk, int32_t today, struct exposure_pair *pair)
{
    if (!child->is_child || risk->concern_count == 0 || child->person_id == risk->person_id)
        return false;

    const struct pair_facts persons = facts_of_persons(policy, child, risk, today);
    const bool              household =
        shares_any(child->households, child->household_count, risk->households, risk->household_count);
    const size_t   child_homes = child->residence_count > 0 ? child->residence_count : 1;
    const size_t   risk_homes  = risk->residence_count > 0 ? risk->residence_count : 1;
    struct reading best        = { .decision = { .tier = TIER_NONE } };

    for (size_t i = 0; i < child_homes * risk_homes; i++) {
        struct reading reading = { .facts = persons };
        reading.child_home     = child->residence_count > 0 ? &child->residences[i / risk_homes] : NULL;
        reading.risk_home      = risk->residence_count > 0 ? &risk->residences[i % risk_homes] : NULL;
        if (reading.child_home != NULL && reading.risk_home != NULL)
            add_place(&reading.facts, reading.child_home, reading.risk_home, household);
        if (reading.risk_home != NULL)
            add_gate(&reading.facts, child, reading.risk_home);
        for (size_t k = 0; k < risk->concern_count; k++) {
            reading_take_concern(&reading, &risk->concerns[k], risk->moved_day);
            reading_keep_better(&best, &reading, policy, today);
        }
    }
    if (best.decision.tier == TIER_NONE)
        return false;
    reading_fill_pair(&best, &(struct exposure_ids){ SUBJECT_CHILD, child->person_id, risk->person_id }, today, pair);
    add_child(pair, child, today);
    return true;
}

static bool lives_around(const struct policy *policy, const struct person_situation *child,
                         const struct exposure_residence *home, int32_t today)
{
    const enum proximity_precision needed = policy->radii.distance_precision;

    if (!child->is_child || child->is_disputed || !home->has_point)
        return false;
    for (size_t i = 0; i < child->residence_count; i++) {
        const struct exposure_residence *hers = &child->residences[i];
        const struct proximity_point     a = { hers->lon, hers->lat }, b = { home->lon, home->lat };
        const bool                       is_old = hers->as_of_day != POLICY_DAY_UNKNOWN &&
                            (int64_t)today - hers->as_of_day > 2 * (int64_t)policy->cycles.child_days;
        if (hers->has_point && hers->precision >= needed && home->precision >= needed && !is_old &&
            proximity_distance_m(a, b) <= policy->radii.cluster_m)
            return true;
    }
    return false;
}

void exposure_count_in_group(const struct policy *policy, const struct person_situation *child,
                             const struct exposure_residence *home, int32_t today, struct exposure_group *group)
{
    if (!lives_around(policy, child, home, today))
        return;
    group->all++;
    group->graded += child->grade != GRADE_WORD_PROBABLE;
}
