/* What was typed where a citizen number belongs; see citizen_id_text.h.
 * Deliberately says what a text is and never what it may have been meant to be. */
#include "matchers/identity/citizen_id_text.h"

#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

enum {
    SAME_DIGITS_MIN        = 6,
    RUN_DIGITS_MIN         = 6,
    PERIOD_DIGITS_MIN      = 12,
    PERIOD_MAX             = 3,
    AREA_DIGITS            = 6,
    MASKING_LETTERS        = 3,
    OTHER_DOCUMENT_LETTERS = 3,
    OTHER_DOCUMENT_MIN     = 6,
    OTHER_DOCUMENT_MAX     = 14,
    WORD_LETTERS           = 16,
};

/* What normalised text holds beside digits and capital letters. */
static const char mask_mark = '*', dot_mark = '.', unknown_mark = '?', false_x = 'x';

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter(char character)
{
    return character >= 'A' && character <= 'Z';
}

/* Digits that Unicode calls compatible with 0 to 9; 0 for any other character. */
static char compatible_digit(uint32_t character)
{
    if (character >= 0x2460 && character <= 0x2468)
        return (char)('1' + character - 0x2460);
    if (character == 0x24EA || character == 0x2070)
        return '0';
    if (character >= 0x2074 && character <= 0x2079)
        return (char)('0' + character - 0x2070);
    if (character >= 0x2080 && character <= 0x2089)
        return (char)('0' + character - 0x2080);
    if (character >= 0x1D7CE && character <= 0x1D7FF)
        return (char)('0' + (character - 0x1D7CE) % 10);
    if (character >= 0x1FBF0 && character <= 0x1FBF9)
        return (char)('0' + character - 0x1FBF0);
    return (char)(character == 0xB9 ? '1' : character == 0xB2 ? '2' : character == 0xB3 ? '3' : 0);
}

static bool is_one_of(uint32_t character, const uint32_t *list)
{
    for (; *list != 0; list++) {
        if (*list == character)
            return true;
    }
    return false;
}

/* Characters of other scripts that look like those of a number: a sign of reading by machine. */
static char foreign_lookalike(uint32_t character)
{
    static const struct {
        uint32_t character;
        char     normal;
    } rows[] = {
        {0x0425,  'x'},
        { 0x0445, 'x'},
        { 0x03A7, 'x'},
        { 0x03C7, 'x'},
        { 0x041E, 'O'},
        { 0x043E, 'O'},
        { 0x039F, 'O'},
        { 0x03BF, 'O'},
        { 0x3007, 'O'},
        { 0x0406, 'I'},
        { 0x0456, 'I'},
        { 0x0399, 'I'},
        { 0x0405, 'S'},
        { 0x0392, 'B'},
        { 0x0412, 'B'},
        { 0x0396, 'Z'},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].character == character)
            return rows[i].normal;
    }
    return 0;
}

static char normal_character(uint32_t character)
{
    static const uint32_t masks[] = { '#',    '?',    '_',    0xD7,   0x25CF, 0x25CB, 0x25EF, 0x25A0, 0x25A1, 0x2605,
                                      0x2606, 0x203B, 0x2217, 0x204E, 0xFE61, 0x2731, 0x2573, 0x2715, 0x2716, 0 };
    const uint32_t        folded  = fold_width(character);
    const char            digit   = compatible_digit(character);

    if (digit != 0)
        return digit;
    if (is_one_of(character, masks) || is_one_of(folded, masks))
        return mask_mark;
    if (folded == FOLD_INTERPUNCT || folded == 0x2026 || folded == 0x2025)
        return dot_mark;
    if (folded >= 'a' && folded <= 'z')
        return (char)(folded - 'a' + 'A');
    if (folded > ' ' && folded < 0x7F)
        return (char)folded;
    if (foreign_lookalike(folded) != 0)
        return foreign_lookalike(folded);
    return unknown_mark;
}

/* What people put between groups, and the quotes with which tables keep a number from becoming a float. */
static bool is_separator(uint32_t character)
{
    static const uint32_t separators[] = { '-',    '\'',   '"',    '`',    0xFF0D, 0x2010, 0x2011, 0x2012,
                                           0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0x2018, 0x2019,
                                           0x201C, 0x201D, 0xFF02, 0xFF07, 0xFF40, 0 };

    return fold_is_ignorable(character) || is_one_of(character, separators);
}

