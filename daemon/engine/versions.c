/* Which version of a record wins; see versions.h.
 * Order of arrival never decides: two runs that cut batches differently end with the same versions. */
#include "daemon/engine/versions.h"

#include "daemon/common/db_array.h"
#include "daemon/engine/guard.h"

#include <assert.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Kinds of batch->index. */
enum { RECORD_BY_SUBJECT, MESSAGE_BY_EVENT };

void batch_init(struct batch *batch, struct arena *arena)
{
    *batch = (struct batch){ .arena = arena, .memory = pool_memory_of_arena(arena) };
    keymap_init(&batch->index, &batch->memory);
}

struct batch_record *batch_record_of(struct batch *batch, int16_t source_id, enum feed_type type, struct span subject)
{
    const uint64_t            seed = (uint64_t)source_id << 8 | (uint64_t)type;
    const uint64_t            key  = XXH3_64bits_withSeed(subject.bytes, subject.length, seed);
    const struct keymap_node *node = keymap_first(&batch->index, RECORD_BY_SUBJECT, key);

    for (; node != NULL; node = keymap_next(node)) {
        struct batch_record *known = keymap_pointer(node);
        if (known->source_id == source_id && known->type == type && span_equals(known->subject, subject))
            return known;
    }
    if (batch->record_count >= batch->record_capacity)
        return NULL;
    struct batch_record *record = &batch->records[batch->record_count];
    if (!keymap_insert(&batch->index, RECORD_BY_SUBJECT, key, keymap_value(record)))
        return NULL;
    batch->record_count++;
    record->source_id = source_id;
    record->type      = type;
    record->subject   = subject;
    return record;
}

int batch_version_compare(struct batch_version a, struct batch_version b)
{
    if (a.time_us != b.time_us)
        return a.time_us < b.time_us ? -1 : 1;
    if (a.part != b.part)
        return a.part < b.part ? -1 : 1;
    return a.off < b.off ? -1 : a.off > b.off;
}

static struct batch_version version_of(const struct batch_message *message)
{
    return (struct batch_version){ message->record.time_us, message->message.partition, message->message.offset };
}

/* ---- reading what is stored ---- */

/* What a record rests on: without a new one, no later end. */
static void hash_basis(const struct blind *blind, struct batch_message *message)
{
    const struct feed_record *record   = &message->record;
    const bool                is_risk  = record->type == FEED_RISK;
    const struct span         document = record->type == FEED_ORDER ? record->order.judgment : (struct span){ NULL, 0 };
    const struct span         absent   = { NULL, 0 };
    const struct span         parts[]  = {
                 span_from_text("basis"),
                 record->basis,
                 document,
        is_risk ? record->risk.case_ref : absent,
        is_risk ? record->risk.authority : absent,
        is_risk ? span_of((const char *)&record->risk.judgment_date, sizeof record->risk.judgment_date) : absent,
    };

    blind_hash(blind, BLIND_DIGEST, parts, sizeof parts / sizeof parts[0], message->basis, sizeof message->basis);
}

static void hash_message(const struct blind *blind, struct batch_message *message)
{
    const struct feed_record *record   = &message->record;
    const struct span         event[]  = { record->source, record->event_id };
    const struct span         digest[] = { record->data_digest_input };

    blind_hash(blind, BLIND_EVENT, event, 2, message->event, sizeof message->event);
    blind_hash(blind, BLIND_DIGEST, digest, 1, message->digest, sizeof message->digest);
    if (!record->is_withdrawal)
        hash_basis(blind, message);
}

void versions_tombstone(const struct blind *blind, struct span source, enum feed_type type, struct span subject,
                        unsigned char tombstone[BATCH_TOMBSTONE_BYTES])
{
    const struct span parts[] = { source, span_from_text(feed_type_word(type)), subject };

    blind_hash(blind, BLIND_TOMBSTONE, parts, 3, tombstone, BATCH_TOMBSTONE_BYTES);
}

