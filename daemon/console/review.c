/* The reviewer's requests; see review.h.
 * The database functions it calls write the audit entries, in the transaction of the look or the decision. */
#include "daemon/console/review.h"

#include "daemon/common/log.h"
#include "daemon/console/alerts.h"
#include "daemon/console/conflict.h"
#include "daemon/console/console_metrics.h"
#include "daemon/console/identity.h"
#include "daemon/console/protocol.h"
#include "daemon/console/refusal.h"
#include "daemon/console/reviewer.h"
#include "daemon/console/task_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *answer_list(struct review *review, const struct reviewer *reviewer)
{
    PGresult      *result = NULL;
    enum db_status status = reviewer_begin(review->db, reviewer);

    if (status != DB_OK)
        return refusal_answer(review->db, status);
    status = db_run(review->db, &statement_console_tasks, NULL, 0, &result);
    db_rollback(review->db); /* wrote nothing but its own session */
    if (status != DB_OK)
        return refusal_answer(review->db, status);
    json_t *tasks = json_array();
    for (int i = 0; i < PQntuples(result); i++) {
        json_t *task = json_pack(
            "{s:s, s:s, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s*}", "task", PQgetvalue(result, i, 0),
            "kind", PQgetvalue(result, i, 1), "tier", task_number(result, i, 2), "pair", PQgetvalue(result, i, 3),
            "version", task_number(result, i, 4), "rule", PQgetvalue(result, i, 5), "state", PQgetvalue(result, i, 6),
            "due", PQgetvalue(result, i, 7), "opened", PQgetvalue(result, i, 8), "overdue",
            PQgetvalue(result, i, 9)[0] == 't', "identity", PQgetvalue(result, i, 10), "clock",
            PQgetvalue(result, i, 11), "note", PQgetisnull(result, i, 12) ? NULL : PQgetvalue(result, i, 12));
        json_array_append_new(tasks, task);
    }
    PQclear(result);
    return json_pack("{s:b, s:o}", "ok", 1, "tasks", tasks);
}

/* The task's row, or NULL with *answer set. */
static PGresult *find_task(struct review *review, const struct request *request, json_t **answer)
{
    const struct db_param param  = db_text(request->task);
    PGresult             *result = NULL;
    const enum db_status  status = db_run(review->db, &statement_console_task, &param, 1, &result);

    if (status != DB_OK) {
        *answer = refusal_answer(review->db, status);
        return NULL;
    }
    if (PQntuples(result) != 1)
        *answer = answer_refused("unknown_task", "no such task; `hulei review list` shows the open ones");
    else if (PQgetisnull(result, 0, PAIR_ID) && request_event(request->op) != NULL)
        *answer = answer_refused("no_pair", "this task is not about a pair");
    if (*answer == NULL)
        return result;
    PQclear(result);
    return NULL;
}

static json_t *answer_show(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    json_t   *answer = NULL, *sides = NULL;
    PGresult *task = NULL;

    enum db_status status = reviewer_begin(review->db, reviewer);
    if (status != DB_OK)
        return refusal_answer(review->db, status);
    task = find_task(review, request, &answer);
    if (task == NULL) {
        db_rollback(review->db);
        return answer;
    }
    if (strcmp(PQgetvalue(task, 0, TASK_STATE), "open") != 0) {
        PQclear(task);
        db_rollback(review->db);
        return answer_refused("task_closed", "this task is closed, and with it the sheet");
    }
    status = sheet_read(review->db, &review->tools, PQgetvalue(task, 0, TASK_ID), reviewer->account_id, &sides);
    if (status == DB_OK)
        status = db_commit(review->db); /* nothing is shown before its entry stands */
    else
        db_rollback(review->db);
    if (status == DB_OK) {
        answer = task_sheet_make(task, sides);
        json_object_set_new(answer, "ok", json_true());
        metric_add(&console_metrics[CONSOLE_LOOKS], 1);
    } else {
        answer = refusal_answer(review->db, status);
        json_decref(sides);
    }
    PQclear(task);
    return answer;
}

