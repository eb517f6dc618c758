/* What the broker must hold: every topic with its settings, every right with its principal (FEEDS.md, DESIGN.md 13).
 * Pure: made from feeds.yaml and posts.yaml; talks to no broker. */
#ifndef HULEI_DAEMON_CLI_TOPICS_PLAN_H
#define HULEI_DAEMON_CLI_TOPICS_PLAN_H

#include "daemon/common/config.h"
#include "daemon/common/feed/feed.h"
#include "daemon/courier/posts.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>

enum { TOPICS_NAME_BYTES = 160 };

struct planned_topic {
    char name[TOPICS_NAME_BYTES];
    int  partitions;
    bool is_feed; /* deleted after 7 days, never compacted: a tombstone is a message like any other */
};

struct planned_right {
    char                           principal[TOPICS_NAME_BYTES]; /* "User:engine" */
    rd_kafka_ResourceType_t        resource;                     /* topic or group */
    char                           name[TOPICS_NAME_BYTES];
    rd_kafka_ResourcePatternType_t pattern;
    rd_kafka_AclOperation_t        operation;
};

struct topics_plan {
    struct planned_topic *topics;
    struct planned_right *rights;
    size_t                topic_count, right_count, topic_room, right_room;
    bool                  is_incomplete; /* out of memory or a name too long */
};

/* False when it could not be made whole; clear it in any case. */
bool topics_plan_make(struct topics_plan *plan, const struct config *config, const struct feed_config *feeds,
                      const struct posts *posts);
void topics_plan_clear(struct topics_plan *plan);

#endif
