/* What clerks enter; see feeds.h.
 * A row that is refused is stored nowhere, and no log names a field's value. */
#include "daemon/console/http/feeds.h"

#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"
#include "daemon/common/policy.h"
#include "daemon/common/vault.h"
#include "daemon/console/ledger.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the door ---- */

/* In whose name the account enters records. *topic is NULL for an account, or a configuration, without such a feed. */
static bool find_topic(struct web_request *request, struct web_reply *reply, const struct feed_topic **topic)
{
    PGresult *result = NULL;

    *topic = NULL;
    if (!web_run(request, reply, &statement_console_http_upload_department, NULL, 0, &result))
        return false;
    if (!PQgetisnull(result, 0, 0))
        *topic = ledger_topic(request->feeds->config, PQgetvalue(result, 0, 0));
    PQclear(result);
    return true;
}

/* The policy in force, or the files' before the engine first took them. */
static bool read_policy(struct web_request *request, struct web_reply *reply, struct policy *policy)
{
    PGresult            *result = NULL;
    char                 error[512];
    struct policy_texts  texts;
    const enum db_status status = db_run_binary(request->db, &statement_console_http_policy, NULL, 0, &result);

    if (status != DB_OK) {
        web_problem_database(reply, request->db, status);
        return false;
    }
    bool is_read = false;
    if (PQntuples(result) == 1) {
        for (int i = 0; i < POLICY_FILES; i++)
            texts.files[i] = db_get_span(result, 0, 1 + i);
        is_read = policy_read(&texts, policy, error, sizeof error);
    } else {
        is_read = policy_load(request->feeds->policy, policy, error, sizeof error);
    }
    PQclear(result);
    if (!is_read)
        web_problem(reply, "internal");
    return is_read;
}

static bool open_door(struct web_request *request, struct web_reply *reply, struct ledger_door *door)
{
    *door = (struct ledger_door){ .config = request->feeds->config, .now_us = clock_now_us() };
    if (!find_topic(request, reply, &door->topic))
        return false;
    if (door->topic == NULL) {
        web_problem_field(reply, "source", "required");
        return false;
    }
    return read_policy(request, reply, &door->policy);
}

void feeds_types(struct web_request *request, struct web_reply *reply)
{
    const struct feed_topic *topic;
    json_t                  *items = json_array();

    if (!find_topic(request, reply, &topic)) {
        json_decref(items);
        return;
    }
    for (uint32_t i = 0; topic != NULL && i < topic->sources[0].types_count; i++)
        json_array_append_new(items, json_pack("{s:s}", "type", topic->sources[0].types[i]));
    web_answer(reply, 200,
               json_pack("{s:s?, s:s?, s:o}", "topic", topic != NULL ? topic->topic : NULL, "source",
                         topic != NULL ? topic->sources[0].urn : NULL, "items", items));
}

/* ---- rows ---- */

struct block {
    struct ledger_row *rows; /* LEDGER_ROWS_MAX */
    size_t             count, accepted;
};

static void block_clear(struct block *block)
{
    for (size_t i = 0; i < block->count; i++)
        ledger_row_clear(&block->rows[i]);
    free(block->rows);
    *block = (struct block){ 0 };
}

static bool judge_rows(const struct ledger_door *door, const char *type, const char *ledger, const json_t *rows,
                       struct block *block)
{
    struct arena arena;
    size_t       at;
    json_t      *row;
    void        *memory = malloc(LEDGER_ARENA_BYTES);

    *block = (struct block){ .rows = calloc(LEDGER_ROWS_MAX, sizeof *block->rows) };
    if (memory == NULL || block->rows == NULL) {
        free(memory);
        return false;
    }
    arena_init(&arena, memory, LEDGER_ARENA_BYTES);
    json_array_foreach(rows, at, row)
    {
        ledger_row_judge(door, type, ledger, row, &arena, &block->rows[at]);
        block->count = at + 1;
        block->accepted += block->rows[at].outcome == FEED_OK;
    }
    free(memory);
    return true;
}

static json_t *outcome_of(const struct ledger_row *row)
{
    if (row->outcome == FEED_OK)
        return json_pack("{s:I, s:s}", "row", (json_int_t)row->line, "outcome", "accepted");
    return json_pack("{s:I, s:s, s:s*, s:s*, s:s*}", "row", (json_int_t)row->line, "outcome", "refused", "code",
                     row->fault.code, "field", row->fault.field[0] != '\0' ? row->fault.field : NULL, "rule",
                     row->fault.rule);
}

static void answer_block(struct web_reply *reply, const struct block *block)
{
    json_t *items = json_array();

    for (size_t i = 0; i < block->count; i++)
        json_array_append_new(items, outcome_of(&block->rows[i]));
    web_answer(reply, 200,
               json_pack("{s:I, s:I, s:o}", "accepted", (json_int_t)block->accepted, "refused",
                         (json_int_t)(block->count - block->accepted), "items", items));
}

