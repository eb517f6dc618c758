/* Reads the files of share/names; see language_files.h.
 * Deliberately strict about columns: a broken table stops the start. */
#include "daemon/common/language_files.h"

#include "daemon/common/share.h"
#include "matchers/text/utf8.h"

#include <math.h>
#include <stdlib.h>

enum { LINE_BYTES = 4096, COLUMNS_MAX = 128, PATH_BYTES = 1024 };

struct reading {
    struct language_tables  *tables;
    struct language_strings *strings;
    size_t                   surname_capacity;
    double                   surname_total, given_total; /* sums of the first pass */
    bool                     is_counting;
    uint16_t                 shape_group;
};

uint16_t language_syllable(struct language_strings *strings, const char *syllable)
{
    if (strings->items == NULL) {
        strings->items = calloc(LANGUAGE_SYLLABLES_MAX, sizeof *strings->items);
        if (strings->items == NULL || (strings->items[0] = strdup("")) == NULL)
            return 0;
        strings->count = 1;
    }
    for (size_t i = 0; i < strings->count; i++) {
        if (strcmp(strings->items[i], syllable) == 0)
            return (uint16_t)i;
    }
    if (strings->count == LANGUAGE_SYLLABLES_MAX || strlen(syllable) >= LANGUAGE_SYLLABLE_BYTES ||
        (strings->items[strings->count] = strdup(syllable)) == NULL)
        return 0;
    return (uint16_t)strings->count++;
}

static size_t split(char *line, char separator, char *columns[COLUMNS_MAX])
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at != NULL && count < COLUMNS_MAX;) {
        char *end        = strchr(at, separator);
        columns[count++] = at;
        if (end != NULL)
            *end++ = '\0';
        at = end;
    }
    return count;
}

static uint32_t first_character(const char *text)
{
    struct span rest      = span_from_text(text);
    uint32_t    character = 0;

    utf8_next(&rest, &character);
    return character;
}

static bool read_character(struct reading *reading, char **columns, size_t count)
{
    struct language_character *entry =
        count == 5 ? language_character_make(reading->tables, (uint32_t)strtoul(columns[0], NULL, 16)) : NULL;
    size_t kept = 0;
    char  *state;

    if (entry == NULL)
        return false;
    for (char *word = strtok_r(columns[1], " ", &state); word != NULL && kept < LANGUAGE_READINGS;
         word       = strtok_r(NULL, " ", &state))
        entry->readings[kept++] = language_syllable(reading->strings, word);
    entry->four_corner = columns[2][0] != '\0' ? (uint16_t)(strtoul(columns[2], NULL, 10) + 1) : 0;
    entry->strokes     = (uint8_t)strtoul(columns[3], NULL, 10);
    if (columns[4][0] != '\0' && entry->simplified == 0)
        entry->simplified = (uint32_t)strtoul(columns[4], NULL, 16);
    return true;
}

/* In given names this reading is the commonest. */
static bool read_given_reading(struct reading *reading, char **columns, size_t count)
{
    struct language_character *entry =
        count == 2 ? language_character_make(reading->tables, first_character(columns[0])) : NULL;

    if (entry == NULL)
        return false;
    const uint16_t wanted = language_syllable(reading->strings, columns[1]);
    size_t         at     = 0;
    while (at < LANGUAGE_READINGS - 1 && entry->readings[at] != 0 && entry->readings[at] != wanted)
        at++;
    for (; at > 0; at--)
        entry->readings[at] = entry->readings[at - 1];
    entry->readings[0] = wanted;
    return true;
}

static bool read_private_use(struct reading *reading, char **columns, size_t count)
{
    struct language_character *entry =
        count >= 2 ? language_character_make(reading->tables, (uint32_t)strtoul(columns[0], NULL, 16)) : NULL;

    if (entry == NULL)
        return false;
    entry->simplified = (uint32_t)strtoul(columns[1], NULL, 16);
    return true;
}

