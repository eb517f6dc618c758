/* The plan of topics and rights; see topics_plan.h.
 * Everything not listed here is refused by the broker: it runs with allow.everyone.if.no.acl.found=false. */
#include "daemon/cli/topics_plan.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEED_PARTITIONS = 3, OTHER_PARTITIONS = 1, ROOM_FIRST = 64 };

/* The next free element, or NULL with the plan marked. */
static void *grow(struct topics_plan *plan, void **elements, size_t *count, size_t *room, size_t size)
{
    if (*count == *room) {
        const size_t bigger = *room == 0 ? ROOM_FIRST : *room * 2;
        void        *moved  = reallocarray(*elements, bigger, size);
        if (moved == NULL) {
            plan->is_incomplete = true;
            return NULL;
        }
        *elements = moved;
        *room     = bigger;
    }
    return (char *)*elements + (*count)++ * size;
}

__attribute__((format(printf, 3, 4))) static void write_name(struct topics_plan *plan, char name[TOPICS_NAME_BYTES],
                                                             const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int length = vsnprintf(name, TOPICS_NAME_BYTES, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= TOPICS_NAME_BYTES)
        plan->is_incomplete = true;
}

static void add_topic(struct topics_plan *plan, const char *name, int partitions, bool is_feed)
{
    assert(plan->topics != NULL || plan->topic_count == 0);
    for (size_t i = 0; i < plan->topic_count; i++) {
        if (strcmp(plan->topics[i].name, name) == 0)
            return;
    }
    void                 *elements = plan->topics;
    struct planned_topic *topic    = grow(plan, &elements, &plan->topic_count, &plan->topic_room, sizeof *plan->topics);
    plan->topics                   = elements;
    if (topic == NULL)
        return;
    *topic = (struct planned_topic){ .partitions = partitions, .is_feed = is_feed };
    write_name(plan, topic->name, "%s", name);
}

static void add_right(struct topics_plan *plan, const char *user, rd_kafka_ResourceType_t resource, const char *name,
                      rd_kafka_ResourcePatternType_t pattern, rd_kafka_AclOperation_t operation)
{
    void                 *elements = plan->rights;
    struct planned_right *right    = grow(plan, &elements, &plan->right_count, &plan->right_room, sizeof *plan->rights);
    plan->rights                   = elements;
    if (right == NULL)
        return;
    *right = (struct planned_right){ .resource = resource, .pattern = pattern, .operation = operation };
    write_name(plan, right->principal, "User:%s", user);
    write_name(plan, right->name, "%s", name);
}

/* Reading or writing needs to describe, too. */
static void may(struct topics_plan *plan, const char *user, rd_kafka_AclOperation_t operation, const char *name,
                rd_kafka_ResourcePatternType_t pattern)
{
    add_right(plan, user, RD_KAFKA_RESOURCE_TOPIC, name, pattern, operation);
    add_right(plan, user, RD_KAFKA_RESOURCE_TOPIC, name, pattern, RD_KAFKA_ACL_OPERATION_DESCRIBE);
}

static void may_read(struct topics_plan *plan, const char *user, const char *topic)
{
    may(plan, user, RD_KAFKA_ACL_OPERATION_READ, topic, RD_KAFKA_RESOURCE_PATTERN_LITERAL);
}

static void may_write(struct topics_plan *plan, const char *user, const char *topic)
{
    may(plan, user, RD_KAFKA_ACL_OPERATION_WRITE, topic, RD_KAFKA_RESOURCE_PATTERN_LITERAL);
}

/* Groups of its own name, so that an ordinary consumer of a department or post can commit offsets. */
static void may_use_own_groups(struct topics_plan *plan, const char *user)
{
    add_right(plan, user, RD_KAFKA_RESOURCE_GROUP, user, RD_KAFKA_RESOURCE_PATTERN_PREFIXED,
              RD_KAFKA_ACL_OPERATION_READ);
}

