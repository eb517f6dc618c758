/* An address as a record states it, placed with the help of the address library. */
#ifndef HULEI_DAEMON_ENGINE_SITUATION_HOME_H
#define HULEI_DAEMON_ENGINE_SITUATION_HOME_H

#include "daemon/engine/world.h"

struct exposure_residence situation_home(const struct world_tools *tools, struct world *world,
                                         const struct record_facts *facts, const struct facts_residence *stated);

#endif
