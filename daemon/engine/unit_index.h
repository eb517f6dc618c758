/* Which live records name a school or another unit, and where the gates of the schools are.
 * Deliberately without persons: whoever asks knows the records. */
#ifndef HULEI_DAEMON_ENGINE_UNIT_INDEX_H
#define HULEI_DAEMON_ENGINE_UNIT_INDEX_H

#include "daemon/engine/facts.h"
#include "matchers/proximity/proximity.h"

struct unit_index {
    struct keymap         records; /* unit -> record id */
    struct proximity_grid gates;   /* ids are those of school records */
};

void unit_index_init(struct unit_index *units, struct pool_memory *memory);
void unit_index_clear(struct unit_index *units);

/* Makes sure that the next so many records with so many addresses in all can be added. False when memory is out. */
bool unit_index_reserve(struct unit_index *units, size_t records, size_t addresses);
/* Needs a reserve before. */
void unit_index_add(struct unit_index *units, const struct record_facts *facts);
/* With the facts it was added with. */
void unit_index_remove(struct unit_index *units, const struct record_facts *facts);

/* False stops. */
typedef bool (*unit_visit)(void *context, int64_t record_id);

bool unit_index_visit(const struct unit_index *units, uint64_t unit, unit_visit visit, void *context);
/* Schools with a gate within the radius; the same one may come several times. */
bool unit_index_visit_gates(const struct unit_index *units, double lon, double lat, double radius_m, unit_visit visit,
                            void *context);

/* The point of gate `i` of a school, 0 first: its gates, or its own point when it states none. False behind the last.
 */
bool unit_index_gate(const struct record_facts *school, size_t i, double *lon, double *lat);

#endif
