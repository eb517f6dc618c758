/* Tests on two records; see test.h.
 * Deliberately reads texts anew each time: a value is kept once, as bytes. */
#include "matchers/linkage/test.h"

#include "matchers/text/distance.h"
#include "matchers/text/utf8.h"

#include <math.h>

enum { YEAR_DIGITS = 4, MONTH_DIGITS = 2, DATE_DIGITS = 8 };

static struct span text_of(const struct linkage_value *value)
{
    return span_of(value->text, value->length);
}

static bool is_near(const struct linkage_test *test, const struct linkage_value *a, const struct linkage_value *b)
{
    struct text_points points_a, points_b;

    text_points_read(text_of(a), &points_a);
    text_points_read(text_of(b), &points_b);
    if (test->kind == LINKAGE_EDITS)
        return text_edit_distance(&points_a, &points_b, (unsigned)test->limit) <= (unsigned)test->limit;
    if (test->kind == LINKAGE_JARO_WINKLER)
        return text_jaro_winkler_reaches(&points_a, &points_b, test->limit);
    return text_bigram_dice(&points_a, &points_b) >= test->limit;
}

static bool share_prefix(const struct linkage_value *a, const struct linkage_value *b, unsigned characters)
{
    struct span rest_a = text_of(a), rest_b = text_of(b);

    for (unsigned i = 0; i < characters; i++) {
        uint32_t   point_a = 0, point_b = 0;
        const bool has_a = utf8_next(&rest_a, &point_a), has_b = utf8_next(&rest_b, &point_b);

        if (has_a != has_b || point_a != point_b)
            return false;
        if (!has_a)
            return true;
    }
    return true;
}

static bool begins(const struct linkage_value *a, const struct linkage_value *b)
{
    const uint32_t shorter = a->length < b->length ? a->length : b->length;

    return shorter > 0 && memcmp(a->text, b->text, shorter) == 0;
}

bool linkage_next_item(struct span *rest, char separator, struct span *item)
{
    while (rest->length > 0) {
        const char  *end    = memchr(rest->bytes, separator, rest->length);
        const size_t length = end != NULL ? (size_t)(end - rest->bytes) : rest->length;

        *item = span_of(rest->bytes, length);
        rest->bytes += length + (end != NULL);
        rest->length -= length + (end != NULL);
        if (length > 0)
            return true;
    }
    return false;
}

struct items {
    struct span of[LINKAGE_ITEMS_MAX];
    size_t      count;
};

static void read_items(const struct linkage_value *value, char separator, struct items *items)
{
    struct span rest = text_of(value);

    items->count = 0;
    while (items->count < LINKAGE_ITEMS_MAX && linkage_next_item(&rest, separator, &items->of[items->count]))
        items->count++;
}

static bool overlap(const struct linkage_test *test, const struct linkage_column *column, const struct linkage_value *a,
                    const struct linkage_value *b)
{
    struct items items_a, items_b;
    bool         used[LINKAGE_ITEMS_MAX] = { false };
    size_t       common                  = 0;

    read_items(a, column->separator, &items_a);
    read_items(b, column->separator, &items_b);
    for (size_t i = 0; i < items_a.count; i++) {
        for (size_t j = 0; j < items_b.count; j++) {
            if (used[j] || !span_equals(items_a.of[i], items_b.of[j]))
                continue;
            used[j] = true;
            common++;
            break;
        }
    }
    const size_t smaller = items_a.count < items_b.count ? items_a.count : items_b.count;
    return (double)common >= test->limit * (test->kind == LINKAGE_OVERLAP ? (double)smaller : 1) && common > 0;
}

static bool equal_digits(const struct linkage_value *a, const struct linkage_value *b, size_t from, size_t count)
{
    return a->length == DATE_DIGITS && b->length == DATE_DIGITS && memcmp(a->text + from, b->text + from, count) == 0;
}