static char *decision_detail(const struct reviewer *reviewer, const struct request *request, const PGresult *task)
{
    json_t *detail =
        json_pack("{s:I, s:I, s:s}", "task_id", (json_int_t)strtoll(PQgetvalue(task, 0, TASK_ID), NULL, 10),
                  "account_id", (json_int_t)reviewer->account_id, "reason_code", request->reason);
    char *text = json_dumps(detail, JSON_COMPACT);

    json_decref(detail);
    return text;
}

static enum db_status decide(struct review *review, const struct reviewer *reviewer, const struct request *request,
                             const PGresult *task, json_t **answer)
{
    char        version[16];
    const char *event  = request_event(request->op);
    PGresult   *result = NULL;

    snprintf(version, sizeof version, "%d",
             request->version > 0 ? request->version : task_number(task, 0, PAIR_VERSION));
    char                 *detail   = decision_detail(reviewer, request, task);
    const struct db_param params[] = { db_text(PQgetvalue(task, 0, PAIR_ID)), db_text(version), db_text(event),
                                       db_text(reviewer->name), db_text(detail) };
    enum db_status        status   = db_run(review->db, &statement_console_decide, params, 5, &result);
    free(detail);
    if (status != DB_OK)
        return status;
    *answer =
        json_pack("{s:b, s:s, s:s, s:i, s:s}", "ok", 1, "task", request->task, "pair", PQgetvalue(task, 0, PAIR_PUBLIC),
                  "version", task_number(result, 0, 0), "state", PQgetvalue(result, 0, 1));
    PQclear(result);
    return DB_OK;
}

/* A review asks for other answers than a signature does; NULL when the answer fits. */
static json_t *wrong_door(const PGresult *task, const struct request *request)
{
    const bool is_signature = strcmp(PQgetvalue(task, 0, TASK_KIND), "sign") == 0;

    if (request->op == REQUEST_UNDO || is_signature == (request->op == REQUEST_SIGN || request->op == REQUEST_REFUSE))
        return NULL;
    return is_signature ? answer_refused("sign_or_refuse", "this pair is accepted and waits for a second person: "
                                                           "`hulei review sign TASK` or `refuse TASK`")
                        : answer_refused("not_waiting", "this task asks for a review, not for a signature");
}

static json_t *answer_decision(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    json_t        *answer = NULL;
    enum db_status status = reviewer_begin(review->db, reviewer);

    if (status != DB_OK)
        return refusal_answer(review->db, status);
    PGresult *task = find_task(review, request, &answer);
    if (task == NULL) {
        db_rollback(review->db);
        return answer;
    }
    if (request->op != REQUEST_UNDO && strcmp(PQgetvalue(task, 0, TASK_STATE), "open") != 0) {
        PQclear(task);
        db_rollback(review->db);
        return conflict_answer(review->db, reviewer, request, "task_closed");
    }
    answer = wrong_door(task, request);
    if (answer != NULL) {
        PQclear(task);
        db_rollback(review->db);
        return answer;
    }
    status = decide(review, reviewer, request, task, &answer);
    if (status == DB_OK)
        status = db_commit(review->db);
    else
        db_rollback(review->db);
    PQclear(task);
    if (status == DB_OK) {
        metric_add(&console_metrics[CONSOLE_DECISIONS], 1);
        return answer;
    }
    json_decref(answer);
    if (status == DB_REFUSED && strcmp(db_sqlstate(review->db), "HL001") == 0)
        return conflict_answer(review->db, reviewer, request, "version_conflict");
    return refusal_answer(review->db, status);
}

static json_t *answer_identity(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    json_t              *answer = NULL;
    const enum db_status status = reviewer_begin(review->db, reviewer);

    if (status != DB_OK)
        return refusal_answer(review->db, status);
    PGresult *task = find_task(review, request, &answer);
    if (task == NULL) {
        db_rollback(review->db);
        return answer;
    }
    answer = identity_answer(review->db, reviewer, request, PQgetvalue(task, 0, TASK_ID));
    PQclear(task);
    if (json_is_true(json_object_get(answer, "ok")))
        metric_add(&console_metrics[CONSOLE_DECISIONS], 1);
    return answer;
}

