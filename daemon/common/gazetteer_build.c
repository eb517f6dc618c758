/* Division tables to one file; see gazetteer_build.h.
 * Deliberately simple: everything in memory, sorted once, written once. */
#include "daemon/common/gazetteer_build.h"

#include "daemon/common/gazetteer_names.h"
#include "daemon/common/gazetteer_write.h"
#include "matchers/address/address_text.h"
#include "matchers/address/gazetteer_format.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { COLUMNS_MAX = 8, LINE_MAX_BYTES = 1024, FIRST_REMEMBERED_YEAR = 1995 };

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

static void add_division(struct build *build, uint64_t code, const char *name)
{
    struct division *divisions =
        grown(build->divisions, build->division_count, &build->division_room, sizeof *divisions);
    char *copy = strdup(name);
    if (divisions == NULL || copy == NULL) {
        free(copy);
        build->failed = true;
        return;
    }
    build->divisions                          = divisions;
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

/* Puts one name into the table of names and its beginnings into the filter. */
static void add_name(struct build *build, struct span name, size_t index, int form)
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
    if (postings == NULL || index > GAZETTEER_INDEX_MASK) {
        build->failed = true;
        return;
    }
    build->postings = postings;
    build->postings[build->posting_count++] =
        (struct posting){ gazetteer_hash_mix(hash), (uint32_t)index | (uint32_t)form << GAZETTEER_FORM_SHIFT |
                                                        rank_of(build->divisions[index].code) << GAZETTEER_RANK_SHIFT };
}

/* ---- tables ---- */

static size_t split(char *line, char **columns)
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *rest = line; rest != NULL && count < COLUMNS_MAX;) {
        char *comma      = strchr(rest, ',');
        columns[count++] = rest;
        if (comma != NULL)
            *comma++ = '\0';
        rest = comma;
    }
    for (size_t i = count; i < COLUMNS_MAX; i++)
        columns[i] = line + strlen(line);
    return count;
}

typedef void (*take_row)(struct build *build, char **columns);

static bool read_table(struct build *build, const char *path, take_row take, char *error, size_t size)
{
    gzFile file = gzopen(path, "rb"); /* reads plain files too */
    char   line[LINE_MAX_BYTES];
    char  *columns[COLUMNS_MAX];

    if (file == NULL) {
        snprintf(error, size, "cannot read the table %s", path);
        return false;
    }
    for (size_t row = 0; gzgets(file, line, sizeof line) != NULL; row++) {
        if (split(line, columns) >= 2 && row > 0)
            take(build, columns);
    }
    gzclose(file);
    if (build->failed)
        snprintf(error, size, "out of memory at the table %s", path);
    return !build->failed;
}

/* 12 digits of a code that is written with 2 to 12. */
static uint64_t padded_code(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    uint64_t     code   = strtoull(text, NULL, 10);

    if (digits == 0 || digits > 12)
        return 0;
    for (size_t i = digits; i < 12; i++)
        code *= 10;
    return code;
}

static void take_division(struct build *build, char **columns)
{
    const uint64_t code   = padded_code(columns[0]);
    const size_t   digits = strlen(columns[0]);

    /* A filler county such as 441900 has the padded code of its city, which is the place. */
    if (code == 0 || gazetteer_level(code) != digits)
        return;
    add_division(build, code, columns[1]);
}

static int compare_divisions(const void *left, const void *right)
{
    const struct division *a = left, *b = right;

    return a->code < b->code ? -1 : a->code > b->code;
}

static const struct division *find_code(const struct build *build, uint64_t code)
{
    const struct division key = { code, NULL };

    return bsearch(&key, build->divisions, build->division_count, sizeof key, compare_divisions);
}

