/* The emergency path: a thread of the courier with a lease, a connection, an intake and a relay of its own, so that no
 * ordinary record, alert or answer stands before a call for help (DESIGN.md 9). */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_H
#define HULEI_DAEMON_COURIER_EMERGENCY_H

#include "daemon/common/config.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/courier/posts.h"

#include <stdbool.h>
#include <stddef.h>

struct emergency;

/*
 * Loads what it needs (feeds, policy, keys, certificates) and starts the thread; all arguments are borrowed until
 * emergency_stop(). NULL on failure, with `error` filled.
 */
struct emergency *emergency_start(const struct config *config, const struct posts *posts,
                                  const struct view_policy *views, char *error, size_t error_size);

/* False once the thread ended by itself: the database or the rights are broken, and the process should end. */
bool emergency_is_well(const struct emergency *emergency);

/* Ends the thread after its present step and frees everything; NULL does nothing. */
void emergency_stop(struct emergency *emergency);

#endif
