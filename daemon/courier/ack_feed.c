/* The feed of acknowledgements; see ack_feed.h.
 * What an answer means is ack.c's business; nothing a post sends can stop this feed. */
#include "daemon/courier/ack_feed.h"

#include "daemon/common/db_array.h"
#include "daemon/common/kafka_reader.h"
#include "daemon/common/log.h"
#include "daemon/courier/ack_store.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 500 };

/* The arrays of the statement reader_offset_move. */
enum move_column { MOVE_TOPIC, MOVE_PART, MOVE_FROM, MOVE_TO, MOVE_ANCHOR_OFFSET, MOVE_ANCHOR, MOVE_COLUMNS };

static const enum db_array_type move_types[MOVE_COLUMNS] = {
    [MOVE_TOPIC] = DB_ARRAY_TEXT, [MOVE_PART] = DB_ARRAY_INT4,          [MOVE_FROM] = DB_ARRAY_INT8,
    [MOVE_TO] = DB_ARRAY_INT8,    [MOVE_ANCHOR_OFFSET] = DB_ARRAY_INT8, [MOVE_ANCHOR] = DB_ARRAY_BYTEA,
};

struct ack_feed {
    struct kafka_reader *reader;
    const struct posts  *posts;
    const char          *shard;
    const char         **topics;
    rd_kafka_message_t  *batch[BATCH_MAX];
    size_t               batch_count;
    struct db_array      moves[MOVE_COLUMNS];
};

struct ack_feed *ack_feed_open(const struct config *config, const struct posts *posts, const struct blind *blind,
                               char *error, size_t error_size)
{
    struct ack_feed *feed = calloc(1, sizeof *feed);

    if (feed != NULL)
        feed->topics = calloc(posts->posts_count, sizeof *feed->topics);
    if (feed == NULL || feed->topics == NULL) {
        snprintf(error, error_size, "out of memory");
        free(feed);
        return NULL;
    }
    feed->posts = posts;
    feed->shard = config->shard;
    for (int i = 0; i < MOVE_COLUMNS; i++)
        db_array_init(&feed->moves[i], move_types[i]);
    for (unsigned i = 0; i < posts->posts_count; i++)
        feed->topics[i] = posts->posts[i].ack_topic;
    const struct kafka_reader_spec spec = {
        .kafka         = &config->kafka,
        .user          = config->kafka.courier.user,
        .password_file = config->kafka.courier.password_file,
        .group         = "hulei-courier",
        .blind         = blind,
        .topics        = feed->topics,
        .topic_count   = posts->posts_count,
    };
    feed->reader = kafka_reader_open(&spec, error, error_size);
    if (feed->reader == NULL) {
        ack_feed_close(feed);
        return NULL;
    }
    return feed;
}

static void drop_batch(struct ack_feed *feed)
{
    for (size_t i = 0; i < feed->batch_count; i++)
        rd_kafka_message_destroy(feed->batch[i]);
    feed->batch_count = 0;
}

void ack_feed_close(struct ack_feed *feed)
{
    if (feed == NULL)
        return;
    drop_batch(feed);
    kafka_reader_close(feed->reader);
    for (int i = 0; i < MOVE_COLUMNS; i++)
        db_array_clear(&feed->moves[i]);
    free(feed->topics);
    free(feed);
}

/* Whose topic carried it. */
static const char *post_of(const struct ack_feed *feed, const rd_kafka_message_t *message)
{
    const char *topic = rd_kafka_topic_name(message->rkt);

    for (unsigned i = 0; i < feed->posts->posts_count; i++) {
        if (strcmp(feed->posts->posts[i].ack_topic, topic) == 0)
            return feed->posts->posts[i].id;
    }
    return "";
}

static enum db_status run_plain(struct db *db, const char *text)
{
    PGresult            *result = PQexec(db_connection(db), text);
    const enum db_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? DB_OK : db_classify(db, result);

    PQclear(result);
    return status;
}

/* Keeps an answer the database refuses as an invalid one without its fields. */
static enum db_status store_carefully(const struct ack_message *message, struct db *db, struct ack_counts *counts)
{
    enum db_status status = run_plain(db, "SAVEPOINT answer");

    if (status == DB_OK)
        status = ack_store(message, false, db, counts);
    if (status != DB_REFUSED)
        return status;
    log_warning("ack_refused", log_word("sqlstate", db_sqlstate(db)), log_word("constraint", db_constraint(db)));
    status = run_plain(db, "ROLLBACK TO SAVEPOINT answer");
    return status == DB_OK ? ack_store(message, true, db, counts) : status;
}

/* Kafka delivers a partition in order: the last message of each in the batch is its highest. */
static bool is_last_of_partition(struct ack_feed *feed, size_t i)
{
    const struct kafka_partition *partition = kafka_reader_partition_of(feed->reader, feed->batch[i]);

    for (size_t later = i + 1; later < feed->batch_count; later++) {
        if (kafka_reader_partition_of(feed->reader, feed->batch[later]) == partition)
            return false;
    }
    return true;
}

