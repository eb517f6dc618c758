/* A Kafka message as the decoder of the feeds takes it.
 * Knows librdkafka's type, so that the decoder itself does not. */
#ifndef HULEI_DAEMON_COMMON_KAFKA_MESSAGE_H
#define HULEI_DAEMON_COMMON_KAFKA_MESSAGE_H

#include "daemon/common/feed/feed.h"

#include <librdkafka/rdkafka.h>

/* Bytes are borrowed from `kafka`; headers (64 at most) lie in the arena. False: the arena is full. */
bool kafka_message_take(const rd_kafka_message_t *kafka, struct feed_message *message, struct arena *arena);

#endif
