/* The Kafka side of the engine; see intake.h.
 * Offsets live in PostgreSQL: a position here is only as good as the row it was read from. */
#include "daemon/engine/intake.h"

#include "daemon/common/clock.h"
#include "daemon/common/kafka.h"
#include "daemon/common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASSIGN_EVERY_MS = 30000, KAFKA_TIMEOUT_MS = 10000 };

struct intake {
    rd_kafka_t             *consumer;
    const struct blind     *blind;
    const char *const      *topics;
    size_t                  topic_count;
    struct intake_partition partitions[INTAKE_PARTITIONS_MAX];
    size_t                  partition_count;
    int64_t                 assigned_at_ms; /* 0: nothing assigned */
    bool                    has_lost_position;
    char                   *cluster_id;
    char                    error[512];
};

struct intake *intake_open(const struct config *config, const struct blind *blind, const char *const *topics,
                           size_t topic_count, char *error, size_t error_size)
{
    struct intake *intake = calloc(1, sizeof *intake);

    if (intake == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    intake->blind       = blind;
    intake->topics      = topics;
    intake->topic_count = topic_count;
    rd_kafka_conf_t *conf =
        kafka_consumer_conf_new(&config->kafka, config->kafka.engine.user, config->kafka.engine.password_file,
                                "hulei-engine", error, error_size);
    if (conf == NULL)
        goto fail;
    intake->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, error_size);
    if (intake->consumer == NULL) {
        rd_kafka_conf_destroy(conf);
        goto fail;
    }
    rd_kafka_poll_set_consumer(intake->consumer);
    return intake;

fail:
    intake_close(intake);
    return NULL;
}

void intake_close(struct intake *intake)
{
    if (intake == NULL)
        return;
    if (intake->consumer != NULL) {
        rd_kafka_assign(intake->consumer, NULL);
        rd_kafka_consumer_close(intake->consumer);
        rd_kafka_destroy(intake->consumer);
    }
    if (intake->cluster_id != NULL)
        free(intake->cluster_id);
    free(intake);
}

static struct intake_partition *find_partition(struct intake *intake, const char *topic, int32_t part)
{
    for (size_t i = 0; i < intake->partition_count; i++) {
        struct intake_partition *partition = &intake->partitions[i];
        if (partition->part == part && strcmp(partition->topic, topic) == 0)
            return partition;
    }
    return NULL;
}

static struct intake_partition *add_partition(struct intake *intake, const char *topic, int32_t part)
{
    struct intake_partition *partition = find_partition(intake, topic, part);

    if (partition == NULL && intake->partition_count < INTAKE_PARTITIONS_MAX) {
        partition  = &intake->partitions[intake->partition_count++];
        *partition = (struct intake_partition){ .part = part, .high = -1, .anchor_offset = -1 };
        snprintf(partition->topic, sizeof partition->topic, "%s", topic);
    }
    return partition;
}

static bool list_topic(struct intake *intake, const char *name)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t               *topic    = rd_kafka_topic_new(intake->consumer, name, NULL);
    const rd_kafka_resp_err_t outcome = rd_kafka_metadata(intake->consumer, 0, topic, &metadata, KAFKA_TIMEOUT_MS);

    rd_kafka_topic_destroy(topic);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
        snprintf(intake->error, sizeof intake->error, "topic %s: %s", name, rd_kafka_err2name(outcome));
        return false;
    }
    for (int t = 0; t < metadata->topic_cnt; t++) {
        const struct rd_kafka_metadata_topic *found = &metadata->topics[t];
        if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            log_warning("feed_topic_unusable", log_word("topic", name),
                        log_word("error", rd_kafka_err2name(found->err)));
        for (int p = 0; p < found->partition_cnt; p++)
            add_partition(intake, name, found->partitions[p].id);
    }
    rd_kafka_metadata_destroy(metadata);
    return true;
}

static enum db_status read_offset(struct intake_partition *partition, struct db *db, const char *cluster_id)
{
    char part[16];

    snprintf(part, sizeof part, "%d", partition->part);
    const struct db_param params[] = { db_text(partition->topic), db_text(part), db_text(cluster_id) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_engine_offset_read, params, 3, &result);
    if (status != DB_OK)
        return status;
    partition->next_offset   = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    partition->anchor_offset = -1;
    if (!PQgetisnull(result, 0, 1) && !PQgetisnull(result, 0, 2)) {
        size_t         length = 0;
        unsigned char *anchor = PQunescapeBytea((const unsigned char *)PQgetvalue(result, 0, 2), &length);
        if (anchor != NULL && length == INTAKE_ANCHOR_BYTES) {
            partition->anchor_offset = strtoll(PQgetvalue(result, 0, 1), NULL, 10);
            memcpy(partition->anchor, anchor, length);
        }
        PQfreemem(anchor);
    }
    PQclear(result);
    return DB_OK;
}