bool batch_has_identity(const struct batch_message *message)
{
    return message->source_id != 0 && message->record.subject.bytes != NULL && message->record.type != FEED_TYPE_NONE;
}

static bool has_event(const struct batch_message *message)
{
    return message->source_id != 0 && message->record.event_id.bytes != NULL && message->decoded == FEED_OK &&
           !message->is_forced_out && !message->is_handed_on;
}

static enum db_status mark_seen_events(const struct versions *versions, struct batch *batch, bool *is_seen)
{
    struct db_array sources, hashes;
    size_t         *positions = arena_alloc(batch->arena, batch->message_count, sizeof *positions);
    size_t          count     = 0;
    enum db_status  status    = DB_RETRY;

    db_array_init(&sources, DB_ARRAY_INT2);
    db_array_init(&hashes, DB_ARRAY_BYTEA);
    for (size_t i = 0; i < batch->message_count && positions != NULL; i++) {
        const struct batch_message *message = &batch->messages[i];
        if (!has_event(message))
            continue;
        db_array_add_number(&sources, message->source_id);
        db_array_add_span(&hashes, span_of((const char *)message->event, sizeof message->event));
        positions[count++] = i;
    }
    struct db_param params[2];
    PGresult       *result = NULL;
    if (positions != NULL && db_array_param(&sources, &params[0]) && db_array_param(&hashes, &params[1]))
        status = db_run_binary(versions->db, &statement_engine_events_seen, params, 2, &result);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++)
        is_seen[positions[db_get_number(result, row, 0) - 1]] = true;
    PQclear(result);
    db_array_clear(&sources);
    db_array_clear(&hashes);
    return status;
}

static const char *gone_word(struct span word)
{
    static const char *const words[] = { "expired", "erased", "objection" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_equals_text(word, words[i]))
            return words[i];
    }
    return "sealed";
}

/* A basis can be told only of what was understood, and is no withdrawal. */
static struct span basis_of(const struct batch_message *message)
{
    if (message->decoded != FEED_OK || message->record.is_withdrawal)
        return (struct span){ NULL, 0 };
    return span_of((const char *)message->basis, sizeof message->basis);
}

static enum db_status mark_tombstones(const struct versions *versions, struct batch *batch)
{
    struct db_array hashes, bases;
    size_t         *positions = arena_alloc(batch->arena, batch->message_count, sizeof *positions);
    size_t          count     = 0;
    enum db_status  status    = DB_RETRY;

    db_array_init(&hashes, DB_ARRAY_BYTEA);
    db_array_init(&bases, DB_ARRAY_BYTEA);
    for (size_t i = 0; i < batch->message_count && positions != NULL; i++) {
        const struct batch_message *message = &batch->messages[i];
        if (!batch_has_identity(message))
            continue;
        db_array_add_span(&hashes, span_of((const char *)message->tombstone, sizeof message->tombstone));
        db_array_add_span(&bases, basis_of(message));
        positions[count++] = i;
    }
    struct db_param params[2];
    PGresult       *result = NULL;
    if (positions != NULL && db_array_param(&hashes, &params[0]) && db_array_param(&bases, &params[1]))
        status = db_run_binary(versions->db, &statement_engine_tombstones_seen, params, 2, &result);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++) {
        struct batch_message *message = &batch->messages[positions[db_get_number(result, row, 0) - 1]];
        message->is_sealed            = true;
        message->gone_as              = gone_word(db_get_span(result, row, 1));
    }
    PQclear(result);
    db_array_clear(&hashes);
    db_array_clear(&bases);
    return status;
}

static void take_stored(struct batch_record *record, struct batch *batch, const PGresult *result, int row)
{
    const struct span digest = db_get_span(result, row, 6);

    record->is_stored       = true;
    record->record_id       = db_get_number(result, row, 1);
    record->is_withdrawn    = db_get_number(result, row, 2) != 0;
    record->version.time_us = db_get_number(result, row, 3);
    record->version.part    = (int32_t)db_get_number(result, row, 4);
    record->version.off     = db_get_number(result, row, 5);
    if (digest.length == sizeof record->digest)
        memcpy(record->digest, digest.bytes, digest.length);
    record->data_key_id = db_get_number(result, row, 7);
    record->wrapped     = arena_copy(batch->arena, db_get_span(result, row, 8));
}

