/* Errors as problem+json; see web.h.
 * Says code, field and rule; repeats nothing the client or the database said. */
#include "daemon/common/log.h"
#include "daemon/console/http/web.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static const struct problem {
    const char *code;
    int         status;
    const char *title;
} problems[] = {
    {"internal",          500, "No answer could be made."                                 },
    { "malformed",        400, "This is no request this server reads."                    },
    { "length",           400, "The length of the body must be said once, as a number."   },
    { "host",             400, "This server does not have that name."                     },
    { "method",           405, "The path does not know this method."                      },
    { "no_session",       401, "There is no session, or it ended."                        },
    { "sign_in_failed",   401, "Account and password do not open a session."              },
    { "second_factor",    401, "The code is not right, or was used already."              },
    { "certificate",      401, "A client certificate of a post is needed."                },
    { "role",             403, "The account's roles do not allow this."                   },
    { "csrf",             403, "The header X-CSRF-Token is missing or of another session."},
    { "password_due",     403, "The password must be changed first."                      },
    { "wrong_password",   403, "The old password is not right."                           },
    { "not_found",        404, "There is nothing of this name for this account."          },
    { "not_claimed",      409, "Claim the task first."                                    },
    { "task_closed",      409, "The task is closed."                                      },
    { "version_conflict", 409, "What was looked at changed since; show it again."         },
    { "identity_first",   409, "An identity is only probable; decide it first."           },
    { "too_late",         409, "The time to undo is over."                                },
    { "same_person",      409, "A second person signs, not the one who accepted."         },
    { "not_waiting",      409, "It does not wait for this decision."                      },
    { "not_alike",        409, "The tasks do not rest on the same evidence."              },
    { "impossible",       409, "The state does not allow this."                           },
    { "no_ground",        409, "No open task or alert is a ground to look."               },
    { "name_taken",       409, "There is an account of this name."                        },
    { "too_large",        413, "The body is longer than this path takes."                 },
    { "not_json",         415, "The body must be application/json."                       },
    { "invalid",          422, "A field breaks a rule."                                   },
    { "quota",            429, "The day's quota is used up."                              },
    { "rate",             429, "Too many at once; try again."                             },
    { "unavailable",      503, "The database does not answer; try again."                 },
    { "unknown_outcome",  503, "The link broke while it was written; look whether it was."},
};

/* What the schema's functions say by their SQLSTATE. */
static const struct {
    const char *sqlstate, *code, *field, *rule;
} refusals[] = {
    {"HL001",  "version_conflict", NULL,      NULL           },
    { "HL002", "impossible",       NULL,      NULL           },
    { "HL003", "role",             NULL,      NULL           },
    { "HL004", "identity_first",   NULL,      NULL           },
    { "HL006", "too_late",         NULL,      NULL           },
    { "HL010", "invalid",          "side",    "which_side"   },
    { "HL011", "invalid",          "apart",   "which_records"},
    { "HL012", "impossible",       NULL,      NULL           },
    { "HL013", "same_person",      NULL,      NULL           },
    { "HL020", "no_session",       NULL,      NULL           },
    { "HL021", "not_found",        NULL,      NULL           },
    { "HL022", "not_claimed",      NULL,      NULL           },
    { "HL023", "task_closed",      NULL,      NULL           },
    { "HL024", "no_ground",        NULL,      NULL           },
    { "HL025", "quota",            NULL,      NULL           },
    { "HL026", "not_waiting",      NULL,      NULL           },
    { "HL027", "not_alike",        NULL,      NULL           },
    { "HL028", "name_taken",       NULL,      NULL           },
    { "HL029", "invalid",          "body",    "form"         },
    { "HL030", "invalid",          "reason",  "form"         },
    { "HL031", "invalid",          "after",   "form"         },
    { "HL032", "invalid",          "tasks",   "form"         },
    { "HL033", "invalid",          "outcome", "required"     },
    { "HL034", "certificate",      NULL,      NULL           },
    { "HL036", "invalid",          "source",  "required"     },
    { "HL037", "invalid",          "upload",  "taken"        },
};

static const struct problem *find_problem(const char *code)
{
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        if (strcmp(problems[i].code, code) == 0)
            return &problems[i];
    }
    return &problems[0];
}

static void write_problem(struct web_reply *reply, const char *code, const char *field, const char *rule)
{
    const struct problem *problem = find_problem(code);
    json_t               *json =
        json_pack("{s:s+, s:s, s:i, s:s, s:s*, s:s*}", "type", "urn:hulei:problem:", problem->code, "title",
                  problem->title, "status", problem->status, "code", problem->code, "field", field, "rule", rule);

    web_answer(reply, problem->status, json);
    reply->content_type = "application/problem+json";
    if (problem->status == 503 || problem->status == 429)
        reply->retry_after_s = strcmp(code, "quota") == 0 ? 3600 : 2;
}

void web_answer(struct web_reply *reply, int status, json_t *json)
{
    if (reply->body != NULL) {
        OPENSSL_cleanse(reply->body, strlen(reply->body));
        free(reply->body);
    }
    reply->status       = status;
    reply->content_type = "application/json";
    reply->file_name    = NULL;
    reply->body         = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
}

void web_problem(struct web_reply *reply, const char *code)
{
    write_problem(reply, code, NULL, NULL);
}

void web_problem_field(struct web_reply *reply, const char *field, const char *rule)
{
    write_problem(reply, "invalid", field, rule);
}

void web_problem_database(struct web_reply *reply, const struct db *db, enum db_status status)
{
    const char *sqlstate = db_sqlstate(db);

    for (size_t i = 0; status == DB_REFUSED && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(sqlstate, refusals[i].sqlstate) == 0) {
            write_problem(reply, refusals[i].code, refusals[i].field, refusals[i].rule);
            return;
        }
    }
    if (status == DB_REFUSED && strcmp(db_constraint(db), "account_roles_apart") == 0) {
        write_problem(reply, "invalid", "roles", "apart");
        return;
    }
    log_warning("request_failed", log_word("sqlstate", sqlstate), log_word("constraint", db_constraint(db)));
    if (status == DB_RETRY)
        web_problem(reply, "unavailable");
    else
        web_problem(reply, status == DB_UNKNOWN ? "unknown_outcome" : "internal");
}

bool web_run(struct web_request *request, struct web_reply *reply, const struct statement *statement,
             const struct db_param *params, size_t count, PGresult **result)
{
    const enum db_status status = db_run(request->db, statement, params, count, result);

    if (status != DB_OK)
        web_problem_database(reply, request->db, status);
    return status == DB_OK;
}
