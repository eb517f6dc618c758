/* The table of flights; see flights.h.
 * Knows no message: what flies is the row's business. */
#include "daemon/courier/flights.h"

#include <assert.h>

void flights_init(struct flights *flights)
{
    flights->in_air     = 0;
    flights->free_count = FLIGHTS_MAX;
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        flights->flights[i].state = FLIGHT_FREE;
        flights->free_list[i]     = FLIGHTS_MAX - 1 - i;
    }
}

struct flight *flights_peek(struct flights *flights)
{
    return flights->free_count > 0 ? &flights->flights[flights->free_list[flights->free_count - 1]] : NULL;
}

void flights_start(struct flights *flights, enum flight_state state)
{
    struct flight *flight = flights_peek(flights);

    assert(flight != NULL && (state == FLIGHT_IN_AIR || state == FLIGHT_HOPELESS));
    flight->state = state;
    flights->free_count--;
    if (state != FLIGHT_IN_AIR)
        return;
    flights->in_air++;
    flight->topic->in_flight++;
}

void flights_land(struct flights *flights, struct flight *flight, enum flight_state state)
{
    assert(flight->state == FLIGHT_IN_AIR && state != FLIGHT_IN_AIR);
    flight->state = state;
    flights->in_air--;
    flight->topic->in_flight--;
}

void flights_free(struct flights *flights, struct flight *flight)
{
    if (flight->state == FLIGHT_IN_AIR)
        flights_land(flights, flight, FLIGHT_FAILED);
    flight->state                             = FLIGHT_FREE;
    flights->free_list[flights->free_count++] = (size_t)(flight - flights->flights);
}
