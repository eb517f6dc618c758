/* Distances of short texts; see distance.h.
 * Deliberately on the stack: texts are cut at TEXT_POINTS_MAX. */
#include "matchers/text/distance.h"

#include "matchers/text/utf8.h"

#include <stdlib.h>

void text_points_read(struct span text, struct text_points *out)
{
    uint32_t point;

    out->length = 0;
    while (text.length > 0 && (unsigned char)text.bytes[0] < 0x80 && out->length < TEXT_POINTS_MAX) {
        out->points[out->length++] = (unsigned char)text.bytes[0];
        text                       = span_of(text.bytes + 1, text.length - 1);
    }
    while (out->length < TEXT_POINTS_MAX && utf8_next(&text, &point))
        out->points[out->length++] = point;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the table within the band; gives the least value in it. */
static unsigned fill_row(const struct text_points *a, const struct text_points *b, size_t i, unsigned limit,
                         unsigned *const rows[3])
{
    const size_t from  = i > limit ? i - limit : 1;
    const size_t until = i + limit < b->length ? i + limit : b->length;
    unsigned    *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

    now[from - 1]   = from == 1 ? (unsigned)i : limit + 1;
    unsigned lowest = now[from - 1];

    for (size_t j = from; j <= until; j++) {
        const bool is_equal = a->points[i - 1] == b->points[j - 1];
        /* The band of the row above begins one column earlier: the cell was filled. */
        unsigned best = last[j - 1] + !is_equal; /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult) */

        best = least(best, now[j - 1] + 1);
        if (j < i + limit) /* the cell above lies in the band */
            best = least(best, last[j] + 1);
        if (i > 1 && j > 1 && a->points[i - 1] == b->points[j - 2] && a->points[i - 2] == b->points[j - 1])
            best = least(best, before[j - 2] + 1);
        now[j] = best;
        lowest = least(lowest, best);
    }
    return lowest;
}

unsigned text_edit_distance(const struct text_points *a, const struct text_points *b, unsigned limit)
{
    unsigned        memory[3][TEXT_POINTS_MAX + 1];
    unsigned *const rows[3] = { memory[0], memory[1], memory[2] };
    const size_t    longer = a->length > b->length ? a->length : b->length, shorter = a->length + b->length - longer;

    if (limit > TEXT_POINTS_MAX)
        limit = TEXT_POINTS_MAX;
    if (longer - shorter > limit)
        return limit + 1;
    for (size_t j = 0; j <= b->length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1, lost_rows = 0; i <= a->length; i++) {
        lost_rows = fill_row(a, b, i, limit, rows) > limit ? lost_rows + 1 : 0;
        if (lost_rows == 2) /* a swap reaches two rows back */
            return limit + 1;
    }
    return least(rows[a->length % 3][b->length], limit + 1);
}

/*
 * Marks the characters of b that a character of a matches within the window; gives their number, or 0 once more than
 * `misses_max` characters of a have no match.
 */
static size_t match(const struct text_points *a, const struct text_points *b, size_t misses_max, bool *matched_a,
                    bool *matched_b)
{
    const size_t longer = a->length > b->length ? a->length : b->length;
    const size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
    size_t       misses = 0;

    for (size_t i = 0; i < a->length; i++) {
        const size_t from  = i > window ? i - window : 0;
        const size_t until = i + window + 1 < b->length ? i + window + 1 : b->length;
        size_t       j     = from;

        while (j < until && (b->points[j] != a->points[i] || matched_b[j]))
            j++;
        if (j < until)
            matched_a[i] = matched_b[j] = true;
        else if (++misses > misses_max)
            return 0;
    }
    return a->length - misses;
}

static size_t transpositions(const struct text_points *a, const struct text_points *b, const bool *matched_a,
                             const bool *matched_b)
{
    size_t count = 0, j = 0;

    for (size_t i = 0; i < a->length; i++) {
        if (!matched_a[i])
            continue;
        while (!matched_b[j])
            j++;
        count += a->points[i] != b->points[j++];
    }
    return count / 2;
}

static size_t common_prefix(const struct text_points *a, const struct text_points *b)
{
    size_t prefix = 0;

    while (prefix < 4 && prefix < a->length && prefix < b->length && a->points[prefix] == b->points[prefix])
        prefix++;
    return prefix;
}

/* 0 once it is sure that `least` is not reached. */
static double jaro_winkler(const struct text_points *a, const struct text_points *b, double least)
{
    const double length_a = (double)a->length, length_b = (double)b->length;
    const double prefix = (double)common_prefix(a, b);

    if (a->length == 0 || b->length == 0)
        return a->length == b->length;
    /* jaro + prefix / 10 * (1 - jaro) >= least, and jaro is at most (m / |a| + m / |b| + 1) / 3. */
    const double jaro_needed = (least - prefix * 0.1) / (1 - prefix * 0.1);
    const double needed      = (3 * jaro_needed - 1) / (1 / length_a + 1 / length_b) - 1e-6;
    if (needed > length_a || needed > length_b)
        return 0;

    bool         matched_a[TEXT_POINTS_MAX], matched_b[TEXT_POINTS_MAX];
    const size_t misses_max = needed > 0 ? (size_t)(length_a - needed) : a->length;
    memset(matched_a, 0, a->length);
    memset(matched_b, 0, b->length);
    const double m = (double)match(a, b, misses_max, matched_a, matched_b);
    if (m == 0)
        return 0;
    const double t    = (double)transpositions(a, b, matched_a, matched_b);
    const double jaro = (m / length_a + m / length_b + (m - t) / m) / 3;
    return jaro + prefix * 0.1 * (1 - jaro);
}

double text_jaro_winkler(const struct text_points *a, const struct text_points *b)
{
    return jaro_winkler(a, b, 0);
}

bool text_jaro_winkler_reaches(const struct text_points *a, const struct text_points *b, double limit)
{
    return jaro_winkler(a, b, limit) >= limit;
}

static int compare_grams(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

    return (first > second) - (first < second);
}

/* The bigrams in order; a mark (0) stands before the first and behind the last character. */
static size_t bigrams(const struct text_points *text, uint64_t grams[TEXT_POINTS_MAX + 1])
{
    uint64_t last = 0;

    for (size_t i = 0; i < text->length; i++) {
        grams[i] = last << 32 | text->points[i];
        last     = text->points[i];
    }
    grams[text->length] = last << 32;
    qsort(grams, text->length + 1, sizeof grams[0], compare_grams);
    return text->length + 1;
}

double text_bigram_dice(const struct text_points *a, const struct text_points *b)
{
    uint64_t     grams_a[TEXT_POINTS_MAX + 1], grams_b[TEXT_POINTS_MAX + 1];
    const size_t count_a = bigrams(a, grams_a), count_b = bigrams(b, grams_b);
    size_t       common = 0;

    for (size_t i = 0, j = 0; i < count_a && j < count_b;) {
        common += grams_a[i] == grams_b[j];
        const bool first = grams_a[i] <= grams_b[j], second = grams_b[j] <= grams_a[i];
        i += first;
        j += second;
    }
    return 2.0 * (double)common / (double)(count_a + count_b);
}
