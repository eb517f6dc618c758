/* From a request to its reply; see exchange.h.
 * Nothing is believed before its guard: line, headers, session, role, CSRF token, form, fields, in this order. */
#include "daemon/console/http/exchange.h"

#include "daemon/common/log.h"
#include "daemon/console/http/certificate.h"
#include "daemon/console/http/token.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- line and headers ---- */

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct guard_headers *headers = context;

    (void)kind;
    if (strcasecmp(name, "Content-Length") == 0) {
        headers->content_lengths++;
        headers->content_length = value != NULL ? value : "";
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        headers->transfer_encodings++;
    } else if (strcasecmp(name, "Host") == 0) {
        headers->hosts++;
        headers->host = value;
    } else if (strcasecmp(name, "Expect") == 0) {
        headers->expect = value;
    }
    return MHD_YES;
}

static const char *guard_code(enum guard_verdict verdict)
{
    switch (verdict) {
    case GUARD_OK:
    case GUARD_TARGET:
        break;
    case GUARD_LENGTH:
        return "length";
    case GUARD_HOST:
        return "host";
    case GUARD_LARGE:
        return "too_large";
    }
    return "malformed";
}

static enum guard_verdict judge(struct exchange *exchange, struct MHD_Connection *connection, size_t body_bytes_max,
                                char *const *hosts, size_t host_count)
{
    struct guard_headers headers = { 0 };

    if (guard_target(exchange->target) != GUARD_OK)
        return GUARD_TARGET;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &headers);
    return guard_headers_judge(&headers, hosts, host_count, body_bytes_max, &exchange->body_bytes);
}

/* A client may send a small body where none is asked for, an empty object say; it is read and ignored. */
static size_t body_limit(enum route_verdict found, const struct web_route *route)
{
    enum { IGNORED_BODY_BYTES_MAX = 1024 };

    if (found != ROUTE_FOUND)
        return 0;
    if (route->body_bytes_max == 0 && strcmp(route->method, "GET") != 0)
        return IGNORED_BODY_BYTES_MAX;
    return route->body_bytes_max;
}

bool exchange_begin(struct exchange *exchange, struct MHD_Connection *connection, const char *method,
                    char *const *hosts, size_t host_count)
{
    char path[sizeof exchange->target];

    exchange->has_begun = true;
    snprintf(path, sizeof path, "%s", exchange->target);
    path[strcspn(path, "?")]       = '\0';
    const enum route_verdict found = route_find(method, path, &exchange->route, &exchange->params);
    const enum guard_verdict verdict =
        judge(exchange, connection, body_limit(found, exchange->route), hosts, host_count);
    /* A body for a path that takes none is read by nobody. */
    if (verdict != GUARD_OK && !(verdict == GUARD_LARGE && found != ROUTE_FOUND)) {
        log_warning("request_refused", log_word("guard", guard_code(verdict)));
        web_problem(&exchange->reply, guard_code(verdict));
        return false;
    }
    if (found != ROUTE_FOUND) {
        web_problem(&exchange->reply, found == ROUTE_NO_PATH ? "not_found" : "method");
        return false;
    }
    exchange->body = exchange->body_bytes > 0 ? malloc(exchange->body_bytes + 1) : NULL;
    if (exchange->body_bytes > 0 && exchange->body == NULL) {
        web_problem(&exchange->reply, "unavailable");
        return false;
    }
    return true;
}

bool exchange_take(struct exchange *exchange, const char *bytes, size_t count)
{
    if (count > exchange->body_bytes - exchange->body_used)
        return false;
    memcpy(exchange->body + exchange->body_used, bytes, count);
    exchange->body_used += count;
    return true;
}

/* ---- who ---- */

/* The cookie's token when it has the form of one. */
static void read_token(struct exchange *exchange, struct MHD_Connection *connection)
{
    const char *token = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, TOKEN_COOKIE);

    if (token == NULL || !token_is_formed(token))
        return;
    snprintf(exchange->request.token, sizeof exchange->request.token, "%s", token);
    token_csrf(token, exchange->request.csrf);
}

