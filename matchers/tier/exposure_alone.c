/* Exposures that name no child: the unit where somebody works with minors (R3), the person of concern alone (R4, O5),
 * the children around (Y3). Deliberately free of the index, as exposure_facts.c; the children are counted elsewhere. */
#include "matchers/tier/exposure_reading.h"
#include "matchers/tier/exposure_table.h"

static struct pair_facts facts_of_person(const struct person_situation *risk, enum tier_subject subject)
{
    return (struct pair_facts){
        .subject           = subject,
        .risk_grade        = risk->grade,
        .child_grade       = GRADE_WORD_STRONG,
        .risk_address_day  = POLICY_DAY_UNKNOWN,
        .child_address_day = POLICY_DAY_UNKNOWN,
        .is_disputed       = risk->is_disputed,
    };
}

static void take_home(struct reading *reading, const struct exposure_residence *home)
{
    reading->risk_home              = home;
    reading->facts.risk_address_day = home->as_of_day;
    reading->facts.risk_precision   = home->precision;
    reading->facts.precision        = home->precision;
    reading->facts.in_barred_zone   = home->in_barred_zone;
}

static void keep_over_concerns(struct reading *best, struct reading *reading, const struct policy *policy,
                               const struct person_situation *risk, int32_t today)
{
    for (size_t k = 0; k < risk->concern_count; k++) {
        reading_take_concern(reading, &risk->concerns[k], risk->moved_day);
        reading_keep_better(best, reading, policy, today);
    }
}

static bool finish(const struct reading *best, enum tier_subject subject, int64_t subject_id, int64_t risk_id,
                   int32_t today, struct exposure_pair *pair)
{
    if (best->decision.tier == TIER_NONE)
        return false;
    reading_fill_pair(best, &(struct exposure_ids){ subject, subject_id, risk_id }, today, pair);
    return true;
}

bool exposure_decide_unit(const struct policy *policy, const struct person_situation *risk, size_t unit, int32_t today,
                          struct exposure_pair *pair)
{
    const struct exposure_unit *works_at = &risk->units[unit];
    struct reading              reading  = { .facts = facts_of_person(risk, SUBJECT_UNIT) };
    struct reading              best     = { .decision = { .tier = TIER_NONE } };

    if (risk->residence_count > 0)
        reading.risk_home = &risk->residences[0]; /* whose posts answer for the person */
    reading.facts.works_with_minors = works_at->is_close_contact;
    keep_over_concerns(&best, &reading, policy, risk, today);
    if (!finish(&best, SUBJECT_UNIT, (int64_t)works_at->key, risk->person_id, today, pair))
        return false;
    pair->child_community_code = works_at->community_code; /* where the children are */
    pair->unit_record_id       = works_at->unit_record_id != 0 ? works_at->unit_record_id : works_at->record_id;
    return true;
}

bool exposure_decide_person(const struct policy *policy, const struct person_situation *risk, int32_t today,
                            struct exposure_pair *pair)
{
    const bool     is_unlocatable = exposure_is_unlocatable(policy, risk, today);
    struct reading reading        = { .facts = facts_of_person(risk, SUBJECT_PERSON) };
    struct reading best           = { .decision = { .tier = TIER_NONE } };

    reading.facts.is_unlocatable = is_unlocatable;
    keep_over_concerns(&best, &reading, policy, risk, today); /* whoever has no address at all is here, too */
    for (size_t i = 0; i < (size_t)risk->residence_count + risk->workplace_count; i++) {
        reading                      = (struct reading){ .facts = facts_of_person(risk, SUBJECT_PERSON) };
        reading.facts.is_unlocatable = is_unlocatable;
        take_home(&reading,
                  i < risk->residence_count ? &risk->residences[i] : &risk->workplaces[i - risk->residence_count]);
        keep_over_concerns(&best, &reading, policy, risk, today);
    }
    return finish(&best, SUBJECT_PERSON, 0, risk->person_id, today, pair);
}

bool exposure_decide_group(const struct policy *policy, const struct person_situation *risk,
                           const struct exposure_group *groups, int32_t today, struct exposure_pair *pair)
{
    struct reading best = { .decision = { .tier = TIER_NONE } };

    for (size_t i = 0; i < risk->residence_count; i++) {
        struct reading reading = { .facts = facts_of_person(risk, SUBJECT_GROUP) };
        take_home(&reading, &risk->residences[i]);
        const bool are_enough       = groups[i].graded >= policy->yellow_group_children;
        reading.facts.children_near = are_enough ? groups[i].graded : groups[i].all;
        reading.facts.child_grade   = are_enough ? GRADE_WORD_STRONG : GRADE_WORD_PROBABLE;
        keep_over_concerns(&best, &reading, policy, risk, today);
    }
    if (!finish(&best, SUBJECT_GROUP, 0, risk->person_id, today, pair))
        return false;
    pair->children             = best.facts.children_near;
    pair->child_community_code = best.risk_home->community_code;
    return true;
}
