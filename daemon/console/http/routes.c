/* The API's rows; see routes.h.
 * The order matters where a fixed segment stands in the place of a field: the fixed one comes first. */
#include "daemon/console/http/routes.h"

#include "daemon/console/http/sign_in.h"
#include "daemon/console/http/stream.h"

enum { BODY_BYTES = 64 * 1024 };

#define FIELDS(table) .fields = (table), .field_count = sizeof(table) / sizeof(table)[0]
#define REVIEWERS     (WEB_REVIEWER | WEB_SECOND_REVIEWER)
#define POSTS         (WEB_POST_OFFICER | WEB_POST_LEAD)

static const struct field sign_in_fields[] = {
    {"account",   FIELD_BODY, FIELD_TEXT, true, 1, 64,  NULL, NULL, NULL},
    { "password", FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
};
static const struct field factor_fields[] = {
    {"code", FIELD_BODY, FIELD_DIGITS, true, 6, 6, NULL, NULL, NULL},
};
static const struct field password_fields[] = {
    {"old",  FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
    { "new", FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
};

static const struct web_route routes[] = {
    {"GET",                        "/api/health",          0,                      .statement = &statement_console_http_health},

 /* session */
    {                                         "POST",              "/api/session",                      0, FIELDS(sign_in_fields),                      .answer = sign_in_open, .body_bytes_max = BODY_BYTES },
    {             "DELETE",                    "/api/session",         WEB_ANY_ROLE,           .answer = sign_in_close,                     .status = 204, .when_due = true },
    {                "GET",                           "/api/session/factor",                                            0,                   .answer = sign_in_factor_show,                  .needs_token = true },
    {"POST",                           "/api/session/factor",                                           0,                  FIELDS(factor_fields),                  .answer = sign_in_factor_confirm,
     .body_bytes_max = BODY_BYTES, .needs_token = true },
    {                         "GET", "/api/me",    WEB_ANY_ROLE,                         .answer = sign_in_me,                                                               .when_due = true },
    {                                                                      "POST",        "/api/me/password",              WEB_ANY_ROLE,           FIELDS(password_fields),.answer = sign_in_password,
     .body_bytes_max = BODY_BYTES, .when_due = true },
    {"GET",     "/api/events", REVIEWERS | POSTS | WEB_OPERATOR,                                                 .answer = stream_open,                                                                            .is_passive = true },
};

const struct web_route *routes_all(size_t *count)
{
    *count = sizeof routes / sizeof routes[0];
    return routes;
}
