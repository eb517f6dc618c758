/* The feed of acknowledgements; see ack_feed.h.
 * What an answer means is ack.c's business; nothing a post sends can stop this feed. */
#include "daemon/courier/ack_feed.h"

#include "daemon/common/clock.h"
#include "daemon/common/kafka.h"
#include "daemon/common/log.h"
#include "daemon/courier/ack_store.h"
#include "daemon/courier/cluster.h"
#include "daemon/courier/courier_metrics.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_MAX        = 500,
    PARTITIONS_MAX   = 2048,
    ASSIGN_EVERY_MS  = 30000,
    RETRY_EVERY_MS   = 2000,
    KAFKA_TIMEOUT_MS = 3000
};

struct partition {
    const struct post *post;
    int32_t            part;
    int64_t            next_offset; /* what PostgreSQL holds */
    int64_t            new_offset;  /* behind the batch in hand; next_offset when it has none of ours */
    int64_t            high;        /* log end as last seen */
    bool               is_halted;
};

struct ack_feed {
    rd_kafka_t         *consumer;
    const struct posts *posts;
    struct partition    partitions[PARTITIONS_MAX];
    size_t              partition_count;
    int64_t             assigned_at_ms; /* 0: nothing assigned */
    bool                has_lost_position;
    bool                is_unsure; /* COMMIT was sent and no answer came */
    rd_kafka_message_t *batch[BATCH_MAX];
    size_t              batch_count;
    char               *cluster_id;
};

struct ack_feed *ack_feed_open(const struct config *config, const struct posts *posts, char *error, size_t error_size)
{
    struct ack_feed *feed = calloc(1, sizeof *feed);

    if (feed == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    feed->posts = posts;
    rd_kafka_conf_t *conf =
        kafka_consumer_conf_new(&config->kafka, config->kafka.courier.user, config->kafka.courier.password_file,
                                "hulei-courier", error, error_size);
    if (conf == NULL)
        goto fail;
    feed->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, error_size);
    if (feed->consumer == NULL) {
        rd_kafka_conf_destroy(conf);
        goto fail;
    }
    rd_kafka_poll_set_consumer(feed->consumer);
    return feed;

fail:
    ack_feed_close(feed);
    return NULL;
}

static void drop_batch(struct ack_feed *feed)
{
    for (size_t i = 0; i < feed->batch_count; i++)
        rd_kafka_message_destroy(feed->batch[i]);
    feed->batch_count = 0;
    feed->is_unsure   = false;
    for (size_t i = 0; i < feed->partition_count; i++)
        feed->partitions[i].new_offset = feed->partitions[i].next_offset;
}

void ack_feed_close(struct ack_feed *feed)
{
    if (feed == NULL)
        return;
    drop_batch(feed);
    if (feed->consumer != NULL) {
        rd_kafka_assign(feed->consumer, NULL);
        rd_kafka_consumer_close(feed->consumer);
        rd_kafka_destroy(feed->consumer);
    }
    free(feed->cluster_id);
    free(feed);
}

static struct partition *find_partition(struct ack_feed *feed, const char *topic, int32_t part)
{
    for (size_t i = 0; i < feed->partition_count; i++) {
        if (feed->partitions[i].part == part && strcmp(feed->partitions[i].post->ack_topic, topic) == 0)
            return &feed->partitions[i];
    }
    return NULL;
}

/* Adds the partitions of one post's topic; a topic that is missing is an alarm, and the others go on. */
static void list_topic(struct ack_feed *feed, const struct post *post, const struct rd_kafka_metadata *metadata)
{
    const struct rd_kafka_metadata_topic *topic = cluster_find_topic(metadata, post->ack_topic);

    if (topic == NULL) {
        log_warning("ack_topic_unusable", log_word("post", post->id), log_word("topic", post->ack_topic));
        return;
    }
    for (int p = 0; p < topic->partition_cnt; p++) {
        const int32_t part = topic->partitions[p].id;
        if (find_partition(feed, post->ack_topic, part) == NULL && feed->partition_count < PARTITIONS_MAX)
            feed->partitions[feed->partition_count++] = (struct partition){ .post = post, .part = part, .high = -1 };
    }
}

