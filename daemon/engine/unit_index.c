/* Units and gates; see unit_index.h. */
#include "daemon/engine/unit_index.h"

#include <assert.h>

void unit_index_init(struct unit_index *units, struct pool_memory *memory)
{
    keymap_init(&units->records, memory);
    proximity_init(&units->gates, memory);
}

void unit_index_clear(struct unit_index *units)
{
    keymap_clear(&units->records);
    proximity_clear(&units->gates);
}

bool unit_index_reserve(struct unit_index *units, size_t records, size_t addresses)
{
    return keymap_reserve(&units->records, records) && proximity_reserve(&units->gates, addresses);
}

bool unit_index_gate(const struct record_facts *school, size_t i, double *lon, double *lat)
{
    const struct facts_residence *found = NULL;
    size_t                        seen  = 0;

    for (unsigned k = 0; k < school->residence_count && found == NULL; k++) {
        const struct facts_residence *at = &school->residences[k];
        if (at->use == FACTS_GATE && at->has_point && seen++ == i)
            found = at;
    }
    for (unsigned k = 0; seen == 0 && i == 0 && k < school->residence_count && found == NULL; k++) {
        const struct facts_residence *at = &school->residences[k];
        if (at->use == FACTS_SCHOOL && at->has_point)
            found = at;
    }
    if (found == NULL)
        return false;
    *lon = found->lon;
    *lat = found->lat;
    return true;
}

void unit_index_add(struct unit_index *units, const struct record_facts *facts)
{
    struct proximity_item item  = { .id = (uint64_t)facts->record_id };
    bool                  is_in = true;

    if (facts->unit == 0)
        return;
    is_in = keymap_insert(&units->records, 0, facts->unit, (uint64_t)facts->record_id);
    for (size_t i = 0; facts->type == FEED_SCHOOL && unit_index_gate(facts, i, &item.point.lon, &item.point.lat); i++) {
        if (proximity_point_is_valid(item.point))
            is_in = proximity_insert(&units->gates, item) && is_in;
    }
    assert(is_in); /* everything was reserved */
    (void)is_in;
}

void unit_index_remove(struct unit_index *units, const struct record_facts *facts)
{
    struct proximity_point point;

    if (facts->unit == 0)
        return;
    keymap_remove(&units->records, 0, facts->unit, (uint64_t)facts->record_id);
    for (size_t i = 0; facts->type == FEED_SCHOOL && unit_index_gate(facts, i, &point.lon, &point.lat); i++) {
        if (proximity_point_is_valid(point))
            proximity_remove(&units->gates, (uint64_t)facts->record_id, point);
    }
}

bool unit_index_visit(const struct unit_index *units, uint64_t unit, unit_visit visit, void *context)
{
    const struct keymap_node *node = keymap_first(&units->records, 0, unit);

    for (; node != NULL; node = keymap_next(node)) {
        if (!visit(context, (int64_t)node->value))
            return false;
    }
    return true;
}

struct gate_search {
    unit_visit visit;
    void      *context;
};

static bool visit_hit(void *context, const struct proximity_hit *hit)
{
    const struct gate_search *search = context;

    return search->visit(search->context, (int64_t)hit->item.id);
}

bool unit_index_visit_gates(const struct unit_index *units, double lon, double lat, double radius_m, unit_visit visit,
                            void *context)
{
    const struct proximity_point point  = { lon, lat };
    struct gate_search           search = { visit, context };

    return !proximity_point_is_valid(point) ||
           proximity_query(&units->gates, point, 0, radius_m, PROXIMITY_NOMINAL, visit_hit, &search);
}
