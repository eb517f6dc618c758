/* Rows on their way out; see claim.h.
 * Begins and ends no transaction. */
#include "daemon/courier/claim.h"

void claim_init(struct claim *claim, const struct due_tools *tools, const struct blind *blind)
{
    claim->tools = *tools;
    claim->blind = blind;
    db_array_init(&claim->ids, DB_ARRAY_INT8);
    db_array_init(&claim->names, DB_ARRAY_TEXT);
    db_array_init(&claim->texts[0], DB_ARRAY_TEXT);
    db_array_init(&claim->texts[1], DB_ARRAY_TEXT);
}

void claim_clear(struct claim *claim)
{
    db_array_clear(&claim->ids);
    db_array_clear(&claim->names);
    db_array_clear(&claim->texts[0]);
    db_array_clear(&claim->texts[1]);
}

void claim_reset(struct claim *claim)
{
    db_array_reset(&claim->ids);
    db_array_reset(&claim->names);
    db_array_reset(&claim->texts[0]);
    db_array_reset(&claim->texts[1]);
}

void claim_add(struct claim *claim, int64_t outbox_id)
{
    db_array_add_number(&claim->ids, outbox_id);
}

static struct span span_or_null(const char *text)
{
    return text[0] != '\0' ? span_from_text(text) : (struct span){ NULL, 0 };
}

void claim_add_sent(struct claim *claim, int64_t outbox_id, const char *ack_by, const char *act_by)
{
    claim_add(claim, outbox_id);
    db_array_add_span(&claim->texts[0], span_or_null(ack_by));
    db_array_add_span(&claim->texts[1], span_or_null(act_by));
}

/* Leaves in claim->ids what may leave. */
static enum db_status hold(struct claim *claim, struct db *db)
{
    struct db_param param;
    PGresult       *result = NULL;

    if (!db_array_param(&claim->ids, &param))
        return DB_RETRY;
    const enum db_status status = db_run_binary(db, &statement_courier_hold, &param, 1, &result);
    if (status != DB_OK)
        return status;
    db_array_reset(&claim->ids);
    for (int row = 0; row < PQntuples(result); row++)
        claim_add(claim, db_get_number(result, row, 0));
    PQclear(result);
    return DB_OK;
}

/* Pseudonyms are in the database before the first message that carries them leaves. */
static enum db_status name_series(struct claim *claim, struct db *db, const PGresult *result)
{
    struct db_param params[3];

    db_array_reset(&claim->names);
    db_array_reset(&claim->texts[0]);
    db_array_reset(&claim->texts[1]);
    for (int row = 0; row < PQntuples(result); row++) {
        struct due_row due;
        char           child[PSEUDONYM_BYTES], risk[PSEUDONYM_BYTES];
        due_read(result, row, &due);
        if (!due_is_alert(&due) || due.series_id == NULL || due.child_pseudonym != NULL ||
            !due_make_pseudonyms(&due, claim->blind, child, risk))
            continue;
        db_array_add_span(&claim->names, span_from_text(due.series_id));
        db_array_add_span(&claim->texts[0], span_from_text(child));
        db_array_add_span(&claim->texts[1], span_from_text(risk));
    }
    if (claim->names.count == 0)
        return DB_OK;
    if (!db_array_param(&claim->names, &params[0]) || !db_array_param(&claim->texts[0], &params[1]) ||
        !db_array_param(&claim->texts[1], &params[2]))
        return DB_RETRY;
    return db_run(db, &statement_courier_series_name, params, 3, NULL);
}

enum db_status claim_take(struct claim *claim, struct db *db, PGresult **result)
{
    struct db_param param;
    enum db_status  status = DB_OK;

    if (claim->ids.count > 0)
        status = hold(claim, db);
    if (status != DB_OK || claim->ids.count == 0)
        return status;
    if (!db_array_param(&claim->ids, &param))
        return DB_RETRY;
    status = db_run(db, &statement_courier_taken, &param, 1, NULL);
    if (status == DB_OK)
        status = db_run_binary(db, &statement_courier_rows, &param, 1, result);
    return status == DB_OK ? name_series(claim, db, *result) : status;
}

char *claim_render_alert(const struct claim *claim, const struct due_row *due)
{
    char child[PSEUDONYM_BYTES], risk[PSEUDONYM_BYTES];

    if (!due_make_pseudonyms(due, claim->blind, child, risk))
        return NULL;
    json_t *event = due_render(due, &claim->tools, due->child_pseudonym != NULL ? due->child_pseudonym : child,
                               due->child_pseudonym != NULL ? due->risk_pseudonym : risk);
    char   *text  = event != NULL ? json_dumps(event, JSON_COMPACT) : NULL;
    json_decref(event);
    return text;
}

enum db_status claim_write_sent(struct claim *claim, struct db *db)
{
    struct db_param params[4];

    if (claim->ids.count == 0)
        return DB_OK;
    if (!db_array_param(&claim->ids, &params[0]) || !db_array_param(&claim->texts[0], &params[1]) ||
        !db_array_param(&claim->texts[1], &params[2]))
        return DB_RETRY;
    params[3] = db_text(claim->tools.parts != NULL ? "emergency" : "courier"); /* the lane of the audit chain */
    return db_run(db, &statement_courier_sent, params, 4, NULL);
}

enum db_status claim_write_hopeless(struct claim *claim, struct db *db)
{
    struct db_param param;

    if (claim->ids.count == 0)
        return DB_OK;
    return db_array_param(&claim->ids, &param) ? db_run(db, &statement_courier_hopeless, &param, 1, NULL) : DB_RETRY;
}
