/* Citizen numbers; see citizen_id.h.
 * Deliberately strict: what is not exactly a number is a status, never a guess. */
#include "matchers/identity/citizen_id.h"

#include "matchers/identity/birth.h"
#include "matchers/identity/citizen_id_text.h"

enum { CENTURY_AT = 6, CENTURY_DIGITS = 2, YEAR_OLDEST = 1800 };

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

    /* A foreigner's card names the province of issue behind the 9, then the nation. Neither it nor a residence permit
     * ever had 15 digits. */
    const int region = id->class == CITIZEN_ID_FOREIGN ? number_at(id->digits, 1, 2) : province;
    if (!is_province(region) || (id->was_15 && id->class != CITIZEN_ID_RESIDENT))
        return CITIZEN_ID_BAD_AREA;
    if (!birth_day_exists(id->year, id->month, id->day) || id->year < YEAR_OLDEST ||
        birth_day_number(id->year, id->month, id->day) > latest_day)
        return CITIZEN_ID_BAD_DATE;
    return CITIZEN_ID_OK;
}

enum citizen_id_status citizen_id_parse(struct span text, int32_t latest_day, struct citizen_id *id)
{
    char                   normal[CITIZEN_ID_TEXT];
    const size_t           length = citizen_id_normalise(text, normal);
    struct citizen_id      read   = { 0 };
    enum citizen_id_status status = citizen_id_text_check(text, normal, length);

    if (status != CITIZEN_ID_OK)
        return status;

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

bool citizen_id_area_is_impossible(const struct language_tables *tables, const struct citizen_id *id)
{
    return id->was_15 && tables->known_areas != NULL && !language_area_is_known(tables, (uint32_t)id->area_code);
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

/* A text beside itself with the letters read as the digits they look like. */
struct written {
    const char *bytes;
    char        read[CITIZEN_ID_TEXT];
    size_t      length;
};

static void read_letters(struct span text, struct written *written)
{
    written->bytes  = text.bytes;
    written->length = text.length;
    for (size_t i = 0; i < text.length; i++) {
        const bool is_digit = text.bytes[i] >= '0' && text.bytes[i] <= '9';

        written->read[i] = is_digit ? text.bytes[i] : citizen_id_lookalike(text.bytes[i]);
    }
}

/* Equal ends cost nothing. */
static size_t equal_start(const struct written *a, const struct written *b)
{
    size_t i = 0;

    while (i < a->length && i < b->length && a->read[i] == b->read[i])
        i++;
    return i;
}

static size_t equal_end(const struct written *a, const struct written *b, size_t start)
{
    size_t i = 0;

    while (a->length - i > start && b->length - i > start && a->read[a->length - 1 - i] == b->read[b->length - 1 - i])
        i++;
    return i;
}

static bool are_swapped(const struct written *a, size_t i, const struct written *b, size_t j)
{
    return a->bytes[i] == b->bytes[j - 1] && a->bytes[i - 1] == b->bytes[j];
}

/* Edits and transpositions. Rows of the table are kept within `limit` of its diagonal: all else is beyond it. */
static unsigned edits_between(struct span text_a, struct span text_b, unsigned limit)
{
    unsigned       rows[3][CITIZEN_ID_TEXT + 2];
    struct written a, b;
    const size_t   gap = text_a.length > text_b.length ? text_a.length - text_b.length : text_b.length - text_a.length;

    if (text_a.length > CITIZEN_ID_TEXT || text_b.length > CITIZEN_ID_TEXT || gap > limit)
        return limit + 1;
    read_letters(text_a, &a);
    read_letters(text_b, &b);
    const size_t start = equal_start(&a, &b), end = equal_end(&a, &b, start);
    const size_t row_count = a.length - start - end, columns = b.length - start - end;

    for (size_t j = 0; j <= columns + 1; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= row_count; i++) {
        unsigned    *row = rows[i % 3], *above = rows[(i + 2) % 3], *twice = rows[(i + 1) % 3];
        const size_t from = i > limit ? i - limit : 1, to = i + limit < columns ? i + limit : columns;
        unsigned     best = row[from - 1] = from == 1 ? (unsigned)i : limit + 1;

        for (size_t j = from; j <= to; j++) {
            const size_t at_a = start + i - 1, at_b = start + j - 1;
            const bool   is_same = a.read[at_a] == b.read[at_b];

            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + (is_same ? 0 : 1));
            if (i > 1 && j > 1 && are_swapped(&a, at_a, &b, at_b))
                row[j] = smaller(row[j], twice[j - 2] + 1);
            best = smaller(best, row[j]);
        }
        row[to + 1] = limit + 1;
        if (best > limit)
            return limit + 1;
    }
    return smaller(rows[row_count % 3][columns], limit + 1);
}

/* The 15 characters an 18-character number had before 1999: without century and check character. */
static struct span shortened(struct span number, char out[CITIZEN_ID_OLD_LENGTH])
{
    memcpy(out, number.bytes, CENTURY_AT);
    memcpy(out + CENTURY_AT, number.bytes + CENTURY_AT + CENTURY_DIGITS, CITIZEN_ID_OLD_LENGTH - CENTURY_AT);
    return span_of(out, CITIZEN_ID_OLD_LENGTH);
}

unsigned citizen_id_distance(struct span a, struct span b, unsigned limit)
{
    char     shorter[CITIZEN_ID_OLD_LENGTH];
    unsigned edits;

    if (span_equals(a, b))
        return 0;
    if (a.length == CITIZEN_ID_LENGTH && b.length == CITIZEN_ID_OLD_LENGTH)
        edits = edits_between(shortened(a, shorter), b, limit);
    else if (b.length == CITIZEN_ID_LENGTH && a.length == CITIZEN_ID_OLD_LENGTH)
        edits = edits_between(a, shortened(b, shorter), limit);
    else
        edits = edits_between(a, b, limit);

    /* Letters for digits are one slip of the reader, however many; so is the old form of a number. */
    return edits > 0 ? edits : smaller(1, limit + 1);
}
