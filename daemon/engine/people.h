/* Records into mentions, facts and places, and mentions into persons: the middle of a batch. */
#ifndef HULEI_DAEMON_ENGINE_PEOPLE_H
#define HULEI_DAEMON_ENGINE_PEOPLE_H

#include "daemon/engine/batch.h"
#include "daemon/engine/dirty.h"
#include "daemon/engine/facts_make.h"
#include "daemon/engine/versions.h"
#include "daemon/engine/world.h"
#include "matchers/identity/identity.h"
#include "matchers/proximity/keymap.h"

/* mention.role */
enum people_role { ROLE_SELF = 0, ROLE_PARENT, ROLE_ENTRUSTED, ROLE_TEACHER, ROLE_MENTOR, ROLE_VOLUNTEER };

/* Whoever teaches the class works at the school (R3); the child is not in that person's care (R2). */
static inline bool people_is_caregiver(enum people_role role)
{
    return role != ROLE_SELF && role != ROLE_TEACHER;
}

/* A person that a record names. */
struct people_block {
    unsigned                   slot;
    enum people_role           role;
    const struct person_block *block;
};

/* The persons of a record, its own first; how many. */
size_t people_blocks(const struct feed_record *read, struct people_block blocks[FACTS_SLOTS]);

/* A person as facts_mention() takes it: the school of everybody but a child's guardians, and a child's guardians. */
struct facts_person people_person(const struct feed_record *read, const struct record_facts *facts,
                                  const struct people_block *named);

/* Notes in the facts that the record names this person. */
void people_note_slot(struct record_facts *facts, const struct people_block *named);

/* A place entry of the batch, or one that goes. */
struct people_place {
    int64_t                 record_id;
    int16_t                 source_id;
    bool                    is_gone;
    struct address_features address;
    bool                    has_point;
    double                  lon, lat;
};

/* A mention the batch writes. */
struct people_mention {
    int64_t                    mention_id;
    uint64_t                   canonical;
    struct batch_record       *record;
    const struct person_block *block; /* of the record */
    enum people_role           role;
    bool                       is_as_stored; /* the stored features are these */
    struct mention_features    features;
};

/* Lives in the batch arena. */
struct people {
    const struct world_tools *tools;
    struct world             *world;
    const struct blind       *blind;
    struct arena             *arena;
    struct identity_batch    *identity;
    struct people_mention    *mentions;
    size_t                    mention_count, mention_capacity;
    struct people_place      *places;
    size_t                    place_count;
    struct pool_memory        memory; /* the arena's */
    struct keymap             index;  /* records the batch changes, and the mentions it writes */
};

/* False when memory is out, here and below: discard. */
bool people_begin(struct people *people, const struct world_tools *tools, struct world *world,
                  const struct blind *blind, struct arena *arena);

/* Takes the winner of every record: facts into the record, mentions and places into this batch. */
bool people_take_records(struct people *people, struct batch *batch, const struct versions *versions,
                         struct store_batch *rows);

/* Clusters; new persons take (*next_person)++. */
bool people_resolve(struct people *people, int64_t *next_person);

/* Adds the rows of records, mentions, persons, events, places and seals. */
bool people_write(struct people *people, const struct batch *batch, struct store_batch *rows);

/* Facts of a record as the batch leaves them; NULL when it is gone. */
const struct record_facts *people_facts(const struct people *people, int64_t record_id);
/* The batch's record that changes it, or NULL. */
const struct batch_record *people_record(const struct people *people, int64_t record_id);
/* True when the batch writes the mention. */
bool people_writes(const struct people *people, int64_t mention_id);

/* Calls for every live record that names the unit, as the batch leaves them; false stops. */
typedef bool (*people_visit_unit)(void *context, const struct record_facts *facts);
bool people_visit_unit_of(const struct people *people, uint64_t unit, people_visit_unit visit, void *context);

/* After COMMIT: the world takes the batch's facts and places; whoever these places may move becomes dirty. */
void people_merge(struct people *people, const struct batch *batch, struct dirty *dirty);

/* Takes the identity index back to before the batch. Safe on a zeroed struct. */
void people_discard(struct people *people);

#endif
