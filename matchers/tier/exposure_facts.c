/* From two situations to the facts of tier_decide(): every address of one side against every one of the other.
 * Deliberately free of the index, so that a brute-force run over all pairs uses the very same code. */
#include "matchers/tier/exposure_table.h"

#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

/* One address against the other, either of which may be missing. */
struct reading {
    const struct exposure_residence *child_home;
    const struct exposure_residence *risk_home;
    const struct exposure_concern   *concern;
    struct pair_facts                facts;
    struct tier_decision             decision;
};

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

/* The finest level both addresses state, and whether they agree on it; PRECISION_NONE: no level in common. */
static enum proximity_precision agreed_level(const struct exposure_residence *a, const struct exposure_residence *b)
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
    const enum proximity_precision agreed = agreed_level(child, risk);

    facts->child_address_day = child->as_of_day;
    facts->risk_address_day  = risk->as_of_day;
    facts->same_dwelling     = is_equal_key(child->dwelling_key, risk->dwelling_key);
    facts->same_building     = is_equal_key(child->building_key, risk->building_key);
    facts->same_group        = is_equal_key(child->group_key, risk->group_key);
    facts->same_household    = shares_household && agreed != PRECISION_NONE;
    facts->is_rural          = is_village(child->community_code) || (child->community_code == 0 && facts->same_group);
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
        .is_staff          = shares_any(child->units, child->unit_count, risk->units, risk->unit_count),
        .is_disputed       = child->is_disputed || risk->is_disputed,
    };
}

static void add_concern(struct pair_facts *facts, const struct exposure_concern *concern, int32_t moved_day)
{
    facts->category               = concern->category;
    facts->class                  = concern->class;
    facts->concern_until_day      = concern->until_day;
    facts->fresh_since_day        = concern->released_day > moved_day ? concern->released_day : moved_day;
    facts->order_names_schools    = concern->order_names_schools;
    facts->offence_against_pupils = concern->victim_pupil;
    facts->occupation_ban         = concern->occupation_ban;
}

/* The address as the relation saw it: a new room number does not change the evidence of living near. */
static uint64_t place_key(const struct exposure_residence *home, enum tier_relation relation)
{
    if (home == NULL)
        return 0;
    if (relation == RELATION_DWELLING && home->dwelling_key != 0)
        return home->dwelling_key;
    if (home->building_key != 0)
        return home->building_key;
    if (home->group_key != 0)
        return home->group_key;
    if (home->has_point) /* about 100 m */
        return (uint64_t)(home->lon * 1000 + 0.5) << 32 | (uint64_t)(home->lat * 1000 + 0.5);
    return home->community_code;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* A total order, so that the chosen reading does not depend on the order of addresses or records. */
static int compare_readings(const struct reading *a, const struct reading *b)
{
    int order = tier_decision_compare(&a->decision, &b->decision);

    if (order == 0)
        order = (int)b->facts.precision - (int)a->facts.precision;
    if (order == 0 && a->facts.has_distance != b->facts.has_distance)
        order = a->facts.has_distance ? -1 : 1;
    if (order == 0 && a->facts.has_distance && a->facts.distance_m != b->facts.distance_m)
        order = a->facts.distance_m < b->facts.distance_m ? -1 : 1;
    if (order == 0)
        order = (int)a->facts.category - (int)b->facts.category;
    if (order == 0)
        order =
            compare_u64(place_key(a->child_home, a->decision.relation), place_key(b->child_home, b->decision.relation));
    if (order == 0)
        order =
            compare_u64(place_key(a->risk_home, a->decision.relation), place_key(b->risk_home, b->decision.relation));
    if (order == 0 && a->child_home != NULL && b->child_home != NULL)
        order = compare_u64((uint64_t)a->child_home->record_id, (uint64_t)b->child_home->record_id);
    if (order == 0 && a->risk_home != NULL && b->risk_home != NULL)
        order = compare_u64((uint64_t)a->risk_home->record_id, (uint64_t)b->risk_home->record_id);
    if (order == 0)
        order = compare_u64((uint64_t)a->concern->record_id, (uint64_t)b->concern->record_id);
    return order;
}

static void hash_evidence(const struct reading *reading, uint64_t hash[2])
{
    const struct tier_decision *d        = &reading->decision;
    const bool                  is_place = d->rests_on_place;
    /* One building is one building, however well it is placed: the library's progress is no new evidence. */
    const bool     is_metres = d->relation == RELATION_NEAR;
    const uint64_t words[]   = {
          (uint64_t)d->tier,
          (uint64_t)d->rule,
          (uint64_t)d->relation,
          (uint64_t)d->band_m,
          (uint64_t)(is_metres ? reading->facts.precision : PRECISION_NONE),
          (uint64_t)reading->facts.child_grade,
          (uint64_t)reading->facts.risk_grade,
          (uint64_t)reading->facts.category,
          (uint64_t)reading->facts.class,
          (uint64_t)reading->facts.is_disputed,
        is_place ? place_key(reading->child_home, d->relation) : 0,
        is_place ? place_key(reading->risk_home, d->relation) : 0,
    };
    unsigned char bytes[sizeof words];

    /* Byte order is fixed, so that the stored hash outlives the machine. */
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (size_t j = 0; j < 8; j++)
            bytes[i * 8 + j] = (unsigned char)(words[i] >> (8 * j));
    }
    const XXH128_hash_t digest = XXH3_128bits(bytes, sizeof bytes);
    hash[0]                    = digest.low64;
    hash[1]                    = digest.high64;
}

