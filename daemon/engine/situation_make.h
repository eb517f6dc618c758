/* One person's situation, made anew from all her or his live records (matchers/tier/exposure.h). */
#ifndef HULEI_DAEMON_ENGINE_SITUATION_MAKE_H
#define HULEI_DAEMON_ENGINE_SITUATION_MAKE_H

#include "daemon/engine/batch.h"
#include "daemon/engine/people.h"
#include "daemon/engine/world.h"

enum { SITUATION_MEMBERS_MAX = 512 };

struct situation_scope {
    const struct world_tools *tools;
    struct world             *world;
    const struct people      *people;
    const struct batch       *batch; /* NULL: none */
    struct store_batch       *rows;  /* takes the ends of concerns; NULL: nothing is written */
    int32_t                   today; /* days since 1970, China Standard Time */
    int32_t                   now_h; /* the same in hours */
};

void situation_make(const struct situation_scope *scope, int64_t person, struct person_situation *situation);

#endif