/* Retention ate records the engine never saw: said in a row, never silently skipped. */
static enum db_status record_gap(struct intake_partition *partition, struct db *db, int64_t low)
{
    char part[16], from[24], to[24];

    snprintf(part, sizeof part, "%d", partition->part);
    snprintf(from, sizeof from, "%lld", (long long)partition->next_offset);
    snprintf(to, sizeof to, "%lld", (long long)low);
    const struct db_param params[] = { db_text(partition->topic), db_text(part), db_text(from), db_text(to) };
    const enum db_status  status   = db_run(db, &statement_engine_offset_gap, params, 4, NULL);
    if (status == DB_OK) {
        log_error("feed_gap", log_word("topic", partition->topic), log_number("partition", partition->part),
                  log_number("from", partition->next_offset), log_number("to", low));
        partition->next_offset   = low;
        partition->anchor_offset = -1;
    }
    return status;
}

static void halt(struct intake_partition *partition, const char *reason)
{
    partition->state = INTAKE_HALTED;
    log_error("feed_halted", log_word("topic", partition->topic), log_number("partition", partition->part),
              log_word("reason", reason), log_number("next_offset", partition->next_offset));
}

static enum db_status check_against_log(struct intake *intake, struct intake_partition *partition, struct db *db)
{
    int64_t                   low = 0, high = 0;
    const rd_kafka_resp_err_t outcome = rd_kafka_query_watermark_offsets(
        intake->consumer, partition->topic, partition->part, &low, &high, KAFKA_TIMEOUT_MS);

    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
        snprintf(intake->error, sizeof intake->error, "topic %s: %s", partition->topic, rd_kafka_err2name(outcome));
        return DB_BROKEN;
    }
    partition->high = high;
    if (partition->next_offset > high) {
        halt(partition, "stored_offset_beyond_log_end");
        return DB_OK;
    }
    if (partition->next_offset < low) {
        partition->state = INTAKE_FLOWING;
        return record_gap(partition, db, low);
    }
    const bool has_anchor = partition->anchor_offset >= low && partition->anchor_offset < partition->next_offset;
    partition->state      = has_anchor ? INTAKE_CHECKING_ANCHOR : INTAKE_FLOWING;
    return DB_OK;
}

static bool assign(struct intake *intake)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)intake->partition_count);

    for (size_t i = 0; i < intake->partition_count; i++) {
        const struct intake_partition *partition = &intake->partitions[i];
        if (partition->state != INTAKE_HALTED)
            rd_kafka_topic_partition_list_add(list, partition->topic, partition->part)->offset =
                partition->state == INTAKE_CHECKING_ANCHOR ? partition->anchor_offset : partition->next_offset;
    }
    const rd_kafka_resp_err_t outcome = rd_kafka_assign(intake->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
        snprintf(intake->error, sizeof intake->error, "assign: %s", rd_kafka_err2name(outcome));
        return false;
    }
    return true;
}

/* True when the log has partitions that are not assigned yet. */
static bool list_partitions(struct intake *intake, bool *has_new)
{
    const size_t before = intake->partition_count;

    for (size_t i = 0; i < intake->topic_count; i++) {
        if (!list_topic(intake, intake->topics[i]))
            return false;
    }
    *has_new = intake->partition_count > before;
    return true;
}

enum db_status intake_assign(struct intake *intake, struct db *db)
{
    bool has_new = false;

