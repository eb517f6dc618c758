/* Cleans values; see link_clean.h.
 * Letters are folded by ICU's character tables, never by the locale. */
#include "daemon/cli/link/link_clean.h"

#include "matchers/identity/birth.h"
#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

enum { DATE_DIGITS = 8, YEAR_DIGITS = 4, NUMBER_BYTES = 40 };

const char *link_clean_word(enum link_clean_status status)
{
    static const char *const words[] = { "ok", "missing", "date.unreadable", "number.unreadable", "value.too_long" };

    return words[status];
}

/* The character as the column wants it; 0: a blank. */
static uint32_t clean_character(unsigned clean, uint32_t point)
{
    if ((clean & LINK_LOWER) != 0)
        point = (uint32_t)u_tolower((UChar32)fold_width(point));
    if ((clean & LINK_LETTERS) != 0 && !u_isalnum((UChar32)point))
        return 0;
    if ((clean & LINK_DIGITS) != 0 && !(point >= '0' && point <= '9'))
        return 0;
    return fold_is_ignorable(fold_width(point)) ? 0 : point;
}

/* False when the value is too long. Runs of blanks become one, blanks at the ends go. */
static bool clean_text(unsigned clean, struct span raw, struct link_value *value)
{
    const bool keeps_blanks = (clean & (LINK_JOINED | LINK_DIGITS)) == 0;
    bool       is_blank     = false;
    uint32_t   point;

    value->length = 0;
    while (utf8_next(&raw, &point)) {
        point = clean_character(clean, point);
        if (point == 0) {
            is_blank = true;
            continue;
        }
        if (value->length + UTF8_BYTES_MAX + 1 > sizeof value->text)
            return false;
        if (is_blank && keeps_blanks && value->length > 0)
            value->text[value->length++] = ' ';
        is_blank = false;
        value->length += utf8_put(point, value->text + value->length);
    }
    return true;
}

static int compare_words(const void *a, const void *b)
{
    const struct span *first = a, *second = b;
    const size_t       shorter = first->length < second->length ? first->length : second->length;
    const int          order   = memcmp(first->bytes, second->bytes, shorter);

    return order != 0 ? order : (first->length > second->length) - (first->length < second->length);
}

static void sort_words(struct link_value *value)
{
    char        copy[LINK_VALUE_BYTES];
    struct span words[LINK_WORDS_MAX];
    size_t      count = 0, at = 0;

    memcpy(copy, value->text, value->length);
    struct span rest = span_of(copy, value->length);
    while (count < LINK_WORDS_MAX && linkage_next_item(&rest, ' ', &words[count]))
        count++;
    qsort(words, count, sizeof words[0], compare_words);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            value->text[at++] = ' ';
        memcpy(value->text + at, words[i].bytes, words[i].length);
        at += words[i].length;
    }
    value->length = at;
}

static int number_at(const char *digits, size_t count)
{
    int number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

/* YYYY-MM-DD, YYYYMMDD, YYYY-MM, YYYY with any separators; what the calendar does not know stays as written. */
static enum link_clean_status clean_date(struct link_value *value)
{
    char   digits[DATE_DIGITS + 1];
    size_t count = 0;

    for (size_t i = 0; i < value->length; i++) {
        const char c = value->text[i];
        if (c >= '0' && c <= '9' && count < sizeof digits)
            digits[count++] = c;
        else if ((c != '-' && c != '/' && c != '.' && c != ' ') || count == 0)
            return LINK_CLEAN_DATE;
    }
    if (count != YEAR_DIGITS && count != YEAR_DIGITS + 2 && count != DATE_DIGITS)
        return LINK_CLEAN_DATE;
    while (count < DATE_DIGITS)
        digits[count++] = '0';

    const int year = number_at(digits, 4), month = number_at(digits + 4, 2), day = number_at(digits + 6, 2);
    memcpy(value->text, digits, DATE_DIGITS);
    value->length = DATE_DIGITS;
    value->number = birth_day_exists(year, month, day) ? birth_day_number(year, month, day) : (double)NAN;
    return LINK_CLEAN_OK;
}

static enum link_clean_status clean_number(struct link_value *value)
{
    double sum = 0, unit = 1;
    bool   is_whole = true, has_digits = false;

    for (size_t i = 0; i < value->length; i++) {
        const char c = value->text[i];
        if (c >= '0' && c <= '9') {
            has_digits = true;
            sum        = sum * 10 + (c - '0');
            unit *= is_whole ? 1 : 10;
        } else if (c == '.' && is_whole) {
            is_whole = false;
        } else if ((c != '-' && c != '+') || i > 0) {
            return LINK_CLEAN_NUMBER;
        }
    }
    if (!has_digits || value->length > NUMBER_BYTES)
        return LINK_CLEAN_NUMBER;
    value->number = (value->text[0] == '-' ? -sum : sum) / unit;
    return LINK_CLEAN_OK;
}

static bool means_missing(const struct link_column *column, const struct link_value *value)
{
    for (unsigned i = 0; i < column->missing_count; i++) {
        if (span_equals_text(span_of(value->text, value->length), column->missing[i]))
            return true;
    }
    return value->length == 0;
}

enum link_clean_status link_clean_value(const struct link_column *column, struct span raw, struct link_value *value)
{
    value->number = 0;
    if (!clean_text(column->clean, raw, value))
        return LINK_CLEAN_LONG;
    if (means_missing(column, value))
        return LINK_CLEAN_MISSING;
    if ((column->clean & LINK_SORTED) != 0)
        sort_words(value);
    if (column->kind == LINKAGE_DATE)
        return clean_date(value);
    if (column->kind == LINKAGE_NUMBER)
        return clean_number(value);
    return LINK_CLEAN_OK;
}
