/* Personal names: surnames, readings, rarity; see name.h.
 * Deliberately without text, which is in name_read.c, and comparison, which is in name_compare.c. */
#include "matchers/identity/name_parts.h"

enum { GIVEN_LENGTH_MAX = 3, LATIN_EIGHTHS = 20 };

/* 阿依古丽, 扎西卓玛: put together from parts of names without surname, with 江 and the like at the end. */
static bool is_without_surname(const struct language_tables *tables, const struct name *name)
{
    static const uint32_t endings[]                    = { 0x6C5F, 0x6C57, 0x7F55, 0x6D2A };
    bool                  reached[NAME_LENGTH_MAX + 1] = { true };

    for (size_t at = 0; at < name->length; at++) {
        for (size_t count = 1; reached[at] && count <= LANGUAGE_UNIT_LENGTH && at + count <= name->length; count++) {
            if (language_is_unit(tables, name->characters + at, count))
                reached[at + count] = true;
        }
    }
    for (size_t i = 0; name->length > 1 && reached[name->length - 1] && i < sizeof endings / sizeof endings[0]; i++) {
        if (name->characters[name->length - 1] == endings[i])
            return true;
    }
    return reached[name->length];
}

uint8_t name_surname_length(const struct language_tables *tables, const struct name *name)
{
    if (name->is_latin || name->length < 2 || name->length > 2 + GIVEN_LENGTH_MAX || is_without_surname(tables, name))
        return 0;
    if (name->length >= 3 && language_surname_find(tables, name->characters[0], name->characters[1]) != NULL)
        return 2;
    if (name->length <= 1 + GIVEN_LENGTH_MAX && language_surname_find(tables, name->characters[0], 0) != NULL)
        return 1;
    return 0;
}

static size_t add_reading(uint16_t readings[NAME_SYLLABLES], size_t count, uint16_t reading)
{
    if (reading == 0 || count == NAME_SYLLABLES)
        return count;
    for (size_t i = 0; i < count; i++) {
        if (readings[i] == reading)
            return count;
    }
    readings[count] = reading;
    return count + 1;
}

static const struct language_surname *surname_of(const struct language_tables *tables, const struct name *name)
{
    return language_surname_find(tables, name->characters[0], name->surname_length == 2 ? name->characters[1] : 0);
}

size_t name_readings(const struct language_tables *tables, const struct name *name, size_t position,
                     uint16_t readings[NAME_SYLLABLES])
{
    const struct language_character *entry = language_character_of(tables, name->characters[position]);
    size_t                           count = 0;

    if (position < name->surname_length) {
        const struct language_surname *surname = surname_of(tables, name);

        if (surname != NULL && position == 1)
            count = add_reading(readings, count, surname->second_reading);
        for (size_t i = 0; surname != NULL && position == 0 && i < LANGUAGE_READINGS; i++)
            count = add_reading(readings, count, surname->readings[i]);
        /* Other readings of the character are nobody's: 叶 is not 谢. */
        if (count > 0)
            return count;
    }
    for (size_t i = 0; i < LANGUAGE_READINGS; i++)
        count = add_reading(readings, count, entry->readings[i]);
    return count;
}

double name_rarity_bits(const struct language_tables *tables, const struct name *name)
{
    double bits = 0;

    if (name->is_latin)
        return LATIN_EIGHTHS / 8.0 * name->length; /* letters of a name carry about half of a random letter's bits */
    if (name->surname_length > 0) {
        const struct language_surname *surname = surname_of(tables, name);

        if (surname != NULL)
            bits = surname->bits / 8.0;
    }
    for (size_t from = name->surname_length; from < name->length; from++) {
        const uint8_t given = language_character_of(tables, name->characters[from])->given_bits;

        bits += given != 0 ? given / 8.0 : LANGUAGE_RARE_BITS;
    }
    return bits;
}
