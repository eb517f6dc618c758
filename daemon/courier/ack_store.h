/* One answer inside the feed's transaction: judged, applied to its delivery, kept with its verdict. */
#ifndef HULEI_DAEMON_COURIER_ACK_STORE_H
#define HULEI_DAEMON_COURIER_ACK_STORE_H

#include "daemon/common/db.h"
#include "daemon/courier/ack.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* Verdicts of one batch; published only once it is committed. */
struct ack_counts {
    int of[ACK_INVALID + 1];
};

/* `topic_post`: the post whose topic carried the message. `is_bare`: keep it as invalid, without its fields. */
enum db_status ack_store(const rd_kafka_message_t *message, const char *topic_post, bool is_bare, struct db *db,
                         struct ack_counts *counts);

void ack_counts_publish(const struct ack_counts *counts);

#endif
