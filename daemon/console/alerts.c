/* Requests on alerts; see alerts.h.
 * Holds no rule of its own: a verb is a statement and the names of its arguments. */
#include "daemon/console/alerts.h"

#include "daemon/console/protocol.h"
#include "daemon/console/refusal.h"

#include <stdio.h>
#include <string.h>

enum { ARGUMENTS_MAX = 6, ACCOUNT_BYTES = 24 };

static const struct verb {
    const char             *name;
    const struct statement *statement;
    const char             *arguments[ARGUMENTS_MAX + 1]; /* members of the request, after the account; NULL ends */
} verbs[] = {
    {"list",       &statement_console_alert_list,      { "post", "state" }                                  },
    { "show",      &statement_console_alert_show,      { "alert" }                                          },
    { "resend",    &statement_console_alert_resend,    { "alert", "post" }                                  },
    { "cancel",    &statement_console_alert_cancel,    { "alert", "reason" }                                },
    { "silence",   &statement_console_alert_silence,   { "post", "rule", "area", "alert", "reason", "days" }},
    { "unsilence", &statement_console_alert_unsilence, { "silence" }                                        },
    { "notice",    &statement_console_alert_notice,    { "alert" }                                          },
    { "status",    &statement_console_alert_status,    { "status" }                                         },
};

json_t *alerts_parse(const char *line, size_t length)
{
    json_t     *request = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    const char *op      = json_string_value(json_object_get(request, "op"));

    if (op != NULL && strcmp(op, "alert") == 0)
        return request;
    json_decref(request);
    return NULL;
}

static const struct verb *find_verb(const json_t *request)
{
    const char *name = json_string_value(json_object_get(request, "verb"));

    for (size_t i = 0; name != NULL && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

static enum db_status run_verb(struct db *db, const struct reviewer *reviewer, const struct verb *verb,
                               const json_t *request, json_t **result)
{
    char            account[ACCOUNT_BYTES];
    struct db_param params[1 + ARGUMENTS_MAX];
    size_t          count = 0;
    PGresult       *rows  = NULL;

    snprintf(account, sizeof account, "%lld", (long long)reviewer->account_id);
    params[count++] = db_text(account);
    for (const char *const *name = verb->arguments; *name != NULL; name++)
        params[count++] = db_text(json_string_value(json_object_get(request, *name)));
    enum db_status status = reviewer_begin(db, reviewer);
    if (status == DB_OK)
        status = db_run(db, verb->statement, params, count, &rows);
    if (status == DB_OK)
        status = db_commit(db); /* nothing is shown before its entry stands */
    else
        db_rollback(db);
    if (status == DB_OK)
        *result = json_loads(PQgetvalue(rows, 0, 0), 0, NULL);
    PQclear(rows);
    return status;
}

json_t *alerts_answer(struct db *db, const struct reviewer *reviewer, const json_t *request)
{
    const struct verb *verb   = find_verb(request);
    json_t            *result = NULL;

    if (verb == NULL)
        return answer_refused("malformed", "unknown verb");
    const enum db_status status = run_verb(db, reviewer, verb, request, &result);
    if (status != DB_OK)
        return refusal_answer(db, status);
    return json_pack("{s:b, s:o}", "ok", 1, "result", result);
}
