/* The engine's memory of the shard: mentions and persons, facts of live records, places, exposures.
 * Loaded from PostgreSQL at take-over; changed only after COMMIT, by world_merge_*() calls that cannot fail. */
#ifndef HULEI_DAEMON_ENGINE_WORLD_H
#define HULEI_DAEMON_ENGINE_WORLD_H

#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "daemon/engine/disputes.h"
#include "daemon/engine/facts.h"
#include "daemon/engine/shifts.h"
#include "daemon/engine/sources.h"
#include "daemon/engine/unit_index.h"
#include "daemon/engine/versions.h"
#include "matchers/address/address.h"
#include "matchers/address/place_reach.h"
#include "matchers/identity/identity.h"
#include "matchers/tier/exposure.h"
#include "matchers/tier/policy.h"

#include <stdbool.h>
#include <stdint.h>

/* What the matchers need and what never changes while the engine leads. Borrowed by the world. */
struct world_tools {
    const struct gazetteer       *gazetteer;
    const struct language_tables *language;
    const struct identity_model  *model;
    const struct policy          *policy;
    struct vault                 *vault;
    const struct source_table    *sources;
    size_t                        memory_limit_bytes;
};

struct world;

/* An empty world; NULL when memory is out. */
struct world *world_make(const struct world_tools *tools);
/* Dropping NULL does nothing. */
void world_drop(struct world *world);

/* Fills an empty world from PostgreSQL and sets the id counters behind the highest stored ids (world_load.c). Sealed
 * values are opened on all cores; no thread is left when it returns. */
enum db_status world_load(struct world *world, struct db *db, struct engine_counters *counters);
/* Of an empty world only the mentions and the decisions on them. */
enum db_status world_load_identity(struct world *world, struct db *db);

const struct world_tools *world_tools(const struct world *world);

struct identity_index *world_identity(struct world *world);
struct exposure_index *world_exposure(struct world *world);
/* Forgets all situations and pairs: another policy makes them anew. False when memory is out. */
bool                world_clear_exposure(struct world *world);
struct place_index *world_places(struct world *world);
/* Residents are mention ids. */
struct place_reach *world_reach(struct world *world);
struct shifts      *world_shifts(struct world *world);
struct disputes    *world_disputes(struct world *world);
/* Of all live records. */
const struct unit_index *world_units(const struct world *world);

/* The facts of a live record, or NULL. */
const struct record_facts *world_facts(const struct world *world, int64_t record_id);

/* Makes room for the facts of `count` records up to `highest_record_id` that state so many addresses in all, so that
 * the merge cannot fail. */
bool world_reserve_facts(struct world *world, int64_t highest_record_id, size_t count, size_t addresses);
void world_put_facts(struct world *world, const struct record_facts *facts);
void world_remove_facts(struct world *world, int64_t record_id);

/*
 * The live child and risk records, whose persons are the only ones with exposures. The array is valid until the next
 * world_put_facts(); entries of withdrawn records are skipped by world_facts() being NULL.
 */
const int64_t *world_interest(const struct world *world, size_t *count);

struct world_counts {
    size_t records, places, used_bytes;
};
struct world_counts world_counts(const struct world *world);

/* mention ids are made of the record and the slot: no table is needed between them. */
static inline int64_t world_mention_id(int64_t record_id, unsigned slot)
{
    return record_id * FACTS_SLOTS + (int64_t)slot;
}

static inline int64_t world_record_of(int64_t mention_id)
{
    return mention_id / FACTS_SLOTS;
}

static inline unsigned world_slot_of(int64_t mention_id)
{
    return (unsigned)(mention_id % FACTS_SLOTS);
}

#endif
