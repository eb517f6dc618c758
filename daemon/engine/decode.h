/* Kafka messages into decoded records: the first step of a batch. */
#ifndef HULEI_DAEMON_ENGINE_DECODE_H
#define HULEI_DAEMON_ENGINE_DECODE_H

#include "daemon/engine/batch.h"
#include "daemon/engine/sources.h"

struct decode_scope {
    const struct feed_config  *feeds;
    const struct policy       *policy;
    const struct source_table *sources;
    struct kafka_reader       *intake;
    int64_t                    now_us;
    bool                       is_forced_out; /* park them all: the database refused them */
};

/*
 * Fills the batch's messages: the requeued ones first, then those of Kafka in the order given, and makes room for its
 * records and for `forgotten` more. The Kafka messages must outlive the batch. False when the arena is full.
 */
bool decode_messages(struct batch *batch, const struct decode_scope *scope, const struct feed_message *requeued,
                     size_t requeued_count, rd_kafka_message_t **messages, size_t count, size_t forgotten);

#endif
