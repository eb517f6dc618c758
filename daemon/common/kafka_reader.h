/* All partitions of some topics, assigned without a group, at the offsets PostgreSQL holds (DESIGN.md 3,
 * RELIABILITY.md A.3). Decodes nothing and commits nothing that counts: positions move in the user's transaction. */
#ifndef HULEI_DAEMON_COMMON_KAFKA_READER_H
#define HULEI_DAEMON_COMMON_KAFKA_READER_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KAFKA_ANCHOR_BYTES = 16, KAFKA_PARTITIONS_MAX = 2048, KAFKA_TOPIC_BYTES = 256 };

enum kafka_partition_state {
    KAFKA_PARTITION_FLOWING = 0,
    KAFKA_PARTITION_CHECKING, /* the first message must be the one before next_offset */
    KAFKA_PARTITION_HALTED,   /* truncated or re-created topic: an operator decides */
};

struct kafka_partition {
    char                       topic[KAFKA_TOPIC_BYTES];
    int32_t                    part;
    int64_t                    next_offset;   /* what PostgreSQL holds; the user moves it after its COMMIT */
    int64_t                    high;          /* log end as last seen, -1 unknown */
    int64_t                    anchor_offset; /* -1: none */
    unsigned char              anchor[KAFKA_ANCHOR_BYTES];
    enum kafka_partition_state state;
    int64_t                    looked_next, looked_high; /* when its log was last looked at; -1: never */
    int64_t                    renewed_high;             /* log end for which a new consumer was made; -1: never */
};

/* Who reads what. All pointers are borrowed for the reader's life. */
struct kafka_reader_spec {
    const struct config_kafka *kafka;
    const char                *user, *password_file;
    const char                *group; /* named by the mirror of offsets; no group is joined */
    const struct blind        *blind; /* key of the anchors */
    const char *const         *topics;
    size_t                     topic_count;
};

struct kafka_reader;

/* Opens the consumer; nothing is assigned yet. NULL on failure, with `error` filled. */
struct kafka_reader *kafka_reader_open(const struct kafka_reader_spec *spec, char *error, size_t error_size);

/* Closing NULL does nothing. Messages still held must have been destroyed before. */
void kafka_reader_close(struct kafka_reader *reader);

/*
 * True when kafka_reader_assign() is to be called: at first, every 30 s for new partitions, and soon after a position
 * was lost, a topic was missing, an assignment failed or the certificate or password was renewed. All messages of the
 * last poll must have been destroyed then.
 */
bool kafka_reader_needs_assign(struct kafka_reader *reader);

/*
 * Lists the partitions, reads their offsets from PostgreSQL (adding rows for new ones), checks them against the log
 * and assigns. Positions below the log become a row of ingest_gap, positions above it or another message at the
 * anchor halt the partition; the others go on. A partition that has more and gave nothing since the last look gets a
 * new consumer: librdkafka can lose one for good (RELIABILITY.md F 16). *is_assigned: Kafka answered; if not,
 * kafka_reader_error() says why and DB_OK only means that PostgreSQL is not to blame.
 */
enum db_status kafka_reader_assign(struct kafka_reader *reader, struct db *db, bool *is_assigned);

/*
 * Collects up to `max` messages for at most `wait_ms` (returns early once the log is drained). The caller destroys
 * each with rd_kafka_message_destroy(). Messages of halted partitions and below next_offset are left out.
 */
size_t kafka_reader_poll(struct kafka_reader *reader, rd_kafka_message_t **messages, size_t max, uint32_t wait_ms);

/* The partition a message came from. Never NULL for a message of kafka_reader_poll(). */
struct kafka_partition *kafka_reader_partition_of(struct kafka_reader *reader, const rd_kafka_message_t *message);

/* A keyed hash of one message, kept beside the offset to notice a re-created topic. */
void kafka_reader_anchor_of(const struct kafka_reader *reader, const rd_kafka_message_t *message,
                            unsigned char anchor[KAFKA_ANCHOR_BYTES]);

/* Forgets what was read beyond the stored offsets: the next assignment begins there again. */
void kafka_reader_rewind(struct kafka_reader *reader);

/* Tells Kafka the committed offsets, for lag tools only; never read back. */
void kafka_reader_mirror_offsets(struct kafka_reader *reader);

/* All partitions with their log ends as librdkafka knows them now, for status and metrics. */
const struct kafka_partition *kafka_reader_partitions(struct kafka_reader *reader, size_t *count);

/* Messages behind the log end. */
static inline int64_t kafka_partition_lag(const struct kafka_partition *partition)
{
    return partition->high > partition->next_offset ? partition->high - partition->next_offset : 0;
}

/* For administrative requests under the reader's own rights. Borrowed. */
rd_kafka_t *kafka_reader_client(const struct kafka_reader *reader);
/* "" until Kafka answered. */
const char *kafka_reader_cluster_id(const struct kafka_reader *reader);
const char *kafka_reader_error(const struct kafka_reader *reader);

#endif
