/* What operators see of the engine; see status.h.
 * Numbers only: no value of a record can get here. */
#include "daemon/engine/status.h"

#include "daemon/common/db.h"
#include "daemon/common/kafka.h"
#include "daemon/common/metrics.h"
#include "daemon/engine/feed_watch.h"
#include "daemon/engine/key_report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum metric_index {
    METRIC_ACCEPTED = 0,
    METRIC_UNCHANGED,
    METRIC_SUPERSEDED,
    METRIC_REFUSED,
    METRIC_SEALED,
    METRIC_BATCHES,
    METRIC_RETRIES,
    METRIC_DECODE,
    METRIC_MATCH,
    METRIC_COMMIT,
    METRIC_KAFKA_ERRORS,
    METRIC_LAG,
    METRIC_HALTED,
    METRIC_SHIFTED,
    METRIC_RECORDS,
    METRIC_PERSONS,
    METRIC_PAIRS,
    METRIC_HOT_KEYS,
    METRIC_GENERIC_KEYS,
    METRIC_MEMORY,
    METRIC_FEEDS_SILENT,
    METRIC_FEED_GAPS,
    METRIC_EXPIRED,
    METRIC_PURGED,
    METRIC_EXPIRY_DEBT,
    METRIC_COUNT
};

struct engine_status {
    struct metrics_server *server;
    struct metric          metrics[METRIC_COUNT];
    const struct blind    *blind;
    struct feed_watch      feeds;
    struct key_report      keys;
};

static const struct metric template[METRIC_COUNT] = {
    [METRIC_ACCEPTED]   = METRIC_COUNTER("hulei_engine_records_total", "outcome=\"accepted\"", "Records by outcome."),
    [METRIC_UNCHANGED]  = METRIC_COUNTER("hulei_engine_records_total", "outcome=\"unchanged\"", "Records by outcome."),
    [METRIC_SUPERSEDED] = METRIC_COUNTER("hulei_engine_records_total", "outcome=\"superseded\"", "Records by outcome."),
    [METRIC_REFUSED]    = METRIC_COUNTER("hulei_engine_records_total", "outcome=\"refused\"", "Records by outcome."),
    [METRIC_SEALED]     = METRIC_COUNTER("hulei_engine_sealed_total", NULL, "Refused records that were dropped."),
    [METRIC_BATCHES]    = METRIC_COUNTER("hulei_engine_batches_total", NULL, "Batches committed."),
    [METRIC_RETRIES]    = METRIC_COUNTER("hulei_engine_retries_total", NULL, "Times a batch waited for PostgreSQL."),
    [METRIC_DECODE]     = METRIC_SECONDS("hulei_engine_decode_seconds_total", NULL, "Time spent decoding."),
    [METRIC_MATCH]      = METRIC_SECONDS("hulei_engine_match_seconds_total", NULL, "Time spent matching and tiering."),
    [METRIC_COMMIT]     = METRIC_SECONDS("hulei_engine_commit_seconds_total", NULL, "Time spent in transactions."),
    [METRIC_KAFKA_ERRORS] = METRIC_COUNTER("hulei_engine_kafka_errors_total", NULL, "Errors that librdkafka reported."),
    [METRIC_LAG]          = METRIC_GAUGE("hulei_engine_lag", NULL, "Messages behind the log end, as last seen."),
    [METRIC_HALTED]   = METRIC_GAUGE("hulei_engine_halted_partitions", NULL, "Partitions that wait for an operator."),
    [METRIC_SHIFTED]  = METRIC_GAUGE("hulei_engine_shifted_feeds", NULL, "Feeds that mix up coordinate systems."),
    [METRIC_RECORDS]  = METRIC_GAUGE("hulei_engine_live_records", NULL, "Live records with persons."),
    [METRIC_PERSONS]  = METRIC_GAUGE("hulei_engine_persons", NULL, "Persons."),
    [METRIC_PAIRS]    = METRIC_GAUGE("hulei_engine_pairs", NULL, "Pairs that hold now."),
    [METRIC_HOT_KEYS] = METRIC_GAUGE("hulei_engine_hot_keys", NULL, "Blocking keys above their cap."),
    [METRIC_GENERIC_KEYS] =
        METRIC_GAUGE("hulei_engine_generic_keys", NULL, "Phones, booklets and dwellings that too many hold."),
    [METRIC_FEEDS_SILENT] =
        METRIC_GAUGE("hulei_engine_feeds_silent", NULL, "Feeds silent for longer than they promised."),
    [METRIC_FEED_GAPS] =
        METRIC_GAUGE("hulei_engine_feed_gaps", NULL, "Control totals that do not fit the live records."),
    [METRIC_MEMORY]      = METRIC_GAUGE("hulei_engine_index_bytes", NULL, "Memory of the index."),
    [METRIC_EXPIRED]     = METRIC_COUNTER("hulei_engine_expired_total", NULL, "Records whose end came."),
    [METRIC_PURGED]      = METRIC_COUNTER("hulei_engine_purged_total", NULL, "Other rows that were kept no longer."),
    [METRIC_EXPIRY_DEBT] = METRIC_GAUGE("hulei_engine_expiry_debt", NULL, "Rows past their time; must be 0."),
};

