/* Live records into situations: everything that decides one person's pairs (matchers/tier/exposure.h). */
#ifndef HULEI_DAEMON_ENGINE_SITUATIONS_H
#define HULEI_DAEMON_ENGINE_SITUATIONS_H

#include "daemon/engine/dirty.h"
#include "daemon/engine/situation_make.h"

/*
 * Puts the situation of every touched person into the exposure batch: persons of changed mentions, children whose
 * caregiver became another person, whoever a changed school concerns, and whoever's turn it is. False when the arena
 * is full.
 */
bool situations_update(const struct situation_scope *scope, const struct dirty_turn *turn,
                       struct exposure_batch *exposures, struct arena *arena);

/* At take-over: every person's situation straight into the index, so that the batches that follow, a slice each, see
 * both sides of a pair. False when memory is out. */
bool situations_load(const struct situation_scope *scope);

#endif
