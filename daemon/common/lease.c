/* Leadership by a row; see lease.h.
 * Never an advisory lock: a stopped process would keep it. */
#include "daemon/common/lease.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lease_init(struct lease *lease, const char *role)
{
    char host[32] = "host";

    gethostname(host, sizeof host - 1);
    *lease = (struct lease){ .role = role };
    snprintf(lease->owner, sizeof lease->owner, "%s:%d:%08x", host, (int)getpid(), randombytes_random());
}

/* Ends the backend of a holder that went silent, so that its row lock goes. */
static enum db_status end_old_backend(struct lease *lease, struct db *db)
{
    const struct db_param params[] = { db_text(lease->role), db_text(lease->owner) };

    return db_run(db, &statement_lease_end_old, params, 2, NULL);
}

enum db_status lease_acquire(struct lease *lease, struct db *db)
{
    const struct db_param params[] = { db_text(lease->role), db_text(lease->owner) };
    PGresult             *result   = NULL;

    lease->fence          = 0;
    enum db_status status = end_old_backend(lease, db);
    if (status == DB_OK)
        status = db_run(db, &statement_lease_take, params, 2, &result);
    if (status != DB_OK)
        return status;
    if (PQntuples(result) == 1)
        lease->fence = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    if (lease->fence > 0)
        log_info("lease_taken", log_number("fence", lease->fence));
    return DB_OK;
}

bool lease_try(struct lease *lease, struct db *db, int wait_ms)
{
    if (lease_acquire(lease, db) == DB_OK && lease->fence > 0)
        return true;
    if (!db_is_connected(db))
        db_reconnect(db);
    clock_wait_ms(wait_ms);
    return false;
}

enum db_status lease_check(struct lease *lease, struct db *db)
{
    char fence[24];

    snprintf(fence, sizeof fence, "%lld", (long long)lease->fence);
    const struct db_param params[] = { db_text(lease->role), db_text(fence) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_lease_check, params, 2, &result);
    if (status != DB_OK)
        return status;
    const bool is_held = PQntuples(result) == 1;
    PQclear(result);
    return is_held ? DB_OK : DB_REFUSED;
}

void lease_release(struct lease *lease, struct db *db)
{
    char fence[24];

    if (lease->fence == 0)
        return;
    snprintf(fence, sizeof fence, "%lld", (long long)lease->fence);
    const struct db_param params[] = { db_text(lease->role), db_text(fence) };
    db_run(db, &statement_lease_release, params, 2, NULL);
    lease->fence = 0;
}
