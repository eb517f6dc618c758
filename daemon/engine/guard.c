/* Mass withdrawals; see guard.h.
 * Asks PostgreSQL only when the batch withdraws something that is held. */
#include "daemon/engine/guard.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"

struct allowance {
    int16_t source_id;
    bool    is_open; /* two persons let it pass */
    int64_t left, held;
};

/* Withdrawals of what is there; of what is not, or is withdrawn already, they take nothing away. */
static bool takes_away(const struct batch_message *message)
{
    return message->decoded == FEED_OK && !message->is_sealed && !message->is_forced_out &&
           message->record.is_withdrawal && message->target != NULL && message->target->is_stored &&
           !message->target->is_withdrawn;
}

/* The list has room for a source of each message. */
static struct allowance *allowance_of(struct allowance *list, size_t *count, int16_t source_id)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i].source_id == source_id)
            return &list[i];
    }
    list[*count] = (struct allowance){ .source_id = source_id };
    return &list[(*count)++];
}

static enum db_status ask_left(struct allowance *list, size_t count, struct db *db)
{
    struct db_array sources;
    struct db_param param;
    PGresult       *result = NULL;
    enum db_status  status = DB_RETRY;

    db_array_init(&sources, DB_ARRAY_INT2);
    for (size_t i = 0; i < count; i++)
        db_array_add_number(&sources, list[i].source_id);
    if (db_array_param(&sources, &param))
        status = db_run_binary(db, &statement_engine_withdrawals_left, &param, 1, &result);
    db_array_clear(&sources);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++) {
        struct allowance *allowance = allowance_of(list, &count, (int16_t)db_get_number(result, row, 0));
        allowance->is_open          = PQgetisnull(result, row, 1) != 0;
        allowance->left             = db_get_number(result, row, 1);
    }
    PQclear(result);
    return status;
}

static void hold(struct batch_message *message)
{
    message->decoded = FEED_REFUSED;
    message->fault   = (struct feed_fault){ "mass_withdrawal", "policy", "", "two persons must release it" };
}

enum db_status guard_withdrawals(struct batch *batch, struct db *db)
{
    struct allowance *list  = arena_alloc(batch->arena, batch->message_count + 1, sizeof *list);
    size_t            count = 0;

    if (list == NULL)
        return DB_RETRY;
    for (size_t i = 0; i < batch->message_count; i++) {
        if (takes_away(&batch->messages[i]))
            allowance_of(list, &count, batch->messages[i].source_id);
    }
    const enum db_status status = count > 0 ? ask_left(list, count, db) : DB_OK;
    for (size_t i = 0; status == DB_OK && count > 0 && i < batch->message_count; i++) {
        struct batch_message *message   = &batch->messages[i];
        struct allowance     *allowance = takes_away(message) ? allowance_of(list, &count, message->source_id) : NULL;
        if (allowance == NULL || allowance->is_open || allowance->left-- > 0)
            continue;
        hold(message);
        allowance->held++;
    }
    for (size_t i = 0; i < count; i++) {
        if (list[i].held > 0)
            log_warning("withdrawals_held", log_number("source", list[i].source_id),
                        log_number("records", list[i].held));
    }
    return status;
}
