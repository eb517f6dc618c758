/* The courier's figures. Per-post counts are rows of the database; see `hulei status`. */
#ifndef HULEI_DAEMON_COURIER_COURIER_METRICS_H
#define HULEI_DAEMON_COURIER_COURIER_METRICS_H

#include "daemon/common/metrics.h"

enum courier_metric {
    COURIER_SENT_ALERT,
    COURIER_SENT_OTHER,
    COURIER_SEND_FAILED,
    COURIER_RENDER_REFUSED,
    COURIER_IN_FLIGHT,
    COURIER_TOPICS_FAILING,
    COURIER_POSTS_UNREACHABLE,
    COURIER_POST_FAULTS,
    COURIER_PRODUCER_REBUILT,
    COURIER_REPEATED,
    COURIER_ESCALATED,
    COURIER_TO_HUMAN,
    COURIER_REVIEWS_ESCALATED,
    COURIER_REVIEWS_DUE_AGAIN,
    COURIER_ACK_ACCEPTED,
    COURIER_ACK_LATE,
    COURIER_ACK_REPEATED,
    COURIER_ACK_UNKNOWN,
    COURIER_ACK_FOREIGN,
    COURIER_ACK_INVALID,
    COURIER_REOPENED,
    COURIER_REROUTED,
    COURIER_DB_RETRIES,
    COURIER_KAFKA_ERRORS,
    COURIER_LEADER,
    COURIER_METRIC_COUNT
};

extern struct metric courier_metrics[COURIER_METRIC_COUNT];

static inline void courier_count(enum courier_metric metric, int64_t amount)
{
    metric_add(&courier_metrics[metric], amount);
}

#endif
