/* Features of another version; see remake.h.
 * Mentions, persons and pairs keep their numbers: clusters follow at the activation, pairs at the reconciliation. */
#include "daemon/engine/remake.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/engine/cards.h"
#include "daemon/engine/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_RECORDS = 500, ARENA_BYTES = 16 << 20 };

enum remade { REMADE_RECORDS, REMADE_MENTIONS, REMADE_PLACES, REMADE_KINDS };

/* What one slice writes. */
struct slice {
    struct db_array ids[REMADE_KINDS], values[REMADE_KINDS];
    struct db_array cards[CARD_COLUMNS];
    size_t          count;
    int64_t         last_record;
};

struct remaking {
    struct db                *db;
    struct lease             *lease;
    const struct world_tools *tools;
    const struct blind       *blind;
    void                     *memory;
    struct slice              slice;
    int64_t                   next_record;
};

const char *remake_version(void)
{
    static char version[32];

    snprintf(version, sizeof version, "%d.%d.%d.%d", (int)MENTION_VERSION, (int)FACTS_VERSION,
             (int)ADDRESS_FEATURES_VERSION, (int)CARD_VERSION);
    return version;
}

/* ---- one record ---- */

static bool add(struct remaking *remaking, enum remade kind, const struct vault_key *key, const char *table,
                const char *column, int64_t row, struct span plain, struct arena *arena)
{
    unsigned char *sealed = arena_alloc(arena, vault_sealed_size(plain.length), 1);

    if (sealed == NULL || vault_seal(remaking->tools->vault, key, table, column, row, plain, sealed) != VAULT_OK)
        return false;
    db_array_add_number(&remaking->slice.ids[kind], row);
    db_array_add_span(&remaking->slice.values[kind], span_of((const char *)sealed, vault_sealed_size(plain.length)));
    return true;
}

static bool add_card(struct remaking *remaking, const struct vault_key *key, int64_t mention_id,
                     const struct person_block *block, const struct mention_features *features,
                     const struct record_facts *facts, struct arena *arena)
{
    struct db_array *cards = remaking->slice.cards;
    struct card_row  row;

    if (!card_make(remaking->tools->vault, remaking->blind, key, mention_id, block, features, facts, arena, &row))
        return false;
    db_array_add_number(&cards[0], row.mention_id);
    db_array_add_span(&cards[1], row.masked);
    db_array_add_span(&cards[2], row.full);
    db_array_add_span(&cards[3], row.proof);
    db_array_add_span(&cards[4], row.places);
    db_array_add_span(&cards[5], row.buckets);
    return true;
}

static bool add_mentions(struct remaking *remaking, const struct vault_key *key, int64_t record_id,
                         const struct feed_record *read, struct record_facts *facts, struct arena *arena)
{
    struct people_block blocks[FACTS_SLOTS];
    const size_t        count = people_blocks(read, blocks);

    for (size_t i = 0; i < count; i++) {
        const struct facts_person person = people_person(read, facts, &blocks[i]);
        struct mention_features   features;

        facts_mention(remaking->tools, remaking->blind, &person, arena, facts, &features);
        people_note_slot(facts, &blocks[i]);
        const int64_t mention_id = world_mention_id(record_id, blocks[i].slot);
        if (!add(remaking, REMADE_MENTIONS, key, "mention", "features", mention_id,
                 span_of((const char *)&features, sizeof features), arena) ||
            !add_card(remaking, key, mention_id, blocks[i].block, &features, facts, arena))
            return false;
    }
    return true;
}

static bool add_place(struct remaking *remaking, const struct vault_key *key, int64_t record_id,
                      const struct feed_record *read, struct arena *arena)
{
    struct address_features address;
    bool                    has_point = false;
    double                  lon = 0, lat = 0;

    if (!facts_place(remaking->tools, &read->place, arena, &address, &has_point, &lon, &lat))
        return false;
    const struct stored_place stored = facts_stored_place(&address, has_point, lon, lat);
    return add(remaking, REMADE_PLACES, key, "place", "features", record_id,
               span_of((const char *)&stored, sizeof stored), arena);
}

