/* Notices; see notice.h.
 * Whose phone it is stays with the roster. */
#include "daemon/courier/notice.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/courier/courier_metrics.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

enum { PHONE_BYTES_MAX = 64, PHONES_MAX = 8 };

enum duty_column { DUTY_ROW, DUTY_KEY, DUTY_WRAPPED, DUTY_CONTACT };

/* A phone of the roster, opened; NULL when it does not open. */
static json_t *open_phone(const PGresult *result, int row, struct vault *vault)
{
    struct vault_key  key;
    unsigned char     phone[PHONE_BYTES_MAX];
    const struct span sealed = db_get_span(result, row, DUTY_CONTACT);
    json_t           *text   = NULL;

    if (sealed.length <= VAULT_OVERHEAD_BYTES || sealed.length - VAULT_OVERHEAD_BYTES > sizeof phone ||
        vault_data_key_open(vault, db_get_number(result, row, DUTY_KEY), db_get_span(result, row, DUTY_WRAPPED),
                            &key) != VAULT_OK)
        return NULL;
    if (vault_open(vault, &key, "duty_turn", "contact", db_get_number(result, row, DUTY_ROW), sealed, phone) ==
        VAULT_OK)
        text = json_stringn((const char *)phone, sealed.length - VAULT_OVERHEAD_BYTES);
    vault_key_wipe(&key);
    OPENSSL_cleanse(phone, sizeof phone);
    return text;
}

/* NULL: the database does not answer. */
static json_t *list_phones(const char *post, const char *duty, struct vault *vault, struct db *db)
{
    const struct db_param params[] = { db_text(post), db_text(duty) };
    PGresult             *result   = NULL;

    if (db_run_binary(db, &statement_courier_duty, params, 2, &result) != DB_OK)
        return NULL;
    json_t *phones = json_array();
    for (int row = 0; row < PQntuples(result) && row < PHONES_MAX; row++) {
        json_t *phone = open_phone(result, row, vault);
        if (phone != NULL)
            json_array_append_new(phones, phone);
        else
            log_error("contact_not_opened", log_word("post", post));
    }
    PQclear(result);
    if (json_array_size(phones) == 0)
        courier_count(COURIER_NOTICE_NOBODY, 1);
    return phones;
}

char *notice_render(const struct due_row *due, const char *shard, struct vault *vault, struct db *db)
{
    char        id[48], source[160];
    json_t     *data = json_loadb(due->payload, due->payload_length, 0, NULL);
    const char *post = json_string_value(json_object_get(data, "post"));

    json_t *phones = post != NULL && due->key != NULL ? list_phones(post, due->key, vault, db) : NULL;
    if (phones == NULL) {
        json_decref(data);
        return NULL;
    }
    json_object_set_new(data, "to", phones);
    snprintf(id, sizeof id, "notice/%lld", (long long)due->outbox_id);
    snprintf(source, sizeof source, "//hulei/%s", shard);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "specversion", "1.0", "id", id, "source", source,
                              "type", "hulei.notice.v1", "datacontenttype", "application/json", "dataschema",
                              "hulei:notice:1", "data", data);
    char   *text  = json_dumps(event, JSON_COMPACT);
    json_decref(event);
    return text;
}