static void add_move(struct ack_feed *feed, const rd_kafka_message_t *last)
{
    const struct kafka_partition *partition = kafka_reader_partition_of(feed->reader, last);
    unsigned char                 anchor[KAFKA_ANCHOR_BYTES];

    kafka_reader_anchor_of(feed->reader, last, anchor);
    db_array_add_span(&feed->moves[MOVE_TOPIC], span_from_text(partition->topic));
    db_array_add_number(&feed->moves[MOVE_PART], partition->part);
    db_array_add_number(&feed->moves[MOVE_FROM], partition->next_offset);
    db_array_add_number(&feed->moves[MOVE_TO], last->offset + 1);
    db_array_add_number(&feed->moves[MOVE_ANCHOR_OFFSET], last->offset);
    db_array_add_span(&feed->moves[MOVE_ANCHOR], span_of((const char *)anchor, sizeof anchor));
}

/* DB_REFUSED: another courier read on. */
static enum db_status move_positions(struct ack_feed *feed, struct db *db)
{
    struct db_param params[MOVE_COLUMNS + 1];
    PGresult       *result = NULL;

    for (int i = 0; i < MOVE_COLUMNS; i++)
        db_array_reset(&feed->moves[i]);
    for (size_t i = 0; i < feed->batch_count; i++) {
        if (is_last_of_partition(feed, i))
            add_move(feed, feed->batch[i]);
    }
    for (int i = 0; i < MOVE_COLUMNS; i++) {
        if (!db_array_param(&feed->moves[i], &params[i]))
            return DB_RETRY;
    }
    params[MOVE_COLUMNS]  = db_text(kafka_reader_cluster_id(feed->reader));
    enum db_status status = db_run(db, &statement_reader_offset_move, params, MOVE_COLUMNS + 1, &result);
    if (status == DB_OK && PQntuples(result) != feed->moves[MOVE_TOPIC].count)
        status = DB_REFUSED;
    PQclear(result);
    return status;
}

/* The whole batch in one transaction. `is_careful`: one answer may be refused without taking the others along. */
static enum db_status apply_batch(struct ack_feed *feed, struct db *db, struct lease *lease, struct ack_counts *counts,
                                  bool is_careful, bool *is_fenced)
{
    enum db_status status = db_begin(db);

    if (status == DB_OK) {
        status     = lease_check(lease, db);
        *is_fenced = status == DB_REFUSED;
    }
    for (size_t i = 0; i < feed->batch_count && status == DB_OK; i++) {
        const struct ack_message message = { feed->batch[i], post_of(feed, feed->batch[i]), feed->shard };
        status = is_careful ? store_carefully(&message, db, counts) : ack_store(&message, false, db, counts);
    }
    if (status == DB_OK) {
        status     = move_positions(feed, db);
        *is_fenced = status == DB_REFUSED;
    }
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

static void finish_batch(struct ack_feed *feed)
{
    for (size_t i = 0; i < feed->batch_count; i++)
        kafka_reader_partition_of(feed->reader, feed->batch[i])->next_offset = feed->batch[i]->offset + 1;
    drop_batch(feed);
}

/* Before anything is in hand. Without Kafka the rest of the courier, as escalation, goes on. */
static enum db_status assign(struct ack_feed *feed, struct db *db)
{
    bool                 is_assigned = false;
    const enum db_status status      = kafka_reader_assign(feed->reader, db, &is_assigned);

    if (status == DB_OK && !is_assigned)
        log_warning("assign_failed", log_word("error", kafka_reader_error(feed->reader)));
    return status;
}

enum db_status ack_feed_step(struct ack_feed *feed, struct db *db, struct lease *lease, size_t *count)
{
    struct ack_counts counts    = { .reopened = 0 };
    bool              is_fenced = false;
    enum db_status    status    = DB_OK;

    *count = 0;
    if (feed->batch_count == 0 && kafka_reader_needs_assign(feed->reader))
        status = assign(feed, db);
    if (status != DB_OK)
        return status;
    if (feed->batch_count == 0)
        feed->batch_count = kafka_reader_poll(feed->reader, feed->batch, BATCH_MAX, 0);
    if (feed->batch_count == 0)
        return DB_OK;

    status = apply_batch(feed, db, lease, &counts, false, &is_fenced);
    if (status == DB_REFUSED && !is_fenced) {
        counts = (struct ack_counts){ .reopened = 0 };
        status = apply_batch(feed, db, lease, &counts, true, &is_fenced);
    }
    if (status == DB_OK) {
        *count = feed->batch_count;
        finish_batch(feed);
        ack_counts_publish(&counts);
        return DB_OK;
    }
    if (is_fenced || status == DB_UNKNOWN) {
        /* Whether that COMMIT happened, the stored position says: reading begins there. */
        drop_batch(feed);
        kafka_reader_rewind(feed->reader);
    }
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

int64_t ack_feed_lag(struct ack_feed *feed)
{
    size_t                        count      = 0;
    const struct kafka_partition *partitions = kafka_reader_partitions(feed->reader, &count);
    int64_t                       lag        = 0;

    for (size_t i = 0; i < count; i++)
        lag += kafka_partition_lag(&partitions[i]);
    return lag;
}

int ack_feed_halted(struct ack_feed *feed)
{
    size_t                        count      = 0;
    const struct kafka_partition *partitions = kafka_reader_partitions(feed->reader, &count);
    int                           halted     = 0;

    for (size_t i = 0; i < count; i++)
        halted += partitions[i].state == KAFKA_PARTITION_HALTED;
    return halted;
}
