/* Search; see search.h.
 * The database judges scope and quota and knows buckets only; whom of a bucket the searched value means is judged here,
 * by the proofs on the cards. No full name is opened. */
#include "daemon/console/http/search.h"

#include "daemon/common/card.h"
#include "daemon/common/db_array.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HITS_MAX = 20, SUBJECT_BYTES = 16, BUCKETS_BYTES = CARD_HASHES_MAX * 8 + 3 };

enum column { PERSON, SIDE, TASKS, ALERTS, MENTION, MASKED, PROOF, DATA_KEY, WRAPPED };

/* What is searched for. By task or alert there are no hashes, and everybody it is about is meant. */
struct sought {
    const char *task, *alert;
    uint64_t    hashes[CARD_HASHES_MAX];
    size_t      count;
};

struct found {
    json_t         *items;
    struct db_array persons, subjects; /* of everybody meant, canaries that are not shown included */
    int64_t         last_person;
    const char     *last_side;
    bool            has_last;
};

/* ---- the question ---- */

/* NULL, or the rule the value breaks. */
static const char *read_sought(const struct web_request *request, struct sought *sought)
{
    const char       *by = web_value(request, "by"), *year = web_value(request, "birth_year");
    const char       *value = web_value(request, "value");
    const struct span text  = span_from_text(value);

    *sought = (struct sought){ 0 };
    if (strcmp(by, "task") == 0)
        sought->task = value;
    else if (strcmp(by, "alert") == 0)
        sought->alert = value;
    else if (strcmp(by, "number") == 0)
        sought->count = card_hashes_of_number(request->blind, request->tools->tables, text, sought->hashes);
    else if (strcmp(by, "phone") == 0)
        sought->count = card_hashes_of_phone(request->blind, request->tools->tables, text, sought->hashes);
    else
        sought->count = card_hashes_of_name(request->blind, request->tools->tables, text, (int)strtol(year, NULL, 10),
                                            sought->hashes);
    return sought->task != NULL || sought->alert != NULL || sought->count > 0 ? NULL : "form";
}

static void write_buckets(const struct sought *sought, char text[BUCKETS_BYTES])
{
    size_t length = 1;

    text[0] = '{';
    for (size_t i = 0; i < sought->count; i++)
        length += (size_t)snprintf(text + length, BUCKETS_BYTES - length, "%s%u", i > 0 ? "," : "",
                                   (unsigned)card_bucket(sought->hashes[i]));
    snprintf(text + length, BUCKETS_BYTES - length, "}");
}

/* ---- the cards ---- */

/* Opens a column of the card into `plain`; its length, 0 when it does not open. */
static size_t open_column(const PGresult *result, int row, struct vault *vault, const char *name, enum column column,
                          unsigned char *plain, size_t size)
{
    const struct span sealed = db_get_span(result, row, column);
    struct vault_key  key;
    bool              is_open = false;

    if (sealed.length <= VAULT_OVERHEAD_BYTES || sealed.length - VAULT_OVERHEAD_BYTES > size)
        return 0;
    if (vault_data_key_open(vault, db_get_number(result, row, DATA_KEY), db_get_span(result, row, WRAPPED), &key) ==
        VAULT_OK)
        is_open = vault_open(vault, &key, "card", name, db_get_number(result, row, MENTION), sealed, plain) == VAULT_OK;
    vault_key_wipe(&key);
    return is_open ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
}

static bool is_meant(const PGresult *result, int row, struct vault *vault, const struct sought *sought)
{
    uint64_t     proof[CARD_HASHES_MAX];
    const size_t count =
        open_column(result, row, vault, "proof", PROOF, (unsigned char *)proof, sizeof proof) / sizeof proof[0];
    bool is_found = false;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sought->count; j++)
            is_found = is_found || proof[i] == sought->hashes[j];
    }
    OPENSSL_cleanse(proof, sizeof proof);
    return is_found;
}

static json_t *masked_name(const PGresult *result, int row, struct vault *vault)
{
    unsigned char masked[CARD_MASKED_BYTES];
    const size_t  length = open_column(result, row, vault, "masked", MASKED, masked, sizeof masked);

    return length > 0 ? json_stringn((const char *)masked, length) : json_null();
}

static json_t *text_or_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? json_null() : json_string(PQgetvalue(result, row, column));
}

static bool was_last(const struct found *found, int64_t person, const char *side)
{
    return found->has_last && found->last_person == person && strcmp(found->last_side, side) == 0;
}