/* 济源市承留镇 of 济源市 is called 承留镇. */
static void strip_parents(struct build *build)
{
    static const char *const suffixes[] = { "街道", "镇", "乡", "苏木", "场" };

    for (size_t i = 0; i < build->division_count; i++) {
        struct division       *division = &build->divisions[i];
        const struct division *parent   = find_code(build, gazetteer_cut(division->code, 6));
        const size_t           length   = parent != NULL ? strlen(parent->name) : 0;
        if (gazetteer_level(division->code) < 9 || length < 9 || strncmp(division->name, parent->name, length) != 0)
            continue;
        const size_t rest = strlen(division->name + length);
        for (size_t j = 0; j < sizeof suffixes / sizeof suffixes[0]; j++) {
            const size_t suffix = strlen(suffixes[j]);
            if (rest <= suffix || strcmp(division->name + length + rest - suffix, suffixes[j]) != 0)
                continue;
            memmove(division->name, division->name + length, rest + 1);
            break;
        }
    }
}

/* ---- today's names ---- */

static bool is_filler(const char *name)
{
    return strcmp(name, "市辖区") == 0 || strcmp(name, "县") == 0 || strstr(name, "直辖县级") != NULL;
}

static void add_today(struct build *build)
{
    struct gazetteer_variant variants[GAZETTEER_VARIANTS_MAX];

    for (size_t i = 0; i < build->division_count && !build->failed; i++) {
        const struct division *division = &build->divisions[i];
        if (is_filler(division->name))
            continue;
        const size_t count =
            gazetteer_variants(gazetteer_level(division->code), span_from_text(division->name), variants);
        for (size_t j = 0; j < count; j++)
            add_name(build, span_from_text(variants[j].text), i, variants[j].form);
    }
}

/* ---- old names ---- */

static void add_old(struct build *build, const char *name, const struct division *successor, bool is_ancient)
{
    const struct span full = span_from_text(name);
    const struct span bare = gazetteer_bare(full);

    if (successor == NULL || strcmp(name, successor->name) == 0 || is_filler(name))
        return;
    add_name(build, full, (size_t)(successor - build->divisions), is_ancient ? GAZETTEER_ANCIENT : GAZETTEER_OLD);
    if (bare.length >= 6 && bare.length < full.length &&
        !span_equals(bare, gazetteer_bare(span_from_text(successor->name))))
        add_name(build, bare, (size_t)(successor - build->divisions),
                 is_ancient ? GAZETTEER_ANCIENT_BARE : GAZETTEER_OLD_BARE);
}

/* The only city or county in [from, to) with this bare name; several give NULL. */
static const struct division *only_namesake(const struct build *build, const char *name, uint64_t from, uint64_t to,
                                            unsigned level)
{
    const struct span      bare  = gazetteer_bare(span_from_text(name));
    const struct division *found = NULL;
    size_t                 low = 0, high = build->division_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (build->divisions[middle].code < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < build->division_count && build->divisions[low].code < to; low++) {
        const struct division *division = &build->divisions[low];
        if (gazetteer_level(division->code) != level ||
            !span_equals(bare, gazetteer_bare(span_from_text(division->name))))
            continue;
        if (found != NULL)
            return NULL;
        found = division;
    }
    return found;
}

/* Where the province's own successor lies: Chongqing left Sichuan in 1997, Hainan left Guangdong in 1988. */
static uint64_t later_province(uint64_t province)
{
    return province == 51 ? 50 : province == 44 ? 46 : 0;
}

static const struct division *namesake_in(const struct build *build, const char *name, uint64_t code, unsigned level)
{
    static const uint64_t province_span = 10000000000u, city_span = 100000000u;
    const uint64_t        city     = gazetteer_cut(code, 4);
    const uint64_t        province = gazetteer_cut(code, 2);

    const struct division *found = only_namesake(build, name, city, city + city_span, level);
    if (found == NULL)
        found = only_namesake(build, name, province, province + province_span, level);
    const uint64_t later = later_province(province / province_span) * province_span;
    if (found == NULL && later != 0)
        found = only_namesake(build, name, later, later + province_span, level);
    return found;
}

static void take_timeline(struct build *build, char **columns)
{
    const uint64_t code = padded_code(columns[0]);
    if (code == 0 || is_filler(columns[1]))
        return;

    const bool             is_ancient = columns[3][0] != '\0' && strtol(columns[3], NULL, 10) < FIRST_REMEMBERED_YEAR;
    const struct division *same       = find_code(build, code);
    if (same != NULL) {
        add_old(build, columns[1], same, is_ancient);
        return;
    }
    const unsigned         level     = gazetteer_level(code);
    const struct division *successor = namesake_in(build, columns[1], code, level);
    if (successor == NULL && level == 4)
        successor = namesake_in(build, columns[1], code, 6);
    add_old(build, columns[1], successor, is_ancient);
}

