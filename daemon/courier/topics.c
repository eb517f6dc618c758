/* State of topics; see topics.h.
 * Talks to nobody. */
#include "daemon/courier/topics.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"
#include "daemon/courier/courier_metrics.h"

#include <stdio.h>
#include <string.h>

enum {
    REST_FIRST_MS   = 1000,
    REST_LONGEST_MS = 30000,
};

struct topic *topics_find(struct topics *topics, const char *name)
{
    for (size_t i = 0; i < topics->count; i++) {
        if (strcmp(topics->topics[i].name, name) == 0)
            return &topics->topics[i];
    }
    if (topics->count == TOPICS_MAX || strlen(name) >= TOPIC_NAME_BYTES)
        return NULL;
    struct topic *topic = &topics->topics[topics->count++];
    *topic              = (struct topic){ .in_flight = 0 };
    snprintf(topic->name, sizeof topic->name, "%s", name);
    return topic;
}

int topic_room(const struct topic *topic)
{
    const int most = topic->failures > 0 ? 1 : TOPIC_ROOM;

    return topic->in_flight < most && clock_monotonic_ms() >= topic->rest_until_ms ? most - topic->in_flight : 0;
}

void topic_failed(struct topic *topic, const char *error)
{
    int64_t rest_ms = REST_FIRST_MS;

    for (int i = 0; i < topic->failures && rest_ms < REST_LONGEST_MS; i++)
        rest_ms *= 2;
    topic->failures++;
    topic->rest_until_ms = clock_monotonic_ms() + (rest_ms < REST_LONGEST_MS ? rest_ms : REST_LONGEST_MS);
    snprintf(topic->error, sizeof topic->error, "%s", error);
    courier_count(COURIER_SEND_FAILED, 1);
    if (topic->failures == 1)
        log_warning("topic_failing", log_word("topic", topic->name), log_word("error", topic->error));
}

void topic_succeeded(struct topic *topic)
{
    if (topic->failures > 0)
        log_info("topic_recovered", log_word("topic", topic->name));
    topic->failures      = 0;
    topic->rest_until_ms = 0;
}
