/* Records into mentions, facts and places, and mentions into persons; see people.h.
 * The order within a batch does not matter: only each record's winner counts. */
#include "daemon/engine/people.h"

#include "daemon/common/clock.h"

#include <string.h>

/* Kinds of people->index. */
enum { CHANGED_RECORD, WRITTEN_MENTION, CHANGED_UNIT };

bool people_begin(struct people *people, const struct world_tools *tools, struct world *world,
                  const struct blind *blind, struct arena *arena)
{
    *people        = (struct people){ .tools = tools, .world = world, .blind = blind, .arena = arena };
    people->memory = pool_memory_of_arena(arena);
    keymap_init(&people->index, &people->memory);
    people->identity = identity_batch_begin(world_identity(world), arena);
    return people->identity != NULL;
}

void people_discard(struct people *people)
{
    identity_batch_discard(people->identity);
    people->identity = NULL;
}

/* ---- taking records ---- */

static uint64_t canonical_of(const struct people *people, const struct batch_record *record, unsigned slot)
{
    const unsigned char number  = (unsigned char)slot;
    const struct span   parts[] = {
          record->source,
          span_from_text(feed_type_word(record->type)),
          record->subject,
          {(const char *)&number, 1},
    };

    return blind_number(people->blind, BLIND_CANONICAL, parts, 4);
}

static struct people_mention *add_mention(struct people *people)
{
    if (people->mention_count == people->mention_capacity) {
        const size_t           capacity = people->mention_capacity * 2 + 64;
        struct people_mention *grown    = arena_alloc(people->arena, capacity, sizeof *grown);
        if (grown == NULL)
            return NULL;
        if (people->mention_count > 0)
            memcpy(grown, people->mentions, people->mention_count * sizeof *grown);
        people->mentions         = grown;
        people->mention_capacity = capacity;
    }
    return &people->mentions[people->mention_count++];
}

/* A guardian of a child whose address changed is who she was: nothing to cluster, nothing to seal again. */
static bool is_known(const struct people *people, const struct people_mention *mention)
{
    const struct mention_features *known = identity_features_of(world_identity(people->world), mention->mention_id);

    return known != NULL && memcmp(known, &mention->features, sizeof *known) == 0;
}

void people_note_slot(struct record_facts *facts, const struct people_block *named)
{
    facts->slots |= (uint16_t)(1U << named->slot);
    if (people_is_caregiver(named->role))
        facts->caregivers |= (uint16_t)(1U << named->slot);
}

static bool take_mention(struct people *people, struct batch_record *record, const struct people_block *named)
{
    const struct facts_person person  = people_person(&record->winner->record, &record->facts, named);
    struct people_mention    *mention = add_mention(people);

    if (mention == NULL)
        return false;
    mention->mention_id = world_mention_id(record->record_id, named->slot);
    mention->canonical  = canonical_of(people, record, named->slot);
    mention->record     = record;
    mention->block      = named->block;
    mention->role       = named->role;
    facts_mention(people->tools, people->blind, &person, people->arena, &record->facts, &mention->features);
    people_note_slot(&record->facts, named);
    mention->is_as_stored = is_known(people, mention);
    return keymap_insert(&people->index, WRITTEN_MENTION, (uint64_t)mention->mention_id, 1) &&
           (mention->is_as_stored ||
            identity_batch_put(people->identity, mention->mention_id, mention->canonical,
                               sources_sole_group(people->tools->sources, record->source_id, named->slot),
                               &mention->features));
}

static void add_block(struct people_block *blocks, size_t *count, unsigned slot, enum people_role role,
                      const struct person_block *block)
{
    if (block->is_present && slot < FACTS_SLOTS)
        blocks[(*count)++] = (struct people_block){ slot, role, block };
}

size_t people_blocks(const struct feed_record *read, struct people_block blocks[FACTS_SLOTS])
{
    size_t count = 0;

    if (!read->person.is_present)
        return 0;
    add_block(blocks, &count, 0, ROLE_SELF, &read->person);
    for (size_t i = 0; read->type == FEED_CHILD && i < read->child.guardian_count; i++) {
        const struct feed_guardian *guardian = &read->child.guardians[i];

        add_block(blocks, &count, (unsigned)i + 1,
                  guardian->role == FEED_GUARDIAN_ENTRUSTED ? ROLE_ENTRUSTED : ROLE_PARENT, &guardian->person);
    }
    if (read->type == FEED_ENROLMENT) {
        add_block(blocks, &count, 1, ROLE_TEACHER, &read->enrolment.teacher);
        add_block(blocks, &count, 2, ROLE_MENTOR, &read->enrolment.mentor);
    }
    if (read->type == FEED_GUARDIAN_DOCUMENT)
        add_block(blocks, &count, 1, ROLE_ENTRUSTED, &read->guardian_document.entrusted);
    if (read->type == FEED_CARE_ASSIGNMENT) {
        add_block(blocks, &count, 1, ROLE_MENTOR, &read->care_assignment.mentor);
        for (size_t i = 0; i < read->care_assignment.volunteer_count; i++)
            add_block(blocks, &count, (unsigned)i + 2, ROLE_VOLUNTEER, &read->care_assignment.volunteers[i].person);
    }
    return count;
}

