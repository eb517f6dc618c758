/* Live records into situations; see situations.h.
 * A situation is made anew from all live records of a person, never changed in place. */
#include "daemon/engine/situations.h"

#include "daemon/engine/concerns.h"
#include "daemon/engine/ends.h"

#include <assert.h>

enum { MEMBERS_MAX = 512, STATED_POINT_UNCERTAINTY_M = 50 };

/* Of a stated point, even when the words beside it name only the community. */
static const enum proximity_precision stated_point_precision = PRECISION_GROUP;

/* ---- who must be looked at ---- */

static bool has_exposures(const struct situation_scope *scope, int64_t person);

static int64_t own_person_of(const struct situation_scope *scope, int64_t record_id)
{
    return identity_person_of(world_identity(scope->world), world_mention_id(record_id, 0));
}

static void add_person(const struct situation_scope *scope, struct id_set *touched, int64_t person)
{
    if (has_exposures(scope, person)) {
        const bool has_room = id_set_add(touched, person);
        assert(has_room); /* see most_touched() */
        (void)has_room;
    }
}

/* A changed mention touches its person, before and after, and the child it cares for. */
static void add_changes(const struct situation_scope *scope, struct id_set *touched)
{
    const struct identity_result *result = identity_batch_result(scope->people->identity);

    for (size_t i = 0; i < result->change_count; i++) {
        const struct identity_change *change = &result->changes[i];
        add_person(scope, touched, change->old_person);
        add_person(scope, touched, change->new_person);
        if (world_slot_of(change->mention_id) > 0)
            add_person(scope, touched, own_person_of(scope, world_record_of(change->mention_id)));
    }
    /* A grade may change without any mention moving. */
    for (size_t i = 0; i < result->person_count; i++)
        add_person(scope, touched, result->persons[i].person_id);
}

/* Records whose facts changed though no mention moved: everybody they name may live somewhere else. */
static void add_records(const struct situation_scope *scope, struct id_set *touched)
{
    const struct identity_index *identity = world_identity(scope->world);

    for (size_t i = 0; i < scope->batch->record_count; i++) {
        const struct batch_record *record = &scope->batch->records[i];
        if (record->winner == NULL && !record->is_sealed)
            continue;
        for (unsigned slot = 0; slot < FACTS_SLOTS; slot++) {
            if (slot == 0 || (record->facts.slots & (1U << slot)) != 0)
                add_person(scope, touched, identity_person_of(identity, world_mention_id(record->record_id, slot)));
        }
    }
}

/* Persons of child and risk records only: nobody else has exposures. */
static void add_turn(const struct situation_scope *scope, const struct dirty_turn *turn, struct id_set *touched)
{
    const struct identity_index *identity = world_identity(scope->world);
    size_t                       count    = 0;
    const int64_t               *records  = world_interest(scope->world, &count);

    for (size_t i = 0; i < turn->mention_count; i++)
        add_person(scope, touched, identity_person_of(identity, turn->mentions[i]));
    for (size_t i = turn->from; i < turn->to; i++)
        add_person(scope, touched, own_person_of(scope, records[i]));
}

static size_t most_touched(const struct situation_scope *scope, const struct dirty_turn *turn)
{
    const struct identity_result *result = identity_batch_result(scope->people->identity);

    return 3 * result->change_count + result->person_count + FACTS_SLOTS * scope->batch->record_count +
           turn->mention_count + turn->to - turn->from;
}

/* ---- one person's situation ---- */

/* How precisely the text itself names the place, whether or not the library knows it. */
static enum proximity_precision stated_precision(const struct address_features *address)
{
    if (address->room != 0 || address->unit != 0)
        return PRECISION_ROOM;
    if (address->building != 0)
        return PRECISION_BUILDING;
    if (address->number != 0)
        return PRECISION_NUMBER;
    if (address->group != 0)
        return PRECISION_GROUP;
    if (address->level >= 12)
        return PRECISION_COMMUNITY;
    return address->level >= 9 ? PRECISION_TOWN : PRECISION_NONE;
}

/* Equal for the same village group of the same community; 0 when one of them is not known. */
static uint64_t group_key(const struct address_features *address)
{
    if (address->group == 0 || address->level < 12)
        return 0;
    return address->code * UINT64_C(0x9E3779B97F4A7C15) ^ address->group;
}

static void place_at(struct exposure_residence *residence, double lon, double lat, float uncertainty_m)
{
    residence->has_point     = true;
    residence->lon           = lon;
    residence->lat           = lat;
    residence->uncertainty_m = uncertainty_m;
}