static bool read_given(struct reading *reading, char **columns, size_t count)
{
    if (count != 5)
        return false;

    const double total = strtod(columns[4], NULL);
    if (reading->is_counting) {
        reading->given_total += total;
        return true;
    }
    struct language_character *entry = language_character_make(reading->tables, first_character(columns[0]));
    if (entry == NULL)
        return false;
    const double bits = log2((reading->given_total + 2000) / (total + 0.5));
    entry->given_bits = (uint8_t)(bits < 14 ? bits * 8 + 0.5 : 112);
    return true;
}

/* A compound surname's reading is written in one word: cut it where both parts are syllables, the second being
 * one of its character's own readings if possible. */
static bool cut_compound(struct reading *reading, const char *word, uint32_t second, uint16_t *first_syllable,
                         uint16_t *second_syllable)
{
    const struct language_character *entry = language_character_of(reading->tables, second);

    for (size_t i = 0; i < LANGUAGE_READINGS && entry->readings[i] != 0; i++) {
        const char  *ending = reading->strings->items[entry->readings[i]];
        const size_t length = strlen(ending), total = strlen(word);
        char         start[LANGUAGE_SYLLABLE_BYTES];

        if (total <= length || total - length >= sizeof start || strcmp(word + total - length, ending) != 0)
            continue;
        memcpy(start, word, total - length);
        start[total - length] = '\0';
        *first_syllable       = language_syllable(reading->strings, start);
        *second_syllable      = entry->readings[i];
        return true;
    }
    return false;
}

static bool read_surname(struct reading *reading, char **columns, size_t count)
{
    struct language_tables *tables  = reading->tables;
    struct span             rest    = span_from_text(columns[0]);
    struct language_surname surname = { 0 };
    uint32_t                third;
    size_t                  kept = 0;
    char                   *state;

    if (count < 3)
        return false;
    const double bearers = strtod(columns[1], NULL);
    if (reading->is_counting) {
        reading->surname_total += bearers;
        reading->surname_capacity++;
        return true;
    }
    if (!utf8_next(&rest, &surname.first))
        return false;
    if (utf8_next(&rest, &surname.second) && utf8_next(&rest, &third))
        return true; /* surnames of three characters are not told from names */

    for (char *word = strtok_r(columns[2], " ", &state); word != NULL && kept < LANGUAGE_READINGS;
         word       = strtok_r(NULL, " ", &state)) {
        if (surname.second == 0)
            surname.readings[kept++] = language_syllable(reading->strings, word);
        else if (cut_compound(reading, word, surname.second, &surname.readings[kept], &surname.second_reading))
            kept++;
    }
    surname.bits = (uint16_t)(log2(reading->surname_total / (bearers > 0.1 ? bearers : 0.1)) * 8 + 0.5);
    if (tables->surnames == NULL)
        tables->surnames = calloc(reading->surname_capacity, sizeof *tables->surnames);
    if (tables->surnames == NULL)
        return false;
    tables->surnames[tables->surname_count++] = surname;
    return true;
}

static void join_group(struct language_character *entry, uint16_t group)
{
    for (size_t i = 0; i < LANGUAGE_SHAPE_GROUPS; i++) {
        if (entry->shape_groups[i] == group)
            return;
        if (entry->shape_groups[i] == 0) {
            entry->shape_groups[i] = group;
            return;
        }
    }
}

static bool read_shape_group(struct reading *reading, char **columns, size_t count)
{
    reading->shape_group++;
    for (size_t i = 0; i < count; i++) {
        const uint32_t character = first_character(columns[i]);

        if (character == 0)
            continue;
        struct language_character *entry = language_character_make(reading->tables, character);
        if (entry == NULL)
            return false;
        join_group(entry, reading->shape_group);
    }
    return true;
}

