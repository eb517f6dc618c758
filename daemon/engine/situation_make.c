/* Live records into a situation; see situation_make.h.
 * A situation is made anew from all live records of a person, never changed in place. */
#include "daemon/engine/situation_make.h"

#include "daemon/engine/concerns.h"
#include "daemon/engine/ends.h"
#include "daemon/engine/situation_home.h"
#include "daemon/engine/situation_zone.h"

static void add_residences(struct person_situation *situation, const struct situation_scope *scope,
                           const struct record_facts *facts, unsigned slot)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *stated = &facts->residences[i];
        if (stated->slot != slot || stated->use != FACTS_LIVES)
            continue;
        const struct exposure_residence home = situation_home(scope->tools, scope->world, facts, stated);
        exposure_add_residence(situation, &home);
    }
}

static void add_household(struct person_situation *situation, uint64_t household)
{
    if (household != 0 && situation->household_count < EXPOSURE_HOUSEHOLDS)
        situation->households[situation->household_count++] = household;
}

static void add_caregivers(struct person_situation *situation, const struct situation_scope *scope,
                           const struct record_facts *facts)
{
    for (unsigned slot = 1; slot < FACTS_SLOTS; slot++) {
        if ((facts->caregivers & (1U << slot)) == 0 || situation->caregiver_count == EXPOSURE_CAREGIVERS)
            continue;
        const int64_t person =
            identity_person_of(world_identity(scope->world), world_mention_id(facts->record_id, slot));
        if (person != 0)
            situation->caregivers[situation->caregiver_count++] = person;
    }
}

/* ---- schools and places of work ---- */

struct school_search {
    const struct situation_scope *scope;
    const struct record_facts    *school;
    bool                          has_pupils;
};

static bool look_at_unit(void *context, const struct record_facts *facts)
{
    struct school_search *search = context;

    /* Two departments may keep the same school: the lower record id speaks. */
    if (facts->type == FEED_SCHOOL && (search->school == NULL || facts->record_id < search->school->record_id))
        search->school = facts;
    search->has_pupils = search->has_pupils || facts->type == FEED_ENROLMENT;
    return true;
}

static void add_gates(struct person_situation *situation, const struct record_facts *school)
{
    struct exposure_gate gate = { .unit_key = school->unit };

    for (size_t i = 0; situation->gate_count < EXPOSURE_GATES && unit_index_gate(school, i, &gate.lon, &gate.lat); i++)
        situation->gates[situation->gate_count++] = gate;
}

static bool has_unit(const struct person_situation *situation, uint64_t key)
{
    for (size_t i = 0; i < situation->unit_count; i++) {
        if (situation->units[i].key == key)
            return true;
    }
    return false;
}

static uint64_t community_of(const struct record_facts *school)
{
    for (unsigned i = 0; i < school->residence_count; i++) {
        const struct address_features *address = &school->residences[i].address;
        if (school->residences[i].use == FACTS_SCHOOL && address->level >= 9)
            return address->code;
    }
    return 0;
}

/* The school of a pupil and of her class teacher (slots 0 and 1 of an enrolment), and where somebody works. */
static void add_unit(struct person_situation *situation, const struct situation_scope *scope,
                     const struct record_facts *facts, unsigned slot)
{
    struct school_search search   = { .scope = scope };
    const bool           is_named = facts->type == FEED_ENROLMENT ? slot <= 1 : facts->type == FEED_STAFF && slot == 0;

    if (!is_named || facts->unit == 0 || situation->unit_count == EXPOSURE_UNITS ||
        !facts_count_on(facts, scope->today) || has_unit(situation, facts->unit))
        return;
    people_visit_unit_of(scope->people, facts->unit, look_at_unit, &search);
    const struct record_facts *school         = search.school;
    situation->units[situation->unit_count++] = (struct exposure_unit){
        .key              = facts->unit,
        .community_code   = school != NULL ? community_of(school) : 0,
        .record_id        = facts->record_id,
        .unit_record_id   = school != NULL ? school->record_id : 0,
        .is_close_contact = facts->is_close_contact || school != NULL || search.has_pupils,
    };
    if (school != NULL && slot == 0 && facts->type == FEED_ENROLMENT)
        add_gates(situation, school);
}

static void add_workplaces(struct person_situation *situation, const struct situation_scope *scope,
                           const struct record_facts *facts)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        if (facts->residences[i].use == FACTS_WORKS && situation->workplace_count < EXPOSURE_WORKPLACES)
            situation->workplaces[situation->workplace_count++] =
                situation_home(scope->tools, scope->world, facts, &facts->residences[i]);
    }
}

/* ---- moves ---- */

static int32_t later_of(int32_t a, int32_t b)
{
    return a > b ? a : b; /* POLICY_DAY_UNKNOWN is below every day */
}

/* A new version of a record states another home: a move, once it has stood for the hold. */
static void note_move(struct person_situation *situation, const struct situation_scope *scope,
                      const struct record_facts *facts)
{
    const struct facts_residence *before = facts_home_before(facts);
    const int32_t                 hold_h = scope->tools->policy->cycles.flap_hold_hours;

    if (before == NULL || scope->now_h - facts->home_since_h < hold_h)
        return;
    const struct exposure_residence left    = situation_home(scope->tools, scope->world, facts, before);
    bool                            is_left = false;
    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *stated = &facts->residences[i];
        if (stated->use != FACTS_LIVES || stated->slot != 0)
            continue;
        const struct exposure_residence home = situation_home(scope->tools, scope->world, facts, stated);
        is_left                              = exposure_is_elsewhere(&home, &left);
    }
    if (is_left)
        situation->moved_day = later_of(situation->moved_day, facts->home_since_h / 24);
}