static bool remake(struct remaking *remaking, const struct vault_key *key, int64_t record_id, enum feed_type type,
                   struct span body, struct arena *arena)
{
    struct feed_record  read;
    struct feed_fault   fault;
    struct record_facts facts;

    if (feed_decode_stored(type, body, arena, &read, &fault) != FEED_OK) {
        log_error("stored_record_unreadable", log_number("record", record_id), log_word("field", fault.field),
                  log_word("rule", fault.code));
        return false;
    }
    memset(&facts, 0, sizeof facts);
    facts_make(remaking->tools, remaking->blind, &read, record_id, arena, &facts);
    return add_mentions(remaking, key, record_id, &read, &facts, arena) &&
           (type != FEED_PLACE || add_place(remaking, key, record_id, &read, arena)) &&
           add(remaking, REMADE_RECORDS, key, "record", "facts", record_id,
               span_of((const char *)&facts, facts_bytes(&facts)), arena);
}

/* ---- a slice ---- */

static bool take_row(struct remaking *remaking, const PGresult *rows, int row)
{
    const int64_t     record_id = db_get_number(rows, row, 0);
    const struct span sealed    = db_get_span(rows, row, 4);
    struct arena      arena;
    struct vault_key  key;
    bool              is_made = false;

    arena_init(&arena, remaking->memory, ARENA_BYTES);
    if (sealed.length < VAULT_OVERHEAD_BYTES)
        return false;
    const size_t   length = sealed.length - VAULT_OVERHEAD_BYTES;
    unsigned char *body   = arena_alloc(&arena, length + 1, 1);
    if (body != NULL && vault_data_key_open(remaking->tools->vault, db_get_number(rows, row, 2),
                                            db_get_span(rows, row, 3), &key) == VAULT_OK) {
        if (vault_open(remaking->tools->vault, &key, "record", "body", record_id, sealed, body) == VAULT_OK)
            is_made = remake(remaking, &key, record_id, (enum feed_type)db_get_number(rows, row, 1),
                             span_of((const char *)body, length), &arena);
        vault_key_wipe(&key);
    }
    explicit_bzero(remaking->memory, arena.high_water);
    remaking->slice.last_record = record_id;
    return is_made;
}

static enum db_status write_cards(struct remaking *remaking)
{
    struct db_param params[CARD_COLUMNS];

    for (size_t i = 0; i < CARD_COLUMNS; i++) {
        if (!db_array_param(&remaking->slice.cards[i], &params[i]))
            return DB_BROKEN;
    }
    return db_run(remaking->db, &statement_engine_cards_put, params, CARD_COLUMNS, NULL);
}

static enum db_status write_arrays(struct remaking *remaking)
{
    static const struct statement *const statements[] = { &statement_engine_features_records,
                                                          &statement_engine_features_mentions,
                                                          &statement_engine_features_places };
    enum db_status                       status       = DB_OK;

    for (size_t i = 0; i < REMADE_KINDS && status == DB_OK; i++) {
        struct db_param params[2];

        if (!db_array_param(&remaking->slice.ids[i], &params[0]) ||
            !db_array_param(&remaking->slice.values[i], &params[1]))
            return DB_BROKEN;
        status = db_run(remaking->db, statements[i], params, 2, NULL);
    }
    return status == DB_OK ? write_cards(remaking) : status;
}

/* The version is the program's from now on; `next_record` -1: all of it is. */
static enum db_status put_state(struct db *db, int64_t next_record)
{
    char            text[24];
    struct db_param params[] = {
        db_text(remake_version()), {NULL, 0, false}
    };

    snprintf(text, sizeof text, "%lld", (long long)next_record);
    if (next_record >= 0)
        params[1] = db_text(text);
    return db_run(db, &statement_engine_features_put, params, 2, NULL);
}

static enum db_status commit_slice(struct remaking *remaking)
{
    enum db_status status = db_begin(remaking->db);

