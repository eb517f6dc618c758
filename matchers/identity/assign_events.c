/* What a batch made of the persons, told: events, and whom a conflict keeps apart.
 * Deliberately after everything is settled: it changes nothing. */
#include "matchers/identity/assign_parts.h"

struct old_person *assignment_find_old(const struct assignment *assignment, int64_t person_id)
{
    size_t low = 0, high = assignment->old_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (assignment->old[middle].person_id == person_id)
            return &assignment->old[middle];
        if (assignment->old[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Units stand in the order of their first members. */
static const struct unit *unit_of_local(const struct assignment *assignment, uint32_t local)
{
    const uint32_t first = assignment->clustering->members[local].cluster;
    size_t         low = 0, high = assignment->unit_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (assignment->units[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < assignment->unit_count && assignment->units[low].first == first ? &assignment->units[low] : NULL;
}

static int64_t lowest_mention_of(const struct assignment *assignment, uint32_t local)
{
    const struct identity_index *index   = assignment->batch->index;
    const struct profile        *profile = profile_at(index, assignment->clustering->members[local].profile);
    int64_t                      lowest  = INT64_MAX;

    for (uint32_t i = profile->mention_head; i != 0; i = mention_at(index, i)->profile_next) {
        if (mention_at(index, i)->mention_id < lowest)
            lowest = mention_at(index, i)->mention_id;
    }
    return lowest;
}

static struct identity_frozen frozen_of(const struct assignment *assignment, const struct frozen_pair *pair,
                                        const struct unit *a, const struct unit *b)
{
    const int64_t mention_a = lowest_mention_of(assignment, pair->a),
                  mention_b = lowest_mention_of(assignment, pair->b);

    if (a->person_id < b->person_id)
        return (struct identity_frozen){ a->person_id, b->person_id, mention_a, mention_b, pair->reason };
    return (struct identity_frozen){ b->person_id, a->person_id, mention_b, mention_a, pair->reason };
}

static int compare_frozen(const void *left, const void *right)
{
    const struct identity_frozen *a = left, *b = right;

    if (a->person_a != b->person_a)
        return a->person_a < b->person_a ? -1 : 1;
    if (a->person_b != b->person_b)
        return a->person_b < b->person_b ? -1 : 1;
    return 0;
}

/* Two persons may be kept apart along several edges: the strongest tells. */
static bool is_told(const struct assignment *assignment, const struct identity_frozen *frozen)
{
    for (size_t i = 0; i < assignment->frozen_count; i++) {
        if (compare_frozen(&assignment->frozen[i], frozen) == 0)
            return true;
    }
    return false;
}

bool assignment_collect_frozen(struct assignment *assignment)
{
    const struct clustering *clustering = assignment->clustering;

    assignment->frozen = arena_alloc(assignment->batch->arena, clustering->frozen_count, sizeof *assignment->frozen);
    if (assignment->frozen == NULL)
        return false;
    for (const struct frozen_pair *pair = clustering->frozen; pair != NULL; pair = pair->next) {
        const struct unit *a = unit_of_local(assignment, pair->a), *b = unit_of_local(assignment, pair->b);

        if (a == NULL || b == NULL || a == b)
            continue;
        const struct identity_frozen frozen = frozen_of(assignment, pair, a, b);
        if (!is_told(assignment, &frozen))
            assignment->frozen[assignment->frozen_count++] = frozen;
    }
    order_items(assignment->frozen, assignment->frozen_count, sizeof *assignment->frozen, compare_frozen);
    return true;
}

static void add_event(struct assignment *assignment, int64_t person_id, enum identity_event_kind kind, int64_t other)
{
    assignment->events[assignment->event_count++] = (struct identity_event){ person_id, kind, other };
}

static int compare_events(const void *left, const void *right)
{
    const struct identity_event *a = left, *b = right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    return (a->other_person > b->other_person) - (a->other_person < b->other_person);
}

static void add_change_events(struct assignment *assignment, const struct identity_change *change)
{
    const struct old_person *old = change->old_person != 0 ? assignment_find_old(assignment, change->old_person) : NULL;
    const struct old_person *into =
        change->new_person != 0 ? assignment_find_old(assignment, change->new_person) : NULL;
    const bool stands = old != NULL && old->unit != 0 && assignment->units[old->unit - 1].person_id == old->person_id;
    const bool is_merged =
        old != NULL && old->unit != 0 && !stands && assignment->units[old->unit - 1].person_id == change->new_person;

    if (into != NULL && !is_merged)
        add_event(assignment, change->new_person, IDENTITY_JOINED, change->old_person);
    if (stands && (into != NULL || change->new_person == 0))
        add_event(assignment, change->old_person, IDENTITY_LEFT, change->new_person);
}

bool assignment_collect_events(struct assignment *assignment)
{
    const size_t capacity =
        assignment->unit_count + assignment->old_count + 2 * assignment->change_count + assignment->frozen_count;

    assignment->events = arena_alloc(assignment->batch->arena, capacity, sizeof *assignment->events);
    if (assignment->events == NULL)
        return false;
    for (size_t i = 0; i < assignment->unit_count; i++) {
        const struct unit *unit = &assignment->units[i];

        if (unit->is_new)
            add_event(assignment, unit->person_id, unit->split_from != 0 ? IDENTITY_SPLIT : IDENTITY_CREATED,
                      unit->split_from);
    }
    for (size_t i = 0; i < assignment->person_count; i++) {
        const struct identity_person *person = &assignment->persons[i];

        if (person->alias_of != 0)
            add_event(assignment, person->alias_of, IDENTITY_MERGED, person->person_id);
        else if (person->retired)
            add_event(assignment, person->person_id, IDENTITY_RETIRED, 0);
    }
    for (size_t i = 0; i < assignment->change_count; i++)
        add_change_events(assignment, &assignment->changes[i]);
    for (size_t i = 0; i < assignment->frozen_count; i++)
        add_event(assignment, assignment->frozen[i].person_a, IDENTITY_FROZEN, assignment->frozen[i].person_b);

    order_items(assignment->events, assignment->event_count, sizeof *assignment->events, compare_events);
    size_t kept = 0;
    for (size_t i = 0; i < assignment->event_count; i++) {
        if (kept == 0 || compare_events(&assignment->events[kept - 1], &assignment->events[i]) != 0)
            assignment->events[kept++] = assignment->events[i];
    }
    assignment->event_count = kept;
    return true;
}
