/* Coordinate mistakes by feed; see shifts.h.
 * Only house numbers and better serve as reference: a group's middle is too vague. */
#include "daemon/engine/shifts.h"

#include "daemon/common/log.h"

static struct coordinate_shift *of_source(struct shifts *shifts, int16_t source_id)
{
    return source_id > 0 && source_id < SOURCES_MAX ? &shifts->by_source[source_id] : NULL;
}

static void tell(struct shifts *shifts, int16_t source_id, const struct coordinate_shift *shift)
{
    const enum coordinate_mistake verdict = coordinate_shift_verdict(shift);

    if (shifts->told[source_id] == verdict)
        return;
    shifts->told[source_id] = (uint8_t)verdict;
    log_warning("feed_points_shifted", log_number("source", source_id),
                log_word("mistake", coordinate_mistake_word(verdict)), log_number("points", shift->mistakes[verdict]),
                log_number("of", shift->points));
}

void shifts_note(struct shifts *shifts, const struct place_index *places, int16_t source_id,
                 const struct address_features *address, double lon, double lat)
{
    struct coordinate_shift *shift   = of_source(shifts, source_id);
    const struct located     located = place_index_locate(places, address);

    if (shift == NULL || !located.has_point || located.precision < LOCATED_NUMBER)
        return;
    (void)coordinate_shift_note(shift, lon, lat, located.lon, located.lat, (double)located.uncertainty_m);
    tell(shifts, source_id, shift);
}

enum coordinate_mistake shifts_verdict(const struct shifts *shifts, int16_t source_id)
{
    return source_id > 0 && source_id < SOURCES_MAX ? (enum coordinate_mistake)shifts->told[source_id]
                                                    : COORDINATE_MISTAKE_NONE;
}

size_t shifts_count(const struct shifts *shifts)
{
    size_t count = 0;

    for (size_t i = 0; i < SOURCES_MAX; i++)
        count += shifts->told[i] != COORDINATE_MISTAKE_NONE;
    return count;
}
