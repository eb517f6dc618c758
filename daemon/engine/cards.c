/* Rows of table card; see cards.h.
 * Holds no citizen number and no phone: those come from the record, and only by a look. */
#include "daemon/engine/cards.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATE_BYTES = 24 };

static json_t *text_or_null(struct span text)
{
    return text.bytes != NULL ? json_stringn(text.bytes, text.length) : NULL;
}

/* "2024-03-01", "2024-03", "2024"; NULL when absent. */
static const char *write_date(struct feed_date date, char text[DATE_BYTES])
{
    if (date.year == 0)
        return NULL;
    if (date.month == 0)
        snprintf(text, DATE_BYTES, "%04d", date.year);
    else if (date.day == 0)
        snprintf(text, DATE_BYTES, "%04d-%02d", date.year, date.month);
    else
        snprintf(text, DATE_BYTES, "%04d-%02d-%02d", date.year, date.month, date.day);
    return text;
}

static void add_address(json_t *list, struct span address, const char *kind, const char *as_of)
{
    if (address.bytes != NULL)
        json_array_append_new(
            list, json_pack("{s:o*, s:s, s:s*}", "address", text_or_null(address), "kind", kind, "as_of", as_of));
}

static json_t *addresses_of(const struct person_block *block)
{
    json_t *list = json_array();

    for (size_t i = 0; i < block->residence_count; i++) {
        const struct feed_residence *home = &block->residences[i];
        char                         as_of[DATE_BYTES];
        add_address(list, home->address, feed_residence_kind_word(home->kind), write_date(home->as_of, as_of));
    }
    add_address(list, block->registered.address, "registered", NULL);
    return list;
}

/* Text of malloc; NULL when memory is out. */
static char *write_full(const struct person_block *block)
{
    char    year[8];
    json_t *full = json_pack("{s:o*, s:s*, s:o}", "name", text_or_null(block->name), "sex", feed_sex_word(block->sex),
                             "addresses", addresses_of(block));

    if (block->birth.year != 0) {
        snprintf(year, sizeof year, "%04d", block->birth.year);
        json_object_set_new(full, "birth_year", json_string(year));
    }
    char *text = json_dumps(full, JSON_COMPACT);
    json_decref(full);
    return text;
}

static bool seal(struct vault *vault, const struct vault_key *key, const char *column, int64_t mention_id,
                 struct span plain, struct arena *arena, struct span *sealed)
{
    const size_t   size  = vault_sealed_size(plain.length);
    unsigned char *bytes = arena_alloc(arena, size, 1);

    if (bytes == NULL || vault_seal(vault, key, "card", column, mention_id, plain, bytes) != VAULT_OK)
        return false;
    *sealed = span_of((const char *)bytes, size);
    return true;
}

static bool write_buckets(const uint64_t *hashes, size_t count, struct arena *arena, struct span *buckets)
{
    enum { NUMBER_BYTES = 8 };
    const size_t size   = CARD_HASHES_MAX * NUMBER_BYTES + 3;
    char        *text   = arena_alloc(arena, size, 1);
    size_t       length = 1;

    if (text == NULL)
        return false;
    text[0] = '{';
    for (size_t i = 0; i < count; i++)
        length +=
            (size_t)snprintf(text + length, size - length, "%s%u", i > 0 ? "," : "", (unsigned)card_bucket(hashes[i]));
    text[length++] = '}';
    *buckets       = span_of(text, length);
    return true;
}

bool card_make(struct vault *vault, const struct blind *blind, const struct vault_key *key, int64_t mention_id,
               const struct person_block *block, const struct mention_features *features, struct arena *arena,
               struct card_row *row)
{
    char         masked[CARD_MASKED_BYTES];
    uint64_t     hashes[CARD_HASHES_MAX];
    const size_t length = card_mask(block->name, masked);
    const size_t count  = card_hashes(blind, features, hashes);
    char        *full   = write_full(block);

    row->mention_id    = mention_id;
    const bool is_made = full != NULL &&
                         seal(vault, key, "masked", mention_id, span_of(masked, length), arena, &row->masked) &&
                         seal(vault, key, "full", mention_id, span_from_text(full), arena, &row->full) &&
                         seal(vault, key, "proof", mention_id, span_of((const char *)hashes, count * sizeof hashes[0]),
                              arena, &row->proof) &&
                         write_buckets(hashes, count, arena, &row->buckets);
    if (full != NULL)
        OPENSSL_cleanse(full, strlen(full));
    free(full);
    return is_made;
}
