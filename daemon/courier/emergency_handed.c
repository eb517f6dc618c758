/* Emergencies handed on by the engine; see emergency_handed.h.
 * Shares its judgement with the intake of the emergency topics. */
#include "daemon/courier/emergency_handed.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed_parcel.h"
#include "daemon/common/log.h"

#include <stdio.h>

enum handed_column { ROW, TOPIC, PART, OFF, APPENDED, PAYLOAD, KEY, WRAPPED };

/* False when it does not open. */
static bool open_message(const PGresult *result, int row, const struct emergency_message_tools *tools,
                         struct feed_message *message)
{
    struct vault_key  key;
    const int64_t     key_id = db_get_number(result, row, KEY);
    const struct span sealed = db_get_span(result, row, PAYLOAD);

    if (sealed.length <= VAULT_OVERHEAD_BYTES ||
        vault_data_key_open(tools->vault, key_id, db_get_span(result, row, WRAPPED), &key) != VAULT_OK)
        return false;
    const size_t   length = sealed.length - VAULT_OVERHEAD_BYTES;
    unsigned char *plain  = arena_alloc(tools->arena, length, 1);
    const bool     is_open =
        plain != NULL && vault_open(tools->vault, &key, "outbox", "payload", key_id, sealed, plain) == VAULT_OK;
    vault_key_wipe(&key);
    *message = (struct feed_message){
        .topic          = db_get_span(result, row, TOPIC),
        .partition      = (int32_t)db_get_number(result, row, PART),
        .offset         = db_get_number(result, row, OFF),
        .append_time_ms = db_get_number(result, row, APPENDED),
    };
    return is_open && feed_parcel_unpack(span_of((const char *)plain, length), message, tools->arena);
}

static enum db_status make_key(struct db *db, int64_t *key_id)
{
    const struct db_param one    = db_text("1");
    PGresult             *result = NULL;
    const enum db_status  status = db_run_binary(db, &statement_courier_emergency_keys, &one, 1, &result);

    if (status == DB_OK)
        *key_id = db_get_number(result, 0, 0);
    PQclear(result);
    return status;
}

static enum db_status mark_taken(struct db *db, int64_t outbox_id)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)outbox_id);
    const struct db_param param = db_text(text);
    return db_run(db, &statement_courier_emergency_handed_done, &param, 1, NULL);
}

static enum db_status take(const struct emergency_message_tools *tools, struct lease *lease, int64_t outbox_id,
                           const struct feed_message *message, struct emergency_counts *counts)
{
    int64_t        key_id = 0;
    enum db_status status = db_begin(tools->db);

    if (status == DB_OK)
        status = lease_check(lease, tools->db);
    if (status == DB_OK)
        status = make_key(tools->db, &key_id);
    if (status == DB_OK)
        status = emergency_message_handle_carefully(tools, message, key_id, counts);
    if (status == DB_OK)
        status = mark_taken(tools->db, outbox_id);
    if (status == DB_OK)
        return db_commit(tools->db);
    db_rollback(tools->db);
    return status;
}

enum db_status emergency_handed_step(const struct emergency_message_tools *tools, struct lease *lease, size_t *alerts)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(tools->db, &statement_courier_emergency_handed, NULL, 0, &result);

    *alerts = 0;
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++) {
        struct emergency_counts counts    = { 0 };
        const int64_t           outbox_id = db_get_number(result, row, ROW);
        struct feed_message     message;
        arena_reset(tools->arena);
        if (!open_message(result, row, tools, &message)) {
            log_error("emergency_not_opened", log_number("outbox", outbox_id));
            continue;
        }
        status = take(tools, lease, outbox_id, &message, &counts);
        if (status == DB_OK) {
            emergency_counts_publish(&counts);
            *alerts += (size_t)counts.alerts;
        }
    }
    PQclear(result);
    return status == DB_UNKNOWN ? DB_RETRY : status; /* the row says whether it was taken */
}
