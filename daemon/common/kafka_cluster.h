/* What the Kafka cluster shows this principal, in one request however many posts there are.
 * Keeps nothing between two looks. */
#ifndef HULEI_DAEMON_COMMON_KAFKA_CLUSTER_H
#define HULEI_DAEMON_COMMON_KAFKA_CLUSTER_H

#include <librdkafka/rdkafka.h>

/* All topics this principal may describe; free with rd_kafka_metadata_destroy(). NULL: no answer within 5 s. */
const struct rd_kafka_metadata *kafka_cluster_look(rd_kafka_t *client);

/* NULL: the topic does not exist, or this principal has no right on it. */
const struct rd_kafka_metadata_topic *kafka_cluster_find_topic(const struct rd_kafka_metadata *metadata,
                                                               const char                     *topic);

/*
 * Puts the first (`is_end` 0) or next (`is_end` 1) offset of every partition of `list` into its `offset`, one request
 * per broker. An error of one partition is in its `err`.
 */
rd_kafka_resp_err_t kafka_cluster_read_offsets(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list, int is_end);

#endif
