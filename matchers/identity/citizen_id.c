/* Citizen numbers; see citizen_id.h.
 * Deliberately strict: what is not exactly a number is a status, never a guess. */
#include "matchers/identity/citizen_id.h"

#include "matchers/identity/birth.h"
#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

static const char mask_mark = '*';

static char normal_character(uint32_t character)
{
    const uint32_t folded = fold_width(character);

    if (folded == 0xD7 || folded == '#' || folded == '?' || folded == '_')
        return mask_mark;
    if (folded >= 'a' && folded <= 'z')
        return (char)(folded - 'a' + 'A');
    if (folded > ' ' && folded < 0x7F)
        return (char)folded;
    return '?'; /* no number holds it */
}

size_t citizen_id_normalise(struct span text, char out[CITIZEN_ID_TEXT])
{
    size_t   length = 0;
    uint32_t character;

    while (utf8_next(&text, &character)) {
        if (fold_is_ignorable(character) || character == '-' || character == 0xFF0D || character == 0x2010 ||
            character == 0x2011 || character == 0x2013 || character == 0x2014)
            continue;
        if (length == CITIZEN_ID_TEXT - 1)
            break;
        out[length++] = normal_character(character);
    }
    out[length] = '\0';
    return length;
}

char citizen_id_check_character(const char digits[CITIZEN_ID_LENGTH])
{
    unsigned remainder = 0;

    for (int i = 0; i < CITIZEN_ID_LENGTH - 1; i++)
        remainder = (remainder + (unsigned)(digits[i] - '0')) * 2 % 11;

    return "10X98765432"[remainder];
}

static bool is_province(int code)
{
    static const char codes[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
                                "61 62 63 64 65 71 81 82 83";

    for (const char *at = codes; *at != '\0'; at += at[2] == '\0' ? 2 : 3) {
        if ((at[0] - '0') * 10 + (at[1] - '0') == code)
            return true;
    }
    return false;
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* What keeps the text from being read as digits at all, or CITIZEN_ID_OK. */
static enum citizen_id_status check_characters(const char *text, size_t length)
{
    size_t letters = 0;
    size_t digits  = 0;
    size_t same    = 0;
    bool   is_ocr  = false;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == mask_mark)
            return CITIZEN_ID_MASKED;
        same += text[i] == text[0];
        const bool is_check = text[i] == 'X' && i + 1 == length && length == CITIZEN_ID_LENGTH;
        if (is_digit(text[i]) || is_check) {
            digits++;
        } else {
            letters++;
            is_ocr = is_ocr || strchr("OILSBZDQ", text[i]) != NULL;
        }
    }
    if (same == length && length >= 6)
        return CITIZEN_ID_PLACEHOLDER;
    if (letters == 0)
        return CITIZEN_ID_OK;
    if (is_ocr && digits + letters == length && (length == CITIZEN_ID_LENGTH || length == CITIZEN_ID_OLD_LENGTH) &&
        letters <= 3)
        return CITIZEN_ID_OCR;
    if (text[0] >= 'A' && text[0] <= 'Z' && digits + 3 >= length && digits >= 5)
        return CITIZEN_ID_OTHER_DOCUMENT;
    return CITIZEN_ID_BAD_CHARACTER;
}

