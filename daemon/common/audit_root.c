/* Signed statements of where every audit lane stood; see audit_root.h.
 * Compares with no database: audit.c walks the lanes. */
#include "daemon/common/audit_root.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LANES_MAX = 1024, HEX_BYTES = 2 * AUDIT_HASH_BYTES + 1 };

const char *audit_root_fault_word(enum audit_root_fault fault)
{
    switch (fault) {
    case AUDIT_ROOT_SOUND:
        return "sound";
    case AUDIT_ROOT_NOT_ONE:
        return "it is no statement, or its lanes do not make its root";
    case AUDIT_ROOT_SIGNATURE:
        return "its signature is not that of a trusted key";
    case AUDIT_ROOT_MISSING:
        return "the statement before it is missing or another one";
    case AUDIT_ROOT_TWO:
        return "there are two different statements of its number";
    }
    return "?";
}

/* ---- the tree ---- */

static bool digest(unsigned char prefix, struct span a, struct span b, unsigned char hash[AUDIT_HASH_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool  is_done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                         EVP_DigestUpdate(context, &prefix, 1) == 1 &&
                         EVP_DigestUpdate(context, a.bytes, a.length) == 1 &&
                         (b.length == 0 || EVP_DigestUpdate(context, b.bytes, b.length) == 1) &&
                         EVP_DigestFinal_ex(context, hash, NULL) == 1;

    EVP_MD_CTX_free(context);
    return is_done;
}

static bool hash_leaf(const json_t *lane, unsigned char hash[AUDIT_HASH_BYTES])
{
    char        text[AUDIT_LANE_BYTES + HEX_BYTES + 32];
    const char *name = json_string_value(json_object_get(lane, "lane"));
    const char *head = json_string_value(json_object_get(lane, "hash"));

    if (name == NULL || head == NULL || !json_is_integer(json_object_get(lane, "seq")) ||
        strlen(name) >= AUDIT_LANE_BYTES || strlen(head) != HEX_BYTES - 1)
        return false;
    const int length = snprintf(text, sizeof text, "%s:%lld:%s", name,
                                (long long)json_integer_value(json_object_get(lane, "seq")), head);
    return digest(0, span_of(text, (size_t)length), span_of(NULL, 0), hash);
}

bool audit_root_merkle(const json_t *lanes, unsigned char root[AUDIT_HASH_BYTES])
{
    static const size_t hash_bytes = AUDIT_HASH_BYTES;
    size_t              count      = json_array_size(lanes);

    if (count == 0 || count > LANES_MAX)
        return false;
    unsigned char(*level)[AUDIT_HASH_BYTES] = malloc(count * hash_bytes);
    bool is_done                            = level != NULL;
    for (size_t i = 0; i < count && is_done; i++)
        is_done = hash_leaf(json_array_get(lanes, i), level[i]);
    /* A node without a neighbour goes up as it is: the split of RFC 6962. */
    for (; count > 1 && is_done; count = (count + 1) / 2) {
        for (size_t i = 0; i < count && is_done; i += 2) {
            if (i + 1 == count)
                memcpy(level[i / 2], level[i], hash_bytes);
            else
                is_done = digest(1, span_of((const char *)level[i], hash_bytes),
                                 span_of((const char *)level[i + 1], hash_bytes), level[i / 2]);
        }
    }
    if (is_done)
        memcpy(root, level[0], hash_bytes);
    free(level);
    return is_done;
}

/* ---- making ---- */

/* What a signature covers: the members in the order of their names, without spaces. */
static char *canonical(const json_t *statement)
{
    return json_dumps(statement, JSON_COMPACT | JSON_SORT_KEYS);
}

static bool add_signature(json_t *statement, struct sign_key *key)
{
    unsigned char signature[SIGN_SIGNATURE_MAX];
    char          hex[2 * SIGN_SIGNATURE_MAX + 1];
    size_t        length  = 0;
    char         *text    = canonical(statement);
    const bool    is_done = text != NULL && sign_key_sign(key, span_from_text(text), signature, &length);

    free(text);
    if (!is_done)
        return false;
    sodium_bin2hex(hex, sizeof hex, signature, length);
    return json_object_set_new(statement, "signature", json_string(hex)) == 0;
}

char *audit_root_sign(const struct audit_root_draft *draft, struct sign_key *key)
{
    unsigned char root[AUDIT_HASH_BYTES];
    char          hex[HEX_BYTES];
    char         *line = NULL;

    if (!audit_root_merkle(draft->lanes, root))
        return NULL;
    sodium_bin2hex(hex, sizeof hex, root, sizeof root);
    json_t *statement = json_pack("{s:i, s:s, s:I, s:s, s:I, s:s, s:O, s:s, s:s, s:s}", "v", 1, "shard", draft->shard,
                                  "number", (json_int_t)draft->number, "at", draft->at, "epoch",
                                  (json_int_t)draft->epoch, "previous", draft->previous, "lanes", draft->lanes, "root",
                                  hex, "algorithm", sign_key_algorithm(key), "key", sign_key_public(key));
    if (statement != NULL && add_signature(statement, key))
        line = canonical(statement);
    json_decref(statement);
    return line;
}

/* ---- reading ---- */

static const char *text_of(const json_t *statement, const char *name)
{
    const char *text = json_string_value(json_object_get(statement, name));

    return text != NULL ? text : "";
}

static bool is_hex_of(const char *hex, const unsigned char bytes[AUDIT_HASH_BYTES])
{
    char expected[HEX_BYTES];

    sodium_bin2hex(expected, sizeof expected, bytes, AUDIT_HASH_BYTES);
    return strcmp(hex, expected) == 0;
}

static bool has_its_root(const json_t *statement)
{
    unsigned char root[AUDIT_HASH_BYTES];

    return json_integer_value(json_object_get(statement, "v")) == 1 &&
           json_integer_value(json_object_get(statement, "number")) > 0 &&
           json_is_array(json_object_get(statement, "lanes")) &&
           audit_root_merkle(json_object_get(statement, "lanes"), root) && is_hex_of(text_of(statement, "root"), root);
}

static bool is_signed(json_t *statement, const char *const *trusted)
{
    unsigned char signature[SIGN_SIGNATURE_MAX];
    size_t        length = 0;
    const char *public   = text_of(statement, "key");
    const char *hex      = text_of(statement, "signature");
    bool        is_known = false;

    for (; *trusted != NULL && !is_known; trusted++)
        is_known = strcmp(*trusted, public) == 0;
    if (!is_known || sodium_hex2bin(signature, sizeof signature, hex, strlen(hex), NULL, &length, NULL) != 0)
        return false;
    json_object_del(statement, "signature");
    char      *text     = canonical(statement);
    const bool is_sound = text != NULL && sign_verify(text_of(statement, "algorithm"), public, span_from_text(text),
                                                      span_of((const char *)signature, length));
    free(text);
    return is_sound;
}

static bool add_point(struct audit_roots *roots, const json_t *lane, int64_t number)
{
    if (roots->count == roots->capacity) {
        const size_t             bigger = roots->capacity == 0 ? 256 : roots->capacity * 2;
        struct audit_root_point *moved  = reallocarray(roots->points, bigger, sizeof *moved);
        if (moved == NULL)
            return false;
        roots->points   = moved;
        roots->capacity = bigger;
    }
    struct audit_root_point *point = &roots->points[roots->count++];
    const char              *hex   = text_of(lane, "hash");
    *point = (struct audit_root_point){ .seq = json_integer_value(json_object_get(lane, "seq")), .number = number };
    snprintf(point->lane, sizeof point->lane, "%s", text_of(lane, "lane"));
    return sodium_hex2bin(point->hash, sizeof point->hash, hex, strlen(hex), NULL, NULL, NULL) == 0;
}

/* The line's own hash and number against the last one's. */
static enum audit_root_fault follow(struct audit_roots *roots, const json_t *statement,
                                    const unsigned char hash[AUDIT_HASH_BYTES])
{
    const int64_t number = json_integer_value(json_object_get(statement, "number"));

    if (number == roots->last)
        return memcmp(hash, roots->last_hash, AUDIT_HASH_BYTES) == 0 ? AUDIT_ROOT_SOUND : AUDIT_ROOT_TWO;
    if (roots->last != 0 && (number != roots->last + 1 || !is_hex_of(text_of(statement, "previous"), roots->last_hash)))
        return AUDIT_ROOT_MISSING;
    const json_t *lane;
    size_t        i;
    json_array_foreach(json_object_get(statement, "lanes"), i, lane)
    {
        if (!add_point(roots, lane, number))
            return AUDIT_ROOT_NOT_ONE;
    }
    if (roots->first == 0)
        roots->first = number;
    roots->last = number;
    roots->statements++;
    memcpy(roots->last_hash, hash, AUDIT_HASH_BYTES);
    return AUDIT_ROOT_SOUND;
}

enum audit_root_fault audit_roots_add(struct audit_roots *roots, struct span line, const char *const *trusted)
{
    unsigned char         hash[AUDIT_HASH_BYTES];
    json_t               *statement = json_loadb(line.bytes, line.length, JSON_REJECT_DUPLICATES, NULL);
    enum audit_root_fault fault     = AUDIT_ROOT_NOT_ONE;

    if (json_is_object(statement) && has_its_root(statement) &&
        EVP_Digest(line.bytes, line.length, hash, NULL, EVP_sha256(), NULL) == 1)
        fault = is_signed(statement, trusted) ? follow(roots, statement, hash) : AUDIT_ROOT_SIGNATURE;
    json_decref(statement);
    return fault;
}

static int compare_points(const void *a, const void *b)
{
    const struct audit_root_point *left = a, *right = b;
    const int                      lanes = strcmp(left->lane, right->lane);

    if (lanes != 0)
        return lanes;
    return (left->seq > right->seq) - (left->seq < right->seq);
}

void audit_roots_sort(struct audit_roots *roots)
{
    if (roots->count > 0)
        qsort(roots->points, roots->count, sizeof *roots->points, compare_points);
}

const struct audit_root_point *audit_roots_of_lane(const struct audit_roots *roots, const char *lane, size_t *count)
{
    size_t first = 0;

    while (first < roots->count && strcmp(roots->points[first].lane, lane) != 0)
        first++;
    *count = 0;
    while (first + *count < roots->count && strcmp(roots->points[first + *count].lane, lane) == 0)
        ++*count;
    return *count > 0 ? &roots->points[first] : NULL;
}

void audit_roots_clear(struct audit_roots *roots)
{
    free(roots->points);
    *roots = (struct audit_roots){ 0 };
}
