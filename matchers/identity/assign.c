/* Gives clusters their persons: ids that stay, aliases, new ids, and what became of each old one.
 * Deliberately the only place where persons change. */
#include "matchers/identity/assign_parts.h"

#include <assert.h>

static struct identity_index *index_of(const struct assignment *assignment)
{
    return assignment->batch->index;
}

/* Mentions that say too little to join even their own likes stay alone, though they share a profile. */
static bool is_loose(const struct assignment *assignment, uint32_t local)
{
    const struct identity_index *index   = index_of(assignment);
    const struct cluster_member *member  = &assignment->clustering->members[local];
    const struct profile        *profile = profile_at(index, member->profile);

    return member->count == 1 && profile->mention_count > 1 && profile_edge_bits(index, profile, profile) <= 0;
}

static void add_mention(struct assignment *assignment, uint32_t number, size_t unit_number)
{
    const struct identity_index *index   = index_of(assignment);
    const struct mention        *mention = mention_at(index, number);
    struct unit                 *unit    = &assignment->units[unit_number];
    const int64_t                old     = mention->person != 0 ? person_at(index, mention->person)->person_id : 0;

    assignment->touched[assignment->touched_count++] =
        (struct touched){ mention->mention_id, old, number, (uint32_t)unit_number };
    if (unit->members++ == 0 || mention->canonical < unit->key)
        unit->key = mention->canonical;
    if (old != 0 && (unit->split_from == 0 || mention->mention_id < unit->lowest_old_mention)) {
        unit->split_from         = old;
        unit->lowest_old_mention = mention->mention_id;
    }
}

static bool collect_units(struct assignment *assignment)
{
    const struct identity_index *index      = index_of(assignment);
    const struct clustering     *clustering = assignment->clustering;
    size_t                       total      = 0;

    for (uint32_t i = 0; i < clustering->count; i++)
        total += profile_at(index, clustering->members[i].profile)->mention_count;
    assignment->units   = arena_alloc(assignment->batch->arena, total, sizeof *assignment->units);
    assignment->touched = arena_alloc(assignment->batch->arena, total, sizeof *assignment->touched);
    if (assignment->units == NULL || assignment->touched == NULL)
        return false;

    for (uint32_t i = 0; i < clustering->count; i++) {
        if (clustering->members[i].cluster != i)
            continue;
        const bool loose = is_loose(assignment, i);

        for (uint32_t j = i + 1; j != 0; j = clustering->members[j - 1].next) {
            for (uint32_t k = profile_at(index, clustering->members[j - 1].profile)->mention_head; k != 0;
                 k          = mention_at(index, k)->profile_next) {
                assignment->units[assignment->unit_count].first = i;
                add_mention(assignment, k, assignment->unit_count);
                assignment->unit_count += loose;
            }
        }
        assignment->unit_count += !loose;
    }
    return true;
}

static int compare_touched_by_person(const void *left, const void *right)
{
    const struct touched *a = left, *b = right;

    if (a->old_person != b->old_person)
        return a->old_person < b->old_person ? -1 : 1;
    return (a->mention_id > b->mention_id) - (a->mention_id < b->mention_id);
}

static int compare_old(const void *left, const void *right)
{
    const struct old_person *a = left, *b = right;

    return (a->person_id > b->person_id) - (a->person_id < b->person_id);
}

/* Every old person with the unit of its lowest mention; those of removed mentions too. */
static bool collect_old(struct assignment *assignment)
{
    const struct identity_index *index    = index_of(assignment);
    size_t                       capacity = assignment->touched_count;

    for (const struct removal *removal = assignment->batch->removals; removal != NULL; removal = removal->previous)
        capacity++;
    assignment->old = arena_alloc(assignment->batch->arena, capacity, sizeof *assignment->old);
    if (assignment->old == NULL)
        return false;

    order_items(assignment->touched, assignment->touched_count, sizeof *assignment->touched, compare_touched_by_person);
    int64_t previous = 0;
    for (size_t i = 0; i < assignment->touched_count; i++) {
        const struct touched *touched = &assignment->touched[i];

        if (touched->old_person == previous)
            continue;
        previous = touched->old_person;
        assignment->old[assignment->old_count++] =
            (struct old_person){ previous, touched->mention_id, touched->unit + 1,
                                 person_at(index, mention_at(index, touched->mention)->person)->grade };
    }
    size_t known = assignment->old_count;
    for (const struct removal *removal = assignment->batch->removals; removal != NULL; removal = removal->previous) {
        const size_t all      = assignment->old_count;
        bool         is_known = removal->person_id == 0;

        assignment->old_count = known;
        is_known              = is_known || assignment_find_old(assignment, removal->person_id) != NULL;
        assignment->old_count = all;
        if (!is_known)
            assignment->old[assignment->old_count++] = (struct old_person){ .person_id = removal->person_id };
    }
    /* The gone ones may stand there twice. */
    order_items(assignment->old, assignment->old_count, sizeof *assignment->old, compare_old);
    known = 0;
    for (size_t i = 0; i < assignment->old_count; i++) {
        if (known == 0 || assignment->old[known - 1].person_id != assignment->old[i].person_id)
            assignment->old[known++] = assignment->old[i];
    }
    assignment->old_count = known;
    return true;
}

