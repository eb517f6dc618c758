/* Counters and gauges of a role, shown as Prometheus text on a Unix socket.
 * A static table per role; what has labels made at run time is handed over as text, see metrics_show(). */
#ifndef HULEI_DAEMON_COMMON_METRICS_H
#define HULEI_DAEMON_COMMON_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum metric_kind { METRIC_KIND_COUNTER, METRIC_KIND_GAUGE };

/*
 * One time series. Rows of the same name stand together in the table and differ in `labels`:
 *
 *     static struct metric metrics[] = {
 *         [ACCEPTED] = METRIC_COUNTER("hulei_engine_records_total", "outcome=\"accepted\"", "Records by outcome."),
 *         [BATCH_S] = METRIC_SECONDS("hulei_engine_batch_seconds_total", NULL, "Time spent in batches."),
 *         [LAG] = METRIC_GAUGE("hulei_engine_lag", NULL, "Messages behind."),
 *     };
 */
struct metric {
    const char      *name;
    const char      *labels; /* `key="value",...` or NULL */
    const char      *help;
    enum metric_kind kind;
    int              divisor; /* printed value = value / divisor; 1 or 1000000 (microseconds printed as seconds) */
    _Atomic int64_t  value;
};

/* clang-format off */
#define METRIC_COUNTER(name, labels, help) { (name), (labels), (help), METRIC_KIND_COUNTER, 1, 0 }
#define METRIC_GAUGE(name, labels, help) { (name), (labels), (help), METRIC_KIND_GAUGE, 1, 0 }
/* Count microseconds; seconds are printed. */
#define METRIC_SECONDS(name, labels, help) { (name), (labels), (help), METRIC_KIND_COUNTER, 1000000, 0 }
/* clang-format on */

/* Safe from any thread. */
static inline void metric_add(struct metric *metric, int64_t amount)
{
    atomic_fetch_add_explicit(&metric->value, amount, memory_order_relaxed);
}

static inline void metric_set(struct metric *metric, int64_t value)
{
    atomic_store_explicit(&metric->value, value, memory_order_relaxed);
}

static inline int64_t metric_get(const struct metric *metric)
{
    return atomic_load_explicit(&metric->value, memory_order_relaxed);
}

struct metrics_server;

/*
 * Serves GET /metrics on the Unix socket `path` (mode 0660; an old socket file is replaced) from a thread of its own.
 * `table` must outlive the server. NULL on failure, with `error` saying why. Stop with metrics_stop().
 */
struct metrics_server *metrics_serve(const char *path, struct metric *table, size_t count, char *error,
                                     size_t error_size);

/*
 * Shows `text` behind the table from now on, in place of what was shown there: whole lines of Prometheus text, of
 * figures whose labels are known only at run time (posts, say; never anything of a record). Takes the text over
 * (malloc); NULL shows nothing more.
 */
void metrics_show(struct metrics_server *server, char *text);

/* Stopping NULL does nothing. Removes the socket file. */
void metrics_stop(struct metrics_server *server);

/* The text itself, NUL-terminated; caller frees. NULL when there is no memory. */
char *metrics_render(const struct metric *table, size_t count);

#endif
