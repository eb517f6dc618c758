/* Emergencies that came on an ordinary feed: the engine left them sealed in the outbox, and they are taken from there
 * as those of the emergency topics are (FEEDS.md), without the promise of one second. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_HANDED_H
#define HULEI_DAEMON_COURIER_EMERGENCY_HANDED_H

#include "daemon/common/lease.h"
#include "daemon/courier/emergency_message.h"

#include <stddef.h>

/*
 * Takes what waits, each in a transaction of its own; uses and resets the arena. *alerts: how many alerts now wait in
 * the outbox. One that does not open stays where it is, and holds up no other.
 */
enum db_status emergency_handed_step(const struct emergency_message_tools *tools, struct lease *lease, size_t *alerts);

#endif