static bool is_day_month_swap(const struct linkage_value *a, const struct linkage_value *b)
{
    const size_t month = YEAR_DIGITS, day = YEAR_DIGITS + MONTH_DIGITS;

    return equal_digits(a, b, 0, YEAR_DIGITS) && memcmp(a->text + month, b->text + day, MONTH_DIGITS) == 0 &&
           memcmp(a->text + day, b->text + month, MONTH_DIGITS) == 0;
}

static bool ratio_is_at_least(double a, double b, double limit)
{
    const double low = fmin(fabs(a), fabs(b)), high = fmax(fabs(a), fabs(b));

    return a == b || ((a < 0) == (b < 0) && high > 0 && low / high >= limit);
}

static bool holds(const struct linkage_test *test, const struct linkage_column *column, const struct linkage_value *a,
                  const struct linkage_value *b)
{
    switch (test->kind) {
    case LINKAGE_EDITS:
    case LINKAGE_JARO_WINKLER:
    case LINKAGE_BIGRAMS:
        return is_near(test, a, b);
    case LINKAGE_PREFIX:
        return share_prefix(a, b, (unsigned)test->limit);
    case LINKAGE_BEGINS:
        return begins(a, b);
    case LINKAGE_SHARED:
    case LINKAGE_OVERLAP:
        return overlap(test, column, a, b);
    case LINKAGE_DAYS:
    case LINKAGE_WITHIN:
        return fabs(a->number - b->number) <= test->limit;
    case LINKAGE_DAY_MONTH:
        return is_day_month_swap(a, b);
    case LINKAGE_SAME_MONTH:
        return equal_digits(a, b, 0, YEAR_DIGITS + MONTH_DIGITS);
    case LINKAGE_SAME_YEAR:
        return equal_digits(a, b, 0, YEAR_DIGITS);
    case LINKAGE_SAME_DAY:
        return equal_digits(a, b, YEAR_DIGITS, DATE_DIGITS - YEAR_DIGITS);
    case LINKAGE_RATIO:
        return ratio_is_at_least(a->number, b->number, test->limit);
    case LINKAGE_EXACT:
    case LINKAGE_SWAPPED:
    case LINKAGE_CROSSED:
        break;
    }
    return false;
}

/* Two columns hold numbers of their own, so that values are compared as texts across them. */
static bool is_same_text(const struct linkage_column *columns, unsigned column_a, uint32_t a, unsigned column_b,
                         uint32_t b)
{
    return a != 0 && b != 0 &&
           span_equals(text_of(&columns[column_a].values[a]), text_of(&columns[column_b].values[b]));
}

static enum linkage_answer run_across(const struct linkage_column *columns, const struct linkage_test *test,
                                      const uint32_t *a, const uint32_t *b)
{
    const unsigned one = test->column, two = test->other_column;
    const bool     there    = is_same_text(columns, one, a[one], two, b[two]);
    const bool     back     = is_same_text(columns, two, a[two], one, b[one]);
    const bool     is_there = a[one] != 0 && b[two] != 0, is_back = a[two] != 0 && b[one] != 0;

    if (test->kind == LINKAGE_SWAPPED ? there && back : there || back)
        return LINKAGE_YES;
    if (test->kind == LINKAGE_SWAPPED)
        return (is_there && !there) || (is_back && !back) ? LINKAGE_NO : LINKAGE_OPEN;
    return is_there || is_back ? LINKAGE_NO : LINKAGE_OPEN;
}

enum linkage_answer linkage_test_run(const struct linkage_column *columns, const struct linkage_test *test,
                                     const uint32_t *a, const uint32_t *b)
{
    const uint32_t value_a = a[test->column], value_b = b[test->column];

    if (test->kind == LINKAGE_SWAPPED || test->kind == LINKAGE_CROSSED)
        return run_across(columns, test, a, b);
    if (value_a == 0 || value_b == 0)
        return LINKAGE_OPEN;
    if (value_a == value_b)
        return LINKAGE_YES;
    if (test->kind == LINKAGE_EXACT)
        return LINKAGE_NO;
    const struct linkage_column *column = &columns[test->column];
    return holds(test, column, &column->values[value_a], &column->values[value_b]) ? LINKAGE_YES : LINKAGE_NO;
}
