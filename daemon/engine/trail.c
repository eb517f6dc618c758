/* Parked messages, receipts, counters, audit and feed positions of a batch; see trail.h.
 * Nothing here reads a body except to seal it whole. */
#include "daemon/engine/trail.h"

#include "daemon/common/feed/feed_parcel.h"
#include "daemon/engine/erasures.h"
#include "daemon/engine/shifts.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { DIGEST_BYTES = 32, DETAIL_BYTES = 512 };

/* ---- quarantine, and what is the courier's ---- */

/* A message sealed whole. */
struct parcel {
    int64_t     key_id;
    struct span sealed;
};

static bool seal(const struct batch_message *message, const char *table, const char *column, struct vault *vault,
                 struct engine_counters *counters, struct arena *arena, struct store_batch *rows, struct parcel *out)
{
    struct vault_key     key;
    struct vault_wrapped wrapped;
    const int64_t        key_id = counters->next_data_key++;
    const struct span    plain  = feed_parcel_pack(&message->message, arena);
    const size_t         size   = vault_sealed_size(plain.length);
    unsigned char       *sealed = arena_alloc(arena, size, 1);

    if (plain.bytes == NULL || sealed == NULL || vault_data_key_create(vault, key_id, &key, &wrapped) != VAULT_OK)
        return false;
    const enum vault_status status = vault_seal(vault, &key, table, column, key_id, plain, sealed);
    vault_key_wipe(&key);
    if (status != VAULT_OK)
        return false;
    store_add_number(rows, STORE_KEYS, key_id);
    store_add_span(rows, STORE_KEYS, span_of((const char *)wrapped.bytes, wrapped.length));
    *out = (struct parcel){ key_id, span_of((const char *)sealed, size) };
    return true;
}

static bool hand_on(const struct batch_message *message, struct vault *vault, struct engine_counters *counters,
                    struct arena *arena, struct store_batch *rows)
{
    struct parcel parcel;

    if (!seal(message, "outbox", "payload", vault, counters, arena, rows, &parcel))
        return false;
    store_add_span(rows, STORE_HANDED_ON, message->message.topic);
    store_add_number(rows, STORE_HANDED_ON, message->message.partition);
    store_add_number(rows, STORE_HANDED_ON, message->message.offset);
    store_add_number(rows, STORE_HANDED_ON, message->message.append_time_ms);
    store_add_number(rows, STORE_HANDED_ON, parcel.key_id);
    store_add_span(rows, STORE_HANDED_ON, parcel.sealed);
    return true;
}

static bool park(const struct batch_message *message, struct vault *vault, struct engine_counters *counters,
                 struct arena *arena, struct store_batch *rows)
{
    struct parcel parcel;

    if (!seal(message, "parked", "body", vault, counters, arena, rows, &parcel))
        return false;
    store_add_span(rows, STORE_PARKED, message->message.topic);
    store_add_number(rows, STORE_PARKED, message->message.partition);
    store_add_number(rows, STORE_PARKED, message->message.offset);
    if (message->source_id != 0)
        store_add_number(rows, STORE_PARKED, message->source_id);
    else
        store_add_span(rows, STORE_PARKED, (struct span){ NULL, 0 });
    store_add_span(rows, STORE_PARKED, message->record.event_id);
    store_add_text(rows, STORE_PARKED, message->fault.code);
    store_add_text(rows, STORE_PARKED, message->fault.field);
    store_add_text(rows, STORE_PARKED, message->fault.rule);
    store_add_text(rows, STORE_PARKED, message->fault.stage);
    store_add_number(rows, STORE_PARKED, parcel.key_id);
    store_add_span(rows, STORE_PARKED, parcel.sealed);
    /* A later seal of the record erases this copy too. */
    store_add_span(rows, STORE_PARKED,
                   batch_has_identity(message) ? span_of((const char *)message->tombstone, sizeof message->tombstone)
                                               : (struct span){ NULL, 0 });
    return true;
}

/* ---- receipts and counters ---- */

/* What the feed's owner should know of a record that was taken all the same. */
static const char *note_of(const struct batch *batch, const struct batch_message *message)
{
    if (message->outcome == RECEIPT_REFUSED)
        return NULL;
    if (message->is_handed_on)
        return feed_topic_is_emergency(message->record.topic) ? NULL : "send_on_the_emergency_topic";
    if (message->record.forbidden_fields > 0)
        return "forbidden_fields_dropped";
    return shifts_verdict(batch->shifts, message->source_id) != COORDINATE_MISTAKE_NONE ? "points_shifted" : NULL;
}

static struct receipt receipt_of(const struct batch *batch, const struct batch_message *message)
{
    const bool is_refused = message->outcome == RECEIPT_REFUSED;

    return (struct receipt){
        .feed_topic = message->message.topic,
        .source     = message->source_id != 0 ? message->record.source : (struct span){NULL, 0},
        .event_id   = message->record.event_id,
        .part       = message->message.partition,
        .off        = message->message.offset,
        .outcome    = message->outcome,
        .code       = is_refused ? message->fault.code : NULL,
        .field      = is_refused ? message->fault.field : NULL,
        .rule       = is_refused ? message->fault.rule : NULL,
        .note       = note_of(batch, message),
    };
}

struct tally {
    struct span topic;
    int16_t     source_id;
    int64_t     counts[RECEIPT_OUTCOME_COUNT + 1]; /* the last one: sealed */
};