static int number_at(const char *digits, int from, int count)
{
    int value = 0;

    for (int i = from; i < from + count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* 15 digits: the century is 1900 but for the sequence numbers kept for people over a hundred. */
static void widen(const char *text, char digits[CITIZEN_ID_LENGTH])
{
    const int sequence = number_at(text, 12, 3);

    memcpy(digits, text, 6);
    digits[6] = '1';
    digits[7] = sequence >= 996 ? '8' : '9';
    memcpy(digits + 8, text + 6, 9);
    digits[CITIZEN_ID_LENGTH - 1] = citizen_id_check_character(digits);
}

static enum citizen_id_status read_fields(struct citizen_id *id, int32_t latest_day)
{
    const int province = number_at(id->digits, 0, 2);

    id->area_code = number_at(id->digits, 0, 6);
    id->year      = number_at(id->digits, 6, 4);
    id->month     = number_at(id->digits, 10, 2);
    id->day       = number_at(id->digits, 12, 2);
    id->sex       = number_at(id->digits, 16, 1) % 2 == 1 ? PERSON_MALE : PERSON_FEMALE;
    id->class     = CITIZEN_ID_RESIDENT;
    if (province >= 81 && province <= 83)
        id->class = CITIZEN_ID_HMT_PERMIT;
    if (id->digits[0] == '9')
        id->class = CITIZEN_ID_FOREIGN;

    const int region = id->class == CITIZEN_ID_FOREIGN ? number_at(id->digits, 1, 2) : province;
    if (!is_province(region))
        return CITIZEN_ID_BAD_AREA;
    if (!birth_day_exists(id->year, id->month, id->day) || id->year < 1800 ||
        birth_day_number(id->year, id->month, id->day) > latest_day)
        return CITIZEN_ID_BAD_DATE;
    return CITIZEN_ID_OK;
}

enum citizen_id_status citizen_id_parse(struct span text, int32_t latest_day, struct citizen_id *id)
{
    char                   normal[CITIZEN_ID_TEXT];
    const size_t           length = citizen_id_normalise(text, normal);
    struct citizen_id      read   = { 0 };
    enum citizen_id_status status;

    if (length == 0)
        return CITIZEN_ID_EMPTY;
    status = check_characters(normal, length);
    if (status != CITIZEN_ID_OK)
        return status;
    if (length != CITIZEN_ID_LENGTH && length != CITIZEN_ID_OLD_LENGTH)
        return CITIZEN_ID_BAD_LENGTH;

    read.was_15 = length == CITIZEN_ID_OLD_LENGTH;
    if (read.was_15)
        widen(normal, read.digits);
    else
        memcpy(read.digits, normal, CITIZEN_ID_LENGTH);
    status = read_fields(&read, latest_day);
    if (status != CITIZEN_ID_OK)
        return status;
    if (read.digits[CITIZEN_ID_LENGTH - 1] != citizen_id_check_character(read.digits))
        return CITIZEN_ID_BAD_CHECK;

    *id = read;
    return CITIZEN_ID_OK;
}

const char *citizen_id_status_word(enum citizen_id_status status)
{
    static const char *const words[] = {
#define CITIZEN_ID_WORD(code, word) word,
        CITIZEN_ID_STATUSES(CITIZEN_ID_WORD)
#undef CITIZEN_ID_WORD
    };

    return words[status];
}

const char *citizen_id_class_word(enum citizen_id_class class)
{
    static const char *const words[] = { "resident", "hmt_permit", "foreign", "other" };

    return words[class];
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned citizen_id_distance(struct span a, struct span b, unsigned limit)
{
    unsigned       rows[3][CITIZEN_ID_TEXT + 1];
    const unsigned gap = (unsigned)(a.length > b.length ? a.length - b.length : b.length - a.length);

    if (a.length > CITIZEN_ID_TEXT || b.length > CITIZEN_ID_TEXT || gap > limit)
        return limit + 1;
    for (unsigned j = 0; j <= b.length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *twice = rows[(i + 1) % 3];
        unsigned  best = row[0] = (unsigned)i;

        for (size_t j = 1; j <= b.length; j++) {
            const bool is_same = a.bytes[i - 1] == b.bytes[j - 1];

            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + (is_same ? 0 : 1));
            if (i > 1 && j > 1 && a.bytes[i - 1] == b.bytes[j - 2] && a.bytes[i - 2] == b.bytes[j - 1])
                row[j] = smaller(row[j], twice[j - 2] + 1);
            best = smaller(best, row[j]);
        }
        if (best > limit)
            return limit + 1;
    }
    return smaller(rows[a.length % 3][b.length], limit + 1);
}
