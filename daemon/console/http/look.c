/* Unmasking; see look.h.
 * Opens only what look_records() gives: the records of the person whom a look of this very transaction is about. */
#include "daemon/console/http/look.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed.h"
#include "daemon/console/body.h"
#include "daemon/console/console_metrics.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { SUBJECT_BYTES = 16 };

enum column { SLOT, DEPARTMENT, TYPE, ROLE, AS_OF, BODY, DATA_KEY_ID, WRAPPED, RECORD_ID, RULE };

static const struct db_param sql_null = { NULL, 0, false };

static struct db_param text_or_null(const char *text)
{
    return text != NULL ? db_text(text) : sql_null;
}

/* ---- values ---- */

static void copy_value(json_t *to, const json_t *from, const char *name)
{
    json_t *value = json_object_get(from, name);

    if (value != NULL && !json_is_null(value))
        json_object_set(to, name, value);
}

/* `rule`: who asks is told no more than it allows; residents are told who lives with them, and nothing else. */
static json_t *show_person(const json_t *body, const json_t *person, const char *rule)
{
    static const char *const members[] = { "former_names", "birth_date", "id_type", "id_number", "phones" };
    json_t                  *shown     = body_extract(person);

    json_object_del(shown, "birth_year");
    if (strcmp(rule, "own_residents") == 0)
        return shown;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        copy_value(shown, person, members[i]);
    if (strcmp(rule, "unmask") == 0 || strcmp(rule, "own_register") == 0)
        copy_value(shown, body, "category");
    return shown;
}

static json_t *open_record(const PGresult *result, int row, struct vault *vault)
{
    const struct span sealed = db_get_span(result, row, BODY);
    const size_t      length = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
    unsigned char    *text   = malloc(length + 1);
    struct vault_key  key;
    json_t           *body = NULL;

    if (text != NULL && vault_data_key_open(vault, db_get_number(result, row, DATA_KEY_ID),
                                            db_get_span(result, row, WRAPPED), &key) == VAULT_OK) {
        if (vault_open(vault, &key, "record", "body", db_get_number(result, row, RECORD_ID), sealed, text) == VAULT_OK)
            body = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, NULL);
        vault_key_wipe(&key);
    }
    if (text != NULL)
        OPENSSL_cleanse(text, length + 1);
    free(text);
    return body;
}

static json_t *show_record(const PGresult *result, int row, struct vault *vault)
{
    const int64_t type   = db_get_number(result, row, TYPE);
    json_t       *body   = open_record(result, row, vault);
    const json_t *person = body != NULL ? body_find_person(body, (int)db_get_number(result, row, SLOT),
                                                           (int)db_get_number(result, row, ROLE))
                                        : NULL;
    json_t       *shown =
        person != NULL ? show_person(body, person, PQgetvalue(result, row, RULE)) : json_pack("{s:b}", "unreadable", 1);

    json_object_set_new(shown, "department", json_string(PQgetvalue(result, row, DEPARTMENT)));
    json_object_set_new(shown, "type",
                        json_string(type > 0 && type < FEED_TYPE_COUNT ? feed_type_word((enum feed_type)type) : "?"));
    json_object_set_new(shown, "as_of", json_string(PQgetvalue(result, row, AS_OF)));
    json_decref(body);
    return shown;
}

/* After the look was written. Takes nothing: `looks` is text of the database. */
static void answer_records(struct web_request *request, struct web_reply *reply, const char *side, const char *looks)
{
    PGresult            *result = NULL;
    json_t              *shown  = json_array();
    const enum db_status status = db_run_binary(request->db, &statement_console_http_look_records, NULL, 0, &result);

    if (status != DB_OK) {
        json_decref(shown);
        web_problem_database(reply, request->db, status);
        reply->commits = false;
        return;
    }
    for (int row = 0; row < PQntuples(result); row++)
        json_array_append_new(shown, show_record(result, row, request->tools->vault));
    PQclear(result);
    metric_add(&console_metrics[CONSOLE_LOOKS], 1);
    web_answer(reply, 200,
               json_pack("{s:s, s:o, s:o}", "side", side, "records", shown, "looks", json_loads(looks, 0, NULL)));
}