static bool list_topics(struct ack_feed *feed)
{
    const struct rd_kafka_metadata *metadata = cluster_look(feed->consumer);

    if (metadata == NULL)
        return false;
    for (unsigned i = 0; i < feed->posts->posts_count; i++)
        list_topic(feed, &feed->posts->posts[i], metadata);
    rd_kafka_metadata_destroy(metadata);
    return true;
}

static enum db_status move_offset(const struct statement *statement, const struct partition *partition, int64_t to,
                                  struct db *db)
{
    char part[16], from_text[24], to_text[24];

    snprintf(part, sizeof part, "%d", partition->part);
    snprintf(from_text, sizeof from_text, "%lld", (long long)partition->next_offset);
    snprintf(to_text, sizeof to_text, "%lld", (long long)to);
    const struct db_param params[] = { db_text(partition->post->ack_topic), db_text(part), db_text(from_text),
                                       db_text(to_text) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, statement, params, 4, &result);
    if (status != DB_OK)
        return status;
    const bool is_moved = PQntuples(result) == 1;
    PQclear(result);
    return is_moved ? DB_OK : DB_REFUSED;
}

static enum db_status read_offset(struct ack_feed *feed, const struct partition *partition, struct db *db,
                                  int64_t *offset)
{
    char part[16];

    snprintf(part, sizeof part, "%d", partition->part);
    const struct db_param params[] = { db_text(partition->post->ack_topic), db_text(part),
                                       db_text(feed->cluster_id != NULL ? feed->cluster_id : "") };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_courier_offset_read, params, 3, &result);
    if (status != DB_OK)
        return status;
    *offset = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return DB_OK;
}

/* Compares a stored position with the log: never a silent jump. */
static enum db_status check_against_log(struct partition *partition, int64_t low, int64_t high, struct db *db)
{
    partition->high = high;
    if (partition->next_offset > high) {
        partition->is_halted = true;
        log_error("ack_feed_halted", log_word("topic", partition->post->ack_topic),
                  log_number("partition", partition->part), log_number("next_offset", partition->next_offset),
                  log_number("log_end", high));
        return DB_OK;
    }
    if (partition->next_offset >= low)
        return DB_OK;
    log_error("ack_feed_gap", log_word("topic", partition->post->ack_topic), log_number("partition", partition->part),
              log_number("from", partition->next_offset), log_number("to", low));
    const enum db_status status = move_offset(&statement_courier_offset_gap, partition, low, db);
    if (status == DB_OK)
        partition->next_offset = low;
    return status;
}

/* `list` is of all partitions, in their order. */
static enum db_status check_all(struct ack_feed *feed, rd_kafka_topic_partition_list_t *list, struct db *db)
{
    enum db_status                   status = DB_OK;
    rd_kafka_topic_partition_list_t *lows   = rd_kafka_topic_partition_list_copy(list);

    if (cluster_read_offsets(feed->consumer, lows, 0) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        cluster_read_offsets(feed->consumer, list, 1) != RD_KAFKA_RESP_ERR_NO_ERROR)
        status = DB_RETRY;
    for (int i = 0; i < list->cnt && status == DB_OK; i++) {
        struct partition *partition = &feed->partitions[i];
        if (lows->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR || list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            status = DB_RETRY;
        else if (!partition->is_halted)
            status = check_against_log(partition, lows->elems[i].offset, list->elems[i].offset, db);
        partition->new_offset = partition->next_offset;
    }
    rd_kafka_topic_partition_list_destroy(lows);
    return status;
}

static enum db_status read_positions(struct ack_feed *feed, struct db *db)
{
    enum db_status                   status = DB_OK;
    rd_kafka_topic_partition_list_t *list   = rd_kafka_topic_partition_list_new((int)feed->partition_count);

