/* Review sheets; see sheet.h.
 * Shows no citizen number, no phone and no day of birth: the reviewer compares, and needs none of them. */
#include "daemon/console/sheet.h"

#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/log.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { SIDE, RECORD_ID, SLOT, DEPARTMENT, TYPE, ROLE, AS_OF, BODY, DATA_KEY_ID, WRAPPED, GRADE };

/* mention.role */
enum { MENTION_OWN, MENTION_PARENT, MENTION_ENTRUSTED, MENTION_TEACHER, MENTION_MENTOR };

static const char *const roles[] = { "own", "parent", "entrusted", "teacher", "mentor" };

const json_t *sheet_find_person(const json_t *body, int slot, int role)
{
    switch (role) {
    case MENTION_OWN:
        return json_object_get(body, "person");
    case MENTION_PARENT:
    case MENTION_ENTRUSTED:
        return json_object_get(json_array_get(json_object_get(body, "guardians"), (size_t)slot - 1), "person");
    case MENTION_TEACHER:
        return json_object_get(json_object_get(body, "teacher"), "person");
    case MENTION_MENTOR:
        return json_object_get(json_object_get(body, "mentor"), "person");
    default:
        return NULL;
    }
}

static void copy_member(json_t *to, const char *as, const json_t *from, const char *member)
{
    json_t *value = json_object_get(from, member);

    if (json_is_string(value))
        json_object_set(to, as, value);
}

static void add_address(json_t *list, const json_t *from, const char *kind)
{
    if (!json_is_string(json_object_get(from, "address")))
        return;
    json_t *entry = json_object();
    copy_member(entry, "address", from, "address");
    json_object_set_new(entry, "kind", json_string(kind));
    copy_member(entry, "kind", from, "kind");
    copy_member(entry, "as_of", from, "as_of");
    json_array_append_new(list, entry);
}

json_t *sheet_extract(const json_t *person)
{
    json_t       *sheet     = json_object();
    json_t       *addresses = json_array();
    const json_t *residence = json_object_get(person, "residence");
    const char   *birth     = json_string_value(json_object_get(person, "birth_date"));

    copy_member(sheet, "name", person, "name");
    copy_member(sheet, "sex", person, "sex");
    if (birth != NULL && strlen(birth) >= 4)
        json_object_set_new(sheet, "birth_year", json_stringn(birth, 4));
    if (json_is_object(residence))
        add_address(addresses, residence, "living");
    for (size_t i = 0; i < json_array_size(residence); i++)
        add_address(addresses, json_array_get(residence, i), "living");
    add_address(addresses, json_object_get(person, "registered"), "registered");
    json_object_set_new(sheet, "addresses", addresses);
    return sheet;
}

/* The opened body as JSON; NULL when the key or the text does not fit. */
static json_t *open_body(const PGresult *result, int row, struct vault *vault)
{
    struct vault_key  key;
    const struct span sealed = db_get_span(result, row, BODY);
    json_t           *body   = NULL;

    if (vault_data_key_open(vault, db_get_number(result, row, DATA_KEY_ID), db_get_span(result, row, WRAPPED), &key) !=
        VAULT_OK)
        return NULL;
    const size_t   length = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
    unsigned char *text   = malloc(length + 1);
    if (text != NULL && length > 0 &&
        vault_open(vault, &key, "record", "body", db_get_number(result, row, RECORD_ID), sealed, text) == VAULT_OK)
        body = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, NULL);
    if (text != NULL)
        OPENSSL_cleanse(text, length + 1);
    free(text);
    vault_key_wipe(&key);
    return body;
}

static json_t *read_record(const PGresult *result, int row, struct vault *vault)
{
    const int     role   = (int)db_get_number(result, row, ROLE);
    json_t       *body   = open_body(result, row, vault);
    const json_t *person = sheet_find_person(body, (int)db_get_number(result, row, SLOT), role);
    json_t       *record = sheet_extract(person);
    const int64_t type   = db_get_number(result, row, TYPE);

    if (body == NULL) {
        log_error("record_unreadable", log_number("record", db_get_number(result, row, RECORD_ID)));
        json_object_set_new(record, "unreadable", json_true());
    }
    json_object_set_new(record, "record", json_integer(db_get_number(result, row, RECORD_ID)));
    json_object_set_new(record, "department", json_string(PQgetvalue(result, row, DEPARTMENT)));
    json_object_set_new(record, "type",
                        json_string(type > 0 && type < FEED_TYPE_COUNT ? feed_type_word((enum feed_type)type) : "?"));
    json_object_set_new(record, "role", json_string(role >= 0 && role <= MENTION_MENTOR ? roles[role] : "?"));
    json_object_set_new(record, "as_of", json_string(PQgetvalue(result, row, AS_OF)));
    json_decref(body);
    return record;
}

/* The rows of one side. */
static json_t *read_side(const PGresult *result, const char *side, struct vault *vault)
{
    json_t     *records = json_array();
    const char *grade   = "none";

    for (int row = 0; row < PQntuples(result); row++) {
        if (strcmp(PQgetvalue(result, row, SIDE), side) != 0)
            continue;
        grade = PQgetvalue(result, row, GRADE);
        json_array_append_new(records, read_record(result, row, vault));
    }
    return json_pack("{s:s, s:o}", "grade", grade, "records", records);
}

enum db_status sheet_read(struct db *db, struct vault *vault, const char *task_id, int64_t account_id, json_t **child,
                          json_t **risk)
{
    char account[24];

    snprintf(account, sizeof account, "%lld", (long long)account_id);
    const struct db_param params[] = { db_text(task_id), db_text(account) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run_binary(db, &statement_console_sheet, params, 2, &result);
    if (status != DB_OK)
        return status;
    *child = read_side(result, "child", vault);
    *risk  = read_side(result, "risk", vault);
    PQclear(result);
    return DB_OK;
}