static enum db_status read_stored(const struct versions *versions, struct batch *batch)
{
    struct db_array sources, types, subjects;
    enum db_status  status = DB_RETRY;

    db_array_init(&sources, DB_ARRAY_INT2);
    db_array_init(&types, DB_ARRAY_INT2);
    db_array_init(&subjects, DB_ARRAY_TEXT);
    for (size_t i = 0; i < batch->record_count; i++) {
        db_array_add_number(&sources, batch->records[i].source_id);
        db_array_add_number(&types, batch->records[i].type);
        db_array_add_span(&subjects, batch->records[i].subject);
    }
    struct db_param params[3];
    PGresult       *result = NULL;
    if (db_array_param(&sources, &params[0]) && db_array_param(&types, &params[1]) &&
        db_array_param(&subjects, &params[2]))
        status = db_run_binary(versions->db, &statement_engine_records_current, params, 3, &result);
    for (int row = 0; status == DB_OK && row < PQntuples(result); row++)
        take_stored(&batch->records[db_get_number(result, row, 0) - 1], batch, result, row);
    PQclear(result);
    db_array_clear(&sources);
    db_array_clear(&types);
    db_array_clear(&subjects);
    return status;
}

/* ---- keys ---- */

bool versions_open_key(const struct versions *versions, struct batch_record *record, struct store_batch *rows)
{
    if (record->has_key)
        return true;
    if (record->is_stored && record->wrapped.bytes != NULL) {
        record->has_key =
            vault_data_key_open(versions->vault, record->data_key_id, record->wrapped, &record->key) == VAULT_OK;
        return record->has_key;
    }
    struct vault_wrapped wrapped;
    const int64_t        id = versions->counters->next_data_key;
    if (vault_data_key_create(versions->vault, id, &record->key, &wrapped) != VAULT_OK)
        return false;
    versions->counters->next_data_key++;
    record->data_key_id = id;
    record->has_key     = true;
    record->is_new_key  = true;
    store_add_number(rows, STORE_KEYS, id);
    store_add_span(rows, STORE_KEYS, span_of((const char *)wrapped.bytes, wrapped.length));
    return true;
}

/* ---- deciding ---- */

static bool seal_body(const struct versions *versions, struct batch *batch, const struct batch_record *record,
                      struct span body, struct span *sealed)
{
    *sealed = (struct span){ NULL, 0 };
    if (body.bytes == NULL)
        return true;
    const size_t size  = vault_sealed_size(body.length);
    char        *bytes = arena_alloc(batch->arena, size, 1);
    if (bytes == NULL)
        return false;
    *sealed = span_of(bytes, size);
    return vault_seal(versions->vault, &record->key, "record", "body", record->record_id, body,
                      (unsigned char *)bytes) == VAULT_OK;
}

/* A version that is not the newest: kept as history under the record's own key. */
static bool write_history(const struct versions *versions, struct batch *batch, struct batch_record *record,
                          const struct batch_message *message, struct store_batch *rows)
{
    struct span sealed;

    if (!versions_open_key(versions, record, rows) ||
        !seal_body(versions, batch, record, message->record.canonical_json, &sealed))
        return false;
    store_add_number(rows, STORE_HISTORY, record->record_id);
    store_add_number(rows, STORE_HISTORY, message->record.time_us);
    store_add_number(rows, STORE_HISTORY, message->message.partition);
    store_add_number(rows, STORE_HISTORY, message->message.offset);
    store_add_span(rows, STORE_HISTORY, message->record.event_id);
    store_add_text(rows, STORE_HISTORY, message->record.is_withdrawal ? "withdrawn" : "live");
    store_add_span(rows, STORE_HISTORY, sealed);
    return true;
}