    for (size_t i = 0; i < feed->partition_count && status == DB_OK; i++) {
        struct partition *partition = &feed->partitions[i];
        rd_kafka_topic_partition_list_add(list, partition->post->ack_topic, partition->part);
        status = read_offset(feed, partition, db, &partition->next_offset);
    }
    if (status == DB_OK && list->cnt > 0)
        status = check_all(feed, list, db);
    rd_kafka_topic_partition_list_destroy(list);
    return status;
}

static bool assign(struct ack_feed *feed)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)feed->partition_count);

    for (size_t i = 0; i < feed->partition_count; i++) {
        const struct partition *partition = &feed->partitions[i];
        if (!partition->is_halted)
            rd_kafka_topic_partition_list_add(list, partition->post->ack_topic, partition->part)->offset =
                partition->next_offset;
    }
    const rd_kafka_resp_err_t outcome = rd_kafka_assign(feed->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR)
        log_warning("ack_assign_failed", log_word("error", rd_kafka_err2name(outcome)));
    return outcome == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static void learn_cluster_id(struct ack_feed *feed)
{
    char *cluster_id = feed->cluster_id == NULL ? rd_kafka_clusterid(feed->consumer, KAFKA_TIMEOUT_MS) : NULL;

    if (cluster_id == NULL)
        return;
    feed->cluster_id = strdup(cluster_id);
    rd_kafka_mem_free(feed->consumer, cluster_id);
}

static enum db_status assign_all(struct ack_feed *feed, struct db *db)
{
    const size_t before   = feed->partition_count;
    const bool   is_first = feed->assigned_at_ms == 0;

    feed->assigned_at_ms = clock_monotonic_ms(); /* also when it fails: the rest of the courier must not wait for it */
    if (!list_topics(feed)) {
        feed->has_lost_position = feed->has_lost_position || is_first;
        return DB_OK;
    }
    if (!is_first && !feed->has_lost_position && feed->partition_count == before)
        return DB_OK; /* the look for new partitions must not disturb the ones that flow */
    learn_cluster_id(feed);
    feed->has_lost_position     = true;
    const enum db_status status = read_positions(feed, db);
    if (status == DB_RETRY && db_is_connected(db))
        return DB_OK; /* Kafka is away: what needs no Kafka, as escalation, goes on */
    if (status != DB_OK)
        return status;
    if (assign(feed)) {
        feed->has_lost_position = false;
        log_info("acks_assigned", log_number("partitions", (int64_t)feed->partition_count));
    }
    return DB_OK;
}

/* A lost position is looked for again after a second, everything else every 30 s. */
static bool is_assignment_due(const struct ack_feed *feed)
{
    const int64_t age_ms = clock_monotonic_ms() - feed->assigned_at_ms;

    return feed->assigned_at_ms == 0 || age_ms > (feed->has_lost_position ? RETRY_EVERY_MS : ASSIGN_EVERY_MS);
}

static void note_error(struct ack_feed *feed, const rd_kafka_message_t *message)
{
    log_warning("kafka_error", log_word("error", rd_kafka_err2name(message->err)));
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        feed->has_lost_position = true;
}

static void take_messages(struct ack_feed *feed)
{
    while (feed->batch_count < BATCH_MAX) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(feed->consumer, 0);
        if (message == NULL)
            return;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            note_error(feed, message);
            rd_kafka_message_destroy(message);
            continue;
        }
        struct partition *partition = find_partition(feed, rd_kafka_topic_name(message->rkt), message->partition);
        if (partition == NULL || message->offset < partition->new_offset) {
            rd_kafka_message_destroy(message);
            continue;
        }
        partition->new_offset = message->offset + 1;
        if (partition->high < partition->new_offset)
            partition->high = partition->new_offset;
        feed->batch[feed->batch_count++] = message;
    }
}

static enum db_status run_plain(struct db *db, const char *text)
{
    PGresult            *result = PQexec(db_connection(db), text);
    const enum db_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? DB_OK : db_classify(db, result);

    PQclear(result);
    return status;
}

/* Keeps an answer the database refuses as an invalid one without its fields. */
static enum db_status store_carefully(const rd_kafka_message_t *message, const char *post_id, struct db *db,
                                      struct ack_counts *counts)
{
    enum db_status status = run_plain(db, "SAVEPOINT answer");

