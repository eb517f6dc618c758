/* One simulated post at its two topics, as its own Kafka principal: messages in, answers out and confirmed.
 * Does not know which answer fits a message; mix.h does. */
#ifndef HULEI_DAEMON_CLI_POST_DESK_H
#define HULEI_DAEMON_CLI_POST_DESK_H

#include "daemon/cli/post/mix.h"
#include "daemon/common/config.h"
#include "daemon/courier/posts.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All borrowed for the desk's life. */
struct desk_spec {
    const struct config_kafka *kafka;
    const struct post         *post;
    const char                *passwords;   /* folder of post-<id>.pw */
    const char                *other_post;  /* in whose name foreign answers are given */
    bool                       is_exercise; /* reads hulei.exercise.<id> instead of its topic */
    bool                       from_end;    /* only what comes from now on; else all that is there */
};

/* What was read, and what the broker has confirmed of the answers. */
struct desk_counts {
    long alerts, updates, cancels, closes, reminders, heartbeats, replies, others;
    long lost, late;
    long acked, acting, closed, cannot, duplicates, strays, failed;
};

struct desk {
    struct desk_spec   spec;
    rd_kafka_t        *reader, *writer;
    rd_kafka_topic_t  *topic;
    rd_kafka_queue_t  *queue;
    struct desk_reply *returned; /* answers that could not be sent */
    int                in_air;
    bool               is_refused; /* the broker said no for good, once told */
    struct desk_counts counts;
};

/* One answer on its way. */
struct desk_reply {
    int64_t            due_ms; /* monotonic */
    struct desk       *desk;
    struct post_reply  what;
    char               alert_id[ACK_TEXT_BYTES];
    struct desk_reply *next;
};

/* False, with `error` filled, when the post cannot read its topic. A desk that failed is to be cleared, too. */
bool desk_open(struct desk *desk, const struct desk_spec *spec, char *error, size_t error_size);
void desk_clear(struct desk *desk);

/* Up to `max` messages that are there now; the caller destroys each. Never waits. */
size_t desk_read(struct desk *desk, rd_kafka_message_t **messages, size_t max);

/* Takes the answer over; it is freed once confirmed, or comes back by desk_take_returned(). */
void desk_send(struct desk *desk, struct desk_reply *reply);

/* Waits a few seconds for what is in the air; then the counts are final. */
void desk_finish(struct desk *desk);

/* An answer to be sent again, or NULL. */
struct desk_reply *desk_take_returned(struct desk *desk);

#endif
