/* The Kafka side of the engine: all partitions of all feed topics, assigned without a group, at the offsets
 * PostgreSQL holds (DESIGN.md 3, RELIABILITY.md A.3). Decodes nothing and commits nothing that counts. */
#ifndef HULEI_DAEMON_ENGINE_INTAKE_H
#define HULEI_DAEMON_ENGINE_INTAKE_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTAKE_ANCHOR_BYTES = 16, INTAKE_PARTITIONS_MAX = 1024 };

enum intake_partition_state {
    INTAKE_FLOWING = 0,
    INTAKE_CHECKING_ANCHOR, /* the first message must be the one before next_offset */
    INTAKE_HALTED,          /* truncated or re-created topic: an operator decides */
};

struct intake_partition {
    char                        topic[256];
    int32_t                     part;
    int64_t                     next_offset;   /* what PostgreSQL holds */
    int64_t                     high;          /* log end as last seen, -1 unknown */
    int64_t                     anchor_offset; /* -1: none */
    unsigned char               anchor[INTAKE_ANCHOR_BYTES];
    enum intake_partition_state state;
};

struct intake;

/*
 * Opens the consumer; nothing is assigned yet. `topics` are borrowed for the intake's life.
 * NULL on failure, with `error` filled.
 */
struct intake *intake_open(const struct config *config, const struct blind *blind, const char *const *topics,
                           size_t topic_count, char *error, size_t error_size);

/* Closing NULL does nothing. Messages still held must have been destroyed before. */
void intake_close(struct intake *intake);

/*
 * Lists the partitions, reads their offsets from PostgreSQL (adding rows for new ones), checks them against the log
 * and assigns. Also called again every 30 s (new partitions) and after an offset error.
 * DB_BROKEN when Kafka does not answer; intake_error() then says why.
 */
enum db_status intake_assign(struct intake *intake, struct db *db);

/* True when a consumer error made the present assignment useless, or 30 s have passed since it was made. */
bool intake_needs_assign(const struct intake *intake);

/*
 * Collects up to `max` messages for at most `wait_ms` (returns early once the log is drained). The caller destroys
 * each with rd_kafka_message_destroy(). Messages of halted partitions and below next_offset are left out.
 */
size_t intake_poll(struct intake *intake, rd_kafka_message_t **messages, size_t max, uint32_t wait_ms);

/* The partition a message came from; its index is what batches count by. Never NULL for a message of intake_poll(). */
struct intake_partition *intake_partition_of(struct intake *intake, const rd_kafka_message_t *message);

/* A keyed hash of one message, kept beside the offset to notice a re-created topic. */
void intake_anchor_of(const struct intake *intake, const rd_kafka_message_t *message,
                      unsigned char anchor[INTAKE_ANCHOR_BYTES]);

/* Tells Kafka the committed offsets, for lag tools only; never read back. */
void intake_mirror_offsets(struct intake *intake);

/* All partitions, for status and metrics. */
const struct intake_partition *intake_partitions(const struct intake *intake, size_t *count);

const char *intake_cluster_id(const struct intake *intake);
const char *intake_error(const struct intake *intake);

#endif
