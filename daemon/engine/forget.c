/* Due erasures into the batch; see forget.h. */
#include "daemon/engine/forget.h"

#include "daemon/common/db_array.h"

#include "daemon/engine/versions.h"

static const char *reason_of(struct span word)
{
    static const char *const words[] = { "expired", "withdrawn", "erased", "objection" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_equals_text(word, words[i]))
            return words[i];
    }
    return "sealed";
}

enum db_status forget_read(struct forget *forget, struct db *db, struct arena *arena)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_forget_due, NULL, 0, &result);

    *forget = (struct forget){ .items = NULL };
    if (status != DB_OK)
        return status;
    const size_t count = (size_t)PQntuples(result);
    forget->items      = arena_alloc(arena, count + 1, sizeof *forget->items);
    if (forget->items == NULL)
        status = DB_RETRY;
    for (int row = 0; status == DB_OK && (size_t)row < count; row++) {
        forget->items[forget->count++] = (struct forget_item){
            .source_id = (int16_t)db_get_number(result, row, 1),
            .type      = (enum feed_type)db_get_number(result, row, 2),
            .subject   = arena_copy(arena, db_get_span(result, row, 3)),
            .source    = arena_copy(arena, db_get_span(result, row, 4)),
            .reason    = reason_of(db_get_span(result, row, 5)),
        };
    }
    PQclear(result);
    return status;
}

void forget_add(const struct forget *forget, const struct blind *blind, struct batch *batch)
{
    for (size_t i = 0; i < forget->count; i++) {
        const struct forget_item *item   = &forget->items[i];
        const size_t              known  = batch->record_count;
        struct batch_record      *record = batch_record_of(batch, item->source_id, item->type, item->subject);
        if (record == NULL || batch->record_count == known)
            continue;
        record->source    = item->source;
        record->is_sealed = true;
        record->reason    = item->reason;
        versions_tombstone(blind, item->source, item->type, item->subject, record->tombstone);
    }
}