static const struct division *named(const struct build *build, const struct division *parent, const char *name)
{
    if (parent == NULL)
        return NULL;
    const unsigned level = gazetteer_level(parent->code);
    const uint64_t span  = level == 2 ? 10000000000u : 100000000u;

    for (unsigned wanted = level + 2; wanted <= 6; wanted += 2) {
        const struct division *found = only_namesake(build, name, parent->code, parent->code + span, wanted);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* date, approved_by, old_province, old_city, old_county, new_province, new_city, new_county */
static void take_rename(struct build *build, char **columns)
{
    const struct division *province = NULL;

    for (size_t i = 0; i < build->division_count && province == NULL; i++) {
        const struct division *division = &build->divisions[i];
        if (gazetteer_level(division->code) == 2 && strcmp(division->name, columns[5]) == 0)
            province = division;
    }
    const struct division *city = named(build, province, columns[6]);
    if (columns[4][0] == '\0')
        add_old(build, columns[3], city, false);
    else
        add_old(build, columns[4], named(build, city, columns[7]), false);
}

/* name, within, code: the code decides, `within` is for the reader of the table. */
static void take_alias(struct build *build, char **columns)
{
    const struct division *successor = find_code(build, padded_code(columns[2]));
    if (successor == NULL)
        return;
    const bool is_lower = gazetteer_level(successor->code) > 6;
    if (is_lower)
        add_name(build, span_from_text(columns[0]), (size_t)(successor - build->divisions), GAZETTEER_WHOLE_STEM);
    else
        add_old(build, columns[0], successor, false);
}

/* ---- all of it ---- */

static bool read_divisions(struct build *build, const char *folder, char *error, size_t size)
{
    static const char *const tables[] = { "divisions_2023_provinces.csv", "divisions_2023_cities.csv",
                                          "divisions_2023_areas.csv", "divisions_2023_streets.csv.gz",
                                          "divisions_2023_villages.csv.gz" };
    char                     path[4096];

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, tables[i]);
        if (!read_table(build, path, take_division, error, size))
            return false;
    }
    /* Not in the statistics tables, but in addresses. */
    add_division(build, 710000000000u, "台湾省");
    add_division(build, 810000000000u, "香港特别行政区");
    add_division(build, 820000000000u, "澳门特别行政区");
    qsort(build->divisions, build->division_count, sizeof *build->divisions, compare_divisions);
    strip_parents(build);
    return true;
}

static int compare_postings(const void *left, const void *right)
{
    const struct posting *a = left, *b = right;

    if (a->mixed != b->mixed)
        return a->mixed < b->mixed ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static bool read_names(struct build *build, const char *folder, const char *additions, char *error, size_t size)
{
    static const struct {
        const char *name;
        take_row    take;
    } tables[] = {
        {"address_code_timeline.csv", take_timeline},
        { "division_renames.csv",     take_rename  },
        { "division_aliases.csv",     take_alias   }
    };
    char path[4096];

    add_today(build);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, tables[i].name);
        if (!read_table(build, path, tables[i].take, error, size))
            return false;
    }
    if (additions != NULL && !read_table(build, additions, take_alias, error, size))
        return false;
    qsort(build->postings, build->posting_count, sizeof *build->postings, compare_postings);
    return build->posting_count != 0;
}

bool gazetteer_build(const char *folder, const char *additions, const char *output, char *error, size_t size)
{
    struct build build = { .prefixes = calloc(1, PREFIX_BYTES) };

    snprintf(error, size, "out of memory");
    const bool is_done = build.prefixes != NULL && read_divisions(&build, folder, error, size) &&
                         read_names(&build, folder, additions, error, size) &&
                         gazetteer_write(&build, output, error, size);
    for (size_t i = 0; i < build.division_count; i++)
        free(build.divisions[i].name);
    free(build.divisions);
    free(build.postings);
    free(build.prefixes);
    return is_done;
}
