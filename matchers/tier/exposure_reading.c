/* Readings of a pair; see exposure_reading.h.
 * Deliberately a total order: the chosen reading never depends on the order of addresses or records. */
#include "matchers/tier/exposure_reading.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { HASHED_WORDS = 13 }; /* tier and rule are the last */

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

/* Of the bytes in an order that outlives the machine. */
static uint64_t hash_words(const uint64_t *words, size_t count, uint64_t seed)
{
    unsigned char bytes[8 * HASHED_WORDS];

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < 8; j++)
            bytes[i * 8 + j] = (unsigned char)(words[i] >> (8 * j));
    }
    return XXH3_64bits_withSeed(bytes, 8 * count, seed);
}

/* So many more children around one person are news; one more is not. */
static uint64_t children_band(int32_t children)
{
    return children < 5 ? 0 : children < 10 ? 1 : children < 20 ? 2 : 3;
}

static void hash_evidence(const struct reading *reading, uint64_t hash[2])
{
    const struct tier_decision *d = &reading->decision;
    /* One building is one building, however well it is placed: the library's progress is no new evidence. */
    const bool     is_metres           = d->relation == RELATION_NEAR;
    const uint64_t words[HASHED_WORDS] = {
        (uint64_t)d->relation,
        (uint64_t)d->band_m,
        (uint64_t)(is_metres ? reading->facts.precision : PRECISION_NONE),
        (uint64_t)reading->facts.child_grade,
        (uint64_t)reading->facts.risk_grade,
        (uint64_t)reading->facts.category,
        (uint64_t)reading->facts.class,
        (uint64_t)reading->facts.is_disputed,
        d->rests_on_child_home ? place_key(reading->child_home, d->relation) : 0,
        d->rests_on_place ? place_key(reading->risk_home, d->relation) : 0,
        children_band(reading->facts.children_near),
        (uint64_t)d->tier,
        (uint64_t)d->rule,
    };

    hash[0] = hash_words(words, HASHED_WORDS, reading->concern->orders_key);
    hash[1] = hash_words(words, HASHED_WORDS - 2, reading->concern->orders_key);
}

static int32_t age_days(const struct exposure_residence *home, int32_t today)
{
    return home != NULL && home->as_of_day != POLICY_DAY_UNKNOWN ? today - home->as_of_day : -1;
}

void reading_fill_pair(const struct reading *best, const struct exposure_ids *ids, int32_t today,
                       struct exposure_pair *pair)
{
    *pair = (struct exposure_pair){
        .ids                    = *ids,
        .decision               = best->decision,
        .category               = best->facts.category,
        .class                  = best->facts.class,
        .precision              = best->facts.precision,
        .distance_m             = best->facts.has_distance ? best->facts.distance_m : -1,
        .child_grade            = best->facts.child_grade,
        .risk_grade             = best->facts.risk_grade,
        .child_address_age_days = age_days(best->child_home, today),
        .risk_address_age_days  = age_days(best->risk_home, today),
        .child_record_id        = best->child_home != NULL ? best->child_home->record_id : 0,
        .risk_record_id         = best->risk_home != NULL ? best->risk_home->record_id : 0,
        .concern_record_id      = best->concern->record_id,
        .child_community_code   = best->child_home != NULL ? best->child_home->community_code : 0,
        .risk_community_code    = best->risk_home != NULL ? best->risk_home->community_code : 0,
        .child_age_years        = -1,
        .children               = -1,
    };
    hash_evidence(best, pair->evidence_hash);
}

void reading_take_concern(struct reading *reading, const struct exposure_concern *concern, int32_t moved_day)
{
    struct pair_facts *facts = &reading->facts;

    reading->concern              = concern;
    facts->category               = concern->category;
    facts->class                  = concern->class;
    facts->concern_until_day      = concern->until_day;
    facts->moved_day              = moved_day;
    facts->released_day           = concern->released_day;
    facts->order_names_schools    = concern->order_names_schools;
    facts->offence_against_pupils = concern->victim_pupil;
    facts->occupation_ban         = concern->occupation_ban;
    facts->is_prohibited          = concern->is_prohibited;
}

void reading_keep_better(struct reading *best, struct reading *reading, const struct policy *policy, int32_t today)
{
    reading->decision = tier_decide(policy, &reading->facts, today);
    if (reading->decision.tier == TIER_NONE)
        return;
    if (best->decision.tier == TIER_NONE || compare_readings(reading, best) < 0)
        *best = *reading;
}