static bool is_same_content(const struct batch_record *record, const struct batch_message *message)
{
    return record->is_withdrawn == message->record.is_withdrawal &&
           record->version.time_us == message->record.time_us &&
           memcmp(record->digest, message->digest, sizeof message->digest) == 0;
}

static void decide_version(const struct versions *versions, struct batch_message *message)
{
    struct batch_record       *record  = message->target;
    const struct batch_version version = version_of(message);
    assert(record != NULL); /* every message that is not refused has a record */
    const bool is_first = !record->is_stored && record->winner == NULL;
    if (record->record_id == 0)
        record->record_id = versions->counters->next_record++;
    if (!is_first && is_same_content(record, message)) {
        message->outcome = RECEIPT_UNCHANGED;
        return;
    }
    if (!is_first && batch_version_compare(version, record->version) < 0) {
        message->outcome    = RECEIPT_SUPERSEDED;
        message->is_history = true;
        return;
    }
    if (record->winner != NULL)
        record->winner->is_history = true;
    message->outcome     = RECEIPT_ACCEPTED;
    record->winner       = message;
    record->version      = version;
    record->is_withdrawn = message->record.is_withdrawal;
    memcpy(record->digest, message->digest, sizeof record->digest);
}

static void refuse_sealed(struct batch_message *message)
{
    const bool is_sealed = message->gone_as == NULL || strcmp(message->gone_as, "sealed") == 0;

    message->outcome   = RECEIPT_REFUSED;
    message->is_sealed = true;
    if (message->decoded != FEED_OK)
        return;
    message->fault = is_sealed
                         ? (struct feed_fault){ "sealed", "policy", "", "sealed records are not kept" }
                         : (struct feed_fault){ message->gone_as, "policy", "", "taken again only on a new basis" };
}

static uint64_t event_key(const struct batch_message *message)
{
    uint64_t key;

    memcpy(&key, message->event, sizeof key);
    return key;
}

/* True when the same (source, id) came earlier in this very batch. */
static bool is_repeat_in_batch(const struct batch *batch, const struct batch_message *message)
{
    const struct keymap_node *node = keymap_first(&batch->index, MESSAGE_BY_EVENT, event_key(message));

    for (; node != NULL; node = keymap_next(node)) {
        const struct batch_message *earlier = keymap_pointer(node);
        if (earlier < message && earlier->source_id == message->source_id && !earlier->is_sealed &&
            memcmp(earlier->event, message->event, sizeof message->event) == 0)
            return true;
    }
    return false;
}

static void note_event(struct batch_message *message, struct store_batch *rows)
{
    store_add_number(rows, STORE_EVENTS, message->source_id);
    store_add_span(rows, STORE_EVENTS, span_of((const char *)message->event, sizeof message->event));
}

/* The record a seal names, which may be another department's. */
static struct batch_record *named_record(const struct versions *versions, struct batch *batch,
                                         const struct batch_message *message)
{
    const struct feed_seal *seal = &message->record.seal;
    const int16_t           source_id =
        seal->record.source.bytes != NULL ? sources_find(versions->sources, seal->record.source) : message->source_id;

    return batch_record_of(batch, source_id, seal->record.type, seal->record.subject);
}

/* A seal names another record: it is sealed whatever its version, and every later copy with it. */
static void decide_seal(const struct versions *versions, struct batch *batch, size_t index)
{
    struct batch_message   *message = &batch->messages[index];
    const struct feed_seal *seal    = &message->record.seal;
    const struct span       source  = seal->record.source.bytes != NULL ? seal->record.source : message->record.source;
    struct batch_record    *named   = named_record(versions, batch, message);

    message->outcome = RECEIPT_ACCEPTED;
    named->is_sealed = true;
    named->source    = source;
    versions_tombstone(versions->blind, source, seal->record.type, seal->record.subject, named->tombstone);
}

static void decide_message(const struct versions *versions, struct batch *batch, size_t index, bool is_seen,
                           struct store_batch *rows)
{
    struct batch_message *message = &batch->messages[index];

