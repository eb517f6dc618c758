/* Rows for webhooks; see webhook_rows.h.
 * The courier's lease is looked at, not locked: the other thread renews it. */
#include "daemon/courier/webhook_rows.h"

#include "daemon/common/log.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/due.h"
#include "daemon/courier/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct webhook_flight *webhook_rows_free_flight(struct webhook_rows *rows)
{
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        if (rows->flights[i].state == FLIGHT_FREE)
            return &rows->flights[i];
    }
    return NULL;
}

/* DB_REFUSED: another courier leads. */
static enum db_status look_at_lease(struct webhook_rows *rows)
{
    char fence[24];

    snprintf(fence, sizeof fence, "%lld", (long long)rows->fence);
    const struct db_param param  = db_text(fence);
    PGresult             *result = NULL;
    enum db_status        status = db_run(rows->db, &statement_courier_lease_look, &param, 1, &result);
    if (status == DB_OK && PQntuples(result) == 0)
        status = DB_REFUSED;
    PQclear(result);
    return status;
}

/* Leaves in claim.ids what is due and fits. */
static enum db_status choose(struct webhook_rows *rows)
{
    struct db_param params[3];
    char            of_receiver[16], room[16];
    size_t          taken  = 0;
    PGresult       *result = NULL;

    claim_reset(&rows->claim);
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        if (rows->flights[i].state == FLIGHT_FREE)
            continue;
        taken++;
        claim_add(&rows->claim, rows->flights[i].outbox_id);
    }
    if (!db_array_param(&rows->claim.ids, &params[0]))
        return DB_RETRY;
    snprintf(of_receiver, sizeof of_receiver, "%d", WEBHOOK_FLIGHTS_OF_RECEIVER);
    snprintf(room, sizeof room, "%zu", WEBHOOK_FLIGHTS_MAX - taken);
    params[1]                   = db_text(of_receiver);
    params[2]                   = db_text(room);
    const enum db_status status = db_run_binary(rows->db, &statement_courier_webhook_due, params, 3, &result);
    claim_reset(&rows->claim);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++)
        claim_add(&rows->claim, db_get_number(result, row, 0));
    PQclear(result);
    return status;
}

/* The message's own id, the same at every try. */
static void read_id(struct webhook_flight *flight)
{
    json_t     *event = json_loads(flight->body, 0, NULL);
    const char *id    = json_string_value(json_object_get(event, "id"));

    if (id != NULL)
        snprintf(flight->id, sizeof flight->id, "%s", id);
    else
        snprintf(flight->id, sizeof flight->id, "outbox/%lld", (long long)flight->outbox_id);
    json_decref(event);
}

/* A failed flight takes its row back to the queue: a later try may be luckier. */
static void begin_flight(struct webhook_rows *rows, const struct due_row *due)
{
    struct webhook_flight *flight    = webhook_rows_free_flight(rows);
    const bool             is_notice = strcmp(due->kind, "notice") == 0;

    if (flight == NULL)
        return;
    *flight = (struct webhook_flight){
        .state     = FLIGHT_IN_AIR,
        .outbox_id = due->outbox_id,
        .is_alert  = due_is_alert(due),
    };
    snprintf(flight->topic, sizeof flight->topic, "%s", due->topic);
    snprintf(flight->ack_by, sizeof flight->ack_by, "%s", due->ack_by != NULL ? due->ack_by : "");
    snprintf(flight->act_by, sizeof flight->act_by, "%s", due->act_by != NULL ? due->act_by : "");
    if (is_notice)
        flight->body = notice_render(due, rows->shard, rows->vault, rows->db);
    else if (due->payload != NULL)
        flight->body = strndup(due->payload, due->payload_length);
    else
        flight->body = claim_render_alert(&rows->claim, due);
    if (flight->body != NULL) {
        read_id(flight);
        return;
    }
    flight->state = flight->is_alert ? FLIGHT_HOPELESS : FLIGHT_FAILED;
    if (flight->is_alert) {
        courier_count(COURIER_RENDER_REFUSED, 1);
        log_error("alert_not_renderable", log_word("alert", due->alert_id), log_number("outbox", due->outbox_id));
    }
}

enum db_status webhook_rows_take(struct webhook_rows *rows, size_t *count)
{
    PGresult *result = NULL;

    *count = 0;
    if (webhook_rows_free_flight(rows) == NULL)
        return DB_OK;
    enum db_status status = db_begin(rows->db);
    if (status == DB_OK)
        status = look_at_lease(rows);
    if (status == DB_OK)
        status = choose(rows);
    if (status == DB_OK)
        status = claim_take(&rows->claim, rows->db, &result);
    if (status == DB_OK)
        status = db_commit(rows->db);
    else
        db_rollback(rows->db);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++) {
        struct due_row due;
        due_read(result, row, &due);
        begin_flight(rows, &due);
        ++*count;
    }
    PQclear(result);
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

static void collect(struct webhook_rows *rows, enum flight_state state)
{
    claim_reset(&rows->claim);
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        const struct webhook_flight *flight = &rows->flights[i];
        if (flight->state == state && flight->outbox_id != 0)
            claim_add_sent(&rows->claim, flight->outbox_id, flight->ack_by, flight->act_by);
    }
}

static enum db_status write_failed(struct webhook_rows *rows)
{
    struct db_param param;

    if (rows->claim.ids.count == 0)
        return DB_OK;
    return db_array_param(&rows->claim.ids, &param)
               ? db_run(rows->db, &statement_courier_webhook_failed, &param, 1, NULL)
               : DB_RETRY;
}

static void free_landed(struct webhook_rows *rows)
{
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        struct webhook_flight *flight = &rows->flights[i];
        if (flight->state == FLIGHT_FREE || flight->state == FLIGHT_IN_AIR)
            continue;
        if (flight->state == FLIGHT_DELIVERED && flight->outbox_id != 0)
            courier_count(flight->is_alert ? COURIER_SENT_ALERT : COURIER_SENT_OTHER, 1);
        if (flight->state == FLIGHT_FAILED)
            courier_count(COURIER_WEBHOOK_FAILED, 1);
        free(flight->body);
        *flight = (struct webhook_flight){ .state = FLIGHT_FREE };
    }
}

enum db_status webhook_rows_settle(struct webhook_rows *rows)
{
    size_t landed = 0;

    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++)
        landed += rows->flights[i].state > FLIGHT_IN_AIR;
    if (landed == 0)
        return DB_OK;
    enum db_status status = db_begin(rows->db);
    if (status == DB_OK)
        status = look_at_lease(rows);
    collect(rows, FLIGHT_DELIVERED);
    if (status == DB_OK)
        status = claim_write_sent(&rows->claim, rows->db);
    collect(rows, FLIGHT_HOPELESS);
    if (status == DB_OK)
        status = claim_write_hopeless(&rows->claim, rows->db);
    collect(rows, FLIGHT_FAILED);
    if (status == DB_OK)
        status = write_failed(rows);
    if (status == DB_OK)
        status = db_commit(rows->db);
    else
        db_rollback(rows->db);
    if (status == DB_OK)
        free_landed(rows);
    return status == DB_UNKNOWN ? DB_RETRY : status; /* twice is once: only queued rows change */
}