static void add_guardian(struct facts_person *person, const struct person_block *guardian)
{
    if (guardian->is_present && person->guardian_count < PERSON_GUARDIANS)
        person->guardians[person->guardian_count++] = guardian->name;
}

struct facts_person people_person(const struct feed_record *read, const struct record_facts *facts,
                                  const struct people_block *named)
{
    const bool          is_guardian = named->role == ROLE_PARENT || named->role == ROLE_ENTRUSTED;
    struct facts_person person      = { .slot    = named->slot,
                                        .block   = named->block,
                                        .context = is_guardian ? 0 : facts->unit };

    if (named->role != ROLE_SELF)
        return person;
    for (size_t i = 0; read->type == FEED_CHILD && i < read->child.guardian_count; i++)
        add_guardian(&person, &read->child.guardians[i].person);
    if (read->type == FEED_GUARDIAN_DOCUMENT)
        add_guardian(&person, &read->guardian_document.entrusted);
    return person;
}

static bool take_persons(struct people *people, struct batch_record *record, const struct feed_record *read)
{
    struct people_block blocks[FACTS_SLOTS];
    const size_t        count = people_blocks(read, blocks);
    bool                is_ok = true;

    for (size_t i = 0; i < count && is_ok; i++)
        is_ok = take_mention(people, record, &blocks[i]);
    return is_ok;
}

static bool take_place(struct people *people, const struct batch_record *record, const struct feed_record *read)
{
    struct people_place *place = &people->places[people->place_count++];

    place->record_id = record->record_id;
    place->source_id = record->source_id;
    return facts_place(people->tools, &read->place, people->arena, &place->address, &place->has_point, &place->lon,
                       &place->lat);
}

/* The mentions a stored record had and its new version has not. */
static bool remove_old_mentions(struct people *people, const struct batch_record *record, struct store_batch *rows)
{
    const struct record_facts *old = record->is_stored ? world_facts(people->world, record->record_id) : NULL;

    for (unsigned slot = 0; old != NULL && slot < FACTS_SLOTS; slot++) {
        const uint16_t bit = (uint16_t)(1U << slot);
        if ((old->slots & bit) == 0 || (record->facts.slots & bit) != 0)
            continue;
        const int64_t mention_id = world_mention_id(record->record_id, slot);
        if (!identity_batch_remove(people->identity, mention_id))
            return false;
        if (!record->is_sealed) /* forget_records() must still see whom it named */
            store_add_number(rows, STORE_MENTIONS_GONE, mention_id);
    }
    return true;
}

/* A home that is another one than the stored version's. */
static void follow_home(struct people *people, struct batch_record *record)
{
    const struct record_facts *old = record->is_stored ? world_facts(people->world, record->record_id) : NULL;

    if (old != NULL)
        facts_follow_home(old, clock_hour_of(record->version.time_us), people->tools->policy->cycles.flap_hold_hours,
                          &record->facts);
}

static bool take_record(struct people *people, struct batch_record *record, struct store_batch *rows)
{
    const bool is_gone = record->is_sealed || record->is_withdrawn;

    memset(&record->facts, 0, sizeof record->facts);
    if (!is_gone) {
        const struct feed_record *read = &record->winner->record;
        facts_make(people->tools, people->blind, read, record->record_id, people->arena, &record->facts);
        if (!take_persons(people, record, read))
            return false;
        follow_home(people, record);
        if (record->facts.unit != 0 &&
            !keymap_insert(&people->index, CHANGED_UNIT, record->facts.unit, keymap_value(record)))
            return false;
        if (record->type == FEED_PLACE && !take_place(people, record, read))
            return false;
    } else if (record->type == FEED_PLACE && record->is_stored) {
        people->places[people->place_count++] =
            (struct people_place){ .record_id = record->record_id, .is_gone = true };
        store_add_number(rows, STORE_PLACES_GONE, record->record_id);
    }
    return remove_old_mentions(people, record, rows);
}

bool people_take_records(struct people *people, struct batch *batch, const struct versions *versions,
                         struct store_batch *rows)
{
    int64_t highest   = 0;
    size_t  addresses = 0;

    batch->shifts  = world_shifts(people->world);
    people->places = arena_alloc(people->arena, batch->record_count + 1, sizeof *people->places);
    if (people->places == NULL)
        return false;
    for (size_t i = 0; i < batch->record_count; i++) {
        struct batch_record *record = &batch->records[i];
        if (record->winner == NULL && !record->is_sealed)
            continue;
        if (record->winner != NULL && !record->is_sealed && !versions_open_key(versions, record, rows))
            return false;
        if (!keymap_insert(&people->index, CHANGED_RECORD, (uint64_t)record->record_id, keymap_value(record)) ||
            !take_record(people, record, rows))
            return false;
        highest = record->record_id > highest ? record->record_id : highest;
        addresses += record->facts.residence_count;
    }
    return world_reserve_facts(people->world, highest, batch->record_count, addresses) &&
           place_index_reserve(world_places(people->world), people->place_count) &&
           place_reach_reserve(world_reach(people->world), addresses, people->place_count);
}

