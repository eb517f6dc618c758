/* Rows of table card; see cards.h.
 * Holds no citizen number and no phone: those come from the record, and only by a look. */
#include "daemon/engine/cards.h"

#include "daemon/engine/world.h"

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

/* NULL: no address of a person. */
static const char *kind_word(unsigned use)
{
    switch ((enum facts_use)use) {
    case FACTS_LIVES:
        return "living";
    case FACTS_LIVED:
        return "lived";
    case FACTS_WORKS:
        return "work";
    case FACTS_BARRED:
        return "barred";
    case FACTS_APPROVED:
        return "approved";
    case FACTS_SCHOOL:
    case FACTS_GATE:
        break;
    }
    return NULL;
}

/* The addresses of the slot; *count of them. NULL when memory is out. */
static struct card_place *places_of(const struct record_facts *facts, unsigned slot, struct arena *arena, size_t *count)
{
    struct card_place *places = arena_alloc(arena, FACTS_RESIDENCES, sizeof *places);

    *count = 0;
    for (unsigned i = 0; places != NULL && i < facts->residence_count; i++) {
        const struct facts_residence *home = &facts->residences[i];
        const char                   *kind = kind_word(home->use);
        if (home->slot != slot || kind == NULL)
            continue;
        struct card_place *place = &places[(*count)++];
        place->address           = home->address;
        place->lon               = home->has_point ? home->lon : 0;
        place->lat               = home->has_point ? home->lat : 0;
        place->has_point         = home->has_point;
        place->as_of_day         = home->as_of_day;
        place->radius_m          = home->radius_m;
        snprintf(place->kind, sizeof place->kind, "%s", kind);
    }
    return places;
}

static bool seal_texts(struct vault *vault, const struct vault_key *key, const struct person_block *block,
                       struct arena *arena, struct card_row *row)
{
    char         masked[CARD_MASKED_BYTES];
    const size_t length  = card_mask(block->name, masked);
    char        *full    = write_full(block);
    const bool   is_made = full != NULL &&
                         seal(vault, key, "masked", row->mention_id, span_of(masked, length), arena, &row->masked) &&
                         seal(vault, key, "full", row->mention_id, span_from_text(full), arena, &row->full);

    if (full != NULL)
        OPENSSL_cleanse(full, strlen(full));
    free(full);
    return is_made;
}

static bool seal_hashes(struct vault *vault, const struct blind *blind, const struct vault_key *key,
                        const struct mention_features *features, struct arena *arena, struct card_row *row)
{
    uint64_t     hashes[CARD_HASHES_MAX];
    const size_t count = card_hashes(blind, features, hashes);

    return seal(vault, key, "proof", row->mention_id, span_of((const char *)hashes, count * sizeof hashes[0]), arena,
                &row->proof) &&
           write_buckets(hashes, count, arena, &row->buckets);
}

static bool seal_places(struct vault *vault, const struct vault_key *key, const struct record_facts *facts,
                        struct arena *arena, struct card_row *row)
{
    size_t                   count  = 0;
    const struct card_place *places = places_of(facts, world_slot_of(row->mention_id), arena, &count);

    return places != NULL && seal(vault, key, "places", row->mention_id,
                                  span_of((const char *)places, count * sizeof *places), arena, &row->places);
}

bool card_make(struct vault *vault, const struct blind *blind, const struct vault_key *key, int64_t mention_id,
               const struct person_block *block, const struct mention_features *features,
               const struct record_facts *facts, struct arena *arena, struct card_row *row)
{
    row->mention_id = mention_id;
    return seal_texts(vault, key, block, arena, row) && seal_hashes(vault, blind, key, features, arena, row) &&
           seal_places(vault, key, facts, arena, row);
}
