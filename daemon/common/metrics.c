/* Prometheus text over a Unix socket; see metrics.h.
 * Answers GET /metrics and nothing else; keeps no history. */
#include "daemon/common/metrics.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 16, REQUEST_BYTES_MAX = 16384, IDLE_TIMEOUT_S = 10 };

struct metrics_server {
    struct MHD_Daemon *http;
    struct metric     *table;
    size_t             count;
    pthread_mutex_t    lock;
    char              *more; /* under the lock; NULL: none */
    char               path[sizeof((struct sockaddr_un *)0)->sun_path];
};

static void print_value(FILE *stream, const struct metric *metric)
{
    const int64_t value = metric_get(metric);

    fputs(metric->name, stream);
    if (metric->labels != NULL)
        fprintf(stream, "{%s}", metric->labels);
    if (metric->divisor > 1)
        fprintf(stream, " %.6f\n", (double)value / metric->divisor);
    else
        fprintf(stream, " %lld\n", (long long)value);
}

char *metrics_render(const struct metric *table, size_t count)
{
    char       *text     = NULL;
    size_t      size     = 0;
    const char *previous = "";
    FILE       *stream   = open_memstream(&text, &size);

    if (stream == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (table[i].name == NULL)
            continue; /* a gap of a table with designated rows */
        if (strcmp(previous, table[i].name) != 0) {
            fprintf(stream, "# HELP %s %s\n# TYPE %s %s\n", table[i].name, table[i].help, table[i].name,
                    table[i].kind == METRIC_KIND_COUNTER ? "counter" : "gauge");
            previous = table[i].name;
        }
        print_value(stream, &table[i]);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, const char *text,
                                 enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *)text, mode);

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    const enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* Table and more in one text; NULL when there is no memory. */
static char *render_all(struct metrics_server *server)
{
    char *table = metrics_render(server->table, server->count);
    char *both  = NULL;

    pthread_mutex_lock(&server->lock);
    if (table != NULL && server->more != NULL) {
        if (asprintf(&both, "%s%s", table, server->more) < 0)
            both = NULL;
        free(table);
        table = both;
    }
    pthread_mutex_unlock(&server->lock);
    return table;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **request)
{
    struct metrics_server *server = context;

    (void)version;
    (void)upload;
    (void)upload_size;
    (void)request;
    if (strcmp(method, "GET") != 0)
        return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n", MHD_RESPMEM_PERSISTENT);
    if (strcmp(url, "/metrics") != 0)
        return send_text(connection, MHD_HTTP_NOT_FOUND, "see /metrics\n", MHD_RESPMEM_PERSISTENT);
    char *text = render_all(server);
    if (text == NULL)
        return send_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory\n", MHD_RESPMEM_PERSISTENT);
    return send_text(connection, MHD_HTTP_OK, text, MHD_RESPMEM_MUST_FREE);
}

static int listen_on(const char *path, char *error, size_t error_size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const int          handle  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (handle < 0)
        goto fail;
    unlink(path);
    if (bind(handle, (struct sockaddr *)&address, sizeof address) != 0 || chmod(path, 0660) != 0 ||
        listen(handle, CONNECTIONS_MAX) != 0)
        goto fail;
    return handle;

fail:
    snprintf(error, error_size, "cannot listen on the metrics socket: %s", strerror(errno));
    if (handle >= 0)
        close(handle);
    return -1;
}

struct metrics_server *metrics_serve(const char *path, struct metric *table, size_t count, char *error,
                                     size_t error_size)
{
    struct metrics_server *server = calloc(1, sizeof *server);

    if (server == NULL || strlen(path) >= sizeof server->path) {
        snprintf(error, error_size, "%s", server == NULL ? "no memory" : "the path of the metrics socket is too long");
        free(server);
        return NULL;
    }
    pthread_mutex_init(&server->lock, NULL);
    server->table = table;
    server->count = count;
    snprintf(server->path, sizeof server->path, "%s", path);

    const int handle = listen_on(path, error, error_size);
    if (handle < 0) {
        free(server);
        return NULL;
    }
    server->http =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET,
                         handle, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                         (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (server->http == NULL) {
        snprintf(error, error_size, "cannot start the metrics server");
        close(handle);
        unlink(path);
        free(server);
        return NULL;
    }
    return server;
}

void metrics_show(struct metrics_server *server, char *text)
{
    pthread_mutex_lock(&server->lock);
    char *old    = server->more;
    server->more = text;
    pthread_mutex_unlock(&server->lock);
    free(old);
}

void metrics_stop(struct metrics_server *server)
{
    if (server == NULL)
        return;
    MHD_stop_daemon(server->http); /* closes the socket it was given */
    unlink(server->path);
    pthread_mutex_destroy(&server->lock);
    free(server->more);
    free(server);
}
