/* Gathers divisions and their names for the gazetteer file; see gazetteer_gather.h.
 * Deliberately no rules about names: those are the builder's. */
#include "daemon/common/gazetteer_gather.h"

#include "matchers/address/address_text.h"
#include "matchers/address/gazetteer_format.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LINE_MAX_BYTES = 1024 };

/* Makes room for one more item; NULL leaves the old block alone. */
static void *grown(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    const size_t wanted = *room != 0 ? *room * 2 : 4096;
    void        *more   = realloc(items, wanted * size);
    if (more != NULL)
        *room = wanted;
    return more;
}

void gather_division(struct build *build, uint64_t code, const char *name)
{
    struct division *divisions =
        grown(build->divisions, build->division_count, &build->division_room, sizeof *divisions);
    if (divisions == NULL) {
        build->failed = true;
        return;
    }
    build->divisions = divisions;
    char *copy       = strdup(name);
    if (copy == NULL) {
        build->failed = true;
        return;
    }
    build->divisions[build->division_count++] = (struct division){ code, copy };
}

static uint32_t rank_of(uint64_t code)
{
    switch (gazetteer_level(code)) {
    case 2:
        return 0;
    case 4:
        return 1;
    case 6:
        return 2;
    case 9:
        return 3;
    default:
        return 4;
    }
}

void gather_name(struct build *build, struct span name, size_t index, int form)
{
    const char *at    = name.bytes;
    const char *end   = name.bytes + name.length;
    uint64_t    hash  = gazetteer_hash_start();
    size_t      count = 0;

    while (at < end && count < GAZETTEER_NAME_CHARACTERS_MAX) {
        hash               = gazetteer_hash_step(hash, address_text_next(&at, end));
        const uint32_t bit = (uint32_t)(gazetteer_hash_mix(hash) >> 20) & (PREFIX_BYTES * 8u - 1u);
        build->prefixes[bit / 8] |= (uint8_t)(1u << bit % 8);
        count++;
    }
    struct posting *postings = grown(build->postings, build->posting_count, &build->posting_room, sizeof *postings);
    if (postings == NULL) {
        build->failed = true;
        return;
    }
    build->postings = postings;
    if (index > GAZETTEER_INDEX_MASK) {
        build->failed = true;
        return;
    }
    build->postings[build->posting_count++] =
        (struct posting){ gazetteer_hash_mix(hash), (uint32_t)index | (uint32_t)form << GAZETTEER_FORM_SHIFT |
                                                        rank_of(build->divisions[index].code) << GAZETTEER_RANK_SHIFT };
}

int gather_compare(const void *left, const void *right)
{
    const struct division *a = left, *b = right;

    return a->code < b->code ? -1 : a->code > b->code;
}

const struct division *gather_find(const struct build *build, uint64_t code)
{
    const struct division key = { code, NULL };

    return bsearch(&key, build->divisions, build->division_count, sizeof key, gather_compare);
}

/* ---- tables ---- */

static size_t split(char *line, char **columns)
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *rest = line; rest != NULL && count < GATHER_COLUMNS;) {
        char *comma      = strchr(rest, ',');
        columns[count++] = rest;
        if (comma != NULL)
            *comma++ = '\0';
        rest = comma;
    }
    for (size_t i = count; i < GATHER_COLUMNS; i++)
        columns[i] = line + strlen(line);
    return count;
}

bool gather_table(struct build *build, const char *path, gather_row take, char *error, size_t size)
{
    gzFile file = gzopen(path, "rb"); /* reads plain files too */
    char   line[LINE_MAX_BYTES];
    char  *columns[GATHER_COLUMNS];

    if (file == NULL) {
        snprintf(error, size, "cannot read the table %s", path);
        return false;
    }
    bool   is_heading = true;
    size_t number     = 0;
    while (build->fault == NULL && !build->failed && gzgets(file, line, sizeof line) != NULL) {
        number++;
        const bool is_row = line[0] != '#' && split(line, columns) >= 2;
        if (is_row && !is_heading)
            take(build, columns);
        is_heading &= !is_row;
    }
    gzclose(file);
    if (build->fault != NULL)
        snprintf(error, size, "%s, line %zu: %s", path, number, build->fault);
    else if (build->failed)
        snprintf(error, size, "out of memory at the table %s", path);
    return build->fault == NULL && !build->failed;
}

uint64_t gather_code(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    uint64_t     code   = strtoull(text, NULL, 10);

    if (digits == 0 || digits > 12)
        return 0;
    for (size_t i = digits; i < 12; i++)
        code *= 10;
    return code;
}
