/* Deadlines of people who decide: reviews and signatures that are late, and pairs to be looked at again.
 * Sends nothing: what is due, the database says, and the relay carries what came of it. */
#ifndef HULEI_DAEMON_COURIER_REVIEWS_H
#define HULEI_DAEMON_COURIER_REVIEWS_H

#include "daemon/common/db.h"
#include "daemon/common/lease.h"

#include <stdbool.h>

/* One look, in a transaction of its own; *has_more: what one look takes was not all. Twice is once. */
enum db_status reviews_step(struct db *db, struct lease *lease, bool *has_more);

#endif
