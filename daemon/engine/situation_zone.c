/* Barred places and the gates of schools; see situation_zone.h.
 * Deliberately a place of its own for every order: an approved home is approved against all of them. */
#include "daemon/engine/situation_zone.h"

#include "daemon/engine/situation_home.h"

static void add_place(struct zone_place *places, size_t *count, const struct situation_scope *scope,
                      const struct record_facts *facts, const struct facts_residence *stated)
{
    if (*count == ZONE_PLACES)
        return;
    places[(*count)++] = (struct zone_place){
        .at       = situation_home(scope->tools, scope->world, facts, stated),
        .radius_m = stated->radius_m > 0 ? stated->radius_m : scope->tools->policy->radii.barred_place_m,
    };
}

void zone_add(struct zone *zone, const struct situation_scope *scope, const struct record_facts *facts)
{
    if (facts->type != FEED_ORDER || !facts->is_prohibition || !facts_count_on(facts, scope->today))
        return;
    zone->bars_schools = zone->bars_schools || facts->names_schools;
    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *stated = &facts->residences[i];
        if (stated->use == FACTS_BARRED)
            add_place(zone->barred, &zone->barred_count, scope, facts, stated);
        if (stated->use == FACTS_APPROVED)
            add_place(zone->approved, &zone->approved_count, scope, facts, stated);
    }
}

/* The same building, or within the radius of its point. */
static bool holds(const struct zone_place *place, const struct exposure_residence *home)
{
    const struct proximity_point a = { place->at.lon, place->at.lat }, b = { home->lon, home->lat };

    if (place->at.building_key != 0 && place->at.building_key == home->building_key)
        return true;
    return place->at.has_point && home->has_point && proximity_distance_m(a, b) <= place->radius_m;
}

static bool holds_any(const struct zone_place *places, size_t count, const struct exposure_residence *home)
{
    for (size_t i = 0; i < count; i++) {
        if (holds(&places[i], home))
            return true;
    }
    return false;
}

/* ---- gates of schools ---- */

struct gate_search {
    const struct situation_scope *scope;
    bool                          is_found;
};

static bool find_gate(void *context, int64_t record_id)
{
    struct gate_search *search = context;

    /* The batch may have moved or closed that school: it is asked below. */
    search->is_found = people_record(search->scope->people, record_id) == NULL;
    return !search->is_found;
}

static bool has_gate_within(const struct record_facts *school, const struct exposure_residence *home, double radius_m)
{
    struct proximity_point gate;

    for (size_t i = 0; unit_index_gate(school, i, &gate.lon, &gate.lat); i++) {
        if (proximity_distance_m(gate, (struct proximity_point){ home->lon, home->lat }) <= radius_m)
            return true;
    }
    return false;
}

static bool is_at_a_gate(const struct situation_scope *scope, const struct exposure_residence *home)
{
    const double       radius_m = scope->tools->policy->radii.school_zone_m;
    const size_t       changed  = scope->batch != NULL ? scope->batch->record_count : 0;
    struct gate_search search   = { scope, false };

    if (!home->has_point)
        return false;
    unit_index_visit_gates(world_units(scope->world), home->lon, home->lat, radius_m, find_gate, &search);
    for (size_t i = 0; !search.is_found && i < changed; i++) {
        const struct batch_record *record = &scope->batch->records[i];
        const struct record_facts *school =
            record->type == FEED_SCHOOL ? people_facts(scope->people, record->record_id) : NULL;
        search.is_found = school != NULL && has_gate_within(school, home, radius_m);
    }
    return search.is_found;
}

static void mark(const struct zone *zone, const struct situation_scope *scope, struct exposure_residence *home)
{
    home->in_barred_zone =
        (holds_any(zone->barred, zone->barred_count, home) || (zone->bars_schools && is_at_a_gate(scope, home))) &&
        !holds_any(zone->approved, zone->approved_count, home);
}

void zone_mark(const struct zone *zone, const struct situation_scope *scope, struct person_situation *situation)
{
    if (zone->barred_count == 0 && !zone->bars_schools)
        return;
    for (size_t i = 0; i < situation->residence_count; i++)
        mark(zone, scope, &situation->residences[i]);
    for (size_t i = 0; i < situation->workplace_count; i++)
        mark(zone, scope, &situation->workplaces[i]);
}
