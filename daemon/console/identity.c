/* Identity answers; see identity.h.
 * Knows no mention but those the reviewer names: which ones a task is about, the database function says. */
#include "daemon/console/identity.h"

#include "daemon/common/db_array.h"
#include "daemon/console/refusal.h"

#include <stdio.h>
#include <stdlib.h>

static struct db_param text_or_null(const char *text)
{
    return text[0] != '\0' ? db_text(text) : (struct db_param){ NULL, 0, false };
}

static enum db_status decide(struct db *db, const struct reviewer *reviewer, const struct request *request,
                             const char *task_id, PGresult **result)
{
    char            account[24];
    struct db_array apart;
    struct db_param refs   = { NULL, 0, false };
    enum db_status  status = DB_RETRY;

    snprintf(account, sizeof account, "%lld", (long long)reviewer->account_id);
    db_array_init(&apart, DB_ARRAY_INT8);
    for (size_t i = 0; i < request->apart_count; i++)
        db_array_add_number(&apart, request->apart[i]);
    if (request->apart_count == 0 || db_array_param(&apart, &refs)) {
        const struct db_param params[] = {
            db_text(task_id),           db_text(account),         text_or_null(request->side),
            db_text(request->verdict),  db_text(request->reason), refs,
            text_or_null(request->seen)
        };
        status = db_run(db, &statement_console_identity, params, 7, result);
    }
    db_array_clear(&apart);
    return status;
}

json_t *identity_answer(struct db *db, const struct reviewer *reviewer, const struct request *request,
                        const char *task_id)
{
    PGresult      *result = NULL;
    enum db_status status = decide(db, reviewer, request, task_id, &result);

    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    json_t *answer = status != DB_OK ? refusal_answer(db, status)
                                     : json_pack("{s:b, s:s, s:s, s:s, s:i}", "ok", 1, "task", request->task, "verdict",
                                                 request->verdict, "side", PQgetvalue(result, 0, 0), "records",
                                                 (int)strtol(PQgetvalue(result, 0, 1), NULL, 10));
    PQclear(result);
    return answer;
}
