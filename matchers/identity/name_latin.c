/* Latin spellings of names: against Han characters by their readings, against each other by letters; see name_parts.h.
 * Deliberately pinyin only: no table of older romanisations is at hand. */
#include "matchers/identity/name_parts.h"

enum { TYPO_LETTERS_MIN = 6 };

/* The letters after a syllable's letter has been read at `at`; 0 when it is not there. LV, LYU and LU are all lü. */
static size_t letter_length(const struct name *text, size_t at, char letter)
{
    if (at >= text->length)
        return 0;
    if (text->characters[at] == (unsigned char)letter)
        return 1;
    if (letter != 'v')
        return 0;
    if (text->characters[at] == 'u')
        return 1;
    return text->characters[at] == 'y' && at + 1 < text->length && text->characters[at + 1] == 'u' ? 2 : 0;
}

/* The letters of a whole syllable; 0 when it is not there. */
static size_t syllable_length(const struct name *text, size_t at, const char *syllable)
{
    size_t used = 0;

    for (; *syllable != '\0'; syllable++) {
        const size_t step = letter_length(text, at + used, *syllable);

        if (step == 0)
            return 0;
        used += step;
    }
    return used;
}

/* Marks every place the text can be read up to with one more character of the name. */
static void read_on(const struct language_tables *tables, const struct name *han, size_t position,
                    const struct name *text, const bool from[NAME_LENGTH_MAX + 1], bool to[NAME_LENGTH_MAX + 1])
{
    const uint32_t character = han->characters[position];
    uint16_t       readings[NAME_SYLLABLES];
    const size_t   count = name_readings(tables, han, position, readings);

    for (size_t at = 0; at < text->length; at++) {
        if (!from[at])
            continue;
        if (text->characters[at] == character || name_are_variants(tables, text->characters[at], character))
            to[at + 1] = true;
        for (size_t i = 0; i < count; i++) {
            const size_t length = syllable_length(text, at, tables->syllables[readings[i]]);

            if (length > 0)
                to[at + length] = true;
        }
    }
}

/* Whether the text spells the name from position `first` on, and then the positions before it. */
static bool spells(const struct language_tables *tables, const struct name *han, size_t first, const struct name *text)
{
    bool reached[NAME_LENGTH_MAX + 1] = { true };

    for (size_t i = 0; i < han->length; i++) {
        bool next[NAME_LENGTH_MAX + 1] = { false };

        read_on(tables, han, (first + i) % han->length, text, reached, next);
        memcpy(reached, next, sizeof reached);
    }
    return reached[text->length];
}

enum name_level name_compare_scripts(const struct language_tables *tables, const struct name *han,
                                     const struct name *latin)
{
    if (spells(tables, han, 0, latin))
        return NAME_HOMOPHONE;
    /* JIANGUO LI */
    return latin->is_latin && han->surname_length > 0 && han->surname_length < han->length &&
                   spells(tables, han, han->surname_length, latin)
               ? NAME_HOMOPHONE
               : NAME_DIFFERENT;
}

/* One way to write ü for all: LV and LYU, and with `as_u` LU too. */
static struct name with_one_u(const struct name *latin, bool as_u)
{
    struct name folded = { .is_latin = true };

    for (size_t i = 0; i < latin->length; i++) {
        const bool is_yu = latin->characters[i] == 'y' && i + 1 < latin->length && latin->characters[i + 1] == 'u' &&
                           i > 0 && (latin->characters[i - 1] == 'l' || latin->characters[i - 1] == 'n');
        uint32_t letter = is_yu ? 'v' : latin->characters[i];

        if (letter == 'v' && as_u)
            letter = 'u';
        folded.characters[folded.length++] = letter;
        i += is_yu;
    }
    return folded;
}

static bool have_equal_letters(const struct name *a, const struct name *b)
{
    return a->length == b->length && memcmp(a->characters, b->characters, a->length * sizeof a->characters[0]) == 0;
}

/* LI JIANGUO and JIANGUO LI. */
static bool is_turned(const struct name *a, const struct name *b)
{
    if (a->given_part == 0 || a->length != b->length)
        return false;
    for (size_t i = 0; i < a->length; i++) {
        if (a->characters[(i + a->given_part) % a->length] != b->characters[i])
            return false;
    }
    return true;
}

/* One letter changed, or missing. */
static bool is_one_letter_off(const struct name *a, const struct name *b)
{
    const struct name *longer  = a->length >= b->length ? a : b;
    const struct name *shorter = a->length >= b->length ? b : a;
    const size_t       gap     = (size_t)(longer->length - shorter->length);
    size_t             i       = 0;

    if (gap > 1 || shorter->length < TYPO_LETTERS_MIN)
        return false;
    while (i < shorter->length && longer->characters[i] == shorter->characters[i])
        i++;
    const size_t rest = shorter->length - i - (gap == 0 && i < shorter->length);
    return memcmp(longer->characters + longer->length - rest, shorter->characters + shorter->length - rest,
                  rest * sizeof longer->characters[0]) == 0;
}

/* Whether the letters are syllables of pinyin and nothing else. */
static bool is_pinyin(const struct language_tables *tables, const struct name *latin)
{
    bool reached[NAME_LENGTH_MAX + 1] = { true };

    for (size_t at = 0; at < latin->length; at++) {
        for (size_t i = 1; reached[at] && i < tables->syllable_count; i++) {
            const size_t length = syllable_length(latin, at, tables->syllables[i]);

            if (length > 0)
                reached[at + length] = true;
        }
    }
    return reached[latin->length];
}

enum name_level name_compare_latin(const struct language_tables *tables, const struct name *a, const struct name *b)
{
    const struct name plain_a = with_one_u(a, false), plain_b = with_one_u(b, false);
    const struct name loose_a = with_one_u(a, true), loose_b = with_one_u(b, true);

    if (have_equal_letters(&plain_a, &plain_b))
        return NAME_EXACT;
    if (have_equal_letters(&loose_a, &loose_b) || is_turned(a, b) || is_turned(b, a))
        return NAME_HOMOPHONE;
    if (!is_one_letter_off(&plain_a, &plain_b))
        return NAME_DIFFERENT;
    /* ZHANG WEI and ZHANG LEI are two names, abdurahman and abdurehman are one. */
    return is_pinyin(tables, a) && is_pinyin(tables, b) ? NAME_WEAK : NAME_CHARACTER;
}