static int32_t age_days(const struct exposure_residence *home, int32_t today)
{
    return home != NULL && home->as_of_day != POLICY_DAY_UNKNOWN ? today - home->as_of_day : -1;
}

static void fill_pair(struct exposure_pair *pair, const struct reading *best, const struct person_situation *child,
                      const struct person_situation *risk, int32_t today)
{
    const struct policy_date youngest = { child->birth.latest_day, child->birth.latest_day };

    *pair = (struct exposure_pair){
        .child_id               = child->person_id,
        .risk_id                = risk->person_id,
        .decision               = best->decision,
        .category               = best->facts.category,
        .class                  = best->facts.class,
        .precision              = best->facts.precision,
        .distance_m             = best->facts.has_distance ? best->facts.distance_m : -1,
        .child_grade            = child->grade,
        .risk_grade             = risk->grade,
        .child_address_age_days = age_days(best->child_home, today),
        .risk_address_age_days  = age_days(best->risk_home, today),
        .child_record_id        = best->child_home != NULL ? best->child_home->record_id : 0,
        .risk_record_id         = best->risk_home != NULL ? best->risk_home->record_id : 0,
        .concern_record_id      = best->concern->record_id,
        .child_community_code   = best->child_home != NULL ? best->child_home->community_code : 0,
        .risk_community_code    = best->risk_home != NULL ? best->risk_home->community_code : 0,
        .is_vulnerable          = child->is_vulnerable,
        .is_shielded            = child->is_shielded,
        .child_age_years        = policy_age_years(youngest, today),
    };
    if (child->is_shielded)
        pair->decision.recipients &= RECIPIENT_POLICE;
    hash_evidence(best, pair->evidence_hash);
}

static void keep_better(struct reading *best, struct reading *reading, const struct policy *policy, int32_t today)
{
    reading->decision = tier_decide(policy, &reading->facts, today);
    if (reading->decision.tier == TIER_NONE)
        return;
    if (best->decision.tier == TIER_NONE || compare_readings(reading, best) < 0)
        *best = *reading;
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
        for (size_t k = 0; k < risk->concern_count; k++) {
            reading.concern = &risk->concerns[k];
            add_concern(&reading.facts, reading.concern, risk->moved_day);
            keep_better(&best, &reading, policy, today);
        }
    }
    if (best.decision.tier == TIER_NONE)
        return false;
    fill_pair(pair, &best, child, risk, today);
    return true;
}

static bool is_less_telling(const struct exposure_residence *a, const struct exposure_residence *b)
{
    if (a->as_of_day != b->as_of_day)
        return a->as_of_day < b->as_of_day;
    if (a->precision != b->precision)
        return a->precision < b->precision;
    return a->record_id > b->record_id;
}

void exposure_add_residence(struct person_situation *situation, const struct exposure_residence *residence)
{
    struct exposure_residence *least = &situation->residences[0];

    if (situation->residence_count < EXPOSURE_RESIDENCES) {
        situation->residences[situation->residence_count++] = *residence;
        return;
    }
    for (size_t i = 1; i < EXPOSURE_RESIDENCES; i++) {
        if (is_less_telling(&situation->residences[i], least))
            least = &situation->residences[i];
    }
    if (is_less_telling(least, residence))
        *least = *residence;
}

/* The newer one names no community and is located to its town at best (an estate's name that the town has twice); the
 * older one lies in that town. Somebody who did move there keeps the old address beside it until a better one comes. */
static bool is_lost_in_town_of(const struct exposure_residence *newer, const struct exposure_residence *older)
{
    return newer->community_code == 0 && newer->precision <= PRECISION_TOWN && older->precision > PRECISION_TOWN &&
           is_equal_key(newer->town_code, older->town_code);
}

/* The newer one is a coarser spelling of the older one's place. */
static bool is_coarser_reading(const struct exposure_residence *newer, const struct exposure_residence *older)
{
    if (is_lost_in_town_of(newer, older))
        return true;
    return newer->precision < older->precision && is_equal_key(newer->community_code, older->community_code) &&
           agreed_level(newer, older) != PRECISION_NONE;
}

void exposure_drop_superseded(struct person_situation *situation)
{
    bool   is_dropped[EXPOSURE_RESIDENCES] = { false };
    size_t kept                            = 0;

    for (size_t i = 0; i < situation->residence_count; i++) {
        for (size_t j = 0; j < situation->residence_count; j++) {
            const struct exposure_residence *older = &situation->residences[i], *newer = &situation->residences[j];
            if (newer->as_of_day > older->as_of_day && !is_coarser_reading(newer, older))
                is_dropped[i] = true;
        }
    }
    for (size_t i = 0; i < situation->residence_count; i++) {
        if (!is_dropped[i])
            situation->residences[kept++] = situation->residences[i];
    }
    situation->residence_count = (uint8_t)kept;
}

bool exposure_is_unlocatable(const struct policy *policy, const struct person_situation *situation, int32_t today)
{
    bool is_a = false;

    for (size_t i = 0; i < situation->concern_count; i++)
        is_a = is_a || situation->concerns[i].class == POLICY_CLASS_A;

    const int32_t cycle = is_a ? policy->cycles.class_a_days : policy->cycles.class_b_days;
    for (size_t i = 0; i < situation->residence_count; i++) {
        const struct exposure_residence *home = &situation->residences[i];
        const bool is_placed = home->building_key != 0 || (home->has_point && home->precision > PRECISION_COMMUNITY);
        if (is_placed && home->as_of_day != POLICY_DAY_UNKNOWN && today - home->as_of_day <= cycle)
            return false;
    }
    return situation->concern_count > 0;
}
