/* The HTTP server; see http.h.
 * Only carries: bytes in and out. Judging and answering is exchange.c's. */
#include "daemon/console/http/http.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"
#include "daemon/console/console_metrics.h"
#include "daemon/console/http/connections.h"
#include "daemon/console/http/events.h"
#include "daemon/console/http/exchange.h"
#include "daemon/console/http/worker.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CONNECTION_MEMORY_BYTES = 48 * 1024, LISTEN_BACKLOG = 1024, FILES_SPARE = 256 };

struct http {
    struct MHD_Daemon   *daemon;
    struct connections  *connections;
    struct workers      *workers;
    struct events       *events;
    struct view_policy  *views;
    struct feed_config  *feed_config;
    struct web_feeds     feeds;
    const struct config *config;
    int64_t              next_reap_ms;
    int                  listener;
};

/* ---- connections ---- */

/* The library keeps one pointer for each connection: slot + 1, so that 0 is none. */
static void *slot_to_pointer(int slot)
{
    return (void *)(intptr_t)(slot + 1);
}

static int connection_slot(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? (int)(intptr_t)info->socket_context - 1 : -1;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = slot_to_pointer(info != NULL ? connections_add(http->connections, info->connect_fd) : -1);
    } else {
        connections_remove(http->connections, (int)(intptr_t)*socket_context - 1);
    }
}

/* ---- replies ---- */

static struct MHD_Response *make_response(struct web_reply *reply)
{
    const size_t length = reply->body != NULL ? strlen(reply->body) : 0;
    char         number[16], disposition[128];

    struct MHD_Response *response = MHD_create_response_from_buffer(length, reply->body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return NULL;
    if (length > 0)
        MHD_add_response_header(response, "Content-Type", reply->content_type);
    if (reply->cookie[0] != '\0')
        MHD_add_response_header(response, "Set-Cookie", reply->cookie);
    if (reply->retry_after_s > 0) {
        snprintf(number, sizeof number, "%d", reply->retry_after_s);
        MHD_add_response_header(response, "Retry-After", number);
    }
    if (reply->file_name != NULL) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", reply->file_name);
        MHD_add_response_header(response, "Content-Disposition", disposition);
    }
    return response;
}

static void add_fixed_headers(struct MHD_Response *response, bool is_closing)
{
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (is_closing)
        MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result send_reply(struct exchange *exchange, struct MHD_Connection *connection, bool is_closing)
{
    struct MHD_Response *response = make_response(&exchange->reply);

    if (response == NULL)
        return MHD_NO;
    add_fixed_headers(response, is_closing);
    if (exchange->reply.status == 405)
        MHD_add_response_header(response, "Allow", "GET, POST, PUT, DELETE");
    metric_add(&console_metrics[exchange->reply.status < 400   ? CONSOLE_HTTP_GOOD
                                : exchange->reply.status < 500 ? CONSOLE_HTTP_REFUSED
                                                               : CONSOLE_HTTP_FAILED],
               1);
    const enum MHD_Result result = MHD_queue_response(connection, (unsigned)exchange->reply.status, response);
    MHD_destroy_response(response);
    exchange->is_answered = true;
    return result;
}

static enum MHD_Result send_stream(struct http *http, struct exchange *exchange, struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        events_stream(http->events, connection, &exchange->request.session, exchange->request.token);

    if (response == NULL) {
        web_problem(&exchange->reply, "rate");
        return send_reply(exchange, connection, false);
    }
    connections_extend(http->connections, connection_slot(connection), CONNECTION_STREAM_MS);
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "X-Accel-Buffering", "no");
    add_fixed_headers(response, false);
    metric_add(&console_metrics[CONSOLE_HTTP_GOOD], 1);
    const enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    exchange->is_answered = true;
    return result;
}

/* ---- requests ---- */

