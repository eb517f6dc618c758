/* The places from which orders bar a person, and the homes they allow all the same (rule R4). */
#ifndef HULEI_DAEMON_ENGINE_SITUATION_ZONE_H
#define HULEI_DAEMON_ENGINE_SITUATION_ZONE_H

#include "daemon/engine/situation_make.h"

enum { ZONE_PLACES = 48 };

struct zone_place {
    struct exposure_residence at;
    double                    radius_m;
};

/* Zeroed: nothing is barred. */
struct zone {
    struct zone_place barred[ZONE_PLACES], approved[ZONE_PLACES];
    size_t            barred_count, approved_count;
    bool              bars_schools;
};

/* Takes a prohibition order that is in force; other records do nothing. */
void zone_add(struct zone *zone, const struct situation_scope *scope, const struct record_facts *facts);

/* Marks residences and workplaces that lie in the zone. */
void zone_mark(const struct zone *zone, const struct situation_scope *scope, struct person_situation *situation);

#endif
