/* The outbox relay; see relay.h.
 * Decides nothing about who gets what: rows come from pair_event() and the engine. */
#include "daemon/courier/relay.h"

#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"
#include "daemon/common/kafka.h"
#include "daemon/common/kafka_cluster.h"
#include "daemon/common/kafka_files.h"
#include "daemon/common/log.h"
#include "daemon/courier/claim.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/due.h"
#include "daemon/courier/feed_row.h"
#include "daemon/courier/flights.h"
#include "daemon/courier/topics.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAND_MS = 3000, LAND_POLL_MS = 20 };

struct relay {
    struct relay_spec  spec;
    rd_kafka_t        *producer;
    struct kafka_files files; /* that it was made from */
    struct flights     flights;
    struct topics      topics;
    struct claim       claim;
    struct db_array    names, rooms;
    char               error[256];
};

static void on_report(rd_kafka_t *producer, const rd_kafka_message_t *message, void *context)
{
    struct relay  *relay  = context;
    struct flight *flight = message->_private;

    (void)producer;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        flights_land(&relay->flights, flight, FLIGHT_DELIVERED);
        topic_succeeded(flight->topic);
        return;
    }
    flights_land(&relay->flights, flight,
                 message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ? FLIGHT_HOPELESS : FLIGHT_FAILED);
    if (message->err != RD_KAFKA_RESP_ERR__PURGE_QUEUE && message->err != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
        topic_failed(flight->topic, rd_kafka_err2name(message->err));
}

static bool open_producer(struct relay *relay, char *error, size_t error_size)
{
    kafka_files_note(&relay->files, &relay->spec.config->kafka, relay->spec.config->kafka.courier.password_file);
    rd_kafka_conf_t *conf = kafka_producer_conf_new(&relay->spec.config->kafka, relay->spec.config->kafka.courier.user,
                                                    relay->spec.config->kafka.courier.password_file, error, error_size);

    if (conf == NULL)
        return false;
    rd_kafka_conf_set_opaque(conf, relay);
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    relay->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, error_size);
    if (relay->producer == NULL)
        rd_kafka_conf_destroy(conf);
    return relay->producer != NULL;
}

static void close_producer(struct relay *relay)
{
    if (relay->producer == NULL)
        return;
    rd_kafka_purge(relay->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(relay->producer, 0);
    rd_kafka_destroy(relay->producer);
    relay->producer = NULL;
}

struct relay *relay_open(const struct relay_spec *spec, char *error, size_t error_size)
{
    struct relay *relay = calloc(1, sizeof *relay);

    if (relay == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    relay->spec                  = *spec;
    const struct due_tools tools = { spec->config->shard, spec->views, spec->parts };
    claim_init(&relay->claim, &tools, spec->blind);
    flights_init(&relay->flights);
    db_array_init(&relay->names, DB_ARRAY_TEXT);
    db_array_init(&relay->rooms, DB_ARRAY_INT4);
    if (!open_producer(relay, error, error_size)) {
        relay_close(relay);
        return NULL;
    }
    return relay;
}

void relay_close(struct relay *relay)
{
    if (relay == NULL)
        return;
    close_producer(relay);
    claim_clear(&relay->claim);
    db_array_clear(&relay->names);
    db_array_clear(&relay->rooms);
    free(relay);
}

/* Locks the next alerts, chooses the other rows and leaves their ids in relay->claim.ids. */
static enum db_status lock_due(struct relay *relay, struct db *db)
{
    struct db_param params[5];
    char            usual[16], room[16];
    PGresult       *result = NULL;

    db_array_reset(&relay->claim.ids);
    db_array_reset(&relay->names);
    db_array_reset(&relay->rooms);
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        if (relay->flights.flights[i].state != FLIGHT_FREE)
            db_array_add_number(&relay->claim.ids, relay->flights.flights[i].outbox_id);
    }
    for (size_t i = 0; i < relay->topics.count; i++) {
        db_array_add_span(&relay->names, span_from_text(relay->topics.topics[i].name));
        db_array_add_number(&relay->rooms, topic_room(&relay->topics.topics[i]));
    }
    if (!db_array_param(&relay->claim.ids, &params[0]) || !db_array_param(&relay->names, &params[1]) ||
        !db_array_param(&relay->rooms, &params[2]))
        return DB_RETRY;
    snprintf(usual, sizeof usual, "%d", TOPIC_ROOM);
    snprintf(room, sizeof room, "%zu", relay->flights.free_count);
    params[3]                   = db_text(usual);
    params[4]                   = db_text(room);
    const enum db_status status = db_run_binary(
        db, relay->spec.parts != NULL ? &statement_courier_due_urgent : &statement_courier_due, params, 5, &result);
    if (status != DB_OK)
        return status;
    db_array_reset(&relay->claim.ids);
    for (int row = 0; row < PQntuples(result); row++)
        db_array_add_number(&relay->claim.ids, db_get_number(result, row, 0));
    PQclear(result);
    return DB_OK;
}

static rd_kafka_headers_t *make_headers(const char *source)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    json_t             *object  = source != NULL ? json_loads(source, 0, NULL) : NULL;
    const char         *name;
    json_t             *value;

    json_object_foreach(object, name, value)
    {
        if (json_is_string(value))
            rd_kafka_header_add(headers, name, -1, json_string_value(value), -1);
    }
    json_decref(object);
    return headers;
}

