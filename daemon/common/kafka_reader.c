/* Reading at PostgreSQL's offsets; see kafka_reader.h.
 * A position here is only as good as the row it was read from. */
#include "daemon/common/kafka_reader.h"

#include "daemon/common/clock.h"
#include "daemon/common/kafka.h"
#include "daemon/common/kafka_cluster.h"
#include "daemon/common/kafka_files.h"
#include "daemon/common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ASSIGN_EVERY_MS  = 30000,
    MISSING_EVERY_MS = 5000, /* a broker that has just started does not list all topics */
    RETRY_EVERY_MS   = 1000,
    KAFKA_TIMEOUT_MS = 5000,
};

struct kafka_reader {
    struct kafka_reader_spec spec;
    rd_kafka_t              *consumer;
    struct kafka_files       files; /* that it was made from */
    struct kafka_partition   partitions[KAFKA_PARTITIONS_MAX];
    size_t                   partition_count;
    size_t                   missing_count; /* topics the cluster does not show */
    int64_t                  tried_at_ms;   /* 0: never */
    bool                     has_position;
    bool                     is_stale; /* its files were renewed */
    char                    *cluster_id;
    char                     error[512];
};

static rd_kafka_t *make_consumer(struct kafka_reader *reader, char *error, size_t error_size)
{
    const struct kafka_reader_spec *spec = &reader->spec;

    kafka_files_note(&reader->files, spec->kafka, spec->password_file);
    rd_kafka_conf_t *conf =
        kafka_consumer_conf_new(spec->kafka, spec->user, spec->password_file, spec->group, error, error_size);
    if (conf == NULL)
        return NULL;
    rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, error_size);
    if (consumer == NULL)
        rd_kafka_conf_destroy(conf);
    else
        rd_kafka_poll_set_consumer(consumer);
    return consumer;
}

struct kafka_reader *kafka_reader_open(const struct kafka_reader_spec *spec, char *error, size_t error_size)
{
    struct kafka_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    reader->spec     = *spec;
    reader->consumer = make_consumer(reader, error, error_size);
    if (reader->consumer == NULL) {
        kafka_reader_close(reader);
        return NULL;
    }
    return reader;
}

static void close_consumer(rd_kafka_t *consumer)
{
    rd_kafka_assign(consumer, NULL);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

void kafka_reader_close(struct kafka_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->consumer != NULL)
        close_consumer(reader->consumer);
    free(reader->cluster_id);
    free(reader);
}

/* With the files as they are now. When they are of no use the old consumer goes on. */
static void renew_consumer(struct kafka_reader *reader, const char *event)
{
    rd_kafka_t *consumer = make_consumer(reader, reader->error, sizeof reader->error);

    if (consumer == NULL) {
        log_error(event, log_word("error", "see the configuration"));
        return;
    }
    close_consumer(reader->consumer);
    reader->consumer     = consumer;
    reader->has_position = false;
    log_info(event, log_word("client", "consumer"));
}

/* ---- which partitions there are ---- */

static struct kafka_partition *find_partition(struct kafka_reader *reader, const char *topic, int32_t part)
{
    for (size_t i = 0; i < reader->partition_count; i++) {
        struct kafka_partition *partition = &reader->partitions[i];
        if (partition->part == part && strcmp(partition->topic, topic) == 0)
            return partition;
    }
    return NULL;
}

static void add_partition(struct kafka_reader *reader, const char *topic, int32_t part)
{
    if (reader->partition_count == KAFKA_PARTITIONS_MAX || find_partition(reader, topic, part) != NULL)
        return;
    struct kafka_partition *partition = &reader->partitions[reader->partition_count++];
    *partition =
        (struct kafka_partition){ .part = part, .high = -1, .anchor_offset = -1, .looked_next = -1, .looked_high = -1 };
    snprintf(partition->topic, sizeof partition->topic, "%s", topic);
}

static bool list_partitions(struct kafka_reader *reader)
{
    const struct rd_kafka_metadata *metadata = kafka_cluster_look(reader->consumer);
    size_t                          missing  = 0;

    if (metadata == NULL) {
        snprintf(reader->error, sizeof reader->error, "the brokers do not list their topics");
        return false;
    }
    for (size_t i = 0; i < reader->spec.topic_count; i++) {
        const char                           *name  = reader->spec.topics[i];
        const struct rd_kafka_metadata_topic *topic = kafka_cluster_find_topic(metadata, name);
        for (int p = 0; topic != NULL && p < topic->partition_cnt; p++)
            add_partition(reader, name, topic->partitions[p].id);
        if (topic == NULL && ++missing > reader->missing_count)
            log_warning("topic_unusable", log_word("topic", name));
    }
    rd_kafka_metadata_destroy(metadata);
    reader->missing_count = missing;
    return true;
}

