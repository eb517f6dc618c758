/* Division tables to one file; see gazetteer_build.h.
 * Deliberately simple: everything in memory, sorted once, written once. */
#include "daemon/common/gazetteer_build.h"

#include "daemon/common/gazetteer_additions.h"
#include "daemon/common/gazetteer_gather.h"
#include "daemon/common/gazetteer_names.h"
#include "daemon/common/gazetteer_write.h"
#include "matchers/address/gazetteer_format.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_REMEMBERED_YEAR = 1995 };

/* ---- divisions ---- */

static void take_division(struct build *build, char **columns)
{
    const uint64_t code   = gather_code(columns[0]);
    const size_t   digits = strlen(columns[0]);

    /* A filler county such as 441900 has the padded code of its city, which is the place. */
    if (code == 0 || gazetteer_level(code) != digits)
        return;
    gather_division(build, code, columns[1]);
}

/* 济源市承留镇 of 济源市 is called 承留镇. */
static void strip_parents(struct build *build)
{
    static const char *const suffixes[] = { "街道", "镇", "乡", "苏木", "场" };

    for (size_t i = 0; i < build->division_count; i++) {
        struct division       *division = &build->divisions[i];
        const struct division *parent   = gather_find(build, gazetteer_cut(division->code, 6));
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
            gather_name(build, span_from_text(variants[j].text), i, variants[j].form);
    }
}

/* ---- old names ---- */

static void add_old(struct build *build, const char *name, const struct division *successor, bool is_ancient)
{
    const struct span full = span_from_text(name);
    const struct span bare = gazetteer_bare(full);

    if (successor == NULL || strcmp(name, successor->name) == 0 || is_filler(name))
        return;
    gather_name(build, full, (size_t)(successor - build->divisions), is_ancient ? GAZETTEER_ANCIENT : GAZETTEER_OLD);
    if (bare.length >= 6 && bare.length < full.length &&
        !span_equals(bare, gazetteer_bare(span_from_text(successor->name))))
        gather_name(build, bare, (size_t)(successor - build->divisions),
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
    const uint64_t code = gather_code(columns[0]);
    if (code == 0 || is_filler(columns[1]))
        return;

    const bool             is_ancient = columns[3][0] != '\0' && strtol(columns[3], NULL, 10) < FIRST_REMEMBERED_YEAR;
    const struct division *same       = gather_find(build, code);
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
    const struct division *successor = gather_find(build, gather_code(columns[2]));
    if (successor == NULL)
        return;
    const bool is_lower = gazetteer_level(successor->code) > 6;
    if (is_lower)
        gather_name(build, span_from_text(columns[0]), (size_t)(successor - build->divisions), GAZETTEER_WHOLE_STEM);
    else
        add_old(build, columns[0], successor, false);
}

/* ---- all of it ---- */

static bool read_divisions(struct build *build, const char *folder, const char *additions, char *error, size_t size)
{
    static const char *const tables[] = { "divisions_2023_provinces.csv", "divisions_2023_cities.csv",
                                          "divisions_2023_areas.csv", "divisions_2023_streets.csv.gz",
                                          "divisions_2023_villages.csv.gz" };
    char                     path[4096];

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, tables[i]);
        if (!gather_table(build, path, take_division, error, size))
            return false;
    }
    if (additions != NULL && !gather_table(build, additions, additions_take_community, error, size))
        return false;
    /* Not in the statistics tables, but in addresses. */
    gather_division(build, 710000000000u, "台湾省");
    gather_division(build, 810000000000u, "香港特别行政区");
    gather_division(build, 820000000000u, "澳门特别行政区");
    qsort(build->divisions, build->division_count, sizeof *build->divisions, gather_compare);
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
        gather_row  take;
    } tables[] = {
        {"address_code_timeline.csv", take_timeline},
        { "division_renames.csv",     take_rename  },
        { "division_aliases.csv",     take_alias   }
    };
    char path[4096];

    add_today(build);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, tables[i].name);
        if (!gather_table(build, path, tables[i].take, error, size))
            return false;
    }
    if (additions != NULL && !gather_table(build, additions, additions_take_name, error, size))
        return false;
    qsort(build->postings, build->posting_count, sizeof *build->postings, compare_postings);
    return build->posting_count != 0;
}

bool gazetteer_build(const char *folder, const char *additions, const char *output, char *error, size_t size)
{
    struct build build = { .prefixes = calloc(1, PREFIX_BYTES) };

    snprintf(error, size, "out of memory");
    const bool is_done = build.prefixes != NULL && read_divisions(&build, folder, additions, error, size) &&
                         read_names(&build, folder, additions, error, size) &&
                         gazetteer_write(&build, output, error, size);
    for (size_t i = 0; i < build.division_count; i++)
        free(build.divisions[i].name);
    free(build.divisions);
    free(build.postings);
    free(build.prefixes);
    return is_done;
}
