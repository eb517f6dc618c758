/* Review sheets; see sheet.h.
 * Opens cards, never records: no citizen number, no phone and no day of birth, which need a look. */
#include "daemon/console/sheet.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/log.h"
#include "daemon/console/levels.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    SIDE,
    RECORD_ID,
    SLOT,
    DEPARTMENT,
    TYPE,
    ROLE,
    AS_OF,
    CARD,
    DATA_KEY_ID,
    WRAPPED,
    GRADE,
    MENTION_ID,
    FEATURES,
    SEEN
};

/* By mention.role. */
static const char *const roles[] = { "own", "parent", "entrusted", "teacher", "mentor", "volunteer" };

/* What the card says of the person; NULL when it does not open. */
static json_t *open_card(const PGresult *result, int row, struct vault *vault, const struct vault_key *key)
{
    const struct span sealed = db_get_span(result, row, CARD);
    const size_t      length = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
    unsigned char    *text   = malloc(length + 1);
    json_t           *card   = NULL;

    if (text != NULL && length > 0 &&
        vault_open(vault, key, "card", "full", db_get_number(result, row, MENTION_ID), sealed, text) == VAULT_OK)
        card = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, NULL);
    if (text != NULL)
        OPENSSL_cleanse(text, length + 1);
    free(text);
    return card;
}

static bool open_features(const PGresult *result, int row, struct vault *vault, const struct vault_key *key,
                          struct mention_features *features)
{
    const struct span sealed = db_get_span(result, row, FEATURES);

    return sealed.length == vault_sealed_size(sizeof *features) &&
           vault_open(vault, key, "mention", "features", db_get_number(result, row, MENTION_ID), sealed,
                      (unsigned char *)features) == VAULT_OK &&
           mention_features_are_usable(features);
}

/* Takes the card. */
static json_t *describe_record(const PGresult *result, int row, json_t *card)
{
    const int     role   = (int)db_get_number(result, row, ROLE);
    const int64_t type   = db_get_number(result, row, TYPE);
    json_t       *record = card != NULL ? card : json_pack("{s:[]}", "addresses");

    if (card == NULL) {
        log_error("record_unreadable", log_number("record", db_get_number(result, row, RECORD_ID)));
        json_object_set_new(record, "unreadable", json_true());
    }
    json_object_set_new(record, "ref", json_integer(db_get_number(result, row, MENTION_ID)));
    json_object_set_new(record, "record", json_integer(db_get_number(result, row, RECORD_ID)));
    json_object_set_new(record, "department", json_string(PQgetvalue(result, row, DEPARTMENT)));
    json_object_set_new(record, "type",
                        json_string(type > 0 && type < FEED_TYPE_COUNT ? feed_type_word((enum feed_type)type) : "?"));
    json_object_set_new(record, "role",
                        json_string(role >= 0 && role < (int)(sizeof roles / sizeof roles[0]) ? roles[role] : "?"));
    json_object_set_new(record, "as_of", json_string(PQgetvalue(result, row, AS_OF)));
    return record;
}

/* One record of the sheet; its features go to *mention, to be compared when all are there. */
static json_t *read_record(const PGresult *result, int row, struct vault *vault, struct levels_mention *mention)
{
    struct vault_key key;
    json_t          *card = NULL;

    mention->mention_id = db_get_number(result, row, MENTION_ID);
    mention->group      = strcmp(PQgetvalue(result, row, SIDE), "second") == 0;
    if (vault_data_key_open(vault, db_get_number(result, row, DATA_KEY_ID), db_get_span(result, row, WRAPPED), &key) ==
        VAULT_OK) {
        card                 = open_card(result, row, vault, &key);
        mention->is_readable = open_features(result, row, vault, &key, &mention->features);
    }
    vault_key_wipe(&key);
    return describe_record(result, row, card);
}

/* Levels among the records of one side; of an identity task between the two. */
static void compare_records(const PGresult *result, const struct sheet_tools *tools,
                            const struct levels_mention *mentions, json_t *const *records)
{
    const int count = PQntuples(result);

    for (int first = 0, end = 0; first < count; first = end) {
        const char *side      = PQgetvalue(result, first, SIDE);
        const bool  is_across = strcmp(side, "first") == 0 || strcmp(side, "second") == 0;

        for (end = first + 1; end < count && strcmp(PQgetvalue(result, end, SIDE), side) == 0;)
            end++;
        const struct levels levels = {
            .tables    = tools->tables,
            .model     = tools->model,
            .mentions  = is_across ? mentions : mentions + first,
            .count     = (size_t)(is_across ? count : end - first),
            .is_across = is_across,
        };
        for (int row = first; row < end; row++)
            levels_describe(&levels, (size_t)(is_across ? row : row - first), records[row]);
    }
}

/* Takes the records. */
static json_t *collect_sides(const PGresult *result, json_t *const *records)
{
    json_t *sides = json_object();

    for (int row = 0; row < PQntuples(result); row++) {
        const char *name = PQgetvalue(result, row, SIDE);
        json_t     *side = json_object_get(sides, name);
        if (side == NULL) {
            side = json_pack("{s:s, s:s, s:[]}", "grade", PQgetvalue(result, row, GRADE), "seen",
                             PQgetvalue(result, row, SEEN), "records");
            json_object_set_new(sides, name, side);
        }
        json_array_append_new(json_object_get(side, "records"), records[row]);
    }
    return sides;
}

enum db_status sheet_read(struct db *db, const struct sheet_tools *tools, const char *task_id, int64_t account_id,
                          json_t **sides)
{
    char account[24];

    snprintf(account, sizeof account, "%lld", (long long)account_id);
    const struct db_param params[] = { db_text(task_id), db_text(account) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run_binary(db, &statement_console_sheet, params, 2, &result);
    if (status != DB_OK)
        return status;
    const size_t           count    = (size_t)PQntuples(result);
    struct levels_mention *mentions = calloc(count + 1, sizeof *mentions);
    json_t               **records  = calloc(count + 1, sizeof(json_t *));
    if (mentions != NULL && records != NULL) {
        for (size_t row = 0; row < count; row++)
            records[row] = read_record(result, (int)row, tools->vault, &mentions[row]);
        compare_records(result, tools, mentions, records);
        *sides = collect_sides(result, records);
    }
    if (mentions != NULL)
        OPENSSL_cleanse(mentions, (count + 1) * sizeof *mentions);
    free(mentions);
    free(records);
    PQclear(result);
    return *sides != NULL ? DB_OK : DB_RETRY;
}
