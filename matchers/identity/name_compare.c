/* How two names resemble each other; see name.h.
 * Deliberately by characters and sets of readings, never by tones or edit distance over bytes. */
#include "matchers/identity/name.h"

#include <string.h>

const char *name_level_word(enum name_level level)
{
    static const char *const words[] = { "null",      "exact", "variant", "homophone", "shape",
                                         "character", "weak",  "trace",   "different" };

    return words[level];
}

static bool are_variants(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    const uint32_t group_a = language_character_of(tables, a)->variant;

    return group_a != 0 && group_a == language_character_of(tables, b)->variant;
}

static bool readings_meet(const struct language_tables *tables, const struct name *a, const struct name *b,
                          size_t position_a, size_t position_b)
{
    uint16_t     readings_a[NAME_SYLLABLES], readings_b[NAME_SYLLABLES];
    const size_t count_a = name_readings(tables, a, position_a, readings_a);
    const size_t count_b = name_readings(tables, b, position_b, readings_b);

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b; j++) {
            if (readings_a[i] == readings_b[j])
                return true;
        }
    }
    return false;
}

/* At most one of the four corners and one stroke apart. */
static bool are_alike_in_corners(const struct language_character *a, const struct language_character *b)
{
    const int strokes = (int)a->strokes - (int)b->strokes;
    int       corners = 0;

    if (a->four_corner == 0 || b->four_corner == 0 || strokes < -1 || strokes > 1)
        return false;
    for (int code_a = a->four_corner - 1, code_b = b->four_corner - 1, i = 0; i < 4; i++, code_a /= 10, code_b /= 10)
        corners += code_a % 10 == code_b % 10;
    return corners >= 3;
}

static bool are_alike_in_shape(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    const struct language_character *entry_a = language_character_of(tables, a);
    const struct language_character *entry_b = language_character_of(tables, b);

    for (size_t i = 0; i < LANGUAGE_SHAPE_GROUPS && entry_a->shape_groups[i] != 0; i++) {
        for (size_t j = 0; j < LANGUAGE_SHAPE_GROUPS && entry_b->shape_groups[j] != 0; j++) {
            if (entry_a->shape_groups[i] == entry_b->shape_groups[j])
                return true;
        }
    }
    return are_alike_in_corners(entry_a, entry_b);
}

/* Two names of one length, character by character. */
static enum name_level compare_aligned(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    size_t variants = 0, homophones = 0, shapes = 0, others = 0;
    size_t first_other = 0, last_other = 0;

    for (size_t i = 0; i < a->length; i++) {
        if (a->characters[i] == b->characters[i])
            continue;
        if (are_variants(tables, a->characters[i], b->characters[i]))
            variants++;
        else if (readings_meet(tables, a, b, i, i))
            homophones++;
        else if (are_alike_in_shape(tables, a->characters[i], b->characters[i]))
            shapes++;
        else {
            if (others++ == 0)
                first_other = i;
            last_other = i;
        }
    }
    if (others == 0 && shapes == 0)
        return homophones > 0 ? NAME_HOMOPHONE : variants > 0 ? NAME_VARIANT : NAME_EXACT;
    if (others == 0 && shapes == 1 && homophones == 0)
        return NAME_SHAPE;
    if (others == 2 && shapes + homophones == 0 && last_other == first_other + 1 && first_other > 0 &&
        a->characters[first_other] == b->characters[last_other] &&
        a->characters[last_other] == b->characters[first_other])
        return NAME_CHARACTER;
    /* Long names without surname: one character of many. */
    if (others + shapes + homophones == 1 && a->length >= 5)
        return NAME_CHARACTER;
    return a->length >= 3 && others + shapes == 1 ? NAME_WEAK : NAME_DIFFERENT;
}

/* `longer` is `shorter` and one character more. */
static bool is_one_more(const struct name *longer, const struct name *shorter)
{
    size_t i = 0;

    while (i < shorter->length && longer->characters[i] == shorter->characters[i])
        i++;
    return memcmp(longer->characters + i + 1, shorter->characters + i, (shorter->length - i) * sizeof(uint32_t)) == 0;
}

