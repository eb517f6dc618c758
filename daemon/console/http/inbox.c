/* The inbox; see inbox.h.
 * Renders by the same table as the courier (views.yaml): no view shows more here than on its topic. */
#include "daemon/console/http/inbox.h"

#include "daemon/common/view/view.h"
#include "daemon/console/http/message.h"

#include <string.h>

static const char *text_of(const json_t *facts, const char *name)
{
    return json_string_value(json_object_get(facts, name));
}

/* The row of the list, out of what was read for the message. */
static json_t *row_of(const json_t *facts, const json_t *message)
{
    static const char *const members[] = { "alert",   "post",        "view",     "tier",   "msg",
                                           "state",   "outcome",     "created",  "ack_by", "act_by",
                                           "overdue", "provisional", "emergency" };
    json_t                  *row       = json_object();

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(row, members[i], json_object_get(facts, members[i]));
    json_object_set(row, "actions", json_object_get(message, "act"));
    return row;
}

/* What the post is asked to do stands in the views' table, not in the database. */
static void add_actions(const struct web_request *request, json_t *row)
{
    enum view view;

    if (view_parse(text_of(row, "view"), &view))
        json_object_set_new(row, "actions",
                            view_actions(view_policy_rights(request->views, view), text_of(row, "msg"),
                                         (int)json_integer_value(json_object_get(row, "tier")),
                                         json_is_true(json_object_get(row, "emergency"))));
}

void inbox_list(struct web_request *request, struct web_reply *reply)
{
    const struct db_param params[] = { db_text(web_value(request, "state")), db_text(web_value(request, "after")),
                                       db_text(web_value(request, "limit")) };
    PGresult             *result   = NULL;
    size_t                at       = 0;
    json_t               *row      = NULL;

    if (!web_run(request, reply, &statement_console_http_inbox, params, 3, &result))
        return;
    json_t *page = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    PQclear(result);
    if (page == NULL) {
        web_problem(reply, "internal");
        return;
    }
    json_array_foreach(json_object_get(page, "items"), at, row) add_actions(request, row);
    web_answer(reply, 200, page);
}

void inbox_show(struct web_request *request, struct web_reply *reply)
{
    const struct db_param params[] = { db_text(web_value(request, "alert")), db_text(web_value(request, "post")) };
    PGresult             *result   = NULL;

    if (!web_run(request, reply, &statement_console_http_inbox_message, params, 2, &result))
        return;
    json_t *facts   = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    json_t *message = facts != NULL ? message_render(request, facts) : NULL;
    PQclear(result);
    if (message == NULL)
        web_problem(reply, "internal");
    else
        web_answer(reply, 200,
                   json_pack("{s:o, s:O, s:O}", "row", row_of(facts, message), "message", message, "answers",
                             json_object_get(facts, "answers")));
    json_decref(message);
    json_decref(facts);
}