    if (message->decoded == FEED_SEALED || message->is_sealed) {
        refuse_sealed(message);
        if (message->target != NULL && message->decoded == FEED_SEALED) {
            message->target->is_sealed = true;
            memcpy(message->target->tombstone, message->tombstone, sizeof message->tombstone);
        }
        return;
    }
    if (message->decoded == FEED_REFUSED || message->is_forced_out) {
        message->outcome = RECEIPT_REFUSED;
        return;
    }
    if (message->is_handed_on) {
        message->outcome = RECEIPT_ACCEPTED;
        return;
    }
    if (is_seen || is_repeat_in_batch(batch, message)) {
        message->outcome = RECEIPT_UNCHANGED;
        return;
    }
    note_event(message, rows);
    if (message->target != NULL && message->target->is_sealed) {
        refuse_sealed(message);
        return;
    }
    if (message->record.type == FEED_SEAL && !message->record.is_withdrawal)
        decide_seal(versions, batch, index);
    decide_version(versions, message);
}

/* A refused copy of a record that this very batch seals. */
static bool is_sealed_here(const struct batch *batch, const struct batch_message *message)
{
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->records[i].is_sealed &&
            memcmp(batch->records[i].tombstone, message->tombstone, sizeof message->tombstone) == 0)
            return true;
    }
    return false;
}

/* What only the whole batch tells: a sealed record leaves no history and no parked copy, whatever came first. */
static bool settle(const struct versions *versions, struct batch *batch, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->message_count; i++) {
        struct batch_message *message = &batch->messages[i];
        if (message->outcome == RECEIPT_REFUSED && batch_has_identity(message) && is_sealed_here(batch, message))
            message->is_sealed = true;
        if (message->is_history && !message->target->is_sealed &&
            !write_history(versions, batch, message->target, message, rows))
            return false;
    }
    return true;
}

/* Every record the batch touches gets its place before anything is asked of PostgreSQL. */
static bool list_records(const struct versions *versions, struct batch *batch)
{
    /* A message brings its record, the one it names when it is a seal, and its event. */
    if (!keymap_reserve(&batch->index, batch->record_capacity + batch->message_count))
        return false;
    for (size_t i = 0; i < batch->message_count; i++) {
        struct batch_message *message = &batch->messages[i];
        if (!batch_has_identity(message))
            continue;
        versions_tombstone(versions->blind, message->record.source, message->record.type, message->record.subject,
                           message->tombstone);
        if (message->decoded == FEED_OK)
            hash_message(versions->blind, message);
        if (has_event(message))
            keymap_insert(&batch->index, MESSAGE_BY_EVENT, event_key(message), keymap_value(message));
        if (message->decoded == FEED_REFUSED || message->is_forced_out || message->is_handed_on)
            continue;
        message->target = batch_record_of(batch, message->source_id, message->record.type, message->record.subject);
        message->target->source = message->record.source;
        if (message->record.type == FEED_SEAL && message->decoded == FEED_OK && !message->record.is_withdrawal)
            named_record(versions, batch, message);
    }
    return true;
}

enum db_status versions_decide(const struct versions *versions, struct batch *batch, const struct forget *forget,
                               struct store_batch *rows)
{
    bool *is_seen = arena_alloc(batch->arena, batch->message_count + 1, sizeof *is_seen);

    if (is_seen == NULL || !list_records(versions, batch))
        return DB_RETRY;
    forget_add(forget, versions->blind, batch);
    enum db_status status = mark_seen_events(versions, batch, is_seen);
    if (status == DB_OK)
        status = mark_tombstones(versions, batch);
    if (status == DB_OK)
        status = read_stored(versions, batch);
    if (status == DB_OK)
        status = guard_withdrawals(batch, versions->db);
    for (size_t i = 0; status == DB_OK && i < batch->message_count; i++)
        decide_message(versions, batch, i, is_seen[i], rows);
    if (status == DB_OK && !settle(versions, batch, rows))
        status = DB_RETRY;
    return status;
}
