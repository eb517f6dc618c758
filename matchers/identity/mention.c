/* Packs a person block into its features; see mention.h.
 * Deliberately forgiving: what cannot be read counts as unknown, and the record itself was judged before. */
#include "matchers/identity/mention.h"

#include "matchers/identity/birth.h"
#include "matchers/identity/citizen_id.h"
#include "matchers/identity/name.h"
#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static void put_birth(const struct language_tables *tables, const struct person_input *input,
                      struct mention_features *out)
{
    struct birth_date date;

    for (size_t i = 0; i < MENTION_BIRTH_DAYS; i++)
        out->birth_days[i] = MENTION_NO_DAY;
    out->number_day = MENTION_NO_DAY;
    if (!birth_date_read(input->birth_date, &date))
        return;
    out->is_lunar    = input->birth_calendar == BIRTH_LUNAR;
    out->birth_year  = (int16_t)date.year;
    out->birth_month = (uint8_t)date.month;
    out->birth_day   = (uint8_t)date.day;
    if (birth_day_exists(date.year, date.month, date.day))
        out->birth_days[0] = birth_day_number(date.year, date.month, date.day);
    out->birth_days[1] = birth_day_of_lunar(tables, &date, false);
    out->birth_days[2] = birth_day_of_lunar(tables, &date, true);
}

static bool is_usable_broken(enum citizen_id_status status)
{
    return status == CITIZEN_ID_BAD_CHECK || status == CITIZEN_ID_BAD_DATE || status == CITIZEN_ID_BAD_AREA ||
           status == CITIZEN_ID_BAD_LENGTH || status == CITIZEN_ID_OCR;
}

static void put_number(const struct language_tables *tables, const struct person_input *input,
                       struct mention_features *out)
{
    char         normal[CITIZEN_ID_TEXT];
    const size_t length = citizen_id_normalise(input->id_number, normal);

    out->sex        = (uint8_t)input->sex;
    out->stated_sex = (uint8_t)input->sex;
    if (length == 0 || input->id_type == ID_TYPE_NONE)
        return;
    if (input->id_type == ID_TYPE_PASSPORT || input->id_type == ID_TYPE_BIRTH_CERTIFICATE) {
        out->number_kind  = MENTION_NUMBER_OTHER;
        out->other_number = XXH3_64bits_withSeed(normal, length, (XXH64_hash_t)input->id_type);
        return;
    }
    struct citizen_id      id;
    enum citizen_id_status status = citizen_id_parse(input->id_number, INT32_MAX, &id);

    if (status == CITIZEN_ID_OK && citizen_id_area_is_impossible(tables, &id))
        status = CITIZEN_ID_BAD_AREA;
    if (status == CITIZEN_ID_OK) {
        out->number_kind = MENTION_NUMBER_VALID;
        memcpy(out->number, id.digits, CITIZEN_ID_LENGTH);
        out->number_day = birth_day_number(id.year, id.month, id.day);
        out->sex        = (uint8_t)id.sex;
    } else if (is_usable_broken(status) && length >= CITIZEN_ID_OLD_LENGTH && length < MENTION_DIGITS) {
        out->number_kind = MENTION_NUMBER_BROKEN;
        memcpy(out->number, normal, length);
    } else if (status == CITIZEN_ID_OTHER_DOCUMENT) {
        out->number_kind  = MENTION_NUMBER_OTHER;
        out->other_number = XXH3_64bits_withSeed(normal, length, (XXH64_hash_t)input->id_type);
    }
}

/* A Latin name's key is its letters, so that equal spellings meet. */
static uint32_t reading_key(const struct language_tables *tables, const struct name *name, size_t from, size_t to)
{
    uint32_t keys[NAME_LENGTH_MAX];
    size_t   count = 0;

    for (size_t i = from; i < to; i++) {
        uint16_t     readings[NAME_SYLLABLES];
        const size_t reading_count = name_readings(tables, name, i, readings);

        keys[count++] = reading_count > 0 ? readings[0] : name->characters[i];
    }
    const uint32_t hash = (uint32_t)XXH3_64bits(keys, count * sizeof keys[0]);
    return hash != 0 ? hash : 1;
}

static bool is_known_name(const struct mention_features *out, const struct name *name)
{
    size_t at = 0;

    for (size_t i = 0; i < out->name_count; at += out->name_length[i++]) {
        if (out->name_length[i] == name->length &&
            memcmp(out->characters + at, name->characters, name->length * sizeof name->characters[0]) == 0)
            return true;
    }
    return false;
}