/* What is only counted, or one community of it opened: the same functions as over HTTP. */
static json_t *answer_counted(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    const bool              is_open = request->op == REQUEST_OPEN;
    const struct db_param   param   = db_text(request->area);
    const struct statement *asked   = is_open ? &statement_console_counted_open : &statement_console_counted;
    PGresult               *result  = NULL;
    json_t                 *answer  = NULL;
    enum db_status          status  = reviewer_begin(review->db, reviewer);

    if (status == DB_OK)
        status = db_run(review->db, asked, &param, is_open ? 1 : 0, &result);
    if (status == DB_OK)
        status = db_commit(review->db);
    else
        db_rollback(review->db);
    if (status != DB_OK)
        answer = refusal_answer(review->db, status);
    else if (PQgetisnull(result, 0, 0))
        answer = answer_refused("unknown_area", "nothing is counted there; `hulei review counted` shows where");
    else
        answer = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    if (status == DB_OK && !PQgetisnull(result, 0, 0))
        json_object_set_new(answer, "ok", json_true());
    PQclear(result);
    return answer;
}

/* NULL: the caller is this reviewer; else the refusal. */
static json_t *refuse_stranger(struct review *review, uid_t user, struct reviewer *reviewer)
{
    enum reviewer_status who = reviewer_find(review->db, user, reviewer);

    /* A server that was restarted shows only at the first question; nothing was written yet. */
    if (who == REVIEWER_DATABASE && db_reconnect(review->db))
        who = reviewer_find(review->db, user, reviewer);
    if (who == REVIEWER_OK)
        return NULL;
    log_warning("request_denied", log_number("uid", (int64_t)user), log_number("why", who));
    metric_add(&console_metrics[CONSOLE_DENIED], 1);
    return answer_refused(who == REVIEWER_DATABASE ? "database" : "denied", reviewer_complaint(who));
}

static json_t *answer_request(struct review *review, uid_t user, const struct request *request)
{
    struct reviewer reviewer;
    json_t         *refusal = refuse_stranger(review, user, &reviewer);

    if (refusal != NULL)
        return refusal;
    switch (request->op) {
    case REQUEST_LIST:
        return answer_list(review, &reviewer);
    case REQUEST_SHOW:
        return answer_show(review, &reviewer, request);
    case REQUEST_ACCEPT:
    case REQUEST_REJECT:
    case REQUEST_NEEDS_INFO:
    case REQUEST_UNSURE:
    case REQUEST_SIGN:
    case REQUEST_REFUSE:
    case REQUEST_UNDO:
        return answer_decision(review, &reviewer, request);
    case REQUEST_IDENTITY:
        return answer_identity(review, &reviewer, request);
    case REQUEST_COUNTED:
    case REQUEST_OPEN:
        return answer_counted(review, &reviewer, request);
    }
    return answer_refused("malformed", "unknown op");
}

/* Takes `request`. */
static json_t *answer_alert(struct review *review, uid_t user, json_t *request)
{
    struct reviewer reviewer;
    json_t         *answer = refuse_stranger(review, user, &reviewer);

    if (answer == NULL)
        answer = alerts_answer(review->db, &reviewer, request);
    json_decref(request);
    return answer;
}

json_t *review_answer(void *context, uid_t user, const char *line, size_t length)
{
    struct review *review = context;
    struct request request;
    const char    *fault = NULL;

    metric_add(&console_metrics[CONSOLE_REQUESTS], 1);
    json_t *about_alerts = alerts_parse(line, length);
    if (about_alerts != NULL)
        return answer_alert(review, user, about_alerts);
    if (!request_parse(line, length, &request, &fault)) {
        metric_add(&console_metrics[CONSOLE_MALFORMED], 1);
        return answer_refused("malformed", fault);
    }
    json_t *answer = answer_request(review, user, &request);
    if (answer == NULL) {
        log_error("answer_not_made", log_number("op", request.op));
        answer = answer_refused("internal", "no answer could be made; tell the operator");
    }
    return answer;
}