size_t citizen_id_normalise(struct span text, char out[CITIZEN_ID_TEXT])
{
    size_t   length = 0;
    uint32_t character;

    while (length < CITIZEN_ID_TEXT - 1 && utf8_next(&text, &character)) {
        if (character >= '0' && character <= '9') {
            out[length++] = (char)character;
            continue;
        }
        if (is_separator(character))
            continue;
        out[length++] = normal_character(character);
        /* An ellipsis is more than one dot. */
        if ((character == 0x2026 || character == 0x2025) && length < CITIZEN_ID_TEXT - 1)
            out[length++] = dot_mark;
    }
    out[length] = '\0';
    return length;
}

bool citizen_id_is_old_foreign(const char *normal)
{
    for (size_t i = 0; i < CITIZEN_ID_OLD_LENGTH; i++) {
        if (i < CITIZEN_ID_NATION_LETTERS ? !is_letter(normal[i]) : !is_digit(normal[i]))
            return false;
    }
    return normal[CITIZEN_ID_OLD_LENGTH] == '\0' && memcmp(normal, "XXX", CITIZEN_ID_NATION_LETTERS) != 0;
}

char citizen_id_lookalike(char character)
{
    static const char pairs[] = "O0Q0D0I1L1J1|1!1Z2A4S5G6T7B8xX";

    for (const char *at = pairs; *at != '\0'; at += 2) {
        if (*at == character)
            return at[1];
    }
    return character;
}

/* 无, 不详, 没有身份证, 待补: words without a digit that say there is no number. */
static bool says_none_in_han(struct span text)
{
    static const uint32_t signs[] = { 0x65E0, 0x7121, 0x65E1, 0x6CA1, 0x6C92, 0x4E0D, 0x672A, 0x6682, 0x66AB, 0x5F85,
                                      0x7F3A, 0x7A7A, 0x4E22, 0x9057, 0x5FD8, 0x62D2, 0x514D, 0x4FDD, 0 };
    uint32_t              character;
    bool                  is_found = false;

    while (utf8_next(&text, &character)) {
        if (is_digit(normal_character(character)))
            return false;
        is_found = is_found || is_one_of(character, signs);
    }
    return is_found;
}

/* The letters alone: "N/A" and "#n/a" are one word. */
static bool says_none_in_latin(const char *normal)
{
    static const char *const words[] = { "NULL",    "NONE",   "NIL",  "NA",  "NAN",   "UNKNOWN", "UNDEFINED",
                                         "UNK",     "TEST",   "TODO", "TBD", "EMPTY", "NO",      "WU",
                                         "MISSING", "WEIZHI", "VOID", "ABC", "TRUE",  "INVALID", "FALSE" };
    char                     letters[WORD_LETTERS];
    size_t                   count = 0;

    for (; *normal != '\0'; normal++) {
        if (is_digit(*normal) || (is_letter(*normal) && count == sizeof letters - 1))
            return false;
        if (is_letter(*normal))
            letters[count++] = *normal;
    }
    letters[count] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(letters, words[i]) == 0)
            return true;
    }
    return false;
}

/* "/", "--", "（）": something was typed, and it says nothing. */
static bool is_punctuation_only(const char *normal)
{
    for (; *normal != '\0'; normal++) {
        if (is_digit(*normal) || is_letter(*normal) || *normal == mask_mark || *normal == unknown_mark ||
            *normal == false_x)
            return false;
    }
    return true;
}

/* Each digit the one before plus `step`; 9 is followed by 0 or, as people count, by 1. */
static bool is_counting(const char *digits, size_t length, int step)
{
    for (size_t i = 1; i < length; i++) {
        const int from = digits[i - 1] - '0', to = digits[i] - '0';

        if (to != (from + step + 10) % 10 && !(step > 0 && from == 9 && to == 1) && !(step < 0 && from == 1 && to == 9))
            return false;
    }
    return true;
}

static bool has_period(const char *digits, size_t length, size_t period)
{
    for (size_t i = period; i < length; i++) {
        if (digits[i] != digits[i - period])
            return false;
    }
    return true;
}