/* Adds one name, unless it is known or there is no room; `used` counts the characters so far. */
static void put_name(const struct language_tables *tables, const struct name *name, struct mention_features *out,
                     size_t *used)
{
    if (out->name_count == MENTION_NAMES || *used + name->length > MENTION_CHARACTERS || is_known_name(out, name))
        return;

    const size_t slot   = out->name_count++;
    const double rarity = name_rarity_bits(tables, name);

    memcpy(out->characters + *used, name->characters, name->length * sizeof name->characters[0]);
    *used += name->length;
    out->name_length[slot]    = name->length;
    out->surname_length[slot] = name->surname_length;
    out->name_rarity[slot]    = (uint8_t)(rarity < 31 ? rarity * 8 + 0.5 : 248);
    out->name_is_latin        = (uint8_t)(out->name_is_latin | (name->is_latin ? 1u << slot : 0u));
    out->name_parts           = (uint16_t)(out->name_parts | (unsigned)name->given_part << (4 * slot));
    if (slot > 0)
        return;
    out->reading_full  = reading_key(tables, name, 0, name->length);
    out->reading_first = reading_key(tables, name, 0, name->surname_length > 0 ? name->surname_length : 1);
    out->reading_last  = reading_key(tables, name, name->length - 1u, name->length);
}

/* A field may hold more than one name: 李强(曾用名李刚). */
static void put_names(const struct language_tables *tables, const struct person_input *input,
                      struct mention_features *out)
{
    size_t used = 0;

    for (size_t i = 0; i < input->name_count && i < PERSON_NAMES; i++) {
        struct name  names[MENTION_NAMES] = { 0 };
        const size_t count                = name_read_all(tables, input->names[i], names, MENTION_NAMES);

        for (size_t j = 0; j < count; j++)
            put_name(tables, &names[j], out, &used);
    }
}

/* 86 and 0086 in front of a mobile number go; fewer than 7 digits or one repeated digit is no number. */
static uint64_t phone_number(struct span text)
{
    char     digits[16];
    size_t   count = 0;
    size_t   same  = 0;
    uint64_t value = 0;
    uint32_t character;

    while (utf8_next(&text, &character)) {
        const uint32_t folded = fold_width(character);

        if (folded == '*' || folded == 'x' || folded == 'X')
            return 0;
        if (folded >= '0' && folded <= '9' && count < sizeof digits)
            digits[count++] = (char)folded;
    }
    size_t from = 0;
    while (from < count && digits[from] == '0' && count - from > 11)
        from++;
    if (count - from == 13 && digits[from] == '8' && digits[from + 1] == '6')
        from += 2;
    for (size_t i = from; i < count; i++) {
        value = value * 10 + (uint64_t)(digits[i] - '0');
        same += digits[i] == digits[count - 1];
    }
    return count - from >= 7 && same + 3 < count - from ? value : 0;
}

static void put_phones(const struct person_input *input, struct mention_features *out)
{
    for (size_t i = 0; i < input->phone_count && i < PERSON_PHONES; i++) {
        const uint64_t phone    = phone_number(input->phones[i]);
        bool           is_known = phone == 0;

        for (size_t j = 0; j < out->phone_count; j++)
            is_known = is_known || out->phones[j] == phone;
        if (!is_known)
            out->phones[out->phone_count++] = phone;
    }
}

/* The lowest hashes, so that the order in which a source lists guardians does not matter. */
static void put_guardians(const struct language_tables *tables, const struct person_input *input,
                          struct mention_features *out)
{
    uint32_t   *kept = out->guardians;
    struct name name;

    for (size_t i = 0; i < input->guardian_count && i < PERSON_GUARDIANS; i++) {
        if (!name_read(tables, input->guardians[i], &name))
            continue;
        uint32_t hash = reading_key(tables, &name, 0, name.length);

        for (size_t j = 0; j < MENTION_GUARDIANS && hash != kept[j]; j++) {
            const uint32_t held = kept[j];

            if (held != 0 && held < hash)
                continue;
            kept[j] = hash;
            hash    = held;
            if (held == 0)
                break;
        }
    }
}

void mention_features_make(const struct language_tables *tables, const struct person_input *input,
                           struct mention_features *out)
{
    memset(out, 0, sizeof *out);
    out->version = MENTION_VERSION;
    put_birth(tables, input, out);
    put_number(tables, input, out);
    put_names(tables, input, out);
    put_phones(input, out);
    put_guardians(tables, input, out);
    out->household = input->household_hash;
    out->dwelling  = input->dwelling_key;
    out->building  = input->building_key;
    out->community = input->community_code;
    out->context   = input->context_hash;
}

bool mention_features_are_usable(const struct mention_features *features)
{
    size_t characters = 0;

    if (features->version != MENTION_VERSION || features->name_count > MENTION_NAMES ||
        features->phone_count > PERSON_PHONES || features->number_kind > MENTION_NUMBER_OTHER)
        return false;
    for (size_t i = 0; i < features->name_count; i++) {
        if (features->name_length[i] > NAME_LENGTH_MAX || features->surname_length[i] > features->name_length[i])
            return false;
        characters += features->name_length[i];
    }
    return characters <= MENTION_CHARACTERS && features->number[MENTION_DIGITS - 1] == '\0';
}
