/* The reviewer's requests; see review.h.
 * The database functions it calls write the audit entries, in the transaction of the look or the decision. */
#include "daemon/console/review.h"

#include "daemon/common/log.h"
#include "daemon/console/console_metrics.h"
#include "daemon/console/protocol.h"
#include "daemon/console/reviewer.h"
#include "daemon/console/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum task_column {
    TASK_ID,
    TASK_PUBLIC,
    TASK_KIND,
    TASK_STATE,
    TASK_TIER,
    PAIR_ID,
    PAIR_PUBLIC,
    PAIR_VERSION,
    PAIR_STATE,
    PAIR_RULE,
    PAIR_REASONS,
    PAIR_EVIDENCE,
    PAIR_POLICY,
    TASK_DUE,
};

/* What pair_event() says by its SQLSTATE. */
static const struct refusal {
    const char *sqlstate, *error, *message;
} refusals[] = {
    {"HL001",  "version_conflict", "the pair changed since you looked; show it again and decide anew"                 },
    { "HL002", "impossible",       "the pair is in a state in which this cannot be done"                              },
    { "HL003", "denied",           "only an unlocked reviewer decides"                                                },
    { "HL004", "identity_first",   "one of the two identities is only probable; it has to be decided first"           },
    { "HL005", "no_post",          "no active post answers for the areas of this pair; an operator must correct posts"},
    { "HL006", "too_late",         "the time to undo is over; the alert is on its way"                                },
};

/* Says what a database status means to the caller. */
static json_t *answer_database(const struct db *db, enum db_status status)
{
    const char *sqlstate = db_sqlstate(db);

    for (size_t i = 0; status == DB_REFUSED && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(sqlstate, refusals[i].sqlstate) == 0)
            return answer_refused(refusals[i].error, refusals[i].message);
    }
    if (status == DB_UNKNOWN)
        return answer_refused("unknown", "the link broke while the decision was written; list the tasks to see whether "
                                         "it was taken");
    log_warning("request_failed", log_word("sqlstate", sqlstate), log_word("constraint", db_constraint(db)));
    if (status == DB_RETRY)
        return answer_refused("database", "the database does not answer; try again");
    return answer_refused("refused", "the database refused this; tell the operator");
}

/* An integer column, as PostgreSQL writes it. */
static int number_at(const PGresult *result, int row, int column)
{
    return (int)strtol(PQgetvalue(result, row, column), NULL, 10);
}

static json_t *answer_list(struct review *review)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run(review->db, &statement_console_tasks, NULL, 0, &result);

    if (status != DB_OK)
        return answer_database(review->db, status);
    json_t *tasks = json_array();
    for (int i = 0; i < PQntuples(result); i++) {
        json_t *task =
            json_pack("{s:s, s:s, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:b}", "task", PQgetvalue(result, i, 0), "kind",
                      PQgetvalue(result, i, 1), "tier", number_at(result, i, 2), "pair", PQgetvalue(result, i, 3),
                      "version", number_at(result, i, 4), "rule", PQgetvalue(result, i, 5), "state",
                      PQgetvalue(result, i, 6), "due", PQgetvalue(result, i, 7), "opened", PQgetvalue(result, i, 8),
                      "overdue", PQgetvalue(result, i, 9)[0] == 't');
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
        *answer = answer_database(review->db, status);
        return NULL;
    }
    if (PQntuples(result) != 1)
        *answer = answer_refused("unknown_task", "no such task; `hulei review list` shows the open ones");
    else if (PQgetisnull(result, 0, PAIR_ID))
        *answer = answer_refused("no_pair", "this task is not about a pair");
    if (*answer == NULL)
        return result;
    PQclear(result);
    return NULL;
}

