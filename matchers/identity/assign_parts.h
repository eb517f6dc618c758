/* What assigning persons to clusters works on; shared by assign.c and assign_events.c.
 * Lives in the batch's arena, for the length of assign_persons(). */
#ifndef HULEI_MATCHERS_IDENTITY_ASSIGN_PARTS_H
#define HULEI_MATCHERS_IDENTITY_ASSIGN_PARTS_H

#include "matchers/identity/index_parts.h"

/* A cluster as a set of mentions. */
struct unit {
    uint64_t            key; /* smallest canonical: the order of new ids */
    int64_t             person_id, claim_mention;
    int64_t             split_from; /* old person of its lowest mention that had one; 0: none */
    int64_t             lowest_old_mention;
    uint32_t            first, members; /* local number of its first profile */
    bool                is_new, is_changed;
    enum identity_grade grade;
};

struct touched {
    int64_t  mention_id, old_person;
    uint32_t mention, unit;
};

/* A person that existed before and is now claimed by the unit of its lowest mention. */
struct old_person {
    int64_t  person_id, lowest_mention;
    uint32_t unit; /* number + 1; 0: it has no member any more */
    uint8_t  grade;
};

struct assignment {
    struct identity_batch   *batch;
    const struct clustering *clustering;
    struct unit             *units;
    size_t                   unit_count;
    struct touched          *touched;
    size_t                   touched_count;
    struct old_person       *old;
    size_t                   old_count;
    struct identity_change  *changes;
    size_t                   change_count;
    struct identity_person  *persons;
    size_t                   person_count;
    struct identity_event   *events;
    size_t                   event_count;
    struct identity_frozen  *frozen;
    size_t                   frozen_count;
};

/* Among those collected; NULL: it is none of them. */
struct old_person *assignment_find_old(const struct assignment *assignment, int64_t person_id);

/* False when the arena is full, here and below. */
bool assignment_collect_frozen(struct assignment *assignment);
/* After changes, persons and frozen are there. */
bool assignment_collect_events(struct assignment *assignment);

#endif
