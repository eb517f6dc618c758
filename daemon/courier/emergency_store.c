/* Emergencies in the database; see emergency_store.h.
 * Everything personal is sealed before it becomes a parameter. */
#include "daemon/courier/emergency_store.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed_parcel.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 16, TOMBSTONE_BYTES = 32 };

static const char *number(struct arena *arena, int64_t value)
{
    char *text = arena_alloc(arena, 24, 1);

    if (text != NULL)
        snprintf(text, 24, "%lld", (long long)value);
    return text;
}

/* NULL for an absent span, or when the arena is full. */
static const char *text_of(struct arena *arena, struct span span)
{
    return span.bytes != NULL ? arena_copy(arena, span).bytes : NULL;
}

static struct db_param bytes_of(struct span span)
{
    return span.bytes != NULL ? db_binary(span.bytes, span.length) : db_text(NULL);
}

static bool seal(const struct emergency_store *store, const struct vault_key *key, const char *table,
                 const char *column, struct span plain, struct span *sealed)
{
    *sealed = (struct span){ NULL, 0 };
    if (plain.bytes == NULL)
        return true;
    const size_t   size  = vault_sealed_size(plain.length);
    unsigned char *bytes = arena_alloc(store->arena, size, 1);
    if (bytes == NULL || vault_seal(store->vault, key, table, column, key->id, plain, bytes) != VAULT_OK)
        return false;
    *sealed = span_of((const char *)bytes, size);
    return true;
}

/* ---- receipts ---- */

static enum db_status tell_sender(const struct emergency_store *store, const struct emergency_input *input,
                                  const char *outcome, const struct feed_fault *fault, const char *note)
{
    const struct feed_record *record = input->record;
    char                      topic[FEED_RECEIPT_TOPIC_BYTES];
    json_t                   *entry = json_pack("{s:s}", "outcome", outcome);
    json_t                   *told  = json_pack("{s:[o]}", "receipts", entry);

    if (record->topic == NULL) /* of no topic of the configuration: nobody to tell */
        goto done;
    if (record->event_id.bytes != NULL) {
        json_object_set_new(entry, "id", json_stringn(record->event_id.bytes, record->event_id.length));
    } else {
        json_object_set_new(entry, "partition", json_integer(input->message->partition));
        json_object_set_new(entry, "offset", json_integer(input->message->offset));
    }
    if (fault != NULL) {
        json_object_set_new(entry, "code", json_string(fault->code));
        json_object_set_new(entry, "field", json_string(fault->field));
        json_object_set_new(entry, "rule", json_string(fault->rule));
    }
    if (note != NULL)
        json_object_set_new(entry, "note", json_string(note));
    const struct feed_source *source = record->source_binding;
    if (source != NULL)
        json_object_set_new(told, "source", json_string(source->urn));
    feed_receipt_topic(span_from_text(record->topic->topic), topic);
    char                 *text     = json_dumps(told, JSON_COMPACT);
    const struct db_param params[] = { db_text(topic), db_text(source != NULL ? source->urn : "unknown"),
                                       db_text(text) };
    const enum db_status  status   = db_run(store->db, &statement_courier_emergency_receipt, params, 3, NULL);
    free(text);
    json_decref(told);
    return status;

done:
    json_decref(told);
    return DB_OK;
}

/* ---- taking ---- */

static void hash_event(const struct emergency_store *store, const struct feed_record *record,
                       unsigned char hash[HASH_BYTES])
{
    const struct span parts[] = { record->source, record->event_id };

    blind_hash(store->blind, BLIND_EVENT, parts, 2, hash, HASH_BYTES);
}

/* PostgreSQL's text form of an array of codes. */
static const char *reasons_of(const struct emergency_judgement *judgement, struct arena *arena)
{
    enum { ROOM = 512 };
    char  *text = arena_alloc(arena, ROOM, 1);
    size_t used = 0;

    for (int i = 0; text != NULL && i < judgement->reason_count; i++)
        used += (size_t)snprintf(text + used, ROOM - used, "%s%s", i == 0 ? "{" : ",", judgement->reasons[i]);
    if (text != NULL)
        snprintf(text + used, ROOM - used, "%s", judgement->reason_count == 0 ? "{}" : "}");
    return text;
}

static enum db_status run_take(const struct emergency_store *store, const struct db_param *params, size_t count,
                               const struct emergency_input *input, bool *alerted)
{
    PGresult      *result = NULL;
    enum db_status status = db_run(store->db, &statement_courier_emergency_take, params, count, &result);

    if (status != DB_OK)
        return status;
    *alerted = !PQgetisnull(result, 0, 1);
    status   = tell_sender(store, input, PQgetvalue(result, 0, 0), NULL, *alerted ? "posts_told" : NULL);
    PQclear(result);
    return status;
}