/* The principal of a feed writes that feed and reads its receipts; so does that of a department's emergencies. */
static void plan_feed(struct topics_plan *plan, const struct feed_topic *feed)
{
    static const char prefix[]    = "hulei.feed.";
    const bool        is_ordinary = !feed_topic_is_emergency(feed);
    char              receipt[TOPICS_NAME_BYTES];

    if (is_ordinary)
        write_name(plan, receipt, "hulei.receipt.%s", feed->topic + sizeof prefix - 1);
    else
        write_name(plan, receipt, "hulei.receipt.%s.emergency", feed->department);
    add_topic(plan, feed->topic, is_ordinary ? FEED_PARTITIONS : OTHER_PARTITIONS, true);
    add_topic(plan, receipt, OTHER_PARTITIONS, true);
    may_write(plan, feed->principal, feed->topic);
    may_read(plan, feed->principal, receipt);
    may_use_own_groups(plan, feed->principal);
}

static void plan_post(struct topics_plan *plan, const struct post *post)
{
    char user[TOPICS_NAME_BYTES], exercise[TOPICS_NAME_BYTES];

    write_name(plan, user, "post-%s", post->id);
    write_name(plan, exercise, "hulei.exercise.%s", post->id);
    add_topic(plan, post->topic, OTHER_PARTITIONS, false);
    add_topic(plan, exercise, OTHER_PARTITIONS, false);
    may_read(plan, user, exercise);
    add_topic(plan, post->ack_topic, OTHER_PARTITIONS, false);
    may_read(plan, user, post->topic);
    may_write(plan, user, post->ack_topic);
    may_use_own_groups(plan, user);
}

/* The engine writes nothing but the mirror of its offsets, and deletes what a seal erases; the courier sees no feed. */
static void plan_roles(struct topics_plan *plan, const struct config *config)
{
    const char *engine = config->kafka.engine.user, *courier = config->kafka.courier.user;

    may(plan, engine, RD_KAFKA_ACL_OPERATION_READ, "hulei.feed.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    add_right(plan, engine, RD_KAFKA_RESOURCE_TOPIC, "hulei.feed.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED,
              RD_KAFKA_ACL_OPERATION_DELETE);
    add_right(plan, engine, RD_KAFKA_RESOURCE_GROUP, "hulei-engine", RD_KAFKA_RESOURCE_PATTERN_LITERAL,
              RD_KAFKA_ACL_OPERATION_READ);
    may(plan, courier, RD_KAFKA_ACL_OPERATION_WRITE, "hulei.alert.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    may(plan, courier, RD_KAFKA_ACL_OPERATION_WRITE, "hulei.exercise.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    may(plan, courier, RD_KAFKA_ACL_OPERATION_WRITE, "hulei.receipt.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    may(plan, courier, RD_KAFKA_ACL_OPERATION_READ, "hulei.ack.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    may(plan, courier, RD_KAFKA_ACL_OPERATION_READ, "hulei.emergency.", RD_KAFKA_RESOURCE_PATTERN_PREFIXED);
    add_right(plan, courier, RD_KAFKA_RESOURCE_GROUP, "hulei-courier", RD_KAFKA_RESOURCE_PATTERN_LITERAL,
              RD_KAFKA_ACL_OPERATION_READ);
}

/* The outside auditor reads the signed statements of the audit lanes; the topic keeps them. */
static void plan_audit(struct topics_plan *plan, const struct config *config)
{
    static const char topic[] = "hulei.audit", user[] = "auditor";

    add_topic(plan, topic, OTHER_PARTITIONS, false);
    may_write(plan, config->kafka.courier.user, topic);
    may_read(plan, user, topic);
    may_use_own_groups(plan, user);
}

bool topics_plan_make(struct topics_plan *plan, const struct config *config, const struct feed_config *feeds,
                      const struct posts *posts)
{
    *plan = (struct topics_plan){ 0 };
    plan_roles(plan, config);
    plan_audit(plan, config);
    for (uint32_t i = 0; i < feeds->topics_count; i++)
        plan_feed(plan, &feeds->topics[i]);
    for (unsigned i = 0; i < posts->posts_count; i++) {
        if (posts->posts[i].webhook == NULL)
            plan_post(plan, &posts->posts[i]);
    }
    return !plan->is_incomplete;
}

void topics_plan_clear(struct topics_plan *plan)
{
    free(plan->topics);
    free(plan->rights);
    *plan = (struct topics_plan){ 0 };
}
