/* A request as a handler sees it, and the reply it makes. The frame (server.c) has judged guards, session, role, CSRF
 * token and fields before, and began the transaction; it commits before a byte of the reply leaves. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_WEB_H
#define HULEI_DAEMON_CONSOLE_HTTP_WEB_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/console/http/field.h"
#include "daemon/console/sheet.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WEB_TOKEN_HEX = 64, WEB_CERTIFICATE_BYTES = 32, WEB_COOKIE_BYTES = 160 };

/* Bits of a route's roles; WEB_ANY_ROLE: whoever is signed in. */
enum web_role {
    WEB_REVIEWER         = 1 << 0,
    WEB_SECOND_REVIEWER  = 1 << 1,
    WEB_POST_OFFICER     = 1 << 2,
    WEB_POST_LEAD        = 1 << 3,
    WEB_OPERATOR         = 1 << 4,
    WEB_AUDITOR          = 1 << 5,
    WEB_ADMINISTRATOR    = 1 << 6,
    WEB_SECURITY_OFFICER = 1 << 7,
    WEB_ANY_ROLE         = (1 << 8) - 1,
};

/* What a token stands for, as the database says. */
struct web_session {
    int64_t account_id;
    char    account[72];
    int     roles;  /* bits */
    bool    is_due; /* the password must be changed first */
};

/* Where records may come from, and the folder of the policy files: what a clerk's record is judged by. */
struct web_feeds {
    const struct feed_config *config;
    const char               *policy;
};

struct web_request {
    const struct web_route   *route;
    struct db                *db;
    const struct sheet_tools *tools; /* the worker's own */
    const struct blind       *blind; /* the worker's own */
    const struct view_policy *views;
    const struct web_feeds   *feeds;
    const char               *shard;
    struct web_session        session;                            /* zeroed for a route without one */
    char                      token[WEB_TOKEN_HEX + 1];           /* of the cookie; "" without one */
    char                      csrf[WEB_TOKEN_HEX + 1];            /* that belongs to it */
    bool                      has_certificate;                    /* the TLS front verified one */
    unsigned char             certificate[WEB_CERTIFICATE_BYTES]; /* its SHA-256 */
    struct field_values       values;                             /* in the order of the route's fields */
    bool                      is_stream;                          /* set by a handler: the reply goes on after it */
};

struct web_reply {
    int         status; /* HTTP */
    char       *body;   /* text, or NULL; wiped and freed by the frame */
    const char *content_type;
    char        cookie[WEB_COOKIE_BYTES]; /* Set-Cookie, or "" */
    const char *file_name;                /* of a download, or NULL */
    int         retry_after_s;            /* 0: none */
    bool        commits;                  /* also when the status is an error: something was counted */
};

/* One row of the API; see routes.c. */
struct web_route {
    const char         *method, *path; /* a segment in braces is the path field of that name */
    int                 roles;         /* 0: needs no session */
    const struct field *fields;
    size_t              field_count;
    /* Either a statement, whose parameters are the fields in order and whose first column is the JSON of the answer
     * (no row or NULL: not found; `status` 204: ignored), or a handler. */
    const struct statement *statement;
    void (*answer)(struct web_request *request, struct web_reply *reply);
    int    status;         /* of a good answer; 0: 200 */
    size_t body_bytes_max; /* 0: takes no body */
    bool   is_passive;     /* does not keep the session alive */
    bool   when_due;       /* also while the password must be changed */
    bool   needs_token;    /* without an active session, but not without its token: between the factors */
};

/* ---- replies ---- */

/* Takes `json`. */
void web_answer(struct web_reply *reply, int status, json_t *json);

/* `code`: of the API's enum; see problem.c for status and title. */
void web_problem(struct web_reply *reply, const char *code);
void web_problem_field(struct web_reply *reply, const char *field, const char *rule);

/* By status and SQLSTATE. */
void web_problem_database(struct web_reply *reply, const struct db *db, enum db_status status);

/* ---- asking the database ---- */

/* Runs a statement with the request's own fields as parameters. False: *reply has the problem. */
bool web_run(struct web_request *request, struct web_reply *reply, const struct statement *statement,
             const struct db_param *params, size_t count, PGresult **result);

/* The text of a field by its name; NULL when absent. */
const char *web_value(const struct web_request *request, const char *name);

#endif