enum db_status emergency_store_take(const struct emergency_store *store, const struct emergency_input *input,
                                    const struct emergency_case *taken, bool *alerted)
{
    const struct feed_record *record = input->record;
    struct arena             *arena  = store->arena;
    unsigned char             event[HASH_BYTES], device[HASH_BYTES];
    struct vault_key          key;
    struct vault_wrapped      wrapped;
    struct span               body, reporter;

    hash_event(store, record, event);
    if (record->type == FEED_SOS)
        blind_hash(store->blind, BLIND_SUBJECT, &record->sos.device_id, 1, device, HASH_BYTES);
    if (vault_data_key_create(store->vault, input->key_id, &key, &wrapped) != VAULT_OK)
        return DB_RETRY;
    const bool is_sealed = seal(store, &key, "emergency", "body", taken->kept, &body) &&
                           seal(store, &key, "emergency", "reporter", taken->reporter, &reporter);
    vault_key_wipe(&key);
    if (!is_sealed)
        return DB_RETRY;
    const struct db_param params[] = {
        db_text(text_of(arena, input->message->topic)),
        db_text(number(arena, input->message->partition)),
        db_text(number(arena, input->message->offset)),
        db_text(record->source_binding->urn),
        db_text(record->topic->department),
        db_text(number(arena, record->type)),
        db_text(text_of(arena, record->subject)),
        db_binary(event, sizeof event),
        db_text(number(arena, input->message->append_time_ms)),
        db_text(taken->judgement.rule),
        db_text(taken->judgement.rule != NULL ? number(arena, taken->judgement.tier) : NULL),
        db_text(reasons_of(&taken->judgement, arena)),
        db_text(text_of(arena, taken->evidence)),
        db_text(taken->child_person != 0 ? number(arena, taken->child_person) : NULL),
        db_text(number(arena, input->key_id)),
        db_binary(wrapped.bytes, wrapped.length),
        bytes_of(body),
        bytes_of(reporter),
        record->type == FEED_SOS ? db_binary(device, sizeof device) : db_text(NULL),
    };
    return run_take(store, params, sizeof params / sizeof params[0], input, alerted);
}

/* ---- parking ---- */

/* Later copies of the same record are found by it; absent when the message did not say which record it is. */
static struct span tombstone_of(const struct emergency_store *store, const struct feed_record *record,
                                unsigned char bytes[TOMBSTONE_BYTES])
{
    const struct span parts[] = { record->source, span_from_text(feed_type_word(record->type)), record->subject };

    if (record->source.bytes == NULL || record->subject.bytes == NULL || record->type == FEED_TYPE_NONE)
        return (struct span){ NULL, 0 };
    blind_hash(store->blind, BLIND_TOMBSTONE, parts, 3, bytes, TOMBSTONE_BYTES);
    return span_of((const char *)bytes, TOMBSTONE_BYTES);
}

static enum db_status run_park(const struct emergency_store *store, const struct emergency_input *input,
                               const struct feed_fault *fault, const struct vault_wrapped *wrapped, struct span body)
{
    const struct feed_record *record = input->record;
    struct arena             *arena  = store->arena;
    unsigned char             tombstone[TOMBSTONE_BYTES];
    const struct db_param     params[] = {
            db_text(text_of(arena, input->message->topic)),
            db_text(number(arena, input->message->partition)),
            db_text(number(arena, input->message->offset)),
            db_text(record->source_binding != NULL ? record->source_binding->urn : NULL),
            db_text(record->topic != NULL ? record->topic->department : NULL),
            db_text(text_of(arena, record->event_id)),
            db_text(fault->code),
            db_text(fault->field),
            db_text(fault->rule),
            db_text(fault->stage),
            db_text(number(arena, input->key_id)),
            db_binary(wrapped->bytes, wrapped->length),
            bytes_of(body),
            bytes_of(tombstone_of(store, record, tombstone)),
    };

    return db_run(store->db, &statement_courier_emergency_park, params, sizeof params / sizeof params[0], NULL);
}

enum db_status emergency_store_park(const struct emergency_store *store, const struct emergency_input *input,
                                    const struct feed_fault *fault, bool is_sealed)
{
    struct vault_key     key;
    struct vault_wrapped wrapped;
    struct span          body   = { NULL, 0 };
    enum db_status       status = DB_OK;

    if (!is_sealed) {
        if (vault_data_key_create(store->vault, input->key_id, &key, &wrapped) != VAULT_OK)
            return DB_RETRY;
        const bool is_done = seal(store, &key, "parked", "body", feed_parcel_pack(input->message, store->arena), &body);
        vault_key_wipe(&key);
        status = is_done && body.bytes != NULL ? run_park(store, input, fault, &wrapped, body) : DB_RETRY;
    }
    return status == DB_OK ? tell_sender(store, input, "refused", fault, NULL) : status;
}
