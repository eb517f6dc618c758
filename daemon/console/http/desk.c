/* The review desk; see desk.h.
 * The database says first that the task is open and the caller's, and writes the audit entry of the look. */
#include "daemon/console/http/desk.h"

#include "daemon/console/console_metrics.h"
#include "daemon/console/http/message.h"
#include "daemon/console/sheet.h"
#include "daemon/console/task_sheet.h"

/* The task's row, once it is the caller's to see; NULL with the problem in *reply. */
static PGresult *find_claimed(struct web_request *request, struct web_reply *reply)
{
    const struct db_param param = db_text(web_value(request, "task"));
    PGresult             *task  = NULL;

    if (!web_run(request, reply, &statement_console_http_task_authority, &param, 1, NULL) ||
        !web_run(request, reply, &statement_console_task, &param, 1, &task))
        return NULL;
    if (PQntuples(task) == 1)
        return task;
    PQclear(task);
    web_problem(reply, "not_found");
    return NULL;
}

void desk_sheet(struct web_request *request, struct web_reply *reply)
{
    json_t   *sides = NULL;
    PGresult *task  = find_claimed(request, reply);

    if (task == NULL)
        return;
    const enum db_status status =
        sheet_read(request->db, request->tools, PQgetvalue(task, 0, TASK_ID), request->session.account_id, &sides);
    if (status == DB_OK) {
        web_answer(reply, 200, task_sheet_make(task, sides));
        metric_add(&console_metrics[CONSOLE_LOOKS], 1);
    } else {
        web_problem_database(reply, request->db, status);
    }
    PQclear(task);
}

/* What every post would be told; nothing of it is stored or sent. */
void desk_views(struct web_request *request, struct web_reply *reply)
{
    const struct db_param param  = db_text(web_value(request, "task"));
    PGresult             *result = NULL;
    size_t                i;
    json_t               *facts;

    if (!web_run(request, reply, &statement_console_http_task_views, &param, 1, &result))
        return;
    json_t *posts    = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    json_t *previews = json_array();
    PQclear(result);
    json_array_foreach(posts, i, facts)
    {
        json_t *message = message_render(request, facts);
        if (message != NULL)
            json_array_append_new(previews, json_pack("{s:O, s:O, s:o}", "post", json_object_get(facts, "post"), "view",
                                                      json_object_get(facts, "view"), "message", message));
    }
    json_decref(posts);
    web_answer(reply, 200, json_pack("{s:o}", "items", previews));
}
