/* How each topic fares: what is in flight, and how long it rests after a failure, so that a dead post among fifty
 * costs the others nothing. In memory only; a restart tries everything again. */
#ifndef HULEI_DAEMON_COURIER_TOPICS_H
#define HULEI_DAEMON_COURIER_TOPICS_H

#include <stddef.h>
#include <stdint.h>

enum {
    TOPICS_MAX       = 1024,
    TOPIC_NAME_BYTES = 250,
    TOPIC_ROOM       = 1024, /* messages in flight, so that a dead topic cannot take all the room */
};

struct topic {
    char    name[TOPIC_NAME_BYTES];
    int     in_flight;
    int     failures;      /* in a row; 0: fares well */
    int64_t rest_until_ms; /* monotonic; 0: does not rest */
    char    error[64];     /* librdkafka's name of the last failure */
};

struct topics {
    struct topic topics[TOPICS_MAX];
    size_t       count;
};

/* Adds a topic seen for the first time. NULL when the table is full or the name too long; its rows then wait. */
struct topic *topics_find(struct topics *topics, const char *name);

/* How many more messages it may take. A failing topic is tried with one message at a time, after its rest. */
int topic_room(const struct topic *topic);

void topic_failed(struct topic *topic, const char *error);
void topic_succeeded(struct topic *topic);

#endif
