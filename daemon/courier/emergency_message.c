/* Emergency messages; see emergency_message.h.
 * Nothing a department sends can stop it: what is wrong is parked. */
#include "daemon/courier/emergency_message.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/emergency_store.h"

static enum db_status park(const struct emergency_store *store, const struct emergency_input *input,
                           const struct feed_fault *fault, bool is_sealed, struct emergency_counts *counts)
{
    counts->parked++;
    return emergency_store_park(store, input, fault, is_sealed);
}

/* `refused`: the database did not take it before. */
static enum db_status handle(const struct emergency_message_tools *tools, const struct feed_message *message,
                             int64_t key_id, bool refused, struct emergency_counts *counts)
{
    static const struct feed_fault full          = { "out_of_memory", "store", "", "arena" };
    static const struct feed_fault store_refused = { "store_refused", "store", "", "the database refused the record" };
    struct feed_fault              fault;
    struct emergency_case          taken;
    bool                           is_built = false, is_alert = false;
    struct feed_record            *record = arena_alloc(tools->arena, 1, sizeof *record);
    const struct emergency_store   store  = { tools->vault, tools->blind, tools->db, tools->arena };
    const struct emergency_input   input  = { message, record, key_id };

    if (record == NULL)
        return DB_BROKEN; /* the arena holds any message there can be */
    const enum feed_outcome decoded =
        feed_decode(tools->feeds, tools->policy, message, clock_now_us(), tools->arena, record, &fault);
    if (refused || decoded != FEED_OK)
        return park(&store, &input, refused ? &store_refused : &fault, decoded == FEED_SEALED, counts);
    const enum db_status status =
        emergency_case_build(record, tools->policy, tools->vault, tools->db, tools->arena, &taken, &is_built);
    if (status != DB_OK)
        return status;
    if (!is_built)
        return park(&store, &input, &full, false, counts);
    counts->taken++;
    const enum db_status stored = emergency_store_take(&store, &input, &taken, &is_alert);
    counts->alerts += is_alert;
    return stored;
}

enum db_status emergency_message_handle(const struct emergency_message_tools *tools, const struct feed_message *message,
                                        int64_t key_id, struct emergency_counts *counts)
{
    return handle(tools, message, key_id, false, counts);
}

enum db_status emergency_message_handle_carefully(const struct emergency_message_tools *tools,
                                                  const struct feed_message *message, int64_t key_id,
                                                  struct emergency_counts *counts)
{
    const struct emergency_counts before = *counts;
    enum db_status                status = db_command(tools->db, "SAVEPOINT emergency");

    if (status == DB_OK)
        status = handle(tools, message, key_id, false, counts);
    if (status != DB_REFUSED)
        return status;
    log_error("emergency_refused", log_word("sqlstate", db_sqlstate(tools->db)),
              log_word("constraint", db_constraint(tools->db)));
    *counts = before;
    status  = db_command(tools->db, "ROLLBACK TO SAVEPOINT emergency");
    return status == DB_OK ? handle(tools, message, key_id, true, counts) : status;
}

void emergency_counts_publish(const struct emergency_counts *counts)
{
    courier_count(COURIER_EMERGENCY_TAKEN, counts->taken);
    courier_count(COURIER_EMERGENCY_PARKED, counts->parked);
    if (counts->parked > 0)
        log_error("emergency_parked", log_number("messages", counts->parked));
}