/* Of all records together: two of them may tell of a move that neither tells alone. A day is the least hold there. */
static void take_moves(struct person_situation *situation, const struct concerns *concerns, int32_t today)
{
    const int32_t shown = exposure_drop_superseded(situation);

    if (shown != POLICY_DAY_UNKNOWN && shown < today)
        situation->moved_day = later_of(situation->moved_day, shown);
    situation->moved_day = later_of(situation->moved_day, concerns_moved_day(concerns, today));
}

/* What all records say together of the child. */
struct child_view {
    bool     is_stated; /* some live child record */
    bool     is_active;
    uint32_t circumstances;
    uint32_t sexes;
};

static void narrow_birth(struct policy_date *birth, const struct record_facts *facts)
{
    if (facts->birth_earliest_day == POLICY_DAY_UNKNOWN)
        return;
    const bool is_known = birth->earliest_day != POLICY_DAY_UNKNOWN;
    const bool is_sharper =
        is_known && facts->birth_latest_day - facts->birth_earliest_day < birth->latest_day - birth->earliest_day;
    if (!is_known || is_sharper)
        *birth = (struct policy_date){ facts->birth_earliest_day, facts->birth_latest_day };
}

static void add_own_record(struct person_situation *situation, struct child_view *view,
                           const struct situation_scope *scope, const struct record_facts *facts)
{
    narrow_birth(&situation->birth, facts);
    add_household(situation, facts->household);
    view->sexes |= facts->sex;
    if (facts_count_on(facts, scope->today)) /* staff, papers and teams of today */
        add_caregivers(situation, scope, facts);
    if (facts->type == FEED_CHILD) {
        const bool is_over = facts->until_day != POLICY_DAY_UNKNOWN && facts->until_day < scope->today;
        view->is_stated    = true;
        if (facts->child_status == CHILD_ACTIVE && !is_over) {
            view->is_active = true;
            view->circumstances |= facts->circumstances;
        }
        situation->is_shielded = situation->is_shielded || facts->is_shielded;
    }
    add_workplaces(situation, scope, facts);
    note_move(situation, scope, facts);
}

static enum policy_sex sex_of(uint32_t sexes)
{
    if ((sexes & (SEX_FEMALE | SEX_MALE)) == SEX_FEMALE)
        return SEX_FEMALE;
    return (sexes & (SEX_FEMALE | SEX_MALE)) == SEX_MALE ? SEX_MALE : SEX_UNKNOWN;
}

static void decide_roles(struct person_situation *situation, const struct child_view *view,
                         const struct situation_scope *scope)
{
    const struct policy *policy = scope->tools->policy;

    situation->is_child =
        view->is_stated && policy_child_in_profile(policy, sex_of(view->sexes), situation->birth, view->circumstances,
                                                   view->is_active ? CHILD_ACTIVE : CHILD_ENDED, scope->today, NULL);
    situation->is_vulnerable = policy_child_is_vulnerable(policy, view->circumstances);
}

static enum identity_grade_word grade_of(enum identity_grade grade)
{
    switch (grade) {
    case IDENTITY_CONFIRMED:
        return GRADE_WORD_CONFIRMED;
    case IDENTITY_STRONG:
        return GRADE_WORD_STRONG;
    case IDENTITY_PROBABLE:
        break;
    }
    return GRADE_WORD_PROBABLE;
}

void situation_make(const struct situation_scope *scope, int64_t person, struct person_situation *situation)
{
    const struct identity_index *identity = world_identity(scope->world);
    int64_t                      members[SITUATION_MEMBERS_MAX];
    struct child_view            view = { .is_stated = false };
    struct concerns              concerns;
    struct zone                  zone  = { .barred_count = 0 };
    const size_t                 found = identity_members_of(identity, person, members, SITUATION_MEMBERS_MAX);
    const size_t                 count = found < SITUATION_MEMBERS_MAX ? found : SITUATION_MEMBERS_MAX;

    *situation = (struct person_situation){
        .person_id = person,
        .grade     = grade_of(identity_grade_of(identity, person)),
        .birth     = {POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN},
        .moved_day = POLICY_DAY_UNKNOWN,
    };
    concerns_begin(&concerns);
    for (size_t i = 0; i < count; i++) {
        const struct record_facts *facts = people_facts(scope->people, world_record_of(members[i]));
        const unsigned             slot  = world_slot_of(members[i]);
        if (facts == NULL)
            continue;
        add_residences(situation, scope, facts, slot);
        add_unit(situation, scope, facts, slot);
        if (slot > 0)
            continue;
        situation->is_disputed =
            situation->is_disputed || disputes_hold(world_disputes(scope->world), facts->record_id);
        add_own_record(situation, &view, scope, facts);
        concerns_add(&concerns, facts);
        zone_add(&zone, scope, facts);
    }
    concerns_settle(&concerns, scope->tools->policy, scope->today, situation);
    if (scope->rows != NULL)
        ends_write(&concerns, scope->tools->policy, scope->rows);
    decide_roles(situation, &view, scope);
    take_moves(situation, &concerns, scope->today);
    zone_mark(&zone, scope, situation);
}