/* ---- who is looked at ---- */

/* The pseudonym the person has in the audit chain (engine: people_write.c). False: *reply has the problem. */
static bool find_subject(struct web_request *request, struct web_reply *reply, const struct statement *statement,
                         const struct db_param *params, size_t count, unsigned char subject[SUBJECT_BYTES])
{
    PGresult *result = NULL;

    if (!web_run(request, reply, statement, params, count, &result))
        return false;
    const int64_t     person  = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    const struct span parts[] = {
        {(const char *)&person, sizeof person}
    };
    PQclear(result);
    blind_hash(request->blind, BLIND_SUBJECT, parts, 1, subject, SUBJECT_BYTES);
    return true;
}

void look_unmask(struct web_request *request, struct web_reply *reply)
{
    unsigned char         subject[SUBJECT_BYTES];
    PGresult             *result  = NULL;
    const struct db_param found[] = { db_binary(request->certificate, WEB_CERTIFICATE_BYTES),
                                      db_text(web_value(request, "alert")), db_text(web_value(request, "subject")) };

    if (!request->has_certificate) {
        web_problem(reply, "certificate");
        return;
    }
    if (!find_subject(request, reply, &statement_console_http_unmask_find, found, 3, subject))
        return;
    const struct db_param params[] = { found[0], found[1], found[2], db_text(web_value(request, "purpose")),
                                       db_binary(subject, sizeof subject) };
    if (!web_run(request, reply, &statement_console_http_unmask, params, 5, &result))
        return;
    reply->commits = true; /* that the quota is used up is told, too */
    if (PQgetvalue(result, 0, 0)[0] == 't')
        answer_records(request, reply, web_value(request, "subject"), PQgetvalue(result, 0, 1));
    else
        web_problem(reply, "quota");
    PQclear(result);
}

/* Exactly one ground: a task, or an alert with its post. */
static bool has_one_ground(struct web_request *request, struct web_reply *reply)
{
    const bool has_task = web_value(request, "task") != NULL, has_alert = web_value(request, "alert") != NULL,
               has_post = web_value(request, "post") != NULL;

    if (has_task != has_alert && has_alert == has_post)
        return true;
    web_problem_field(reply, has_task ? "alert" : has_alert ? "post" : "task", "one_ground");
    return false;
}

void look_at_person(struct web_request *request, struct web_reply *reply)
{
    unsigned char         subject[SUBJECT_BYTES];
    PGresult             *result  = NULL;
    const struct db_param found[] = { text_or_null(web_value(request, "task")),
                                      text_or_null(web_value(request, "alert")),
                                      text_or_null(web_value(request, "post")), db_text(web_value(request, "side")) };

    if (!has_one_ground(request, reply) ||
        !find_subject(request, reply, &statement_console_http_look_find, found, 4, subject))
        return;
    const struct db_param params[] = { found[0],
                                       found[1],
                                       found[2],
                                       found[3],
                                       db_text(web_value(request, "purpose")),
                                       db_binary(subject, sizeof subject) };
    if (!web_run(request, reply, &statement_console_http_look, params, 6, &result))
        return;
    reply->commits      = true;
    const char *verdict = PQgetvalue(result, 0, 0);
    if (strcmp(verdict, "asked") == 0)
        web_answer(reply, 202, json_loads(PQgetvalue(result, 0, 2), 0, NULL));
    else if (strcmp(verdict, "quota") == 0)
        web_problem(reply, "quota");
    else
        answer_records(request, reply, web_value(request, "side"), PQgetvalue(result, 0, 1));
    PQclear(result);
}
