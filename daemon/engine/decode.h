/* Kafka messages into decoded records: the first step of a batch. */
#ifndef HULEI_DAEMON_ENGINE_DECODE_H
#define HULEI_DAEMON_ENGINE_DECODE_H

#include "daemon/engine/batch.h"
#include "daemon/engine/sources.h"

/*
 * Fills the batch's messages, in the order given, and makes room for its records. The Kafka messages must outlive the
 * batch. `is_forced_out`: park them all, the database refused them. False when the arena is full.
 */
bool decode_messages(struct batch *batch, const struct feed_config *feeds, const struct policy *policy,
                     struct intake *intake, const struct source_table *sources, rd_kafka_message_t **messages,
                     size_t count, bool is_forced_out, int64_t now_us);

#endif