static void write_counters(const struct batch *batch, struct tally *tallies, struct store_batch *rows)
{
    size_t count = 0;

    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message = &batch->messages[i];
        size_t                      t       = 0;
        if (message->is_handed_on)
            continue; /* counted by the courier, as what becomes of it */
        while (t < count &&
               !(tallies[t].source_id == message->source_id && span_equals(tallies[t].topic, message->message.topic)))
            t++;
        if (t == count)
            tallies[count++] = (struct tally){ .topic = message->message.topic, .source_id = message->source_id };
        tallies[t].counts[message->outcome]++;
        tallies[t].counts[RECEIPT_OUTCOME_COUNT] += message->outcome == RECEIPT_REFUSED && message->is_sealed;
    }
    for (size_t t = 0; t < count; t++) {
        for (int o = 0; o <= RECEIPT_OUTCOME_COUNT; o++) {
            if (tallies[t].counts[o] == 0)
                continue;
            store_add_span(rows, STORE_COUNTERS, tallies[t].topic);
            store_add_number(rows, STORE_COUNTERS, tallies[t].source_id);
            store_add_text(rows, STORE_COUNTERS,
                           o == RECEIPT_OUTCOME_COUNT ? "sealed" : receipt_outcome_word((enum receipt_outcome)o));
            store_add_number(rows, STORE_COUNTERS, tallies[t].counts[o]);
        }
    }
}

/* ---- audit ---- */

/* One entry per batch: how many of each outcome, and a digest over record ids and outcomes in order. */
static bool write_audit(const struct batch *batch, struct arena *arena, struct store_batch *rows)
{
    int64_t       counts[RECEIPT_OUTCOME_COUNT] = { 0 };
    unsigned char digest[DIGEST_BYTES];
    char          hex[2 * DIGEST_BYTES + 1];
    EVP_MD_CTX   *context = EVP_MD_CTX_new();

    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return false;
    }
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message = &batch->messages[i];
        const int64_t facts[2] = { message->target != NULL ? message->target->record_id : 0, message->outcome };
        counts[message->outcome]++;
        EVP_DigestUpdate(context, facts, sizeof facts);
    }
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    for (int i = 0; i < DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);

    char *detail = arena_alloc(arena, DETAIL_BYTES, 1);
    if (detail == NULL)
        return false;
    snprintf(detail, DETAIL_BYTES,
             "{\"accepted\":%lld,\"unchanged\":%lld,\"superseded\":%lld,\"refused\":%lld,\"digest\":\"%s\"}",
             (long long)counts[RECEIPT_ACCEPTED], (long long)counts[RECEIPT_UNCHANGED],
             (long long)counts[RECEIPT_SUPERSEDED], (long long)counts[RECEIPT_REFUSED], hex);
    store_add_text(rows, STORE_AUDIT, "batch");
    store_add_span(rows, STORE_AUDIT, (struct span){ NULL, 0 });
    store_add_text(rows, STORE_AUDIT, detail);
    return true;
}

/* ---- feed positions ---- */

/* The last message of each partition in the batch, which is the highest: Kafka delivers a partition in order. */
static const struct batch_message *last_of_partition(const struct batch *batch, size_t i)
{
    for (size_t later = i + 1; later < batch->message_count; later++) {
        if (batch->messages[later].partition == batch->messages[i].partition)
            return NULL;
    }
    return &batch->messages[i];
}

static void write_offsets(const struct batch *batch, const struct kafka_reader *intake, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *last = last_of_partition(batch, i);
        unsigned char               anchor[KAFKA_ANCHOR_BYTES];
        if (last == NULL || last->partition == NULL)
            continue; /* a requeued message has no partition to move */
        kafka_reader_anchor_of(intake, last->kafka, anchor);
        store_add_span(rows, STORE_OFFSETS, last->message.topic);
        store_add_number(rows, STORE_OFFSETS, last->message.partition);
        store_add_number(rows, STORE_OFFSETS, last->partition->next_offset);
        store_add_number(rows, STORE_OFFSETS, last->message.offset + 1);
        store_add_number(rows, STORE_OFFSETS, last->message.offset);
        store_add_span(rows, STORE_OFFSETS, span_of((const char *)anchor, sizeof anchor));
    }
}

bool trail_write(struct batch *batch, struct vault *vault, struct engine_counters *counters,
                 struct kafka_reader *intake, struct arena *arena, struct store_batch *rows)
{
    struct receipt *receipts = arena_alloc(arena, batch->message_count + 1, sizeof *receipts);
    struct tally   *tallies  = arena_alloc(arena, batch->message_count + 1, sizeof *tallies);

    if (receipts == NULL || tallies == NULL)
        return false;
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message = &batch->messages[i];
        receipts[i]                         = receipt_of(batch, message);
        if (message->outcome == RECEIPT_REFUSED && !message->is_sealed && !park(message, vault, counters, arena, rows))
            return false;
        if (message->outcome == RECEIPT_ACCEPTED && message->is_handed_on &&
            !hand_on(message, vault, counters, arena, rows))
            return false;
    }
    if (batch->message_count == 0)
        return true;
    write_counters(batch, tallies, rows);
    erasures_write(batch, rows);
    write_offsets(batch, intake, rows);
    return receipts_write(rows, receipts, batch->message_count) && write_audit(batch, arena, rows);
}

void trail_advance_positions(const struct batch *batch)
{
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message = &batch->messages[i];
        if (message->partition != NULL && message->message.offset >= message->partition->next_offset)
            message->partition->next_offset = message->message.offset + 1;
    }
}
