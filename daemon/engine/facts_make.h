/* One decoded record into facts, mention features and place features: where the feed's words meet the matchers'. */
#ifndef HULEI_DAEMON_ENGINE_FACTS_MAKE_H
#define HULEI_DAEMON_ENGINE_FACTS_MAKE_H

#include "daemon/common/blind.h"
#include "daemon/common/card.h"
#include "daemon/engine/facts.h"
#include "daemon/engine/world.h"

struct stored_place facts_stored_place(const struct address_features *address, bool has_point, double lon, double lat);

/* Everything of the record but its mentions; residences of the record's own person included. */
void facts_make(const struct world_tools *tools, const struct blind *blind, const struct feed_record *read,
                int64_t record_id, struct arena *arena, struct record_facts *facts);

/*
 * What the record's former version says of a move: the home before stays known beside the present one, with the hours
 * (since 1970, China Standard Time) since when each is stated. An address that comes back within the hold never moved.
 */
void facts_follow_home(const struct record_facts *old, int32_t version_h, int32_t flap_hold_hours,
                       struct record_facts *facts);

/* NULL: the record never said anything else. */
const struct facts_residence *facts_home_before(const struct record_facts *facts);

/* One person that a record names. */
struct facts_person {
    unsigned                   slot;
    const struct person_block *block;
    uint64_t                   context;                     /* hash of the school; 0: none */
    struct span                guardians[PERSON_GUARDIANS]; /* names of who cares for this person */
    size_t                     guardian_count;
};

/*
 * Features of one person. Adds the residences of a block that is not the record's own person to `facts`, and takes the
 * birth date of a valid number of slot 0 over.
 */
void facts_mention(const struct world_tools *tools, const struct blind *blind, const struct facts_person *person,
                   struct arena *arena, struct record_facts *facts, struct mention_features *features);

/* False when the arena is full. An address that cannot be parsed has code 0 and is found by nobody. */
bool facts_place(const struct world_tools *tools, const struct feed_place *place, struct arena *arena,
                 struct address_features *address, bool *has_point, double *lon, double *lat);

/* A 64-bit keyed hash of one text of a purpose; 0 for the absent span. */
uint64_t facts_text_hash(const struct blind *blind, enum blind_purpose purpose, struct span text);

#endif
