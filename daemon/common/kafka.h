/* What every Kafka client of the program shares: TLS, SCRAM, safe defaults (RELIABILITY.md A.2, C.2), and librdkafka's
 * messages as lines of our log without its texts. Consumes and produces nothing itself. */
#ifndef HULEI_DAEMON_COMMON_KAFKA_H
#define HULEI_DAEMON_COMMON_KAFKA_H

#include "daemon/common/config.h"
#include "daemon/common/metrics.h"

#include <librdkafka/rdkafka.h>
#include <stddef.h>

/* Clients made from now on count librdkafka's errors here. Call it once, before the first; NULL counts nowhere. */
void kafka_count_errors(struct metric *metric);

/*
 * A configuration for `user`, whose password is the first line of `password_file`. The caller owns it until
 * rd_kafka_new() takes it. NULL on failure; `error` then says what, without the password.
 */
rd_kafka_conf_t *kafka_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                char *error, size_t error_size);

/* As above with consumer settings: no auto commit, no auto reset, read_committed, bounded queues, CRC checks. */
rd_kafka_conf_t *kafka_consumer_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                         const char *group, char *error, size_t error_size);

/* As above with producer settings: idempotent, murmur2_random partitioner, linger 5 ms. */
rd_kafka_conf_t *kafka_producer_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                         char *error, size_t error_size);

#endif