    if (!list_partitions(intake, &has_new))
        return DB_BROKEN;
    /* The 30 s look for new partitions must not disturb the ones that flow. */
    if (!has_new && !intake->has_lost_position && intake->assigned_at_ms != 0) {
        intake->assigned_at_ms = clock_monotonic_ms();
        return DB_OK;
    }
    if (intake->cluster_id == NULL) {
        char *cluster_id = rd_kafka_clusterid(intake->consumer, KAFKA_TIMEOUT_MS);
        if (cluster_id != NULL) {
            intake->cluster_id = strdup(cluster_id);
            rd_kafka_mem_free(intake->consumer, cluster_id);
        }
    }
    for (size_t i = 0; i < intake->partition_count; i++) {
        struct intake_partition *partition = &intake->partitions[i];
        if (partition->state == INTAKE_HALTED)
            continue;
        enum db_status status = read_offset(partition, db, intake_cluster_id(intake));
        if (status == DB_OK)
            status = check_against_log(intake, partition, db);
        if (status != DB_OK)
            return status;
    }
    if (!assign(intake))
        return DB_BROKEN;
    intake->assigned_at_ms    = clock_monotonic_ms();
    intake->has_lost_position = false;
    log_info("feeds_assigned", log_number("partitions", (int64_t)intake->partition_count));
    return DB_OK;
}

bool intake_needs_assign(const struct intake *intake)
{
    return intake->has_lost_position || intake->assigned_at_ms == 0 ||
           clock_monotonic_ms() - intake->assigned_at_ms > ASSIGN_EVERY_MS;
}

struct intake_partition *intake_partition_of(struct intake *intake, const rd_kafka_message_t *message)
{
    return find_partition(intake, rd_kafka_topic_name(message->rkt), message->partition);
}

void intake_anchor_of(const struct intake *intake, const rd_kafka_message_t *message,
                      unsigned char anchor[INTAKE_ANCHOR_BYTES])
{
    const struct span parts[] = {
        {message->key,                    message->key_len      },
        { message->payload,               message->len          },
        { (const char *)&message->offset, sizeof message->offset},
    };

    blind_hash(intake->blind, BLIND_ANCHOR, parts, 3, anchor, INTAKE_ANCHOR_BYTES);
}

static void note_error(struct intake *intake, const rd_kafka_message_t *message)
{
    log_warning("kafka_error", log_word("error", rd_kafka_err2name(message->err)),
                log_word("topic", message->rkt != NULL ? rd_kafka_topic_name(message->rkt) : NULL),
                log_number("partition", message->partition));
    /* A partition that ran out of its log is dead until it is assigned anew (RELIABILITY.md A.2). */
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        intake->has_lost_position = true;
}

/* Decides whether a message belongs to the next batch; the anchor itself never does. */
static bool is_wanted(struct intake *intake, struct intake_partition *partition, const rd_kafka_message_t *message)
{
    if (partition == NULL || partition->state == INTAKE_HALTED)
        return false;
    if (partition->state == INTAKE_CHECKING_ANCHOR) {
        unsigned char anchor[INTAKE_ANCHOR_BYTES];
        intake_anchor_of(intake, message, anchor);
        partition->state = INTAKE_FLOWING;
        if (message->offset == partition->anchor_offset && memcmp(anchor, partition->anchor, sizeof anchor) != 0) {
            halt(partition, "anchor_differs_topic_recreated");
            return false;
        }
    }
    return message->offset >= partition->next_offset;
}

size_t intake_poll(struct intake *intake, rd_kafka_message_t **messages, size_t max, uint32_t wait_ms)
{
    const int64_t deadline_ms = clock_monotonic_ms() + wait_ms;
    size_t        count       = 0;

    while (count < max) {
        const int64_t       left_ms = deadline_ms - clock_monotonic_ms();
        rd_kafka_message_t *message = rd_kafka_consumer_poll(intake->consumer, left_ms > 0 ? (int)left_ms : 0);
        if (message == NULL)
            break;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            note_error(intake, message);
        else if (is_wanted(intake, intake_partition_of(intake, message), message)) {
            messages[count++] = message;
            continue;
        }
        rd_kafka_message_destroy(message);
        if (left_ms <= 0)
            break;
    }
    return count;
}

void intake_mirror_offsets(struct intake *intake)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)intake->partition_count);

    for (size_t i = 0; i < intake->partition_count; i++) {
        const struct intake_partition *partition = &intake->partitions[i];
        if (partition->state == INTAKE_FLOWING)
            rd_kafka_topic_partition_list_add(list, partition->topic, partition->part)->offset = partition->next_offset;
    }
    if (list->cnt > 0)
        rd_kafka_commit(intake->consumer, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

const struct intake_partition *intake_partitions(const struct intake *intake, size_t *count)
{
    *count = intake->partition_count;
    return intake->partitions;
}

const char *intake_cluster_id(const struct intake *intake)
{
    return intake->cluster_id != NULL ? intake->cluster_id : "";
}

const char *intake_error(const struct intake *intake)
{
    return intake->error;
}
