/* Whose situation a batch changes; see situations.h.
 * Deliberately too many rather than one too few: a situation made anew without need changes nothing. */
#include "daemon/engine/situations.h"

#include <assert.h>

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

/* ---- whom a school moves ---- */

static bool stop_at_pupil(void *context, int64_t record_id)
{
    const struct record_facts *facts = world_facts(context, record_id);

    return facts == NULL || facts->type != FEED_ENROLMENT;
}

/* No stored enrolment names the unit: by this one it becomes a place of work with minors. */
static bool is_first_pupil(const struct situation_scope *scope, uint64_t unit)
{
    return unit_index_visit(world_units(scope->world), unit, stop_at_pupil, scope->world);
}

/* The persons of a record that names the unit: pupils, teachers, staff. */
struct unit_touch {
    const struct situation_scope *scope;
    struct id_set                *touched; /* NULL: only counted */
    size_t                        count;
};

static bool touch_unit(void *context, const struct record_facts *facts)
{
    struct unit_touch *touch = context;

    touch->count += 2;
    for (unsigned slot = 0; touch->touched != NULL && slot <= 1; slot++) {
        if ((facts->slots & (1U << slot)) != 0)
            add_person(
                touch->scope, touch->touched,
                identity_person_of(world_identity(touch->scope->world), world_mention_id(facts->record_id, slot)));
    }
    return true;
}

/* Whoever an order bars from schools: a gate may be anywhere near. */
static void touch_barred(const struct situation_scope *scope, struct unit_touch *touch)
{
    size_t         count   = 0;
    const int64_t *records = world_interest(scope->world, &count);

    for (size_t i = 0; i < count; i++) {
        const struct record_facts *facts = world_facts(scope->world, records[i]);
        if (facts == NULL || facts->type != FEED_ORDER || !facts->names_schools)
            continue;
        touch->count++;
        if (touch->touched != NULL)
            add_person(scope, touch->touched, own_person_of(scope, records[i]));
    }
}

/* A school that came, moved or went; and staff whose unit has its first pupils. */
static void touch_units(const struct situation_scope *scope, struct unit_touch *touch)
{
    bool has_school = false;

    for (size_t i = 0; i < scope->batch->record_count; i++) {
        const struct batch_record *record     = &scope->batch->records[i];
        const struct record_facts *old        = world_facts(scope->world, record->record_id);
        const bool                 is_changed = record->winner != NULL || record->is_sealed;
        if (!is_changed || (record->type != FEED_SCHOOL && record->type != FEED_ENROLMENT))
            continue;
        if (record->type == FEED_ENROLMENT && old != NULL && old->unit == record->facts.unit)
            continue;
        if (record->type == FEED_ENROLMENT && !is_first_pupil(scope, record->facts.unit))
            continue;
        has_school = has_school || record->type == FEED_SCHOOL;
        if (record->facts.unit != 0)
            people_visit_unit_of(scope->people, record->facts.unit, touch_unit, touch);
        if (old != NULL && old->unit != 0 && old->unit != record->facts.unit)
            people_visit_unit_of(scope->people, old->unit, touch_unit, touch);
    }
    if (has_school)
        touch_barred(scope, touch);
}

static size_t most_touched(const struct situation_scope *scope, const struct dirty_turn *turn)
{
    const struct identity_result *result = identity_batch_result(scope->people->identity);
    struct unit_touch             units  = { .scope = scope };

    touch_units(scope, &units);

    return 3 * result->change_count + result->person_count + FACTS_SLOTS * scope->batch->record_count +
           turn->mention_count + turn->to - turn->from + units.count;
}

/* True when a person has, or had, a role that exposures know. */
static bool has_exposures(const struct situation_scope *scope, int64_t person)
{
    struct person_situation known;
    int64_t                 members[SITUATION_MEMBERS_MAX];

    if (person == 0)
        return false;
    if (exposure_index_find(world_exposure(scope->world), person, &known))
        return true;
    const size_t found = identity_members_of(world_identity(scope->world), person, members, SITUATION_MEMBERS_MAX);
    for (size_t i = 0; i < found && i < SITUATION_MEMBERS_MAX; i++) {
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
    touch_units(scope, &(struct unit_touch){ .scope = scope, .touched = &touched });
    for (size_t i = 0; i < touched.count; i++) {
        struct person_situation situation;
        situation_make(scope, touched.ids[i], &situation);
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
        situation_make(scope, person, &situation);
        if (!exposure_index_put(index, &situation))
            return false;
    }
    return true;
}
