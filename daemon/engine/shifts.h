/* Which feeds send points that lie off their own addresses as a mixed-up coordinate system would put them.
 * Deliberately in memory only: after a new start some points are enough to find out again. */
#ifndef HULEI_DAEMON_ENGINE_SHIFTS_H
#define HULEI_DAEMON_ENGINE_SHIFTS_H

#include "daemon/engine/sources.h"
#include "matchers/address/address.h"
#include "matchers/address/coordinate_shift.h"

struct shifts {
    struct coordinate_shift by_source[SOURCES_MAX]; /* by source id */
    uint8_t                 told[SOURCES_MAX];      /* enum coordinate_mistake, as last logged */
};

/* Compares a stated CGCS2000 point with where the library has the address; logs when the source's verdict changes. */
void shifts_note(struct shifts *shifts, const struct place_index *places, int16_t source_id,
                 const struct address_features *address, double lon, double lat);

enum coordinate_mistake shifts_verdict(const struct shifts *shifts, int16_t source_id);

/* How many sources are mistaken now. */
size_t shifts_count(const struct shifts *shifts);

#endif