/* Headers that the TLS front sets anew on every request, whatever the client sent. */
static void read_certificate(struct exchange *exchange, struct MHD_Connection *connection)
{
    const char *verdict = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Client-Verify");
    const char *escaped = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Client-Certificate");

    exchange->request.has_certificate = verdict != NULL && strcmp(verdict, "SUCCESS") == 0 && escaped != NULL &&
                                        certificate_fingerprint(escaped, exchange->request.certificate);
}

static int role_bits(char *words)
{
    static const char *const names[] = { "reviewer", "second_reviewer", "post_officer",  "post_lead",
                                         "operator", "auditor",         "administrator", "security_officer" };
    int                      bits    = 0;
    char                    *rest    = NULL;

    for (char *word = strtok_r(words, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            bits |= strcmp(word, names[i]) == 0 ? 1 << i : 0;
    }
    return bits;
}

/* A page that nobody sits before says so: what live events make it ask keeps no session alive. */
static bool is_passive(const struct exchange *exchange, struct MHD_Connection *connection)
{
    return exchange->route->is_passive || MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Passive") != NULL;
}

static bool begin_session(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct web_request   *request  = &exchange->request;
    const struct db_param params[] = { db_text(request->token),
                                       db_text(is_passive(exchange, connection) ? "false" : "true") };
    PGresult             *result   = NULL;

    if (request->token[0] == '\0') {
        web_problem(&exchange->reply, "no_session");
        return false;
    }
    if (!web_run(request, &exchange->reply, &statement_console_http_session_begin, params, 2, &result))
        return false;
    request->session.account_id = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    snprintf(request->session.account, sizeof request->session.account, "%s", PQgetvalue(result, 0, 1));
    request->session.roles  = role_bits(PQgetvalue(result, 0, 2));
    request->session.is_due = PQgetvalue(result, 0, 3)[0] == 't';
    PQclear(result);
    return true;
}

static bool may(struct exchange *exchange, struct MHD_Connection *connection)
{
    const struct web_route *route = exchange->route;

    if (strcmp(route->method, "GET") != 0 &&
        !token_csrf_fits(exchange->request.csrf,
                         MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-CSRF-Token"))) {
        web_problem(&exchange->reply, "csrf");
        return false;
    }
    if (route->roles == 0)
        return true;
    if (route->roles != WEB_ANY_ROLE && (exchange->request.session.roles & route->roles) == 0) {
        web_problem(&exchange->reply, "role");
        return false;
    }
    if (exchange->request.session.is_due && !route->when_due) {
        web_problem(&exchange->reply, "password_due");
        return false;
    }
    return true;
}

/* ---- what ---- */

struct query {
    struct exchange       *exchange;
    struct MHD_Connection *connection;
    const char            *name;
    int                    count;
};

static enum MHD_Result count_argument(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct query *query = context;

    (void)kind;
    (void)value;
    query->count += strcmp(name, query->name) == 0;
    return MHD_YES;
}

static const char *field_text(void *context, const struct field *field, bool *is_twice)
{
    struct query *query = context;

    if (field->place == FIELD_PATH) {
        const int index = route_param_index(query->exchange->route, field->name);
        return index >= 0 ? query->exchange->params.texts[index] : NULL;
    }
    query->name  = field->name;
    query->count = 0;
    MHD_get_connection_values(query->connection, MHD_GET_ARGUMENT_KIND, count_argument, query);
    *is_twice = query->count > 1;
    if (query->count == 0)
        return NULL;
    const char *text = MHD_lookup_connection_value(query->connection, MHD_GET_ARGUMENT_KIND, field->name);
    return text != NULL ? text : "";
}

static bool takes_body(const struct web_route *route)
{
    return route->body_bytes_max > 0;
}

/* The body as JSON object in *json, NULL for a route that takes none. */
static bool read_body(struct exchange *exchange, struct MHD_Connection *connection, json_t **json)
{
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");

    *json = NULL;
    if (!takes_body(exchange->route))
        return true;
    if (type == NULL || strncasecmp(type, "application/json", 16) != 0 || (type[16] != '\0' && type[16] != ';')) {
        web_problem(&exchange->reply, "not_json");
        return false;
    }
    *json = exchange->body != NULL
                ? json_loadb(exchange->body, exchange->body_used, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL)
                : NULL;
    if (*json == NULL) {
        web_problem(&exchange->reply, "malformed");
        return false;
    }
    if (json_is_object(*json))
        return true;
    json_decref(*json);
    *json = NULL;
    web_problem_field(&exchange->reply, "body", "type");
    return false;
}

static bool read_fields(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct query       query = { exchange, connection, NULL, 0 };
    struct field_fault fault;
    json_t            *body = NULL;

    if (!read_body(exchange, connection, &body))
        return false;
    const struct field_source source = { field_text, &query, body };
    const bool                is_good =
        field_read(exchange->route->fields, exchange->route->field_count, &source, &exchange->request.values, &fault);
    json_decref(body);
    if (is_good)
        return true;
    /* A path that names nothing is no place. */
    if (route_param_index(exchange->route, fault.field) >= 0)
        web_problem(&exchange->reply, "not_found");
    else
        web_problem_field(&exchange->reply, fault.field, fault.rule);
    return false;
}

static void run_statement(struct exchange *exchange)
{
    const struct web_route *route = exchange->route;
    struct db_param         params[FIELD_MAX];
    PGresult               *result = NULL;

    for (size_t i = 0; i < route->field_count; i++)
        params[i] = db_text(exchange->request.values.texts[i]);
    if (!web_run(&exchange->request, &exchange->reply, route->statement, params, route->field_count, &result))
        return;
    if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0)) {
        web_problem(&exchange->reply, "not_found");
    } else {
        web_answer(&exchange->reply, route->status != 0 ? route->status : 200, NULL);
        if (route->status != 204)
            exchange->reply.body = strdup(PQgetvalue(result, 0, 0));
    }
    PQclear(result);
}

