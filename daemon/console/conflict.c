/* Who was faster; see conflict.h.
 * Reads what the caller may see and decides nothing. */
#include "daemon/console/conflict.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *describe(const PGresult *last, const struct request *request, const char *error)
{
    char message[256];

    snprintf(message, sizeof message, "%s was faster: %s at %s, the pair is %s now; %s", PQgetvalue(last, 0, 0),
             PQgetvalue(last, 0, 1), PQgetvalue(last, 0, 2), PQgetvalue(last, 0, 4),
             request->op == REQUEST_UNDO ? "look at it again" : "show it again and decide anew");
    json_t *answer = answer_refused(error, message);
    json_t *facts =
        json_pack("{s:s, s:s, s:i, s:s}", "by", PQgetvalue(last, 0, 0), "event", PQgetvalue(last, 0, 1), "version",
                  (int)strtol(PQgetvalue(last, 0, 3), NULL, 10), "state", PQgetvalue(last, 0, 4));

    json_object_update(answer, facts);
    json_decref(facts);
    return answer;
}

json_t *conflict_answer(struct db *db, const struct reviewer *reviewer, const struct request *request,
                        const char *error)
{
    const struct db_param param  = db_text(request->task);
    PGresult             *last   = NULL;
    json_t               *answer = NULL;

    if (reviewer_begin(db, reviewer) == DB_OK) {
        if (db_run(db, &statement_console_last, &param, 1, &last) == DB_OK && PQntuples(last) == 1)
            answer = describe(last, request, error);
        db_rollback(db);
    }
    PQclear(last);
    return answer != NULL ? answer : answer_refused(error, "it changed in between; show it again and decide anew");
}
