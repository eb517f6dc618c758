/* Messages between the producer and their delivery report: one flight each, with what the report will be written from.
 * Fixed room, so that a broker that is away costs no memory. Talks to nobody. */
#ifndef HULEI_DAEMON_COURIER_FLIGHTS_H
#define HULEI_DAEMON_COURIER_FLIGHTS_H

#include "daemon/courier/topics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLIGHTS_MAX = 4096, FLIGHT_TIME_BYTES = 40 };

enum flight_state {
    FLIGHT_FREE = 0,
    FLIGHT_IN_AIR,
    FLIGHT_DELIVERED,
    FLIGHT_FAILED,   /* the row stays queued */
    FLIGHT_HOPELESS, /* no later try can succeed */
};

struct flight {
    enum flight_state state;
    bool              is_alert;
    int64_t           outbox_id; /* 0: no row stands behind it */
    struct topic     *topic;
    char              ack_by[FLIGHT_TIME_BYTES], act_by[FLIGHT_TIME_BYTES]; /* "": none */
};

struct flights {
    struct flight flights[FLIGHTS_MAX];
    size_t        free_list[FLIGHTS_MAX];
    size_t        free_count;
    size_t        in_air; /* without a report */
};

/* `flights` must be zeroed or in any valid state; empties it. */
void flights_init(struct flights *flights);

/* Taken, landed or not. */
static inline size_t flights_count(const struct flights *flights)
{
    return FLIGHTS_MAX - flights->free_count;
}

/* Reports that are not written down yet. */
static inline size_t flights_landed(const struct flights *flights)
{
    return flights_count(flights) - flights->in_air;
}

/* A free flight for `topic`, or NULL when there is no room. It counts only once flights_start() is called. */
struct flight *flights_peek(struct flights *flights);

/* Takes the flight that flights_peek() gave: on its way (FLIGHT_IN_AIR), or FLIGHT_HOPELESS at once. */
void flights_start(struct flights *flights, enum flight_state state);

/* What the delivery report says of a flight in the air. */
void flights_land(struct flights *flights, struct flight *flight, enum flight_state state);

/* Frees a flight whose report is written down, or which will never have one. */
void flights_free(struct flights *flights, struct flight *flight);

#endif