    if (status != DB_OK)
        return status;
    status = lease_check(remaking->lease, remaking->db);
    if (status == DB_OK)
        status = write_arrays(remaking);
    if (status == DB_OK)
        status = put_state(remaking->db, remaking->next_record);
    if (status == DB_OK)
        return db_commit(remaking->db);
    db_rollback(remaking->db);
    return status;
}

static enum db_status read_slice(struct remaking *remaking)
{
    PGresult *rows = NULL;
    char      next[24], limit[24];

    snprintf(next, sizeof next, "%lld", (long long)remaking->next_record);
    snprintf(limit, sizeof limit, "%d", SLICE_RECORDS);
    const struct db_param params[] = { db_text(next), db_text(limit) };
    for (size_t i = 0; i < REMADE_KINDS; i++) {
        db_array_reset(&remaking->slice.ids[i]);
        db_array_reset(&remaking->slice.values[i]);
    }
    for (size_t i = 0; i < CARD_COLUMNS; i++)
        db_array_reset(&remaking->slice.cards[i]);
    enum db_status status = db_run_binary(remaking->db, &statement_engine_features_slice, params, 2, &rows);
    if (status != DB_OK)
        return status;
    remaking->slice.count = (size_t)PQntuples(rows);
    for (int i = 0; i < PQntuples(rows) && status == DB_OK; i++)
        status = take_row(remaking, rows, i) ? DB_OK : DB_BROKEN;
    PQclear(rows);
    return status;
}

static enum db_status remake_all(struct remaking *remaking)
{
    enum db_status status = DB_OK;

    log_info("features_remake", log_number("from_record", remaking->next_record));
    do {
        status = read_slice(remaking);
        if (status != DB_OK)
            break;
        remaking->next_record = remaking->slice.count > 0 ? remaking->slice.last_record + 1 : -1;
        status                = commit_slice(remaking);
    } while (status == DB_OK && remaking->next_record >= 0);
    return status;
}

/* ---- the whole ---- */

static bool open_remaking(struct remaking *remaking)
{
    static const enum db_array_type card_types[CARD_COLUMNS] = { DB_ARRAY_INT8,  DB_ARRAY_BYTEA, DB_ARRAY_BYTEA,
                                                                 DB_ARRAY_BYTEA, DB_ARRAY_BYTEA, DB_ARRAY_TEXT };

    for (size_t i = 0; i < CARD_COLUMNS; i++)
        db_array_init(&remaking->slice.cards[i], card_types[i]);
    for (size_t i = 0; i < REMADE_KINDS; i++) {
        db_array_init(&remaking->slice.ids[i], DB_ARRAY_INT8);
        db_array_init(&remaking->slice.values[i], DB_ARRAY_BYTEA);
    }
    remaking->memory = malloc(ARENA_BYTES);
    return remaking->memory != NULL;
}

static void close_remaking(struct remaking *remaking)
{
    for (size_t i = 0; i < REMADE_KINDS; i++) {
        db_array_clear(&remaking->slice.ids[i]);
        db_array_clear(&remaking->slice.values[i]);
    }
    for (size_t i = 0; i < CARD_COLUMNS; i++)
        db_array_clear(&remaking->slice.cards[i]);
    free(remaking->memory);
}

enum db_status remake_features(struct db *db, struct lease *lease, const struct world_tools *tools,
                               const struct blind *blind)
{
    struct remaking remaking = { .db = db, .lease = lease, .tools = tools, .blind = blind };
    PGresult       *result   = NULL;
    enum db_status  status   = db_run_binary(db, &statement_engine_features_last, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    const bool is_mine     = span_equals_text(db_get_span(result, 0, 0), remake_version());
    const bool has_records = db_get_span(result, 0, 2).bytes[0] != 0;
    remaking.next_record   = is_mine ? db_get_number(result, 0, 1) : 0;
    PQclear(result);
    if (is_mine && remaking.next_record < 0)
        return DB_OK;
    if (!has_records)
        return put_state(db, -1);
    status = open_remaking(&remaking) ? remake_all(&remaking) : DB_BROKEN;
    close_remaking(&remaking);
    return status;
}
