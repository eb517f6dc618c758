/* Cards; see card.h.
 * Reads features, never a source's text: what is written differently and means the same is found. */
#include "daemon/common/card.h"

#include <stdio.h>
#include <string.h>

static size_t character_bytes(struct span text, size_t at)
{
    size_t length = 1;

    while (at + length < text.length && ((unsigned char)text.bytes[at + length] & 0xc0) == 0x80)
        length++;
    return length;
}

static size_t last_character(struct span text)
{
    size_t at = text.length - 1;

    while (at > 0 && ((unsigned char)text.bytes[at] & 0xc0) == 0x80)
        at--;
    return at;
}

size_t card_mask(struct span name, char out[CARD_MASKED_BYTES])
{
    enum { CHARACTER_BYTES_MAX = 4 };
    size_t length = 0;

    if (name.bytes == NULL || name.length == 0) {
        out[0] = '*';
        return 1;
    }
    const size_t first = character_bytes(name, 0), last = last_character(name);
    if (last >= first && first <= CHARACTER_BYTES_MAX) {
        memcpy(out, name.bytes, first);
        length = first;
    }
    out[length++]     = '*';
    const size_t rest = name.length - last;
    if (last > first && rest <= CHARACTER_BYTES_MAX) {
        memcpy(out + length, name.bytes + last, rest);
        length += rest;
    }
    return length;
}

static uint64_t number_hash(const struct blind *blind, const struct mention_features *features)
{
    const struct span written = span_of(features->number, strnlen(features->number, sizeof features->number));
    const struct span hashed  = span_of((const char *)&features->other_number, sizeof features->other_number);

    return blind_number(blind, BLIND_NUMBER, features->number_kind == MENTION_NUMBER_OTHER ? &hashed : &written, 1);
}

static uint64_t name_hash(const struct blind *blind, const uint32_t *characters, size_t count, int16_t year)
{
    const struct span parts[] = {
        span_of((const char *)characters, count * sizeof *characters),
        span_of((const char *)&year, sizeof year),
    };

    return blind_number(blind, BLIND_NAME_YEAR, parts, 2);
}

/* The year in a valid citizen number; 0: none. */
static int16_t number_year(const struct mention_features *features)
{
    int16_t year = 0;

    for (size_t i = 6; features->number_kind == MENTION_NUMBER_VALID && i < 10; i++)
        year = (int16_t)(year * 10 + (features->number[i] - '0'));
    return year;
}

static size_t name_hashes(const struct blind *blind, const struct mention_features *features, uint64_t *hashes)
{
    const int16_t   written = features->birth_year, proven = number_year(features);
    const uint32_t *characters = features->characters;
    size_t          count      = 0;

    for (size_t i = 0; i < features->name_count && i < MENTION_NAMES; i++) {
        if (written != 0)
            hashes[count++] = name_hash(blind, characters, features->name_length[i], written);
        if (proven != 0 && proven != written)
            hashes[count++] = name_hash(blind, characters, features->name_length[i], proven);
        characters += features->name_length[i];
    }
    return count;
}

size_t card_hashes(const struct blind *blind, const struct mention_features *features, uint64_t hashes[CARD_HASHES_MAX])
{
    size_t count = 0;

    if (features->number_kind != MENTION_NUMBER_NONE)
        hashes[count++] = number_hash(blind, features);
    for (size_t i = 0; i < features->phone_count && i < PERSON_PHONES; i++) {
        const struct span part = span_of((const char *)&features->phones[i], sizeof features->phones[i]);
        hashes[count++]        = blind_number(blind, BLIND_PHONE, &part, 1);
    }
    return count + name_hashes(blind, features, hashes + count);
}

/* ---- what is searched ---- */

static bool is_among(const uint64_t *hashes, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++) {
        if (hashes[i] == hash)
            return true;
    }
    return false;
}

size_t card_hashes_of_number(const struct blind *blind, const struct language_tables *tables, struct span number,
                             uint64_t hashes[CARD_HASHES_MAX])
{
    size_t count = 0;

    for (int type = ID_TYPE_RESIDENT; type < ID_TYPE_NONE; type++) {
        const struct person_input input = { .id_type = (enum id_type)type, .id_number = number };
        struct mention_features   features;

        mention_features_make(tables, &input, &features);
        if (features.number_kind == MENTION_NUMBER_NONE)
            continue;
        const uint64_t hash = number_hash(blind, &features);
        if (!is_among(hashes, count, hash))
            hashes[count++] = hash;
    }
    return count;
}

size_t card_hashes_of_phone(const struct blind *blind, const struct language_tables *tables, struct span phone,
                            uint64_t hashes[CARD_HASHES_MAX])
{
    const struct person_input input = { .id_type = ID_TYPE_NONE, .phones = { phone }, .phone_count = 1 };
    struct mention_features   features;

    mention_features_make(tables, &input, &features);
    return card_hashes(blind, &features, hashes);
}

size_t card_hashes_of_name(const struct blind *blind, const struct language_tables *tables, struct span name,
                           int birth_year, uint64_t hashes[CARD_HASHES_MAX])
{
    char year[8];

    snprintf(year, sizeof year, "%04d", birth_year % 10000);
    const struct person_input input = {
        .names = { name }, .name_count = 1, .id_type = ID_TYPE_NONE, .birth_date = span_from_text(year)
    };
    struct mention_features features;

    mention_features_make(tables, &input, &features);
    return name_hashes(blind, &features, hashes);
}
