/* A notice for the district's gateway: tier, post, deadline and number, and the phones of who is on duty now.
 * Says nothing of what an alert is about. */
#ifndef HULEI_DAEMON_COURIER_NOTICE_H
#define HULEI_DAEMON_COURIER_NOTICE_H

#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "daemon/courier/due.h"

/*
 * The CloudEvents message of a row of kind `notice`, as text the caller frees. Nobody on duty: it goes without a phone,
 * and the gateway knows the post. NULL: the database does not answer, or there is no memory; try again.
 */
char *notice_render(const struct due_row *due, const char *shard, struct vault *vault, struct db *db);

#endif