/* The first thing known of a request: its line as it came, before the library decodes it. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    (void)context;
    (void)connection;
    if (exchange != NULL)
        snprintf(exchange->target, sizeof exchange->target, "%s", target);
    return exchange;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    struct http *http = context;

    (void)code;
    connections_extend(http->connections, connection_slot(connection), CONNECTION_STEP_MS);
    if (*request != NULL)
        exchange_clear(*request);
    free(*request);
    *request = NULL;
}

static enum MHD_Result finish(struct http *http, struct exchange *exchange, struct MHD_Connection *connection)
{
    struct worker *worker   = workers_mine(http->workers);
    const int64_t  began_us = clock_now_us();

    if (worker == NULL)
        web_problem(&exchange->reply, "unavailable");
    else
        exchange_answer(exchange, connection, worker, http->config->shard, http->views, &http->feeds);
    metric_add(&console_metrics[CONSOLE_HTTP_SECONDS], clock_now_us() - began_us);
    if (exchange->request.is_stream && exchange->reply.status < 400)
        return send_stream(http, exchange, connection);
    return send_reply(exchange, connection, false);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **request)
{
    struct http     *http     = context;
    struct exchange *exchange = *request;

    (void)url;
    (void)version;
    if (exchange == NULL)
        return MHD_NO;
    if (!exchange->has_begun) {
        connections_extend(http->connections, connection_slot(connection), CONNECTION_STEP_MS);
        if (!exchange_begin(exchange, connection, method, http->config->console.hosts,
                            http->config->console.hosts_count))
            return send_reply(exchange, connection, true);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        if (!exchange_take(exchange, upload, *upload_size))
            return MHD_NO;
        *upload_size = 0;
        return MHD_YES;
    }
    return exchange->is_answered ? MHD_YES : finish(http, exchange, connection);
}

/* ---- the server ---- */

/* A socket for the TLS front: its group may connect, others may not. */
static int listen_on(const char *path, char *error, size_t error_size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const int          handle  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (strlen(path) >= sizeof address.sun_path)
        errno = ENAMETOOLONG;
    else if (handle >= 0) {
        snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        unlink(path);
        if (bind(handle, (struct sockaddr *)&address, sizeof address) == 0 && chmod(path, 0660) == 0 &&
            listen(handle, LISTEN_BACKLOG) == 0)
            return handle;
    }
    snprintf(error, error_size, "cannot listen on console.http_socket: %s", strerror(errno));
    if (handle >= 0)
        close(handle);
    return -1;
}

static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    const rlim_t wanted = CONNECTIONS_MAX + FILES_SPARE;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void on_library_message(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments; /* they quote what clients sent */
}

static bool start(struct http *http, char *error, size_t error_size)
{
    http->listener = listen_on(http->config->console.http_socket, error, error_size);
    if (http->listener < 0)
        return false;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, http,
        MHD_OPTION_EXTERNAL_LOGGER, on_library_message, NULL, MHD_OPTION_LISTEN_SOCKET, http->listener,
        MHD_OPTION_THREAD_POOL_SIZE, http->config->console.http_workers, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_END);
    if (http->daemon == NULL)
        snprintf(error, error_size, "cannot start the HTTP server");
    return http->daemon != NULL;
}

struct http *http_serve(const struct config *config, const struct sheet_tools *lent, char *error, size_t error_size)
{
    struct http *http = calloc(1, sizeof *http);

    if (http == NULL) {
        snprintf(error, error_size, "no memory for the HTTP server");
        return NULL;
    }
    http->config   = config;
    http->listener = -1;
    raise_file_limit();
    http->connections = connections_open();
    http->views       = view_policy_load_folder(config->policy, error, error_size);
    if (http->views != NULL)
        http->feed_config = feed_config_load(config->feeds, error, error_size);
    http->feeds = (struct web_feeds){ http->feed_config, config->policy };
    if (http->feed_config != NULL)
        http->workers = workers_open(config, lent, config->console.http_workers, error, error_size);
    if (http->workers != NULL)
        http->events = events_open(config->database.console, error, error_size);
    if (http->connections != NULL && http->events != NULL && start(http, error, error_size))
        return http;
    http_stop(http);
    return NULL;
}

void http_tick(struct http *http)
{
    if (http == NULL || clock_monotonic_ms() < http->next_reap_ms)
        return;
    http->next_reap_ms  = clock_monotonic_ms() + 1000;
    const size_t reaped = connections_reap(http->connections);
    if (reaped > 0)
        log_warning("connections_cut_off", log_number("count", (int64_t)reaped));
}

void http_stop(struct http *http)
{
    if (http == NULL)
        return;
    events_stop(http->events);
    if (http->daemon != NULL)
        MHD_stop_daemon(http->daemon); /* closes the listener, too */
    else if (http->listener >= 0)
        close(http->listener);
    if (http->listener >= 0)
        unlink(http->config->console.http_socket);
    events_close(http->events);
    workers_close(http->workers);
    feed_config_free(http->feed_config);
    view_policy_free(http->views);
    connections_close(http->connections);
    free(http);
}
