/* The feed of acknowledgements; see ack_feed.h.
 * What an answer means is ack.c's business; nothing a post sends can stop this feed. */
#include "daemon/courier/ack_feed.h"

#include "daemon/common/kafka_reader.h"
#include "daemon/common/log.h"
#include "daemon/courier/ack_store.h"
#include "daemon/courier/positions.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 500 };

struct ack_feed {
    struct kafka_reader *reader;
    const struct posts  *posts;
    const char          *shard;
    const char         **topics;
    rd_kafka_message_t  *batch[BATCH_MAX];
    size_t               batch_count;
    struct positions     positions;
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
    positions_init(&feed->positions);
    unsigned topic_count = 0;
    for (unsigned i = 0; i < posts->posts_count; i++) {
        if (posts->posts[i].webhook == NULL)
            feed->topics[topic_count++] = posts->posts[i].ack_topic;
    }
    const struct kafka_reader_spec spec = {
        .kafka         = &config->kafka,
        .user          = config->kafka.courier.user,
        .password_file = config->kafka.courier.password_file,
        .group         = "hulei-courier",
        .blind         = blind,
        .topics        = feed->topics,
        .topic_count   = topic_count,
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
    positions_clear(&feed->positions);
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

/* Keeps an answer the database refuses as an invalid one without its fields. */
static enum db_status store_carefully(const struct ack_message *message, struct db *db, struct ack_counts *counts)
{
    enum db_status status = db_command(db, "SAVEPOINT answer");

    if (status == DB_OK)
        status = ack_store(message, false, db, counts);
    if (status != DB_REFUSED)
        return status;
    log_warning("ack_refused", log_word("sqlstate", db_sqlstate(db)), log_word("constraint", db_constraint(db)));
    status = db_command(db, "ROLLBACK TO SAVEPOINT answer");
    return status == DB_OK ? ack_store(message, true, db, counts) : status;
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
        status     = positions_move(&feed->positions, feed->reader, feed->batch, feed->batch_count, db);
        *is_fenced = status == DB_REFUSED;
    }
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

static void finish_batch(struct ack_feed *feed)
{
    positions_follow(feed->reader, feed->batch, feed->batch_count);
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