static void join_variants(struct language_tables *tables, uint32_t a, uint32_t b)
{
    struct language_character *entry_a = language_character_make(tables, a);
    struct language_character *entry_b = language_character_make(tables, b);

    if (entry_a == NULL || entry_b == NULL)
        return;
    uint32_t group = a < b ? a : b;
    if (entry_a->variant != 0)
        group = entry_a->variant;
    else if (entry_b->variant != 0)
        group = entry_b->variant;
    entry_a->variant = group;
    entry_b->variant = group;
}

static bool read_variant(struct reading *reading, char **columns, size_t count)
{
    if (count != 3)
        return false;

    const uint32_t             a = first_character(columns[0]), b = first_character(columns[1]);
    const char                *kind  = columns[2];
    struct language_character *entry = language_character_make(reading->tables, a);

    if (entry == NULL)
        return false;
    if (strcmp(kind, "traditional") == 0) {
        entry->simplified = b;
        return true;
    }
    /* A name may truly be written so: alike, not the same. */
    const bool is_own = strstr(kind, "over-conversion") != NULL || strstr(kind, "separate surname") != NULL;
    if (!is_own && strncmp(kind, "shape", 5) == 0)
        return read_shape_group(reading, columns, 2);
    if (is_own || strstr(kind, "variant") != NULL || strncmp(kind, "second-scheme", 13) == 0) {
        entry->simplified = 0;
        join_variants(reading->tables, a, b);
    }
    return true;
}

static bool read_file(struct reading *reading, const char *name, char separator, bool has_header,
                      bool (*read_row)(struct reading *, char **, size_t), char *error, size_t error_size)
{
    char   path[PATH_BYTES];
    char   line[LINE_BYTES];
    char  *columns[COLUMNS_MAX];
    size_t number = 0;
    bool   is_ok  = true;

    const bool  is_found = share_path(name, path, sizeof path);
    FILE *const file     = is_found ? fopen(path, "r") : NULL;
    if (file == NULL) {
        snprintf(error, error_size, "cannot read the data file %s", name);
        return false;
    }
    while (is_ok && fgets(line, sizeof line, file) != NULL) {
        if (number++ == 0 && has_header)
            continue;
        is_ok = read_row(reading, columns, split(line, separator, columns));
    }
    fclose(file);
    if (!is_ok)
        snprintf(error, error_size, "%s, line %zu: not the columns expected", name, number);
    return is_ok;
}

static int compare_surnames(const void *left, const void *right)
{
    const struct language_surname *a = left, *b = right;

    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

bool language_read_files(struct language_tables *tables, struct language_strings *strings, char *error,
                         size_t error_size)
{
    static const struct {
        const char *name;
        char        separator;
        bool        has_header, is_counting;
        bool (*read_row)(struct reading *, char **, size_t);
    } files[] = {
        {"names/characters.tsv",          '\t', true,  false, read_character    },
        { "names/given_readings.tsv",     '\t', true,  false, read_given_reading},
        { "names/gb18030_pua_map.tsv",    '\t', true,  false, read_private_use  },
        { "names/given_name_chars.csv",   ',',  true,  true,  read_given        },
        { "names/given_name_chars.csv",   ',',  true,  false, read_given        },
        { "names/surname_pinyin.tsv",     '\t', true,  true,  read_surname      },
        { "names/surname_pinyin.tsv",     '\t', true,  false, read_surname      },
        { "names/confusion_shape.txt",    '\t', false, false, read_shape_group  },
        { "names/shape_parts.txt",        '\t', false, false, read_shape_group  },
        { "names/name_char_variants.tsv", '\t', true,  false, read_variant      },
    };
    struct reading reading = { .tables = tables, .strings = strings };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        reading.is_counting = files[i].is_counting;
        if (!read_file(&reading, files[i].name, files[i].separator, files[i].has_header, files[i].read_row, error,
                       error_size))
            return false;
    }
    qsort(tables->surnames, tables->surname_count, sizeof *tables->surnames, compare_surnames);
    return true;
}