/* Reads and judges the request's rows. False: the problem is in *reply. */
static bool read_block(struct web_request *request, struct web_reply *reply, const char *ledger, struct block *block)
{
    struct ledger_door *door    = malloc(sizeof *door);
    json_t             *rows    = json_loads(web_value(request, "rows"), 0, NULL);
    bool                is_read = false;

    *block = (struct block){ 0 };
    if (door == NULL)
        web_problem(reply, "unavailable");
    else if (!ledger_is_formed(rows))
        web_problem_field(reply, "rows", "form");
    else if (open_door(request, reply, door)) {
        is_read = judge_rows(door, web_value(request, "type"), ledger, rows, block);
        if (!is_read)
            web_problem(reply, "unavailable");
    }
    json_decref(rows);
    free(door);
    return is_read;
}

void feeds_dry_run(struct web_request *request, struct web_reply *reply)
{
    struct block block;

    if (read_block(request, reply, "dry-run", &block))
        answer_block(reply, &block);
    block_clear(&block);
}

/* ---- an upload ---- */

enum upload_column { LINES, KEYS, WRAPPED, MESSAGE_KEYS, BODIES, UPLOAD_COLUMNS };

static bool seal_row(struct vault *vault, int64_t key_id, const struct ledger_row *row,
                     struct db_array columns[UPLOAD_COLUMNS])
{
    struct vault_key     key;
    struct vault_wrapped wrapped;
    const struct span    message = span_from_text(row->message);
    unsigned char       *sealed  = malloc(vault_sealed_size(message.length));

    if (sealed == NULL || vault_data_key_create(vault, key_id, &key, &wrapped) != VAULT_OK) {
        free(sealed);
        return false;
    }
    const bool is_sealed = vault_seal(vault, &key, "outbox", "payload", key_id, message, sealed) == VAULT_OK;
    vault_key_wipe(&key);
    if (is_sealed) {
        db_array_add_number(&columns[LINES], row->line);
        db_array_add_number(&columns[KEYS], key_id);
        db_array_add_span(&columns[WRAPPED], span_of((const char *)wrapped.bytes, wrapped.length));
        db_array_add_span(&columns[MESSAGE_KEYS], span_from_text(row->key));
        db_array_add_span(&columns[BODIES], span_of((const char *)sealed, vault_sealed_size(message.length)));
    }
    free(sealed);
    return is_sealed;
}

/* Each accepted row under a key of its own. False: the problem is in *reply. */
static bool seal_rows(struct web_request *request, struct web_reply *reply, const struct block *block,
                      struct db_array columns[UPLOAD_COLUMNS])
{
    char      count[16];
    PGresult *ids   = NULL;
    int       taken = 0;

    snprintf(count, sizeof count, "%zu", block->accepted);
    const struct db_param param = db_text(count);
    if (!web_run(request, reply, &statement_console_http_upload_keys, &param, 1, &ids))
        return false;
    bool is_sealed = true;
    for (size_t i = 0; i < block->count && is_sealed; i++) {
        if (block->rows[i].outcome == FEED_OK)
            is_sealed = seal_row(request->tools->vault, strtoll(PQgetvalue(ids, taken++, 0), NULL, 10), &block->rows[i],
                                 columns);
    }
    PQclear(ids);
    if (!is_sealed)
        web_problem(reply, "unavailable");
    return is_sealed;
}

static bool put_rows(struct web_request *request, struct web_reply *reply, const struct block *block,
                     struct db_array columns[UPLOAD_COLUMNS])
{
    char            refused[16];
    struct db_param params[3 + UPLOAD_COLUMNS];

    snprintf(refused, sizeof refused, "%zu", block->count - block->accepted);
    params[0] = db_text(web_value(request, "upload"));
    params[1] = db_text(web_value(request, "type"));
    params[7] = db_text(refused);
    for (size_t i = 0; i < UPLOAD_COLUMNS; i++) {
        if (!db_array_param(&columns[i], &params[2 + i])) {
            web_problem(reply, "unavailable");
            return false;
        }
    }
    return web_run(request, reply, &statement_console_http_upload_put, params, 3 + UPLOAD_COLUMNS, NULL);
}

void feeds_upload(struct web_request *request, struct web_reply *reply)
{
    static const enum db_array_type types[UPLOAD_COLUMNS] = {
        [LINES] = DB_ARRAY_INT4,        [KEYS] = DB_ARRAY_INT8,    [WRAPPED] = DB_ARRAY_BYTEA,
        [MESSAGE_KEYS] = DB_ARRAY_TEXT, [BODIES] = DB_ARRAY_BYTEA,
    };
    struct db_array columns[UPLOAD_COLUMNS];
    struct block    block;

    for (size_t i = 0; i < UPLOAD_COLUMNS; i++)
        db_array_init(&columns[i], types[i]);
    if (read_block(request, reply, web_value(request, "upload"), &block) &&
        seal_rows(request, reply, &block, columns) && put_rows(request, reply, &block, columns))
        answer_block(reply, &block);
    for (size_t i = 0; i < UPLOAD_COLUMNS; i++)
        db_array_clear(&columns[i]);
    block_clear(&block);
}
