/* The console process; see console.h. Opens what review.c needs and serves the socket.
 * Answers nobody over a network; that comes behind nginx with the web console. */
#include "daemon/console/console.h"

#include "daemon/common/clock.h"
#include "daemon/common/db.h"
#include "daemon/common/language.h"
#include "daemon/common/log.h"
#include "daemon/common/model.h"
#include "daemon/common/vault.h"
#include "daemon/console/console_metrics.h"
#include "daemon/console/http/http.h"
#include "daemon/console/review.h"
#include "daemon/console/server.h"

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_EVERY_MS = 5000 };

/* What is looked after between two lines. */
struct care {
    struct review *review;
    struct http   *http;
};

static atomic_bool stop_requested; /* lock-free: a signal handler may set it */

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop_requested, true);
}

/* JSON values of this process are names and addresses: they do not linger in freed memory. */
static void wipe_and_free(void *memory)
{
    if (memory != NULL)
        OPENSSL_cleanse(memory, malloc_usable_size(memory));
    free(memory);
}

static void keep_memory_private(void)
{
    json_set_alloc_funcs(malloc, wipe_and_free);
}

static void write_status(struct db *db)
{
    char pid[16], detail[160];

    snprintf(pid, sizeof pid, "%d", (int)getpid());
    snprintf(detail, sizeof detail, "{\"requests\": %lld, \"looks\": %lld, \"decisions\": %lld, \"denied\": %lld}",
             (long long)metric_get(&console_metrics[CONSOLE_REQUESTS]),
             (long long)metric_get(&console_metrics[CONSOLE_LOOKS]),
             (long long)metric_get(&console_metrics[CONSOLE_DECISIONS]),
             (long long)metric_get(&console_metrics[CONSOLE_DENIED]));
    const struct db_param params[] = { db_text(pid), db_text(detail) };
    if (db_run(db, &statement_console_status, params, 2, NULL) != DB_OK)
        log_warning("status_not_written", log_word("sqlstate", db_sqlstate(db)));
}

/* Every few seconds a word to `hulei status`; also heals the connection before a reviewer needs it. */
static void tick(void *context)
{
    static int64_t       next_ms;
    const struct care   *care   = context;
    const struct review *review = care->review;

    http_tick(care->http);
    if (clock_monotonic_ms() < next_ms)
        return;
    next_ms = clock_monotonic_ms() + STATUS_EVERY_MS;
    if (!db_is_connected(review->db) && !db_reconnect(review->db))
        return;
    write_status(review->db);
    db_run(review->db, &statement_console_http_session_sweep, NULL, 0, NULL); /* what is left is swept next time */
}

static json_t *answer_line(void *context, uid_t user, const char *line, size_t length)
{
    const struct care *care = context;

    return review_answer(care->review, user, line, length);
}

static bool serve(const struct config *config, struct review *review, char *error, size_t error_size)
{
    const int    listener = server_listen(config->console.socket, error, error_size);
    struct http *http     = listener >= 0 ? http_serve(config, &review->tools, error, error_size) : NULL;

    if (http == NULL) {
        if (listener >= 0)
            close(listener);
        return false;
    }
    struct care                 care    = { review, http };
    const struct server_handler handler = { answer_line, tick, &care };
    log_info("console_ready", log_number("pid", getpid()));
    server_run(listener, &handler, &stop_requested);
    http_stop(http);
    close(listener);
    unlink(config->console.socket);
    return true;
}

/* What lives as long as the process and is lent to the review. */
struct parts {
    struct vault           *vault;
    struct language_tables *tables;
    struct identity_model  *model;
    struct db              *db;
};

static bool open_parts(const struct config *config, struct parts *parts, char *error, size_t error_size)
{
    parts->vault = vault_open_directory(config->console.keys, error, error_size);
    if (parts->vault != NULL)
        parts->tables = language_open(error, error_size);
    if (parts->tables != NULL)
        parts->model = model_load(config->model, error, error_size);
    if (parts->model != NULL)
        parts->db = db_open(config->database.console, "hulei console", error, error_size);
    return parts->db != NULL;
}

static void close_parts(struct parts *parts)
{
    db_close(parts->db);
    model_free(parts->model);
    language_close(parts->tables);
    vault_close(parts->vault);
}

int console_run(const struct config *config)
{
    char                   error[512] = "";
    struct parts           parts      = { .db = NULL };
    bool                   is_well    = false;
    const struct sigaction action     = { .sa_handler = on_signal };

    log_set_role("console");
    keep_memory_private();
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);

    struct metrics_server *metrics =
        metrics_serve(config->console.metrics_socket, console_metrics, CONSOLE_METRIC_COUNT, error, sizeof error);
    if (metrics != NULL && open_parts(config, &parts, error, sizeof error)) {
        struct review review = {
            parts.db, {parts.vault, parts.tables, parts.model}
        };
        is_well = serve(config, &review, error, sizeof error);
    }
    if (!is_well)
        fprintf(stderr, "hulei console: %s\n", error);
    close_parts(&parts);
    metrics_stop(metrics);
    return is_well ? 0 : 1;
}