bool people_resolve(struct people *people, int64_t *next_person)
{
    return identity_batch_resolve(people->identity, next_person);
}

/* ---- looking up ---- */

const struct batch_record *people_record(const struct people *people, int64_t record_id)
{
    const struct keymap_node *node = keymap_first(&people->index, CHANGED_RECORD, (uint64_t)record_id);

    return node != NULL ? keymap_pointer(node) : NULL;
}

bool people_writes(const struct people *people, int64_t mention_id)
{
    return keymap_first(&people->index, WRITTEN_MENTION, (uint64_t)mention_id) != NULL;
}

const struct record_facts *people_facts(const struct people *people, int64_t record_id)
{
    const struct batch_record *record = people_record(people, record_id);

    if (record == NULL)
        return world_facts(people->world, record_id);
    return record->is_sealed || record->is_withdrawn ? NULL : &record->facts;
}

struct unit_visiting {
    const struct people *people;
    people_visit_unit    visit;
    void                *context;
};

static bool visit_stored(void *context, int64_t record_id)
{
    const struct unit_visiting *visiting = context;
    const struct record_facts  *facts    = world_facts(visiting->people->world, record_id);

    if (facts == NULL || people_record(visiting->people, record_id) != NULL)
        return true;
    return visiting->visit(visiting->context, facts);
}

bool people_visit_unit_of(const struct people *people, uint64_t unit, people_visit_unit visit, void *context)
{
    struct unit_visiting      visiting = { people, visit, context };
    const struct keymap_node *node     = keymap_first(&people->index, CHANGED_UNIT, unit);

    for (; node != NULL; node = keymap_next(node)) {
        const struct batch_record *record = keymap_pointer(node);
        if (!visit(context, &record->facts))
            return false;
    }
    return unit_index_visit(world_units(people->world), unit, visit_stored, &visiting);
}

/* ---- after COMMIT ---- */

/* Whom the places of a batch move. */
struct moving {
    struct world *world;
    struct dirty *dirty;
};

/* By a point of its own, or by a place better than the middle of the village group. */
static bool is_placed_well(struct world *world, int64_t mention_id)
{
    const struct record_facts *facts   = world_facts(world, world_record_of(mention_id));
    bool                       is_well = true;

    for (unsigned i = 0; facts != NULL && i < facts->residence_count; i++) {
        const struct facts_residence *home = &facts->residences[i];
        if (home->use != FACTS_LIVES || home->slot != world_slot_of(mention_id) || home->has_point)
            continue;
        const struct located located = place_index_locate(world_places(world), &home->address);
        is_well                      = is_well && located.has_point && located.precision > LOCATED_GROUP;
    }
    return is_well;
}

static void mark_resident(void *context, uint64_t resident, bool by_group)
{
    const struct moving *moving = context;

    if (!by_group || !is_placed_well(moving->world, (int64_t)resident))
        dirty_mark_mention(moving->dirty, (int64_t)resident);
}

/* Everything was reserved. */
static void merge_place(struct people *people, const struct people_place *place, struct moving *moving)
{
    struct place_index *places = world_places(people->world);
    struct place_reach *reach  = world_reach(people->world);
    const uint64_t      handle = (uint64_t)place->record_id;

    if (place->is_gone) {
        place_index_remove(places, handle);
        place_reach_remove_place(reach, handle, mark_resident, moving);
        return;
    }
    if (place->has_point)
        shifts_note(world_shifts(people->world), places, place->source_id, &place->address, place->lon, place->lat);
    place_index_put(places, handle, &place->address, place->has_point, place->lon, place->lat);
    place_reach_put_place(reach, handle, &place->address, mark_resident, moving);
}

/* A person's own point beside the place that the address names. */
static void note_points(struct people *people, const struct batch_record *record)
{
    for (unsigned i = 0; i < record->facts.residence_count; i++) {
        const struct facts_residence *home = &record->facts.residences[i];
        if (home->has_point)
            shifts_note(world_shifts(people->world), world_places(people->world), record->source_id, &home->address,
                        home->lon, home->lat);
    }
}

void people_merge(struct people *people, const struct batch *batch, struct dirty *dirty)
{
    identity_batch_merge(people->identity);
    people->identity = NULL;
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct batch_record *record = &batch->records[i];
        if (record->is_sealed || (record->winner != NULL && record->is_withdrawn))
            world_remove_facts(people->world, record->record_id);
        else if (record->winner != NULL && facts_are_kept(&record->facts))
            world_put_facts(people->world, &record->facts);
        if (!record->is_sealed && record->winner != NULL)
            note_points(people, record);
    }
    struct moving moving = { people->world, dirty };
    for (size_t i = 0; i < people->place_count; i++)
        merge_place(people, &people->places[i], &moving);
}
