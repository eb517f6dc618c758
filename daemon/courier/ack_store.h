/* One answer inside the feed's transaction: judged, applied to its delivery, kept with its verdict. */
#ifndef HULEI_DAEMON_COURIER_ACK_STORE_H
#define HULEI_DAEMON_COURIER_ACK_STORE_H

#include "daemon/common/db.h"
#include "daemon/courier/ack.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* A message as it came. All borrowed. */
struct ack_message {
    const rd_kafka_message_t *kafka;
    const char               *post_id; /* whose topic carried it */
    const char               *shard;   /* name of the deployment, for the message back */
};

/* What one batch did; published only once it is committed. */
struct ack_counts {
    int of[ACK_INVALID + 1];
    int reopened, rerouted;
};

/* `is_bare`: keep it as invalid, without its fields. */
enum db_status ack_store(const struct ack_message *message, bool is_bare, struct db *db, struct ack_counts *counts);

void ack_counts_publish(const struct ack_counts *counts);

#endif