/* ---- where they stand ---- */

static enum db_status read_offset(struct kafka_partition *partition, struct db *db, const char *cluster_id)
{
    char part[16];

    snprintf(part, sizeof part, "%d", partition->part);
    const struct db_param params[] = { db_text(partition->topic), db_text(part), db_text(cluster_id) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_reader_offset_read, params, 3, &result);
    if (status != DB_OK)
        return status;
    partition->next_offset   = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    partition->anchor_offset = -1;
    if (!PQgetisnull(result, 0, 1) && !PQgetisnull(result, 0, 2)) {
        size_t         length = 0;
        unsigned char *anchor = PQunescapeBytea((const unsigned char *)PQgetvalue(result, 0, 2), &length);
        if (anchor != NULL && length == KAFKA_ANCHOR_BYTES) {
            partition->anchor_offset = strtoll(PQgetvalue(result, 0, 1), NULL, 10);
            memcpy(partition->anchor, anchor, length);
        }
        PQfreemem(anchor);
    }
    PQclear(result);
    return DB_OK;
}

/* Retention ate messages nobody read: said in a row, never silently skipped. */
static enum db_status record_gap(struct kafka_partition *partition, struct db *db, int64_t low)
{
    char part[16], from[24], to[24];

    snprintf(part, sizeof part, "%d", partition->part);
    snprintf(from, sizeof from, "%lld", (long long)partition->next_offset);
    snprintf(to, sizeof to, "%lld", (long long)low);
    const struct db_param params[] = { db_text(partition->topic), db_text(part), db_text(from), db_text(to) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_reader_offset_gap, params, 4, &result);
    if (status != DB_OK)
        return status;
    const bool is_moved = PQntuples(result) == 1;
    PQclear(result);
    if (!is_moved)
        return DB_REFUSED; /* somebody else moved the position */
    log_error("feed_gap", log_word("topic", partition->topic), log_number("partition", partition->part),
              log_number("from", partition->next_offset), log_number("to", low));
    partition->next_offset   = low;
    partition->anchor_offset = -1;
    return DB_OK;
}

static void halt(struct kafka_partition *partition, const char *reason)
{
    partition->state = KAFKA_PARTITION_HALTED;
    log_error("feed_halted", log_word("topic", partition->topic), log_number("partition", partition->part),
              log_word("reason", reason), log_number("next_offset", partition->next_offset));
}

static enum db_status check_against_log(struct kafka_partition *partition, int64_t low, int64_t high, struct db *db)
{
    partition->high = high;
    if (partition->next_offset > high) {
        halt(partition, "stored_offset_beyond_log_end");
        return DB_OK;
    }
    if (partition->next_offset < low) {
        partition->state = KAFKA_PARTITION_FLOWING;
        return record_gap(partition, db, low);
    }
    const bool has_anchor = partition->anchor_offset >= low && partition->anchor_offset < partition->next_offset;
    partition->state      = has_anchor ? KAFKA_PARTITION_CHECKING : KAFKA_PARTITION_FLOWING;
    return DB_OK;
}

/* The partitions that are not halted, with what `offset_of` says, or nothing (-1001) without it. */
static rd_kafka_topic_partition_list_t *list_running(const struct kafka_reader *reader,
                                                     int64_t (*offset_of)(const struct kafka_partition *))
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->partition_count);

    for (size_t i = 0; i < reader->partition_count; i++) {
        const struct kafka_partition *partition = &reader->partitions[i];
        if (partition->state != KAFKA_PARTITION_HALTED)
            rd_kafka_topic_partition_list_add(list, partition->topic, partition->part)->offset =
                offset_of != NULL ? offset_of(partition) : RD_KAFKA_OFFSET_INVALID;
    }
    return list;
}

