/* Messages in flight: room, reports, and topics that fail.
 * Sends nothing. */
#include "daemon/courier/flights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct flights flights;
static struct topics  topics;

static struct flight *start(struct topic *topic, enum flight_state state)
{
    struct flight *flight = flights_peek(&flights);

    if (flight == NULL)
        return NULL;
    flight->topic = topic;
    flights_start(&flights, state);
    return flight;
}

static struct topic *fresh_topic(const char *name)
{
    topics.count = 0;
    flights_init(&flights);
    return topics_find(&topics, name);
}

static void test_report_makes_no_room_before_it_is_written(void **state)
{
    struct topic *topic = fresh_topic("hulei.receipt.a");

    (void)state;
    struct flight *flight = start(topic, FLIGHT_IN_AIR);
    assert_int_equal(flights_count(&flights), 1);
    assert_int_equal(flights_landed(&flights), 0);
    assert_int_equal(topic_room(topic), TOPIC_ROOM - 1);
    flights_land(&flights, flight, FLIGHT_DELIVERED);
    assert_int_equal(flights_count(&flights), 1);
    assert_int_equal(flights_landed(&flights), 1);
    assert_int_equal(topic_room(topic), TOPIC_ROOM);
    flights_free(&flights, flight);
    assert_int_equal(flights_count(&flights), 0);
}

static void test_hopeless_needs_no_report(void **state)
{
    struct topic *topic = fresh_topic("hulei.alert.a");

    (void)state;
    start(topic, FLIGHT_HOPELESS);
    assert_int_equal(flights_landed(&flights), 1);
    assert_int_equal(topic_room(topic), TOPIC_ROOM);
}

static void test_flight_of_a_lost_producer_goes_back(void **state)
{
    struct topic *topic = fresh_topic("hulei.alert.a");

    (void)state;
    flights_free(&flights, start(topic, FLIGHT_IN_AIR));
    assert_int_equal(flights_count(&flights), 0);
    assert_int_equal(flights.in_air, 0);
    assert_int_equal(topic_room(topic), TOPIC_ROOM);
}

static void test_full_table_takes_no_more(void **state)
{
    struct topic  *topic = fresh_topic("hulei.receipt.a");
    struct flight *first = start(topic, FLIGHT_IN_AIR);

    (void)state;
    while (start(topic, FLIGHT_IN_AIR) != NULL)
        ;
    assert_int_equal(flights_count(&flights), FLIGHTS_MAX);
    flights_free(&flights, first);
    assert_ptr_equal(flights_peek(&flights), first);
}

static void test_failing_topic_tries_one(void **state)
{
    struct topic *topic = fresh_topic("hulei.alert.dead");

    (void)state;
    topic_failed(topic, "_UNKNOWN_TOPIC");
    assert_int_equal(topic_room(topic), 0); /* it rests */
    topic->rest_until_ms = 0;
    assert_int_equal(topic_room(topic), 1);
    start(topic, FLIGHT_IN_AIR);
    assert_int_equal(topic_room(topic), 0);
    topic_succeeded(topic);
    assert_int_equal(topic_room(topic), TOPIC_ROOM - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_makes_no_room_before_it_is_written),
        cmocka_unit_test(test_hopeless_needs_no_report),
        cmocka_unit_test(test_flight_of_a_lost_producer_goes_back),
        cmocka_unit_test(test_full_table_takes_no_more),
        cmocka_unit_test(test_failing_topic_tries_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
