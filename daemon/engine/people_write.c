/* The rows of records, mentions, persons, places and seals; see people_write() in people.h.
 * Everything personal is sealed here, on its way out. */
#include "daemon/engine/cards.h"
#include "daemon/engine/ends.h"
#include "daemon/engine/facts_make.h"
#include "daemon/engine/people.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

/* Seals `plain` under the record's key into the arena; the absent span when something failed. */
static struct span seal(struct people *people, const struct batch_record *record, const char *table, const char *column,
                        int64_t row, struct span plain)
{
    unsigned char *sealed = arena_alloc(people->arena, vault_sealed_size(plain.length), 1);

    if (sealed == NULL || vault_seal(people->tools->vault, &record->key, table, column, row, plain, sealed) != VAULT_OK)
        return (struct span){ NULL, 0 };
    return span_of((const char *)sealed, vault_sealed_size(plain.length));
}

static struct span bytes_of(const void *value, size_t size)
{
    return span_of(value, size);
}

/* When it will be forgotten, and what it rests on. */
static void write_end(const struct people *people, const struct batch_record *record, enum store_table table,
                      struct store_batch *rows)
{
    const struct batch_message *winner = record->winner;
    const struct record_end     end    = ends_of_record(&winner->record, &record->facts, people->tools->policy);

    if (end.day != POLICY_DAY_UNKNOWN)
        store_add_number(rows, table, end.day);
    else
        store_add_span(rows, table, (struct span){ NULL, 0 });
    store_add_span(rows, table, end.rule != NULL ? span_from_text(end.rule) : (struct span){ NULL, 0 });
    store_add_span(rows, table,
                   record->is_withdrawn ? (struct span){ NULL, 0 } : bytes_of(winner->basis, sizeof winner->basis));
}

static bool write_record(struct people *people, const struct batch_record *record, struct store_batch *rows)
{
    const struct feed_record *read  = &record->winner->record;
    const enum store_table    table = record->is_stored ? STORE_RECORDS_CHANGED : STORE_RECORDS_NEW;
    struct span               body  = { NULL, 0 };
    struct span               facts = { NULL, 0 };

    if (!record->is_withdrawn) {
        body  = seal(people, record, "record", "body", record->record_id, read->canonical_json);
        facts = seal(people, record, "record", "facts", record->record_id,
                     bytes_of(&record->facts, facts_bytes(&record->facts)));
        if (body.bytes == NULL || facts.bytes == NULL)
            return false;
    }
    store_add_number(rows, table, record->record_id);
    if (!record->is_stored) {
        store_add_number(rows, table, record->source_id);
        store_add_number(rows, table, record->type);
        store_add_span(rows, table, record->subject);
    }
    store_add_text(rows, table, record->is_withdrawn ? "withdrawn" : "live");
    store_add_number(rows, table, record->version.time_us);
    store_add_number(rows, table, record->version.part);
    store_add_number(rows, table, record->version.off);
    store_add_span(rows, table, read->event_id);
    store_add_span(rows, table, bytes_of(record->digest, sizeof record->digest));
    if (!record->is_stored)
        store_add_number(rows, table, record->data_key_id);
    store_add_span(rows, table, body);
    store_add_span(rows, table, facts);
    write_end(people, record, table, rows);
    return true;
}

static void write_seal(const struct batch_record *record, struct store_batch *rows)
{
    store_add_number(rows, STORE_SEALS, record->is_stored ? record->record_id : 0);
    store_add_span(rows, STORE_SEALS, bytes_of(record->tombstone, sizeof record->tombstone));
    store_add_text(rows, STORE_SEALS, record->reason != NULL ? record->reason : "sealed");
}

static bool write_mention(struct people *people, const struct people_mention *mention, struct store_batch *rows)
{
    const uint64_t canonical = htobe64(mention->canonical);
    const int64_t  person    = identity_person_of(world_identity(people->world), mention->mention_id);
    struct span    features  = { NULL, 0 };

    if (!mention->is_as_stored) {
        features = seal(people, mention->record, "mention", "features", mention->mention_id,
                        bytes_of(&mention->features, sizeof mention->features));
        if (features.bytes == NULL)
            return false;
    }
    store_add_number(rows, STORE_MENTIONS, mention->mention_id);
    store_add_number(rows, STORE_MENTIONS, mention->record->record_id);
    store_add_number(rows, STORE_MENTIONS, world_slot_of(mention->mention_id));
    store_add_number(rows, STORE_MENTIONS, mention->role);
    store_add_number(rows, STORE_MENTIONS, person);
    store_add_span(rows, STORE_MENTIONS, bytes_of(&canonical, sizeof canonical));
    store_add_span(rows, STORE_MENTIONS, features);
    return true;
}

/* What the record's new version says of the person, shown and searched. */
static bool write_card(struct people *people, const struct people_mention *mention, struct store_batch *rows)
{
    struct card_row row;

    if (!card_make(people->tools->vault, people->blind, &mention->record->key, mention->mention_id, mention->block,
                   &mention->features, &mention->record->facts, people->arena, &row))
        return false;
    store_add_number(rows, STORE_CARDS, row.mention_id);
    store_add_span(rows, STORE_CARDS, row.masked);
    store_add_span(rows, STORE_CARDS, row.full);
    store_add_span(rows, STORE_CARDS, row.proof);
    store_add_span(rows, STORE_CARDS, row.places);
    store_add_span(rows, STORE_CARDS, row.buckets);
    return true;
}

static void add_person_number(struct store_batch *rows, enum store_table table, int64_t person)
{
    if (person != 0)
        store_add_number(rows, table, person);
    else
        store_add_span(rows, table, (struct span){ NULL, 0 });
}