/* Whether any given-name characters agree, or sound or look alike. */
static bool given_names_meet(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    for (size_t i = a->surname_length; i < a->length; i++) {
        for (size_t j = b->surname_length; j < b->length; j++) {
            if (a->characters[i] == b->characters[j] || readings_meet(tables, a, b, i, j) ||
                are_variants(tables, a->characters[i], b->characters[j]) ||
                are_alike_in_shape(tables, a->characters[i], b->characters[j]))
                return true;
        }
    }
    return false;
}

/* Latin letters from `position` on against the syllables of the Han characters from `character` on. */
static bool spells(const struct language_tables *tables, const struct name *han, size_t character,
                   const struct name *latin, size_t position, size_t end)
{
    /* A small stack instead of recursion: every character has few readings. */
    struct {
        size_t character, position, next_reading;
    } stack[NAME_LENGTH_MAX + 1];
    size_t depth = 0;

    stack[0].character = character, stack[0].position = position, stack[0].next_reading = 0;
    for (;;) {
        uint16_t     readings[NAME_SYLLABLES];
        const size_t at    = stack[depth].character;
        const size_t count = at < han->length ? name_readings(tables, han, at, readings) : 0;

        if (at == han->length && stack[depth].position == end)
            return true;
        if (stack[depth].next_reading >= count) {
            if (depth == 0)
                return false;
            depth--;
            continue;
        }
        const char  *syllable = tables->syllables[readings[stack[depth].next_reading++]];
        const size_t from     = stack[depth].position;
        size_t       i        = 0;

        while (syllable[i] != '\0' && from + i < end && latin->characters[from + i] == (unsigned char)syllable[i])
            i++;
        if (syllable[i] == '\0') {
            depth++;
            stack[depth].character = at + 1, stack[depth].position = from + i, stack[depth].next_reading = 0;
        }
    }
}

/* LV and LYU are both 吕: write v as passports do not. */
static struct name without_yu(const struct name *latin)
{
    struct name folded = { .is_latin = true };

    for (size_t i = 0; i < latin->length; i++) {
        const bool is_yu = latin->characters[i] == 'y' && i + 1 < latin->length && latin->characters[i + 1] == 'u' &&
                           i > 0 && (latin->characters[i - 1] == 'l' || latin->characters[i - 1] == 'n');

        folded.characters[folded.length++] = is_yu ? 'v' : latin->characters[i];
        i += is_yu;
    }
    return folded;
}

static enum name_level compare_scripts(const struct language_tables *tables, const struct name *han,
                                       const struct name *latin)
{
    const struct name folded = without_yu(latin);

    return spells(tables, han, 0, &folded, 0, folded.length) || spells(tables, han, 0, latin, 0, latin->length)
               ? NAME_HOMOPHONE
               : NAME_DIFFERENT;
}

static enum name_level compare_latin(const struct name *a, const struct name *b)
{
    size_t differences = 0;

    if (a->length == b->length) {
        for (size_t i = 0; i < a->length; i++)
            differences += a->characters[i] != b->characters[i];
        if (differences == 0)
            return NAME_EXACT;
        return differences == 1 && a->length >= 6 ? NAME_CHARACTER : NAME_DIFFERENT;
    }
    if (a->length >= 6 && a->length == b->length + 1 && is_one_more(a, b))
        return NAME_CHARACTER;
    if (b->length >= 6 && b->length == a->length + 1 && is_one_more(b, a))
        return NAME_CHARACTER;
    return NAME_DIFFERENT;
}

/* Names of different length: one character missing, or nothing. */
static enum name_level compare_lengths(const struct name *a, const struct name *b)
{
    const struct name *longer  = a->length > b->length ? a : b;
    const struct name *shorter = a->length > b->length ? b : a;

    if (longer->length == shorter->length + 1 && shorter->length >= 2 && is_one_more(longer, shorter))
        return NAME_CHARACTER;
    return NAME_DIFFERENT;
}

enum name_level name_compare(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    if (a->length == 0 || b->length == 0)
        return NAME_NULL;
    if (a->is_latin && b->is_latin)
        return compare_latin(a, b);
    if (a->is_latin || b->is_latin)
        return a->is_latin ? compare_scripts(tables, b, a) : compare_scripts(tables, a, b);
    const enum name_level level = a->length == b->length ? compare_aligned(tables, a, b) : compare_lengths(a, b);
    return level == NAME_DIFFERENT && given_names_meet(tables, a, b) ? NAME_TRACE : level;
}