static void note_person(const struct web_request *request, int64_t person, struct found *found)
{
    unsigned char     subject[SUBJECT_BYTES];
    const struct span part = span_of((const char *)&person, sizeof person);

    blind_hash(request->blind, BLIND_SUBJECT, &part, 1, subject, SUBJECT_BYTES);
    db_array_add_number(&found->persons, person);
    db_array_add_span(&found->subjects, span_of((const char *)subject, SUBJECT_BYTES));
}

/* Rows come person by person and side by side, the newest card first: of those meant, the first speaks. */
static void take_row(const struct web_request *request, const PGresult *result, int row, const struct sought *sought,
                     struct found *found)
{
    const int64_t person = db_get_number(result, row, PERSON);
    const char   *side   = PQgetvalue(result, row, SIDE);
    struct vault *vault  = request->tools->vault;

    if (was_last(found, person, side) || (sought->count > 0 && !is_meant(result, row, vault, sought)))
        return;
    if (!found->has_last || found->last_person != person)
        note_person(request, person, found);
    found->last_person = person;
    found->last_side   = side;
    found->has_last    = true;
    json_t *tasks      = json_loads(PQgetvalue(result, row, TASKS), 0, NULL);
    json_t *alerts     = json_loads(PQgetvalue(result, row, ALERTS), 0, NULL);
    if (json_array_size(tasks) + json_array_size(alerts) > 0 && json_array_size(found->items) < HITS_MAX)
        json_array_append_new(found->items,
                              json_pack("{s:o, s:o, s:O, s:O}", "name", masked_name(result, row, vault), "side",
                                        text_or_null(result, row, SIDE), "tasks", tasks, "alerts", alerts));
    json_decref(tasks);
    json_decref(alerts);
}

/* ---- the answer ---- */

static void answer_found(struct web_request *request, struct web_reply *reply, struct found *found)
{
    struct db_param params[2];

    if (!db_array_param(&found->persons, &params[0]) || !db_array_param(&found->subjects, &params[1])) {
        web_problem(reply, "unavailable");
        return;
    }
    if (web_run(request, reply, &statement_console_http_search_found, params, 2, NULL))
        web_answer(reply, 200, json_pack("{s:O}", "items", found->items));
}

static void find(struct web_request *request, struct web_reply *reply, const struct sought *sought)
{
    static const struct db_param none  = { NULL, 0, false };
    struct found                 found = { .items = json_array() };
    char                         buckets[BUCKETS_BYTES];
    PGresult                    *result = NULL;

    write_buckets(sought, buckets);
    db_array_init(&found.persons, DB_ARRAY_INT8);
    db_array_init(&found.subjects, DB_ARRAY_BYTEA);
    const struct db_param params[] = {
        sought->task != NULL ? db_text(sought->task) : none,
        sought->alert != NULL ? db_text(sought->alert) : none,
        sought->count > 0 ? db_text(buckets) : none,
    };
    const enum db_status status = db_run_binary(request->db, &statement_console_http_search_rows, params, 3, &result);
    if (status == DB_OK) {
        for (int row = 0; row < PQntuples(result); row++)
            take_row(request, result, row, sought, &found);
        answer_found(request, reply, &found);
        PQclear(result);
    } else {
        web_problem_database(reply, request->db, status);
    }
    db_array_clear(&found.persons);
    db_array_clear(&found.subjects);
    json_decref(found.items);
}

void search_people(struct web_request *request, struct web_reply *reply)
{
    const bool            is_by_name = strcmp(web_value(request, "by"), "name_birth_year") == 0;
    const struct db_param asked[]    = { db_text(web_value(request, "by")), db_text(web_value(request, "purpose")) };
    struct sought         sought;
    PGresult             *result = NULL;

    if (is_by_name && web_value(request, "birth_year") == NULL) {
        web_problem_field(reply, "birth_year", "required");
        return;
    }
    const char *rule = read_sought(request, &sought);
    if (rule != NULL) {
        web_problem_field(reply, "value", rule);
        return;
    }
    if (web_run(request, reply, &statement_console_http_search_ask, asked, 2, &result)) {
        const bool is_allowed = PQgetvalue(result, 0, 0)[0] == 't';
        PQclear(result);
        if (is_allowed)
            find(request, reply, &sought);
        else
            web_problem(reply, "quota");
        reply->commits = !is_allowed; /* that the quota is used up is told, too */
    }
    OPENSSL_cleanse(&sought, sizeof sought);
}
