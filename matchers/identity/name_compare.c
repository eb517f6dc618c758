/* How two names resemble each other; see name.h.
 * Deliberately by characters and sets of readings, never by tones or edit distance over bytes. */
#include "matchers/identity/name_parts.h"

enum { LETTERS_END = 0x250, LONG_NAME = 5, FATHERLESS_MIN = 4 };

const char *name_level_word(enum name_level level)
{
    static const char *const words[] = { "null",      "exact", "variant", "homophone", "shape",
                                         "character", "weak",  "trace",   "different" };

    return words[level];
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

/* Equal, or variants of one another. */
static bool is_one_character(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    return a == b || name_are_variants(tables, a, b);
}

static bool are_swapped(const struct language_tables *tables, const struct name *a, const struct name *b, size_t first,
                        size_t last)
{
    return last == first + 1 && (first > 0 || a->surname_length == 0) && a->length >= 3 &&
           is_one_character(tables, a->characters[first], b->characters[last]) &&
           is_one_character(tables, a->characters[last], b->characters[first]);
}

/* Two names of one length, character by character. */
static enum name_level compare_aligned(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    size_t variants = 0, homophones = 0, shapes = 0, others = 0;
    size_t first_unlike = 0, last_unlike = 0;

    for (size_t i = 0; i < a->length; i++) {
        if (a->characters[i] == b->characters[i])
            continue;
        if (name_are_variants(tables, a->characters[i], b->characters[i])) {
            variants++;
            continue;
        }
        if (readings_meet(tables, a, b, i, i))
            homophones++;
        else if (name_are_alike(tables, a->characters[i], b->characters[i]))
            shapes++;
        else
            others++;
        first_unlike = homophones + shapes + others == 1 ? i : first_unlike;
        last_unlike  = i;
    }
    if (others + shapes + homophones == 0)
        return variants > 0 ? NAME_VARIANT : NAME_EXACT;
    if (others + shapes + homophones == 2 && are_swapped(tables, a, b, first_unlike, last_unlike))
        return NAME_CHARACTER;
    if (others + shapes == 0)
        return NAME_HOMOPHONE;
    if (others == 0 && shapes == 1 && (homophones == 0 || (homophones == 1 && a->length >= 3)))
        return NAME_SHAPE;
    /* Long names without surname: one character of many. */
    if (others + shapes + homophones == 1 && a->length >= LONG_NAME)
        return NAME_CHARACTER;
    return a->length >= 3 && others + shapes == 1 ? NAME_WEAK : NAME_DIFFERENT;
}

/* How many characters from the start on are one. */
static size_t common_start(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    size_t i = 0;

    while (i < a->length && i < b->length && is_one_character(tables, a->characters[i], b->characters[i]))
        i++;
    return i;
}

/* From `from` on, `longer` shifted by `gap` is `shorter`. */
static bool is_common_end(const struct language_tables *tables, const struct name *longer, const struct name *shorter,
                          size_t from, size_t gap)
{
    for (size_t i = from; i < shorter->length; i++) {
        if (!is_one_character(tables, longer->characters[i + gap], shorter->characters[i]))
            return false;
    }
    return true;
}

/* 李韡 and 李韦华: the shorter has one character where the longer has its parts. */
static bool is_put_together(const struct language_tables *tables, const struct name *longer, const struct name *shorter)
{
    const size_t gap  = (size_t)(longer->length - shorter->length);
    const size_t same = common_start(tables, longer, shorter);

    /* A part may be equal to the start of the whole by chance, as 木 in 林; then the whole stands before. */
    for (size_t at = same < shorter->length ? same : shorter->length - 1u;; at--) {
        if (language_is_composed(tables, longer->characters + at, gap + 1, shorter->characters[at]) &&
            is_common_end(tables, longer, shorter, at + 1, gap))
            return true;
        if (at == 0)
            return false;
    }
}

/* 古丽米热·艾比布力 and 古丽米热: the father's name is left out. */
static bool is_without_father(const struct name *longer, const struct name *shorter, size_t same)
{
    if (same != shorter->length || longer->surname_length > 0 || shorter->length < 2)
        return false;
    return longer->given_part > 0 ? longer->given_part == shorter->length || shorter->given_part > 0
                                  : shorter->length >= FATHERLESS_MIN;
}

/* Names of different length. */
static enum name_level compare_lengths(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    const struct name *longer  = a->length > b->length ? a : b;
    const struct name *shorter = a->length > b->length ? b : a;
    const size_t       gap     = (size_t)(longer->length - shorter->length);
    const size_t       same    = common_start(tables, longer, shorter);

    if (gap < LANGUAGE_PARTS && is_put_together(tables, longer, shorter))
        return NAME_VARIANT;
    if (gap == 1 && shorter->length >= 2 && is_common_end(tables, longer, shorter, same, gap))
        return NAME_CHARACTER;
    return is_without_father(longer, shorter, same) ? NAME_CHARACTER : NAME_DIFFERENT;
}

/* Whether any given-name characters agree, or sound or look alike. */
static bool given_names_meet(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    for (size_t i = a->surname_length; i < a->length; i++) {
        for (size_t j = b->surname_length; j < b->length; j++) {
            if (is_one_character(tables, a->characters[i], b->characters[j]) || readings_meet(tables, a, b, i, j) ||
                name_are_alike(tables, a->characters[i], b->characters[j]))
                return true;
        }
    }
    return false;
}

/* 王yan: a character that could not be typed is spelled. */
static bool has_letters(const struct name *name)
{
    for (size_t i = 0; i < name->length; i++) {
        if (name->characters[i] < LETTERS_END)
            return true;
    }
    return false;
}

enum name_level name_compare(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    if (a->length == 0 || b->length == 0)
        return NAME_NULL;
    if (a->is_latin && b->is_latin)
        return name_compare_latin(tables, a, b);

    const bool is_a_spelled = has_letters(a), is_b_spelled = has_letters(b);
    if (is_a_spelled != is_b_spelled) {
        const enum name_level level =
            is_a_spelled ? name_compare_scripts(tables, b, a) : name_compare_scripts(tables, a, b);

        if (level != NAME_DIFFERENT || a->is_latin || b->is_latin)
            return level;
    }
    const enum name_level level =
        a->length == b->length ? compare_aligned(tables, a, b) : compare_lengths(tables, a, b);
    return level == NAME_DIFFERENT && given_names_meet(tables, a, b) ? NAME_TRACE : level;
}
