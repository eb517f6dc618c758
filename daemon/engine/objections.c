/* Objections and corrections as rows; see objections.h. */
#include "daemon/engine/objections.h"

static const char *claimant_word(enum feed_claimant claimant)
{
    static const char *const words[] = { "person", "guardian", "post", "owner" };

    return words[claimant];
}

static const char *ground_word(enum feed_ground ground)
{
    static const char *const words[] = { "not_this_person", "wrong_address", "wrong_fact", "out_of_date", "no_basis" };

    return words[ground];
}

static const char *request_word(enum feed_request asks)
{
    static const char *const words[] = { "correct", "split", "erase" };

    return words[asks];
}

static void add_absent(struct store_batch *rows, int count)
{
    for (int i = 0; i < count; i++)
        store_add_span(rows, STORE_OBJECTIONS, (struct span){ NULL, 0 });
}

static struct span source_of(const struct feed_reference *named, const struct feed_record *read)
{
    return named->source.bytes != NULL ? named->source : read->source;
}

static void add_reference(struct store_batch *rows, const struct feed_reference *named, const struct feed_record *read)
{
    if (named->subject.bytes == NULL) {
        add_absent(rows, 3);
        return;
    }
    store_add_span(rows, STORE_OBJECTIONS, source_of(named, read));
    store_add_number(rows, STORE_OBJECTIONS, named->type);
    store_add_span(rows, STORE_OBJECTIONS, named->subject);
}

static void write_objection(const struct feed_record *read, struct store_batch *rows)
{
    const struct feed_objection *objection = &read->objection;

    add_reference(rows, &objection->record, read);
    add_reference(rows, &objection->other, read);
    add_absent(rows, 2);
    store_add_text(rows, STORE_OBJECTIONS, claimant_word(objection->by));
    store_add_text(rows, STORE_OBJECTIONS, ground_word(objection->ground));
    store_add_text(rows, STORE_OBJECTIONS, request_word(objection->asks));
    add_absent(rows, 2);
}

static void write_correction(const struct feed_record *read, struct store_batch *rows)
{
    const struct feed_correction *correction = &read->correction;

    add_reference(rows, &correction->record, read);
    add_reference(rows, &correction->other, read);
    if (correction->objection.subject.bytes != NULL) {
        store_add_span(rows, STORE_OBJECTIONS, source_of(&correction->objection, read));
        store_add_span(rows, STORE_OBJECTIONS, correction->objection.subject);
    } else {
        add_absent(rows, 2);
    }
    store_add_text(rows, STORE_OBJECTIONS, claimant_word(correction->by));
    store_add_text(rows, STORE_OBJECTIONS, ground_word(correction->ground));
    store_add_text(rows, STORE_OBJECTIONS, request_word(correction->asks));
    store_add_text(rows, STORE_OBJECTIONS, correction->ruling == FEED_RULING_UPHELD ? "upheld" : "rejected");
    store_add_span(rows, STORE_OBJECTIONS, correction->reason);
}

void objections_write(const struct batch *batch, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct batch_record *record     = &batch->records[i];
        const bool                 is_dispute = record->type == FEED_OBJECTION || record->type == FEED_CORRECTION;

        if (!is_dispute || record->winner == NULL || record->is_sealed)
            continue;
        store_add_number(rows, STORE_OBJECTIONS, record->record_id);
        if (record->is_withdrawn)
            add_absent(rows, 13);
        else if (record->type == FEED_OBJECTION)
            write_objection(&record->winner->record, rows);
        else
            write_correction(&record->winner->record, rows);
    }
}