    if (status == DB_OK)
        status = ack_store(message, post_id, false, db, counts);
    if (status != DB_REFUSED)
        return status;
    log_warning("ack_refused", log_word("sqlstate", db_sqlstate(db)), log_word("constraint", db_constraint(db)));
    status = run_plain(db, "ROLLBACK TO SAVEPOINT answer");
    return status == DB_OK ? ack_store(message, post_id, true, db, counts) : status;
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
        const rd_kafka_message_t *message = feed->batch[i];
        const char *post_id = find_partition(feed, rd_kafka_topic_name(message->rkt), message->partition)->post->id;
        status =
            is_careful ? store_carefully(message, post_id, db, counts) : ack_store(message, post_id, false, db, counts);
    }
    for (size_t i = 0; i < feed->partition_count && status == DB_OK; i++) {
        const struct partition *partition = &feed->partitions[i];
        if (partition->new_offset == partition->next_offset)
            continue;
        status     = move_offset(&statement_courier_offset_move, partition, partition->new_offset, db);
        *is_fenced = *is_fenced || status == DB_REFUSED;
    }
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

static void finish_batch(struct ack_feed *feed)
{
    for (size_t i = 0; i < feed->partition_count; i++)
        feed->partitions[i].next_offset = feed->partitions[i].new_offset;
    drop_batch(feed);
}

/* After a COMMIT without an answer: the position tells whether it happened. */
static enum db_status resolve_unsure(struct ack_feed *feed, struct db *db)
{
    for (size_t i = 0; i < feed->partition_count; i++) {
        const struct partition *partition = &feed->partitions[i];
        if (partition->new_offset == partition->next_offset)
            continue;
        int64_t              offset = 0;
        const enum db_status status = read_offset(feed, partition, db, &offset);
        if (status != DB_OK)
            return status;
        if (offset == partition->new_offset)
            finish_batch(feed);
        break;
    }
    feed->is_unsure = false;
    return DB_OK;
}

enum db_status ack_feed_step(struct ack_feed *feed, struct db *db, struct lease *lease, size_t *count)
{
    struct ack_counts counts    = { { 0 } };
    bool              is_fenced = false;
    enum db_status    status    = DB_OK;

    *count = 0;
    if (feed->is_unsure)
        status = resolve_unsure(feed, db);
    if (status == DB_OK && feed->batch_count == 0 && is_assignment_due(feed))
        status = assign_all(feed, db);
    if (status != DB_OK)
        return status;
    take_messages(feed);
    if (feed->batch_count == 0)
        return DB_OK;

    status = apply_batch(feed, db, lease, &counts, false, &is_fenced);
    if (status == DB_REFUSED && !is_fenced) {
        counts = (struct ack_counts){ { 0 } };
        status = apply_batch(feed, db, lease, &counts, true, &is_fenced);
    }
    if (status == DB_OK) {
        *count = feed->batch_count;
        finish_batch(feed);
        ack_counts_publish(&counts);
    } else if (is_fenced) {
        drop_batch(feed);
        feed->has_lost_position = true;
    }
    feed->is_unsure = status == DB_UNKNOWN;
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

int64_t ack_feed_lag(const struct ack_feed *feed)
{
    int64_t lag = 0;

    for (size_t i = 0; i < feed->partition_count; i++) {
        const struct partition *partition = &feed->partitions[i];
        int64_t                 low = 0, high = 0;
        if (rd_kafka_get_watermark_offsets(feed->consumer, partition->post->ack_topic, partition->part, &low, &high) !=
                RD_KAFKA_RESP_ERR_NO_ERROR ||
            high < partition->high)
            high = partition->high;
        lag += high > partition->next_offset ? high - partition->next_offset : 0;
    }
    return lag;
}

int ack_feed_halted(const struct ack_feed *feed)
{
    int halted = 0;

    for (size_t i = 0; i < feed->partition_count; i++)
        halted += feed->partitions[i].is_halted;
    return halted;
}