static void act(struct exchange *exchange, struct MHD_Connection *connection)
{
    const bool is_open = exchange->route->roles == 0 && !exchange->route->needs_token;

    if (exchange->route->needs_token && exchange->request.token[0] == '\0') {
        web_problem(&exchange->reply, "no_session");
        return;
    }
    if (exchange->route->roles != 0 && !begin_session(exchange, connection))
        return;
    if ((!is_open && !may(exchange, connection)) || !read_fields(exchange, connection))
        return;
    if (exchange->route->statement != NULL)
        run_statement(exchange);
    else
        exchange->route->answer(&exchange->request, &exchange->reply);
}

void exchange_answer(struct exchange *exchange, struct MHD_Connection *connection, struct worker *worker,
                     const char *shard, const struct view_policy *views, const struct web_feeds *feeds)
{
    struct web_reply *reply = &exchange->reply;

    exchange->request.route = exchange->route;
    exchange->request.db    = worker->db;
    exchange->request.tools = &worker->tools;
    exchange->request.shard = shard;
    exchange->request.blind = worker->blind;
    exchange->request.views = views;
    exchange->request.feeds = feeds;
    read_token(exchange, connection);
    read_certificate(exchange, connection);
    enum db_status status = db_begin(worker->db);
    if (status != DB_OK && db_reconnect(worker->db)) /* a server that was restarted shows only at the first question */
        status = db_begin(worker->db);
    if (status != DB_OK) {
        web_problem_database(reply, worker->db, status);
        return;
    }
    act(exchange, connection);
    if (reply->status < 400 || reply->commits)
        status = db_commit(worker->db);
    else
        db_rollback(worker->db);
    if (status != DB_OK) {
        reply->cookie[0] = '\0';
        web_problem_database(reply, worker->db, status);
    }
}

void exchange_clear(struct exchange *exchange)
{
    if (exchange->body != NULL)
        OPENSSL_cleanse(exchange->body, exchange->body_bytes);
    free(exchange->body);
    if (exchange->reply.body != NULL)
        OPENSSL_cleanse(exchange->reply.body, strlen(exchange->reply.body));
    free(exchange->reply.body);
    field_values_clear(&exchange->request.values);
    OPENSSL_cleanse(exchange, sizeof *exchange);
}

const char *web_value(const struct web_request *request, const char *name)
{
    for (size_t i = 0; i < request->route->field_count; i++) {
        if (strcmp(request->route->fields[i].name, name) == 0)
            return request->values.texts[i];
    }
    return NULL;
}