struct engine_status *engine_status_open(const char *socket_path, const struct blind *blind, char *error,
                                         size_t error_size)
{
    struct engine_status *status = calloc(1, sizeof *status);

    if (status == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    status->blind = blind;
    for (size_t i = 0; i < METRIC_COUNT; i++)
        status->metrics[i] = template[i];
    status->server = metrics_serve(socket_path, status->metrics, METRIC_COUNT, error, error_size);
    if (status->server == NULL) {
        free(status);
        return NULL;
    }
    kafka_count_errors(&status->metrics[METRIC_KAFKA_ERRORS]);
    return status;
}

void engine_status_close(struct engine_status *status)
{
    if (status == NULL)
        return;
    kafka_count_errors(NULL);
    metrics_stop(status->server);
    key_report_clear(&status->keys);
    free(status);
}

static void show_totals(struct metric *metrics, const struct pipeline_totals *totals)
{
    metric_set(&metrics[METRIC_ACCEPTED], totals->outcomes[RECEIPT_ACCEPTED]);
    metric_set(&metrics[METRIC_UNCHANGED], totals->outcomes[RECEIPT_UNCHANGED]);
    metric_set(&metrics[METRIC_SUPERSEDED], totals->outcomes[RECEIPT_SUPERSEDED]);
    metric_set(&metrics[METRIC_REFUSED], totals->outcomes[RECEIPT_REFUSED]);
    metric_set(&metrics[METRIC_SEALED], totals->sealed);
    metric_set(&metrics[METRIC_BATCHES], totals->batches);
    metric_set(&metrics[METRIC_RETRIES], totals->retries);
    metric_set(&metrics[METRIC_DECODE], totals->decode_us);
    metric_set(&metrics[METRIC_MATCH], totals->match_us);
    metric_set(&metrics[METRIC_COMMIT], totals->commit_us);
}

static void show_world(struct metric *metrics, struct world *world)
{
    const struct identity_statistics identity = identity_index_statistics(world_identity(world));
    const struct world_counts        counts   = world_counts(world);

    metric_set(&metrics[METRIC_SHIFTED], (int64_t)shifts_count(world_shifts(world)));
    metric_set(&metrics[METRIC_RECORDS], (int64_t)counts.records);
    metric_set(&metrics[METRIC_PERSONS], (int64_t)identity.persons);
    metric_set(&metrics[METRIC_PAIRS], (int64_t)exposure_index_counts(world_exposure(world)).pairs);
    metric_set(&metrics[METRIC_HOT_KEYS], (int64_t)identity.hot_keys);
    metric_set(&metrics[METRIC_GENERIC_KEYS], (int64_t)identity.generic_keys);
    metric_set(&metrics[METRIC_MEMORY], (int64_t)counts.used_bytes);
}

static json_t *show_lag(struct metric *metrics, struct kafka_reader *intake)
{
    size_t                        count      = 0;
    const struct kafka_partition *partitions = kafka_reader_partitions(intake, &count);
    json_t                       *topics     = json_object();
    int64_t                       lag = 0, halted = 0;

    for (size_t i = 0; i < count; i++) {
        const struct kafka_partition *partition = &partitions[i];
        const int64_t                 behind    = kafka_partition_lag(partition);
        const json_t                 *before    = json_object_get(topics, partition->topic);
        json_object_set_new(topics, partition->topic, json_integer(json_integer_value(before) + behind));
        lag += behind;
        halted += partition->state == KAFKA_PARTITION_HALTED;
    }
    metric_set(&metrics[METRIC_LAG], lag);
    metric_set(&metrics[METRIC_HALTED], halted);
    return topics;
}

static void show_expiry(struct metric *metrics, json_t *detail, const struct expiry *expiry)
{
    metric_set(&metrics[METRIC_EXPIRED], expiry->asked);
    metric_set(&metrics[METRIC_PURGED], expiry->purged);
    metric_set(&metrics[METRIC_EXPIRY_DEBT], expiry->debt);
    json_object_set_new(detail, "expiry_debt", json_integer(expiry->debt));
    if (expiry->is_unledgered)
        json_object_set_new(detail, "alarm", json_true());
}

void engine_status_show(struct engine_status *status, struct db *db, struct kafka_reader *intake, struct world *world,
                        const struct pipeline_totals *totals, const struct expiry *expiry)
{
    char    pid[16];
    json_t *detail = json_object();

    show_totals(status->metrics, totals);
    show_world(status->metrics, world);
    show_expiry(status->metrics, detail, expiry);
    json_object_set_new(detail, "lag", show_lag(status->metrics, intake));
    json_object_set_new(detail, "batches", json_integer(totals->batches));
    json_object_set_new(detail, "messages", json_integer(totals->messages));
    json_object_set_new(detail, "retries", json_integer(totals->retries));
    json_object_set_new(detail, "shifted_feeds", json_integer(metric_get(&status->metrics[METRIC_SHIFTED])));
    json_object_set_new(detail, "halted_partitions", json_integer(metric_get(&status->metrics[METRIC_HALTED])));
    json_object_set_new(detail, "hot_keys", json_integer(metric_get(&status->metrics[METRIC_HOT_KEYS])));
    json_object_set_new(detail, "generic_keys", json_integer(metric_get(&status->metrics[METRIC_GENERIC_KEYS])));
    json_object_set(detail, "worst_keys", key_report_show(&status->keys, world_identity(world), status->blind));
    feed_watch_look(&status->feeds, db);
    metric_set(&status->metrics[METRIC_FEEDS_SILENT], status->feeds.silent);
    metric_set(&status->metrics[METRIC_FEED_GAPS], status->feeds.gaps);
    json_object_set_new(detail, "feeds_silent", json_integer(status->feeds.silent));
    json_object_set_new(detail, "feed_gaps", json_integer(status->feeds.gaps));
    json_object_set_new(detail, "index_bytes", json_integer(metric_get(&status->metrics[METRIC_MEMORY])));
    char *text = json_dumps(detail, JSON_COMPACT);
    json_decref(detail);
    if (text == NULL)
        return;
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    const struct db_param params[] = { db_text("engine"), db_text(pid), db_text(text) };
    db_run(db, &statement_engine_status_put, params, 3, NULL);
    free(text);
}