/* The mean of a community, which moves with every place that comes, is no point: nobody lives there. */
static void add_residence(struct person_situation *situation, const struct situation_scope *scope,
                          const struct record_facts *facts, const struct facts_residence *stated)
{
    const struct place_index     *places  = world_places(scope->world);
    const struct address_features whole   = place_index_complete(places, &stated->address);
    const struct located          located = place_index_locate(places, &whole);
    /* The library knows an estate's road and number: two spellings of one dwelling get one key. */
    struct exposure_residence residence = {
        .dwelling_key   = address_dwelling_key(&whole),
        .building_key   = address_building_key(&whole),
        .group_key      = group_key(&stated->address),
        .community_code = stated->address.level >= 12 ? stated->address.code : 0,
        .town_code      = stated->address.level >= 9 ? (uint32_t)(stated->address.code / 1000) : 0,
        .precision      = stated_precision(&stated->address),
        .as_of_day      = stated->as_of_day,
        .record_id      = facts->record_id,
    };

    if (stated->has_point) {
        place_at(&residence, stated->lon, stated->lat, STATED_POINT_UNCERTAINTY_M);
        residence.precision =
            residence.precision > stated_point_precision ? residence.precision : stated_point_precision;
    } else if (located.has_point) {
        residence.precision = (enum proximity_precision)located.precision; /* the same values (place_index.h) */
        if (residence.precision >= scope->tools->policy->radii.distance_precision)
            place_at(&residence, located.lon, located.lat, located.uncertainty_m);
    }
    exposure_add_residence(situation, &residence);
}

static void add_residences(struct person_situation *situation, const struct situation_scope *scope,
                           const struct record_facts *facts, unsigned slot)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        if (facts->residences[i].slot == slot)
            add_residence(situation, scope, facts, &facts->residences[i]);
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
    if (facts->unit != 0 && situation->unit_count < EXPOSURE_UNITS && facts_count_on(facts, scope->today))
        situation->units[situation->unit_count++] = facts->unit;
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

static void make_situation(struct person_situation *situation, const struct situation_scope *scope, int64_t person)
{
    const struct identity_index *identity = world_identity(scope->world);
    int64_t                      members[MEMBERS_MAX];
    struct child_view            view = { .is_stated = false };
    struct concerns              concerns;
    const size_t                 found = identity_members_of(identity, person, members, MEMBERS_MAX);
    const size_t                 count = found < MEMBERS_MAX ? found : MEMBERS_MAX;

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
        if (slot > 0)
            continue;
        add_own_record(situation, &view, scope, facts);
        concerns_add(&concerns, facts);
    }
    concerns_settle(&concerns, scope->tools->policy, scope->today, situation);
    if (scope->rows != NULL)
        ends_write(&concerns, scope->tools->policy, scope->rows);
    decide_roles(situation, &view, scope);
    exposure_drop_superseded(situation);
}

/* True when a person has, or had, a role that exposures know. */
static bool has_exposures(const struct situation_scope *scope, int64_t person)
{
    struct person_situation known;
    int64_t                 members[MEMBERS_MAX];

    if (person == 0)
        return false;
    if (exposure_index_find(world_exposure(scope->world), person, &known))
        return true;
    const size_t found = identity_members_of(world_identity(scope->world), person, members, MEMBERS_MAX);
    for (size_t i = 0; i < found && i < MEMBERS_MAX; i++) {
        const struct record_facts *facts = people_facts(scope->people, world_record_of(members[i]));
        if (facts != NULL && world_slot_of(members[i]) == 0 && facts_make_exposures(facts))
            return true;
    }
    return false;
}

bool situations_update(const struct situation_scope *scope, const struct dirty_turn *turn,
                       struct exposure_batch *exposures, struct arena *arena)
{
    const size_t  most    = most_touched(scope, turn);
    struct id_set touched = {
        .ids      = arena_alloc(arena, most, sizeof(int64_t)),
        .capacity = most,
        .slots    = arena_alloc(arena, id_set_slots(most), sizeof(int64_t)),
    };

    if (touched.ids == NULL || touched.slots == NULL)
        return false;
    add_changes(scope, &touched);
    add_records(scope, &touched);
    add_turn(scope, turn, &touched);
    for (size_t i = 0; i < touched.count; i++) {
        struct person_situation situation;
        make_situation(&situation, scope, touched.ids[i]);
        if (!exposure_batch_put(exposures, &situation))
            return false;
    }
    return true;
}

bool situations_load(const struct situation_scope *scope)
{
    struct exposure_index *index   = world_exposure(scope->world);
    size_t                 count   = 0;
    const int64_t         *records = world_interest(scope->world, &count);

    for (size_t i = 0; i < count; i++) {
        struct person_situation situation;
        const int64_t           person = own_person_of(scope, records[i]);
        if (person == 0 || exposure_index_find(index, person, &situation))
            continue;
        make_situation(&situation, scope, person);
        if (!exposure_index_put(index, &situation))
            return false;
    }
    return true;
}
