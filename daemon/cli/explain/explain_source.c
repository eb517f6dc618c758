/* The two records of an explanation; see explain_source.h.
 * From the database: audited before anything is opened. */
#include "daemon/cli/explain/explain_source.h"

#include "daemon/common/vault.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 16 << 20 };

/* ---- a line ---- */

/* "hulei.child.v1" and "child" alike. */
static enum feed_type type_of(const char *text)
{
    struct span word = span_from_text(text);

    if (word.length > 9 && memcmp(word.bytes, "hulei.", 6) == 0)
        word = span_of(word.bytes + 6, word.length - 9);
    return feed_type_find(word);
}

static bool read_body(struct person_maker *maker, enum feed_type type, struct span body, int slot,
                      struct mention_features *features, char *error, size_t error_size)
{
    void              *memory = malloc(ARENA_BYTES);
    struct arena       arena;
    struct feed_record read;
    struct feed_fault  fault;
    struct read_person persons[FACTS_SLOTS];
    bool               is_found = false;

    if (memory == NULL) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    arena_init(&arena, memory, ARENA_BYTES);
    if (feed_decode_stored(type, body, &arena, &read, &fault) != FEED_OK) {
        snprintf(error, error_size, "%s: %s (%s)", fault.field, fault.code, fault.rule);
    } else {
        const size_t count = person_maker_make(maker, &read, &arena, persons);

        for (size_t i = 0; i < count; i++) {
            if (persons[i].slot != (unsigned)slot)
                continue;
            *features = persons[i].features;
            is_found  = true;
        }
        if (!is_found)
            snprintf(error, error_size, "the record names no person %d", slot);
    }
    free(memory);
    return is_found;
}

bool explain_read_line(struct person_maker *maker, const char *line, const char *type, int slot,
                       struct mention_features *features, char *error, size_t error_size)
{
    json_t     *root   = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    json_t     *data   = json_object_get(root, "data");
    const char *stated = json_string_value(json_object_get(root, "type"));
    char       *body   = json_is_object(data) ? json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    bool        is_ok  = false;

    stated = stated != NULL ? stated : type;
    if (body == NULL)
        snprintf(error, error_size, "no JSON object with \"data\"");
    else if (stated == NULL || type_of(stated) == FEED_TYPE_NONE)
        snprintf(error, error_size, "the record tells no known type: name it by --type");
    else
        is_ok = read_body(maker, type_of(stated), span_from_text(body), slot, features, error, error_size);
    free(body);
    json_decref(root);
    return is_ok;
}

/* ---- the database ---- */

/* Cuts the last part of `text` off at a slash; NULL when there is none. */
static char *cut_last(char *text)
{
    char *slash = strrchr(text, '/');

    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return slash + 1;
}

static bool is_slot(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= 2 && strspn(text, "0123456789") == strlen(text);
}

bool explain_id_parse(const char *text, struct explain_id *id)
{
    char        copy[600];
    const char *subject, *type;

    *id = (struct explain_id){ .slot = 0 };
    if (strlen(text) >= sizeof copy)
        return false;
    snprintf(copy, sizeof copy, "%s", text);

    char *last = cut_last(copy);
    subject    = last;
    type       = last != NULL ? cut_last(copy) : NULL;
    if (type != NULL && type_of(type) == FEED_TYPE_NONE && is_slot(last)) {
        id->slot = (int)strtol(last, NULL, 10);
        subject  = type;
        type     = cut_last(copy);
    }
    if (type == NULL || subject[0] == '\0' || copy[0] == '\0' || strlen(copy) >= sizeof id->urn ||
        strlen(subject) >= sizeof id->subject || id->slot >= FACTS_SLOTS)
        return false;
    id->type = (int)type_of(type);
    memcpy(id->urn, copy, strlen(copy) + 1);
    memcpy(id->subject, subject, strlen(subject) + 1);
    return id->type != FEED_TYPE_NONE;
}

static bool open_features(struct vault *vault, const PGresult *result, struct mention_features *features)
{
    const int64_t     mention_id = db_get_number(result, 0, 0), key_id = db_get_number(result, 0, 1);
    const struct span sealed = db_get_span(result, 0, 3);
    struct vault_key  key;
    bool              is_open = false;

    if (sealed.length != vault_sealed_size(sizeof *features))
        return false;
    if (vault_data_key_open(vault, key_id, db_get_span(result, 0, 2), &key) == VAULT_OK)
        is_open =
            vault_open(vault, &key, "mention", "features", mention_id, sealed, (unsigned char *)features) == VAULT_OK;
    vault_key_wipe(&key);
    return is_open && mention_features_are_usable(features);
}

static bool find_mention(struct admin *admin, const struct explain_id *id, PGresult **result, char *error,
                         size_t error_size)
{
    char type[16], slot[16];

    snprintf(type, sizeof type, "%d", id->type);
    snprintf(slot, sizeof slot, "%d", id->slot);
    const struct db_param params[] = { db_text(id->urn), db_text(type), db_text(id->subject), db_text(slot) };
    if (db_run_binary(admin->db, &statement_explain_mention, params, 4, result) != DB_OK) {
        snprintf(error, error_size, "the database refused, SQLSTATE %s", db_sqlstate(admin->db));
        return false;
    }
    if (PQntuples(*result) == 1)
        return true;
    snprintf(error, error_size, "no such person of a live record");
    return false;
}

static bool write_audit(struct admin *admin, PGresult *const results[2], char *error, size_t error_size)
{
    char first[24], second[24];

    snprintf(first, sizeof first, "%lld", (long long)db_get_number(results[0], 0, 0));
    snprintf(second, sizeof second, "%lld", (long long)db_get_number(results[1], 0, 0));
    const struct db_param params[] = { db_text(admin->os_user), db_text(first), db_text(second) };
    if (db_run(admin->db, &statement_explain_audit, params, 3, NULL) == DB_OK)
        return true;
    snprintf(error, error_size, "the look cannot be written to the audit chain, SQLSTATE %s", db_sqlstate(admin->db));
    return false;
}

bool explain_read_database(struct admin *admin, const struct explain_id ids[2], struct mention_features features[2],
                           char *error, size_t error_size)
{
    PGresult     *results[2] = { NULL, NULL };
    struct vault *vault      = vault_open_directory(admin->config->engine.keys, error, error_size);
    bool          is_ok      = vault != NULL && find_mention(admin, &ids[0], &results[0], error, error_size) &&
                 find_mention(admin, &ids[1], &results[1], error, error_size) &&
                 write_audit(admin, results, error, error_size);

    for (size_t i = 0; i < 2 && is_ok; i++) {
        is_ok = open_features(vault, results[i], &features[i]);
        if (!is_ok)
            snprintf(error, error_size, "the features cannot be opened with this key, or are of another version");
    }
    PQclear(results[0]);
    PQclear(results[1]);
    vault_close(vault);
    return is_ok;
}