static bool produce(struct relay *relay, struct flight *flight, const struct due_row *due, const void *payload,
                    size_t length, const char *headers_source)
{
    rd_kafka_headers_t *headers    = make_headers(headers_source);
    const size_t        key_length = due->key != NULL ? strlen(due->key) : 0;
    const rd_kafka_vu_t message[]  = {
         {.vtype = RD_KAFKA_VTYPE_TOPIC,     .u.cstr = due->topic                     },
         { .vtype = RD_KAFKA_VTYPE_KEY,      .u.mem = { (void *)due->key, key_length }},
         { .vtype = RD_KAFKA_VTYPE_VALUE,    .u.mem = { (void *)payload, length }     },
         { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY               },
         { .vtype = RD_KAFKA_VTYPE_HEADERS,  .u.headers = headers                     },
         { .vtype = RD_KAFKA_VTYPE_OPAQUE,   .u.ptr = flight                          },
    };
    rd_kafka_error_t *error = rd_kafka_produceva(relay->producer, message, sizeof message / sizeof message[0]);

    if (error == NULL)
        return true;
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers);
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        topic_failed(flight->topic, rd_kafka_err2name(code));
    return false;
}

static const char event_headers[] = "{\"content-type\":\"application/cloudevents+json; charset=UTF-8\"}";

/* An alert whose row lacks something stays unsent for good; a human is told. */
static void give_up(struct relay *relay, const struct due_row *due)
{
    flights_start(&relay->flights, FLIGHT_HOPELESS);
    courier_count(COURIER_RENDER_REFUSED, 1);
    log_error("alert_not_renderable", log_word("alert", due->alert_id), log_number("outbox", due->outbox_id));
}

static bool hand_over_alert(struct relay *relay, struct flight *flight, const struct due_row *due)
{
    char *text = claim_render_alert(&relay->claim, due);

    if (text == NULL) {
        give_up(relay, due);
        return true;
    }
    const bool is_taken = produce(relay, flight, due, text, strlen(text), event_headers);
    free(text);
    if (is_taken)
        flights_start(&relay->flights, FLIGHT_IN_AIR);
    return is_taken;
}

/* What does not open stays queued: with the right key it can still be sent. */
static bool hand_over_feed(struct relay *relay, struct flight *flight, const struct due_row *due)
{
    char *text = relay->spec.vault != NULL ? feed_row_open(due, relay->spec.vault) : NULL;

    if (text == NULL) {
        log_error("feed_row_not_opened", log_number("outbox", due->outbox_id));
        topic_failed(flight->topic, "not_opened");
        return false;
    }
    const bool is_taken = produce(relay, flight, due, text, strlen(text), due->headers);
    feed_row_free(text);
    if (is_taken)
        flights_start(&relay->flights, FLIGHT_IN_AIR);
    return is_taken;
}