static json_t *make_sheet(const PGresult *task, json_t *child, json_t *risk)
{
    json_t *reasons  = json_loads(PQgetvalue(task, 0, PAIR_REASONS), 0, NULL);
    json_t *evidence = json_loads(PQgetvalue(task, 0, PAIR_EVIDENCE), 0, NULL);

    return json_pack("{s:b, s:s, s:s, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:o*, s:o*, s:o, s:o}", "ok", 1, "task",
                     PQgetvalue(task, 0, TASK_PUBLIC), "task_state", PQgetvalue(task, 0, TASK_STATE), "tier",
                     number_at(task, 0, TASK_TIER), "pair", PQgetvalue(task, 0, PAIR_PUBLIC), "version",
                     number_at(task, 0, PAIR_VERSION), "state", PQgetvalue(task, 0, PAIR_STATE), "rule",
                     PQgetvalue(task, 0, PAIR_RULE), "policy", PQgetvalue(task, 0, PAIR_POLICY), "due",
                     PQgetvalue(task, 0, TASK_DUE), "reasons", reasons, "evidence", evidence, "child", child, "risk",
                     risk);
}

static json_t *answer_show(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    json_t   *answer = NULL, *child = NULL, *risk = NULL;
    PGresult *task = NULL;

    enum db_status status = db_begin(review->db);
    if (status != DB_OK)
        return answer_database(review->db, status);
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
    status = sheet_read(review->db, review->vault, PQgetvalue(task, 0, TASK_ID), reviewer->account_id, &child, &risk);
    if (status == DB_OK)
        status = db_commit(review->db); /* nothing is shown before its entry stands */
    else
        db_rollback(review->db);
    if (status == DB_OK) {
        answer = make_sheet(task, child, risk);
        metric_add(&console_metrics[CONSOLE_LOOKS], 1);
    } else {
        answer = answer_database(review->db, status);
        json_decref(child);
        json_decref(risk);
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

    snprintf(version, sizeof version, "%d", request->version > 0 ? request->version : number_at(task, 0, PAIR_VERSION));
    char                 *detail   = decision_detail(reviewer, request, task);
    const struct db_param params[] = { db_text(PQgetvalue(task, 0, PAIR_ID)), db_text(version), db_text(event),
                                       db_text(reviewer->name), db_text(detail) };
    enum db_status        status   = db_run(review->db, &statement_console_decide, params, 5, &result);
    free(detail);
    if (status != DB_OK)
        return status;
    *answer =
        json_pack("{s:b, s:s, s:s, s:i, s:s}", "ok", 1, "task", request->task, "pair", PQgetvalue(task, 0, PAIR_PUBLIC),
                  "version", number_at(result, 0, 0), "state", PQgetvalue(result, 0, 1));
    PQclear(result);
    return DB_OK;
}

static json_t *answer_decision(struct review *review, const struct reviewer *reviewer, const struct request *request)
{
    json_t        *answer = NULL;
    enum db_status status = db_begin(review->db);

    if (status != DB_OK)
        return answer_database(review->db, status);
    PGresult *task = find_task(review, request, &answer);
    if (task != NULL && request->op != REQUEST_UNDO && strcmp(PQgetvalue(task, 0, TASK_STATE), "open") != 0)
        answer = answer_refused("task_closed", "this task was decided already; `undo` may take a fresh decision back");
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
    return answer_database(review->db, status);
}

static json_t *answer_request(struct review *review, uid_t user, const struct request *request)
{
    struct reviewer      reviewer;
    enum reviewer_status who = reviewer_find(review->db, user, &reviewer);

    /* A server that was restarted shows only at the first question; nothing was written yet. */
    if (who == REVIEWER_DATABASE && db_reconnect(review->db))
        who = reviewer_find(review->db, user, &reviewer);
    if (who != REVIEWER_OK) {
        log_warning("request_denied", log_number("uid", (int64_t)user), log_number("why", who));
        metric_add(&console_metrics[CONSOLE_DENIED], 1);
        return answer_refused(who == REVIEWER_DATABASE ? "database" : "denied", reviewer_complaint(who));
    }
    switch (request->op) {
    case REQUEST_LIST:
        return answer_list(review);
    case REQUEST_SHOW:
        return answer_show(review, &reviewer, request);
    case REQUEST_ACCEPT:
    case REQUEST_REJECT:
    case REQUEST_UNDO:
        return answer_decision(review, &reviewer, request);
    }
    return answer_refused("malformed", "unknown op");
}

json_t *review_answer(void *context, uid_t user, const char *line, size_t length)
{
    struct review *review = context;
    struct request request;
    const char    *fault = NULL;

    metric_add(&console_metrics[CONSOLE_REQUESTS], 1);
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