/* Asks the log for both its ends and compares. False: Kafka did not answer. */
static bool check_all(struct kafka_reader *reader, struct db *db, enum db_status *status)
{
    rd_kafka_topic_partition_list_t *lows   = list_running(reader, NULL);
    rd_kafka_topic_partition_list_t *highs  = rd_kafka_topic_partition_list_copy(lows);
    rd_kafka_resp_err_t              answer = RD_KAFKA_RESP_ERR_NO_ERROR;

    if (lows->cnt > 0)
        answer = kafka_cluster_read_offsets(reader->consumer, lows, 0);
    if (lows->cnt > 0 && answer == RD_KAFKA_RESP_ERR_NO_ERROR)
        answer = kafka_cluster_read_offsets(reader->consumer, highs, 1);
    for (int i = 0; i < lows->cnt && answer == RD_KAFKA_RESP_ERR_NO_ERROR && *status == DB_OK; i++) {
        answer = lows->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR ? lows->elems[i].err : highs->elems[i].err;
        if (answer == RD_KAFKA_RESP_ERR_NO_ERROR)
            *status = check_against_log(find_partition(reader, lows->elems[i].topic, lows->elems[i].partition),
                                        lows->elems[i].offset, highs->elems[i].offset, db);
    }
    rd_kafka_topic_partition_list_destroy(lows);
    rd_kafka_topic_partition_list_destroy(highs);
    if (answer != RD_KAFKA_RESP_ERR_NO_ERROR)
        snprintf(reader->error, sizeof reader->error, "log ends: %s", rd_kafka_err2name(answer));
    return answer == RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Nothing came of it since the last look, though there was something then. Once per log end: what stands there may be
 * no message (a transaction's mark). */
static bool stalls(struct kafka_partition *partition, int64_t high)
{
    const bool is_stalled = partition->looked_next == partition->next_offset &&
                            partition->looked_high > partition->next_offset &&
                            partition->looked_high > partition->renewed_high;

    if (is_stalled)
        partition->renewed_high = partition->looked_high;
    partition->looked_next = partition->next_offset;
    partition->looked_high = high;
    return is_stalled;
}

static bool has_stalled(struct kafka_reader *reader)
{
    rd_kafka_topic_partition_list_t *highs = list_running(reader, NULL);
    const bool                       is_known =
        highs->cnt > 0 && kafka_cluster_read_offsets(reader->consumer, highs, 1) == RD_KAFKA_RESP_ERR_NO_ERROR;
    bool is_any = false;

    for (int i = 0; is_known && i < highs->cnt; i++) {
        const rd_kafka_topic_partition_t *end = &highs->elems[i];
        if (end->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            is_any = stalls(find_partition(reader, end->topic, end->partition), end->offset) || is_any;
    }
    rd_kafka_topic_partition_list_destroy(highs);
    return is_any;
}

static enum db_status read_offsets(struct kafka_reader *reader, struct db *db)
{
    enum db_status status = DB_OK;

    for (size_t i = 0; i < reader->partition_count && status == DB_OK; i++) {
        if (reader->partitions[i].state != KAFKA_PARTITION_HALTED)
            status = read_offset(&reader->partitions[i], db, kafka_reader_cluster_id(reader));
    }
    return status;
}

/* ---- assignment ---- */

static void learn_cluster_id(struct kafka_reader *reader)
{
    char *cluster_id = reader->cluster_id == NULL ? rd_kafka_clusterid(reader->consumer, KAFKA_TIMEOUT_MS) : NULL;

    if (cluster_id == NULL)
        return;
    reader->cluster_id = strdup(cluster_id);
    rd_kafka_mem_free(reader->consumer, cluster_id);
}

static int64_t first_offset(const struct kafka_partition *partition)
{
    return partition->state == KAFKA_PARTITION_CHECKING ? partition->anchor_offset : partition->next_offset;
}

static bool assign(struct kafka_reader *reader)
{
    rd_kafka_topic_partition_list_t *list    = list_running(reader, first_offset);
    const rd_kafka_resp_err_t        outcome = rd_kafka_assign(reader->consumer, list);

    rd_kafka_topic_partition_list_destroy(list);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR)
        snprintf(reader->error, sizeof reader->error, "assign: %s", rd_kafka_err2name(outcome));
    return outcome == RD_KAFKA_RESP_ERR_NO_ERROR;
}

enum db_status kafka_reader_assign(struct kafka_reader *reader, struct db *db, bool *is_assigned)
{
    const size_t before = reader->partition_count;

    *is_assigned        = false;
    reader->tried_at_ms = clock_monotonic_ms(); /* also when it fails: who calls has other things to do, too */
    if (reader->is_stale)
        renew_consumer(reader, "kafka_files_renewed");
    reader->is_stale = false;
    if (!list_partitions(reader))
        return DB_OK;
    if (reader->has_position && has_stalled(reader))
        renew_consumer(reader, "feed_stalled_consumer_renewed");
    /* The look for new partitions must not disturb the ones that flow. */
    if (reader->has_position && reader->partition_count == before) {
        *is_assigned = true;
        return DB_OK;
    }
    reader->has_position = false;
    learn_cluster_id(reader);
    enum db_status status = read_offsets(reader, db);
    if (status != DB_OK || !check_all(reader, db, &status) || status != DB_OK || !assign(reader))
        return status;
    reader->has_position = true;
    *is_assigned         = true;
    log_info("feeds_assigned", log_number("partitions", (int64_t)reader->partition_count));
    return DB_OK;
}

bool kafka_reader_needs_assign(struct kafka_reader *reader)
{
    const int every_ms = !reader->has_position       ? RETRY_EVERY_MS
                         : reader->missing_count > 0 ? MISSING_EVERY_MS
                                                     : ASSIGN_EVERY_MS;

    reader->is_stale = reader->is_stale || kafka_files_changed(&reader->files);
    return reader->is_stale || reader->tried_at_ms == 0 || clock_monotonic_ms() - reader->tried_at_ms >= every_ms;
}

void kafka_reader_rewind(struct kafka_reader *reader)
{
    reader->has_position = false;
}

/* ---- messages ---- */

struct kafka_partition *kafka_reader_partition_of(struct kafka_reader *reader, const rd_kafka_message_t *message)
{
    return find_partition(reader, rd_kafka_topic_name(message->rkt), message->partition);
}

void kafka_reader_anchor_of(const struct kafka_reader *reader, const rd_kafka_message_t *message,
                            unsigned char anchor[KAFKA_ANCHOR_BYTES])
{
    const struct span parts[] = {
        {message->key,                    message->key_len      },
        { message->payload,               message->len          },
        { (const char *)&message->offset, sizeof message->offset},
    };

    blind_hash(reader->spec.blind, BLIND_ANCHOR, parts, 3, anchor, KAFKA_ANCHOR_BYTES);
}

static void note_error(struct kafka_reader *reader, const rd_kafka_message_t *message)
{
    log_warning("kafka_error", log_word("error", rd_kafka_err2name(message->err)),
                log_word("topic", message->rkt != NULL ? rd_kafka_topic_name(message->rkt) : NULL),
                log_number("partition", message->partition));
    /* A partition that ran out of its log is dead until it is assigned anew (RELIABILITY.md A.2). */
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        reader->has_position = false;
}

/* Decides whether a message belongs to the next batch; the anchor itself never does. */
static bool is_wanted(struct kafka_reader *reader, struct kafka_partition *partition, const rd_kafka_message_t *message)
{
    if (partition == NULL || partition->state == KAFKA_PARTITION_HALTED)
        return false;
    if (partition->state == KAFKA_PARTITION_CHECKING) {
        unsigned char anchor[KAFKA_ANCHOR_BYTES];
        kafka_reader_anchor_of(reader, message, anchor);
        partition->state = KAFKA_PARTITION_FLOWING;
        if (message->offset == partition->anchor_offset && memcmp(anchor, partition->anchor, sizeof anchor) != 0) {
            halt(partition, "anchor_differs_topic_recreated");
            return false;
        }
    }
    return message->offset >= partition->next_offset;
}

size_t kafka_reader_poll(struct kafka_reader *reader, rd_kafka_message_t **messages, size_t max, uint32_t wait_ms)
{
    const int64_t deadline_ms = clock_monotonic_ms() + wait_ms;
    size_t        count       = 0;

    while (count < max) {
        const int64_t       left_ms = deadline_ms - clock_monotonic_ms();
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->consumer, left_ms > 0 ? (int)left_ms : 0);
        if (message == NULL)
            break;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            note_error(reader, message);
        else if (is_wanted(reader, kafka_reader_partition_of(reader, message), message)) {
            messages[count++] = message;
            continue;
        }
        rd_kafka_message_destroy(message);
        if (wait_ms > 0 && left_ms <= 0)
            break;
    }
    return count;
}

/* ---- for others ---- */

void kafka_reader_mirror_offsets(struct kafka_reader *reader)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->partition_count);

    for (size_t i = 0; i < reader->partition_count; i++) {
        const struct kafka_partition *partition = &reader->partitions[i];
        if (partition->state == KAFKA_PARTITION_FLOWING)
            rd_kafka_topic_partition_list_add(list, partition->topic, partition->part)->offset = partition->next_offset;
    }
    if (list->cnt > 0)
        rd_kafka_commit(reader->consumer, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

const struct kafka_partition *kafka_reader_partitions(struct kafka_reader *reader, size_t *count)
{
    for (size_t i = 0; i < reader->partition_count; i++) {
        struct kafka_partition *partition = &reader->partitions[i];
        int64_t                 low = 0, high = 0;
        if (rd_kafka_get_watermark_offsets(reader->consumer, partition->topic, partition->part, &low, &high) ==
                RD_KAFKA_RESP_ERR_NO_ERROR &&
            high > partition->high)
            partition->high = high;
    }
    *count = reader->partition_count;
    return reader->partitions;
}

rd_kafka_t *kafka_reader_client(const struct kafka_reader *reader)
{
    return reader->consumer;
}

const char *kafka_reader_cluster_id(const struct kafka_reader *reader)
{
    return reader->cluster_id != NULL ? reader->cluster_id : "";
}

const char *kafka_reader_error(const struct kafka_reader *reader)
{
    return reader->error;
}
