/* Who is at the other end of the socket. */
#ifndef HULEI_DAEMON_CONSOLE_REVIEWER_H
#define HULEI_DAEMON_CONSOLE_REVIEWER_H

#include "daemon/common/db.h"

#include <stdint.h>
#include <sys/types.h>

enum reviewer_status {
    REVIEWER_OK = 0,
    REVIEWER_ROOT,       /* root can be anybody, so it is nobody */
    REVIEWER_NO_ACCOUNT, /* no account is bound to this OS user */
    REVIEWER_LOCKED,
    REVIEWER_NOT_REVIEWER,
    REVIEWER_DATABASE, /* the database does not answer */
};

struct reviewer {
    int64_t account_id;
    char    name[80];
    char    os_user[64];
};

/* On any status but REVIEWER_OK, *reviewer is left untouched. */
enum reviewer_status reviewer_find(struct db *db, uid_t user, struct reviewer *reviewer);

/* Begins a transaction as this person: what may be seen in it, the database decides. */
enum db_status reviewer_begin(struct db *db, const struct reviewer *reviewer);

/* A sentence for the caller; "" for REVIEWER_OK. */
const char *reviewer_complaint(enum reviewer_status status);

#endif