/* True when the row left the queue for the air, or for good. */
static bool hand_over(struct relay *relay, const struct due_row *due)
{
    struct topic  *topic  = topics_find(&relay->topics, due->topic);
    struct flight *flight = flights_peek(&relay->flights);

    if (topic == NULL || flight == NULL || topic_room(topic) == 0)
        return false;
    *flight = (struct flight){ .outbox_id = due->outbox_id, .topic = topic, .is_alert = due_is_alert(due) };
    snprintf(flight->ack_by, sizeof flight->ack_by, "%s", due->ack_by != NULL ? due->ack_by : "");
    snprintf(flight->act_by, sizeof flight->act_by, "%s", due->act_by != NULL ? due->act_by : "");
    if (flight->is_alert && due->payload == NULL)
        return hand_over_alert(relay, flight, due);
    if (feed_row_is(due))
        return hand_over_feed(relay, flight, due);
    if (!produce(relay, flight, due, due->payload, due->payload_length, due->headers))
        return false;
    flights_start(&relay->flights, FLIGHT_IN_AIR);
    return true;
}

void relay_send_plain(struct relay *relay, const char *topic_name, const char *key, const char *text)
{
    struct topic        *topic  = topics_find(&relay->topics, topic_name);
    struct flight       *flight = flights_peek(&relay->flights);
    const struct due_row row    = { .topic = topic_name, .key = key };

    if (relay->producer == NULL || topic == NULL || flight == NULL || topic_room(topic) == 0)
        return;
    *flight = (struct flight){ .topic = topic };
    if (produce(relay, flight, &row, text, strlen(text), event_headers))
        flights_start(&relay->flights, FLIGHT_IN_AIR);
}

bool relay_is_failing(struct relay *relay, const char *topic_name)
{
    const struct topic *topic = topics_find(&relay->topics, topic_name);

    return topic != NULL && topic->failures > 0;
}

static enum db_status claim_rows(struct relay *relay, struct db *db, struct lease *lease, PGresult **result)
{
    enum db_status status = lease_check(lease, db);

    if (status == DB_OK)
        status = lock_due(relay, db);
    return status == DB_OK ? claim_take(&relay->claim, db, result) : status;
}

enum db_status relay_claim(struct relay *relay, struct db *db, struct lease *lease, size_t *count)
{
    PGresult *result = NULL;

    *count = 0;
    if (relay->flights.free_count == 0 || relay->producer == NULL)
        return DB_OK;
    enum db_status status = db_begin(db);
    if (status == DB_OK)
        status = claim_rows(relay, db, lease, &result);
    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    if (status == DB_UNKNOWN)
        status = DB_RETRY; /* taking rows twice is harmless: nothing to ask about */
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++) {
        struct due_row due;
        due_read(result, row, &due);
        *count += hand_over(relay, &due);
    }
    PQclear(result);
    if (relay->spec.parts == NULL)
        metric_set(&courier_metrics[COURIER_IN_FLIGHT], (int64_t)flights_count(&relay->flights));
    return status;
}

/* A report for every message ends the wait early: one transaction then writes them all. */
void relay_poll(struct relay *relay, int wait_ms)
{
    const int64_t deadline_ms = clock_monotonic_ms() + wait_ms;

    if (relay->producer == NULL)
        return;
    const bool has_air = relay->flights.in_air > 0;
    for (int64_t left_ms = wait_ms; left_ms >= 0; left_ms = deadline_ms - clock_monotonic_ms()) {
        rd_kafka_poll(relay->producer, (int)left_ms);
        if (left_ms == 0 || (has_air && relay->flights.in_air == 0))
            return;
    }
}

static enum db_status write_reports(struct relay *relay, struct db *db)
{
    struct claim *claim = &relay->claim;

