/* Area codes and the years they were in force; see area_codes.h.
 * Deliberately a plain sorted table. */
#include "daemon/common/area_codes.h"

#include "daemon/common/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 16384, NAME_BYTES = 64, LINE_BYTES = 256, YEAR_OPEN = 9999 };

struct area_span {
    int  code, from, to; /* inclusive years */
    char name[NAME_BYTES];
};

struct area_codes {
    struct area_span *spans;
    size_t            count;
};

static bool read_span(char *line, struct area_span *span)
{
    char *columns[5] = { 0 };

    line[strcspn(line, "\r\n")] = '\0';
    for (size_t i = 0; i < 5; i++) {
        columns[i] = strsep(&line, ",");
        if (columns[i] == NULL)
            return false;
    }
    span->code = (int)strtol(columns[0], NULL, 10);
    span->from = columns[2][0] != '\0' ? (int)strtol(columns[2], NULL, 10) : 0;
    span->to   = columns[3][0] != '\0' ? (int)strtol(columns[3], NULL, 10) : YEAR_OPEN;
    return span->code > 0 && snprintf(span->name, sizeof span->name, "%s", columns[1]) < NAME_BYTES;
}

static int compare_spans(const void *left, const void *right)
{
    const struct area_span *a = left, *b = right;

    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

struct area_codes *area_codes_open(char *error, size_t error_size)
{
    static const char  file_name[] = "names/address_code_timeline.csv";
    char               path[1024], line[LINE_BYTES];
    struct area_codes *codes = calloc(1, sizeof *codes);
    FILE              *file  = share_path(file_name, path, sizeof path) ? fopen(path, "r") : NULL;
    size_t             row   = 0;
    bool               is_ok = codes != NULL && file != NULL;

    if (is_ok)
        codes->spans = calloc(SPANS_MAX, sizeof *codes->spans);
    is_ok = is_ok && codes->spans != NULL;
    while (is_ok && fgets(line, sizeof line, file) != NULL) {
        if (row++ == 0)
            continue;
        is_ok = codes->count < SPANS_MAX && read_span(line, &codes->spans[codes->count]);
        codes->count += is_ok;
    }
    if (file != NULL)
        fclose(file);
    if (!is_ok) {
        snprintf(error, error_size, "cannot read the data file %s (line %zu)", file_name, row);
        area_codes_close(codes);
        return NULL;
    }
    qsort(codes->spans, codes->count, sizeof *codes->spans, compare_spans);
    return codes;
}

void area_codes_close(struct area_codes *codes)
{
    if (codes == NULL)
        return;
    free(codes->spans);
    free(codes);
}

static int years_away(const struct area_span *span, int year)
{
    if (year < span->from)
        return span->from - year;
    return year > span->to ? year - span->to : 0;
}

/* The first span of the code; the count where it has none. */
static size_t first_span(const struct area_codes *codes, int code)
{
    size_t low = 0, high = codes->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (codes->spans[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The span of the code nearest to the year; the later one of two. */
static const struct area_span *nearest(const struct area_codes *codes, int code, int year, size_t *span_count)
{
    const struct area_span *best = NULL;

    *span_count = 0;
    for (size_t i = first_span(codes, code); i < codes->count && codes->spans[i].code == code; i++) {
        const struct area_span *span = &codes->spans[i];

        (*span_count)++;
        if (best == NULL || years_away(span, year) <= years_away(best, year))
            best = span;
    }
    return best;
}

struct area_name area_codes_find(const struct area_codes *codes, int area_code, int year)
{
    size_t                  count, ignored;
    const struct area_span *span     = nearest(codes, area_code, year, &count);
    const struct area_span *province = nearest(codes, area_code / 10000 * 10000, year, &ignored);
    struct area_name        found    = { .province = "", .name = "" };

    if (province != NULL)
        found.province = province->name;
    if (span == NULL)
        return found;
    found.name         = span->name;
    found.is_known     = true;
    found.was_in_force = years_away(span, year) == 0;
    for (size_t i = first_span(codes, area_code); i < codes->count && codes->spans[i].code == area_code; i++) {
        found.is_in_force = found.is_in_force || codes->spans[i].to == YEAR_OPEN;
        found.was_renamed = found.was_renamed || strcmp(codes->spans[i].name, span->name) != 0;
    }
    return found;
}
