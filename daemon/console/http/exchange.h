/* One request on its way: what came before the handler, and the judgement over it (guards, route, session, fields).
 * Ends with a reply; sending it is the server's part. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_EXCHANGE_H
#define HULEI_DAEMON_CONSOLE_HTTP_EXCHANGE_H

#include "daemon/console/http/guard.h"
#include "daemon/console/http/routes.h"
#include "daemon/console/http/web.h"
#include "daemon/console/http/worker.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

struct exchange {
    char                    target[GUARD_TARGET_BYTES_MAX + 2]; /* raw */
    const struct web_route *route;
    struct route_params     params;
    char                   *body; /* body_bytes + 1, NUL-terminated */
    size_t                  body_bytes, body_used;
    bool                    has_begun, is_answered;
    bool                    has_json, has_certificate;
    struct web_request      request;
    struct web_reply        reply;
};

/* Judges line and headers. False: the reply is there, and the connection is to be closed after it. */
bool exchange_begin(struct exchange *exchange, struct MHD_Connection *connection, const char *method,
                    char *const *hosts, size_t host_count);

/* False: more came than was announced. */
bool exchange_take(struct exchange *exchange, const char *bytes, size_t count);

/* The whole request is there: session, role, token, fields, statement or handler, in one transaction. */
void exchange_answer(struct exchange *exchange, struct MHD_Connection *connection, struct worker *worker,
                     const char *shard, const struct view_policy *views, const struct web_feeds *feeds);

/* Wipes and frees what it holds. */
void exchange_clear(struct exchange *exchange);

#endif
