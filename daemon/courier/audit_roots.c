/* Signed statements of the audit lanes; see audit_roots.h.
 * Reads no entry: the database says where the lanes stand, the auditor compares. */
#include "daemon/courier/audit_roots.h"

#include "daemon/common/audit_root.h"
#include "daemon/common/db_array.h"
#include "daemon/common/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum draft_column { DRAFT_NUMBER, DRAFT_AT, DRAFT_EPOCH, DRAFT_PREVIOUS, DRAFT_LANES };

static enum db_status put(struct db *db, const PGresult *draft, const char *line)
{
    const struct db_param params[] = {
        db_text(PQgetvalue(draft, 0, DRAFT_NUMBER)),
        db_text(PQgetvalue(draft, 0, DRAFT_AT)),
        db_text(PQgetvalue(draft, 0, DRAFT_EPOCH)),
        db_text(PQgetvalue(draft, 0, DRAFT_LANES)),
        db_binary(line, strlen(line)),
        db_text(AUDIT_ROOTS_TOPIC),
    };

    return db_run(db, &statement_courier_root_put, params, sizeof params / sizeof params[0], NULL);
}

static char *sign(const PGresult *draft, const char *shard, struct sign_key *key)
{
    json_t                       *lanes  = json_loads(PQgetvalue(draft, 0, DRAFT_LANES), 0, NULL);
    const struct audit_root_draft wanted = {
        .shard    = shard,
        .number   = strtoll(PQgetvalue(draft, 0, DRAFT_NUMBER), NULL, 10),
        .at       = PQgetvalue(draft, 0, DRAFT_AT),
        .epoch    = strtoll(PQgetvalue(draft, 0, DRAFT_EPOCH), NULL, 10),
        .previous = PQgetvalue(draft, 0, DRAFT_PREVIOUS),
        .lanes    = lanes,
    };
    char *line = lanes != NULL ? audit_root_sign(&wanted, key) : NULL;

    json_decref(lanes);
    return line;
}

/* The next statement, in one transaction with its outbox row and the next key. */
static enum db_status make(struct db *db, struct lease *lease, const struct config *config, struct sign_key *key)
{
    PGresult      *draft  = NULL;
    char          *line   = NULL;
    enum db_status status = db_begin(db);

    if (status == DB_OK)
        status = lease_check(lease, db);
    if (status == DB_OK)
        status = db_run(db, &statement_courier_root_draft, NULL, 0, &draft);
    if (status == DB_OK && PQntuples(draft) == 1) {
        line   = sign(draft, config->shard, key);
        status = line != NULL ? put(db, draft, line) : DB_RETRY;
    }
    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    free(line);
    PQclear(draft);
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

/* A whole line each, on the disk before it counts as filed. */
static bool append(const char *path, const PGresult *lines)
{
    const int file    = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    bool      is_done = file >= 0;

    for (int row = 0; row < PQntuples(lines) && is_done; row++) {
        const size_t length = (size_t)PQgetlength(lines, row, 1);
        char        *line   = malloc(length + 1);
        if (line == NULL) {
            is_done = false;
            break;
        }
        memcpy(line, PQgetvalue(lines, row, 1), length);
        line[length] = '\n';
        is_done      = write(file, line, length + 1) == (ssize_t)(length + 1);
        free(line);
    }
    is_done = is_done && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return is_done;
}

static enum db_status file_new(struct db *db, const char *path)
{
    PGresult      *lines  = NULL;
    enum db_status status = db_run_binary(db, &statement_courier_root_unfiled, NULL, 0, &lines);
    const int      count  = status == DB_OK ? PQntuples(lines) : 0;

    if (count > 0 && !append(path, lines)) {
        log_error("audit_roots_not_filed", log_number("waiting", count));
        PQclear(lines);
        return DB_OK; /* tried again at the next turn; the keys of these hours stay until then */
    }
    const struct db_param last = db_text(count > 0 ? PQgetvalue(lines, count - 1, 0) : "0");
    if (status == DB_OK)
        status = db_run(db, &statement_courier_root_filed, &last, 1, NULL);
    if (status == DB_OK && count > 0)
        log_info("audit_roots_filed", log_number("count", count));
    PQclear(lines);
    return status;
}

enum db_status audit_roots_step(struct db *db, struct lease *lease, const struct config *config, struct sign_key *key)
{
    enum db_status status = make(db, lease, config, key);

    if (status == DB_OK)
        status = file_new(db, config->courier.audit_roots);
    return status;
}