/* Why two persons are kept apart, and by which mentions evidence would join them. */
static const struct identity_frozen *frozen_of(const struct identity_result *result, const struct identity_event *event)
{
    for (size_t i = 0; event->kind == IDENTITY_FROZEN && i < result->frozen_count; i++) {
        const struct identity_frozen *frozen = &result->frozen[i];

        if (frozen->person_a == event->person_id && frozen->person_b == event->other_person)
            return frozen;
    }
    return NULL;
}

static void describe_event(const struct identity_event *event, const struct identity_frozen *frozen, char *text,
                           size_t size)
{
    const long long person = event->person_id, other = event->other_person;

    if (frozen == NULL)
        snprintf(text, size, "{\"person\":%lld,\"other\":%lld}", person, other);
    else
        snprintf(text, size, "{\"person\":%lld,\"other\":%lld,\"reason\":\"%s\",\"mentions\":[%lld,%lld]}", person,
                 other, frozen->reason, (long long)frozen->mention_a, (long long)frozen->mention_b);
}

/* Merges, splits and frozen clusters are events on persons: each has an audit entry of its own. */
static bool audit_event(struct people *people, const struct identity_event *event, struct store_batch *rows)
{
    enum { DETAIL_BYTES = 192, SUBJECT_BYTES = 16 };
    char             *detail  = arena_alloc(people->arena, DETAIL_BYTES, 1);
    unsigned char    *subject = arena_alloc(people->arena, SUBJECT_BYTES, 1);
    const struct span parts[] = { bytes_of(&event->person_id, sizeof event->person_id) };

    if (detail == NULL || subject == NULL)
        return false;
    blind_hash(people->blind, BLIND_SUBJECT, parts, 1, subject, SUBJECT_BYTES);
    describe_event(event, frozen_of(identity_batch_result(people->identity), event), detail, DETAIL_BYTES);
    store_add_text(rows, STORE_AUDIT,
                   event->kind == IDENTITY_MERGED  ? "person_merged"
                   : event->kind == IDENTITY_SPLIT ? "person_split"
                                                   : "person_frozen");
    store_add_span(rows, STORE_AUDIT, span_of((const char *)subject, SUBJECT_BYTES));
    store_add_text(rows, STORE_AUDIT, detail);
    return true;
}

static bool write_persons(struct people *people, struct store_batch *rows)
{
    const struct identity_result *result = identity_batch_result(people->identity);

    for (size_t i = 0; i < result->person_count; i++) {
        store_add_number(rows, STORE_PERSONS, result->persons[i].person_id);
        if (result->persons[i].retired)
            store_add_span(rows, STORE_PERSONS, (struct span){ NULL, 0 });
        else
            store_add_text(rows, STORE_PERSONS, identity_grade_text(result->persons[i].grade));
        add_person_number(rows, STORE_PERSONS, result->persons[i].alias_of);
    }
    for (size_t i = 0; i < result->change_count; i++) {
        const struct identity_change *change = &result->changes[i];
        if (change->old_person != 0 && change->new_person != 0)
            store_add_number(rows, STORE_ALIASES, change->old_person);
        if (change->new_person == 0 || people_writes(people, change->mention_id))
            continue;
        store_add_number(rows, STORE_MENTIONS_MOVED, change->mention_id);
        store_add_number(rows, STORE_MENTIONS_MOVED, change->new_person);
    }
    for (size_t i = 0; i < result->event_count; i++) {
        const struct identity_event *event = &result->events[i];
        store_add_number(rows, STORE_PERSON_EVENTS, event->person_id);
        store_add_text(rows, STORE_PERSON_EVENTS, identity_event_word(event->kind));
        add_person_number(rows, STORE_PERSON_EVENTS, event->other_person);
        const bool is_told =
            event->kind == IDENTITY_MERGED || event->kind == IDENTITY_SPLIT || event->kind == IDENTITY_FROZEN;
        if (is_told && !audit_event(people, event, rows))
            return false;
    }
    return true;
}

/* place.features: address features, then longitude and latitude; NaN without a point. */
static bool write_place(struct people *people, const struct people_place *place, struct store_batch *rows)
{
    const struct batch_record *record = people_record(people, place->record_id);
    const struct stored_place  stored = facts_stored_place(&place->address, place->has_point, place->lon, place->lat);
    assert(record != NULL && record->winner != NULL);
    const struct span parts[] = { record->winner->record.place.place_id };
    unsigned char    *hash    = arena_alloc(people->arena, BATCH_EVENT_BYTES, 1);
    const struct span features =
        seal(people, record, "place", "features", place->record_id, bytes_of(&stored, sizeof stored));

    if (hash == NULL || features.bytes == NULL)
        return false;
    blind_hash(people->blind, BLIND_PLACE, parts, 1, hash, BATCH_EVENT_BYTES);
    store_add_number(rows, STORE_PLACES, place->record_id);
    store_add_span(rows, STORE_PLACES, span_of((const char *)hash, BATCH_EVENT_BYTES));
    store_add_span(rows, STORE_PLACES, features);
    store_add_number(rows, STORE_PLACES, (int64_t)place->address.code);
    return true;
}

bool people_write(struct people *people, const struct batch *batch, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct batch_record *record = &batch->records[i];
        if (record->is_sealed)
            write_seal(record, rows);
        else if (record->winner != NULL && !write_record(people, record, rows))
            return false;
    }
    for (size_t i = 0; i < people->mention_count; i++) {
        if (!write_mention(people, &people->mentions[i], rows) || !write_card(people, &people->mentions[i], rows))
            return false;
    }
    for (size_t i = 0; i < people->place_count; i++) {
        if (!people->places[i].is_gone && !write_place(people, &people->places[i], rows))
            return false;
    }
    return write_persons(people, rows);
}