/* The id goes to the part holding the lowest mention; of several ids that of the lowest mention stands. */
static void claim_units(struct assignment *assignment)
{
    for (size_t i = 0; i < assignment->old_count; i++) {
        const struct old_person *old  = &assignment->old[i];
        struct unit             *unit = old->unit != 0 ? &assignment->units[old->unit - 1] : NULL;

        if (unit == NULL || (unit->person_id != 0 && unit->claim_mention < old->lowest_mention))
            continue;
        unit->person_id     = old->person_id;
        unit->claim_mention = old->lowest_mention;
    }
}

struct unit_order {
    uint64_t key;
    size_t   unit;
};

static int compare_unit_orders(const void *left, const void *right)
{
    const struct unit_order *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

static bool name_new_units(struct assignment *assignment, int64_t *next_person_id)
{
    struct unit_order *order = arena_alloc(assignment->batch->arena, assignment->unit_count, sizeof *order);
    size_t             count = 0;

    if (order == NULL)
        return false;
    for (size_t i = 0; i < assignment->unit_count; i++) {
        if (assignment->units[i].person_id == 0)
            order[count++] = (struct unit_order){ assignment->units[i].key, i };
    }
    order_items(order, count, sizeof *order, compare_unit_orders);
    if (count > UINT32_MAX || !blocks_reserve(&index_of(assignment)->persons, (uint32_t)count))
        return false;
    for (size_t i = 0; i < count; i++) {
        assignment->units[order[i].unit].person_id = (*next_person_id)++;
        assignment->units[order[i].unit].is_new    = true;
    }
    return true;
}

static int compare_changes(const void *left, const void *right)
{
    const struct identity_change *a = left, *b = right;

    return (a->mention_id > b->mention_id) - (a->mention_id < b->mention_id);
}

static bool collect_changes(struct assignment *assignment)
{
    size_t removed = 0;

    for (const struct removal *removal = assignment->batch->removals; removal != NULL; removal = removal->previous)
        removed++;
    assignment->changes =
        arena_alloc(assignment->batch->arena, assignment->touched_count + removed, sizeof *assignment->changes);
    if (assignment->changes == NULL)
        return false;
    for (size_t i = 0; i < assignment->touched_count; i++) {
        const struct touched *touched = &assignment->touched[i];
        struct unit          *unit    = &assignment->units[touched->unit];

        if (touched->old_person == unit->person_id)
            continue;
        unit->is_changed = true;
        assignment->changes[assignment->change_count++] =
            (struct identity_change){ touched->mention_id, touched->old_person, unit->person_id };
    }
    for (const struct removal *removal = assignment->batch->removals; removal != NULL; removal = removal->previous) {
        if (removal->person_id != 0 && index_find_mention(index_of(assignment), removal->mention_id) == 0)
            assignment->changes[assignment->change_count++] =
                (struct identity_change){ removal->mention_id, removal->person_id, 0 };
    }
    /* A mention that was removed twice stands there twice. */
    order_items(assignment->changes, assignment->change_count, sizeof *assignment->changes, compare_changes);
    size_t kept = 0;
    for (size_t i = 0; i < assignment->change_count; i++) {
        if (kept == 0 || assignment->changes[kept - 1].mention_id != assignment->changes[i].mention_id)
            assignment->changes[kept++] = assignment->changes[i];
    }
    assignment->change_count = kept;
    return true;
}

static bool grade_units(struct assignment *assignment)
{
    const struct clustering *clustering = assignment->clustering;
    uint32_t                *profiles = arena_alloc(assignment->batch->arena, clustering->count + 1u, sizeof *profiles);

    if (profiles == NULL)
        return false;
    for (size_t i = 0; i < assignment->unit_count; i++) {
        size_t count = 0;

        for (uint32_t j = assignment->units[i].first + 1; j != 0; j = clustering->members[j - 1].next)
            profiles[count++] = clustering->members[j - 1].profile;
        assignment->units[i].grade = grade_of_profiles(index_of(assignment), profiles, count);
    }
    return true;
}

static int compare_persons(const void *left, const void *right)
{
    const struct identity_person *a = left, *b = right;

    return (a->person_id > b->person_id) - (a->person_id < b->person_id);
}

static bool collect_persons(struct assignment *assignment)
{
    assignment->persons = arena_alloc(assignment->batch->arena, assignment->old_count + assignment->unit_count,
                                      sizeof *assignment->persons);
    if (assignment->persons == NULL)
        return false;

    assert(assignment->units != NULL);
    /* A person that lost a member has changed, too. */
    for (size_t i = 0; i < assignment->change_count; i++) {
        const struct old_person *old = assignment->changes[i].old_person != 0
                                           ? assignment_find_old(assignment, assignment->changes[i].old_person)
                                           : NULL;

        if (old != NULL && old->unit != 0)
            assignment->units[old->unit - 1].is_changed = true;
    }
    for (size_t i = 0; i < assignment->old_count; i++) {
        const struct old_person *old    = &assignment->old[i];
        const struct unit       *unit   = old->unit != 0 ? &assignment->units[old->unit - 1] : NULL;
        struct identity_person   person = { .person_id = old->person_id, .retired = true };

        if (unit != NULL && unit->person_id != old->person_id)
            person.alias_of = unit->person_id;
        else if (unit != NULL && (unit->is_changed || unit->grade != old->grade))
            person = (struct identity_person){ old->person_id, unit->grade, unit->members, 0, false };
        else if (unit != NULL)
            continue;
        assignment->persons[assignment->person_count++] = person;
    }
    for (size_t i = 0; i < assignment->unit_count; i++) {
        const struct unit *unit = &assignment->units[i];

        if (unit->is_new)
            assignment->persons[assignment->person_count++] =
                (struct identity_person){ unit->person_id, unit->grade, unit->members, 0, false };
    }
    order_items(assignment->persons, assignment->person_count, sizeof *assignment->persons, compare_persons);
    return true;
}

static bool apply(struct assignment *assignment)
{
    struct identity_index *index = index_of(assignment);
    struct undo           *undo  = arena_alloc(assignment->batch->arena, assignment->change_count, sizeof *undo);

    if (undo == NULL)
        return false;
    for (size_t i = 0; i < assignment->change_count; i++) {
        const struct identity_change *change = &assignment->changes[i];

        if (change->new_person == 0)
            continue;
        undo[i]                 = (struct undo){ .previous   = assignment->batch->undo,
                                                 .kind       = UNDO_PERSON,
                                                 .mention_id = change->mention_id,
                                                 .person_id  = change->old_person };
        assignment->batch->undo = &undo[i];
        index_move(index, index_find_mention(index, change->mention_id), change->new_person);
    }
    for (size_t i = 0; i < assignment->unit_count; i++)
        person_at(index, index_find_person(index, assignment->units[i].person_id))->grade =
            (uint8_t)assignment->units[i].grade;
    return true;
}

bool assign_persons(struct identity_batch *batch, const struct clustering *clustering, int64_t *next_person_id)
{
    struct assignment assignment = { .batch = batch, .clustering = clustering };
    int64_t           next       = *next_person_id;

    if (!collect_units(&assignment) || !collect_old(&assignment))
        return false;
    claim_units(&assignment);
    if (!name_new_units(&assignment, &next) || !collect_changes(&assignment) || !grade_units(&assignment) ||
        !collect_persons(&assignment) || !assignment_collect_frozen(&assignment) ||
        !assignment_collect_events(&assignment) || !apply(&assignment))
        return false;
    batch->result = (struct identity_result){
        assignment.changes, assignment.change_count, assignment.persons, assignment.person_count,
        assignment.events,  assignment.event_count,  assignment.frozen,  assignment.frozen_count,
    };
    *next_person_id = next;
    return true;
}