/* 111111111111111, 123456789012345678, 121212121212121212, 500111000000000000; an X at the end does not help it. */
static bool is_made_up(const char *normal, size_t length)
{
    size_t digits = 0;

    while (digits < length && is_digit(normal[digits]))
        digits++;
    if (digits == 0 || (digits < length && !(digits + 1 == length && normal[digits] == 'X')))
        return false;
    if (has_period(normal, digits, 1))
        return digits >= SAME_DIGITS_MIN || normal[0] == '0';
    if (digits >= RUN_DIGITS_MIN && (is_counting(normal, digits, 1) || is_counting(normal, digits, -1)))
        return true;
    for (size_t period = 2; digits >= PERIOD_DIGITS_MIN && period <= PERIOD_MAX; period++) {
        if (has_period(normal, digits, period))
            return true;
    }
    return (length == CITIZEN_ID_LENGTH || length == CITIZEN_ID_OLD_LENGTH) &&
           has_period(normal + AREA_DIGITS, digits - AREA_DIGITS, 1);
}

/* Stars and the like, several dots, or X where digits belong. */
static bool is_masked(const char *normal, size_t length)
{
    size_t run = 0;

    for (size_t i = 0; i < length; i++) {
        if (normal[i] == mask_mark)
            return true;
        run = i > 0 && normal[i] == normal[i - 1] ? run + 1 : 1;
        if ((normal[i] == dot_mark && run == 2) || (normal[i] == 'X' && run == MASKING_LETTERS))
            return true;
        if (normal[i] == 'X' && run == 2 && (i + 1 < length || length == CITIZEN_ID_LENGTH) && length > run)
            return true;
    }
    return false;
}

/* A passport, a travel permit, a birth certificate, a soldier's card: a few letters and digits. */
static bool is_other_document(struct span text, const char *normal, size_t length)
{
    size_t   letters = 0, digits = 0, others = 0;
    uint32_t character;

    while (utf8_next(&text, &character)) {
        if (character == 0x7B2C) /* 军字第1234567号 */
            return true;
    }
    for (size_t i = 0; i < length; i++) {
        letters += is_letter(normal[i]);
        digits += is_digit(normal[i]);
        others += !is_letter(normal[i]) && !is_digit(normal[i]) && normal[i] != '(' && normal[i] != ')';
    }
    return is_letter(normal[0]) && letters <= OTHER_DOCUMENT_LETTERS && others == 0 &&
           digits + 1 >= OTHER_DOCUMENT_MIN && length <= OTHER_DOCUMENT_MAX;
}

/* Every character is a digit or looks like one, and most are digits. */
static bool is_misread(const char *normal, size_t length)
{
    size_t digits = 0;

    for (size_t i = 0; i < length; i++) {
        const bool is_last_x = i + 1 == length && normal[i] == 'X' && length == CITIZEN_ID_LENGTH;

        digits += is_digit(normal[i]) || is_last_x;
        if (!is_digit(normal[i]) && !is_last_x && citizen_id_lookalike(normal[i]) == normal[i])
            return false;
        if (normal[i] == false_x && i + 1 != length)
            return false;
    }
    return (length == CITIZEN_ID_LENGTH || length == CITIZEN_ID_OLD_LENGTH) && digits < length && digits * 2 > length;
}

static bool is_number_of_digits(const char *normal, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const bool is_check = normal[i] == 'X' && i + 1 == length && length != CITIZEN_ID_OLD_LENGTH;

        if (!is_digit(normal[i]) && !is_check)
            return false;
    }
    return true;
}

/* The rules in order; the first that applies decides. */
enum citizen_id_status citizen_id_text_check(struct span text, const char *normal, size_t length)
{
    if (length == 0)
        return CITIZEN_ID_EMPTY;
    if (says_none_in_han(text) || says_none_in_latin(normal) || is_punctuation_only(normal) ||
        is_made_up(normal, length))
        return CITIZEN_ID_PLACEHOLDER;
    if (is_number_of_digits(normal, length))
        return length == CITIZEN_ID_LENGTH || length == CITIZEN_ID_OLD_LENGTH ? CITIZEN_ID_OK : CITIZEN_ID_BAD_LENGTH;
    if (citizen_id_is_old_foreign(normal))
        return CITIZEN_ID_OTHER_DOCUMENT;
    if (is_masked(normal, length))
        return CITIZEN_ID_MASKED;
    if (is_other_document(text, normal, length))
        return CITIZEN_ID_OTHER_DOCUMENT;
    return is_misread(normal, length) ? CITIZEN_ID_OCR : CITIZEN_ID_BAD_CHARACTER;
}