    claim_reset(claim);
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        const struct flight *flight = &relay->flights.flights[i];
        if (flight->state == FLIGHT_DELIVERED && flight->outbox_id != 0)
            claim_add_sent(claim, flight->outbox_id, flight->ack_by, flight->act_by);
    }
    const enum db_status status = claim_write_sent(claim, db);
    claim_reset(claim);
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        if (relay->flights.flights[i].state == FLIGHT_HOPELESS)
            claim_add(claim, relay->flights.flights[i].outbox_id);
    }
    return status == DB_OK ? claim_write_hopeless(claim, db) : status;
}

static void land(struct relay *relay)
{
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        struct flight *flight = &relay->flights.flights[i];
        if (flight->state == FLIGHT_FREE || flight->state == FLIGHT_IN_AIR)
            continue;
        if (flight->state == FLIGHT_DELIVERED && flight->outbox_id != 0)
            courier_count(flight->is_alert ? COURIER_SENT_ALERT : COURIER_SENT_OTHER, 1);
        flights_free(&relay->flights, flight);
    }
}

enum db_status relay_settle(struct relay *relay, struct db *db, struct lease *lease)
{
    if (flights_landed(&relay->flights) == 0)
        return DB_OK;
    enum db_status status = db_begin(db);
    if (status == DB_OK)
        status = lease_check(lease, db);
    if (status == DB_OK)
        status = write_reports(relay, db);
    if (status == DB_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    if (status == DB_OK)
        land(relay);
    return status == DB_UNKNOWN ? DB_RETRY : status; /* running it twice is harmless: only queued rows change */
}

/* A producer with the files as they are now, between two flights; when they are of no use the old one goes on. */
static void renew(struct relay *relay)
{
    rd_kafka_t *old = relay->producer;

    if (!open_producer(relay, relay->error, sizeof relay->error)) {
        relay->producer = old;
        log_error("kafka_files_renewed", log_word("error", "see the configuration"));
        return;
    }
    if (old != NULL)
        rd_kafka_destroy(old);
    log_info("kafka_files_renewed", log_word("client", "producer"));
}

bool relay_recover(struct relay *relay)
{
    char text[256];

    if (flights_count(&relay->flights) == 0 && kafka_files_changed(&relay->files))
        renew(relay);
    if (relay->producer != NULL &&
        rd_kafka_fatal_error(relay->producer, text, sizeof text) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    close_producer(relay);
    for (size_t i = 0; i < FLIGHTS_MAX; i++) {
        if (relay->flights.flights[i].state == FLIGHT_IN_AIR)
            flights_free(&relay->flights, &relay->flights.flights[i]);
    }
    courier_count(COURIER_PRODUCER_REBUILT, 1);
    log_error("producer_fatal_rebuilt", log_number("in_flight", (int64_t)flights_count(&relay->flights)));
    return open_producer(relay, relay->error, sizeof relay->error);
}

int relay_check_posts(struct relay *relay, const struct posts *posts)
{
    int                             missing  = 0;
    const struct rd_kafka_metadata *metadata = relay->producer != NULL ? kafka_cluster_look(relay->producer) : NULL;

    if (metadata == NULL)
        return -1;
    for (unsigned i = 0; i < posts->posts_count; i++) {
        const struct post *post = &posts->posts[i];
        if (post->webhook != NULL || kafka_cluster_find_topic(metadata, post->topic) != NULL)
            continue;
        missing++;
        log_error("alert_topic_unusable", log_word("post", post->id), log_word("topic", post->topic));
    }
    rd_kafka_metadata_destroy(metadata);
    return missing;
}

size_t relay_in_flight(const struct relay *relay)
{
    return flights_count(&relay->flights);
}

void relay_land(struct relay *relay, struct db *db, struct lease *lease)
{
    const int64_t deadline_ms = clock_monotonic_ms() + LAND_MS;

    while (relay_in_flight(relay) > 0 && clock_monotonic_ms() < deadline_ms) {
        relay_poll(relay, LAND_POLL_MS);
        if (relay_settle(relay, db, lease) != DB_OK)
            return;
    }
}

const struct topics *relay_topics(const struct relay *relay)
{
    return &relay->topics;
}
