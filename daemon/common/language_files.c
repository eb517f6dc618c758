/* Reads the files of share/names; see language_files.h.
 * Deliberately strict about columns: a broken table stops the start. */
#include "daemon/common/language_files.h"

#include "daemon/common/share.h"
#include "matchers/text/utf8.h"

#include <math.h>
#include <stdlib.h>

enum { LINE_BYTES = 4096, COLUMNS_MAX = 128, PATH_BYTES = 1024, ROOM_MIN = 64 };

struct reading {
    struct language_tables  *tables;
    struct language_strings *strings;
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

/* Room for one item more: the capacity doubles from ROOM_MIN on. The old items stay where memory is out. */
static bool make_room(void **items, size_t count, size_t size)
{
    if (count != 0 && (count < ROOM_MIN || (count & (count - 1)) != 0))
        return true;

    void *grown = realloc(*items, (count < ROOM_MIN ? ROOM_MIN : count * 2) * size);
    if (grown == NULL)
        return false;
    *items = grown;
    return true;
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

/* In given names the character has these readings and no others. */
static bool read_given_readings(struct reading *reading, char **columns, size_t count)
{
    struct language_character *entry =
        count == 2 ? language_character_make(reading->tables, first_character(columns[0])) : NULL;
    size_t kept = 0;
    char  *state;

    if (entry == NULL)
        return false;
    memset(entry->readings, 0, sizeof entry->readings);
    for (char *word = strtok_r(columns[1], " ", &state); word != NULL && kept < LANGUAGE_READINGS;
         word       = strtok_r(NULL, " ", &state))
        entry->readings[kept++] = language_syllable(reading->strings, word);
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
    /* 叶 is also xie and 强 also jiang, but not in a name: the exceptions are in a table of their own. */
    memset(entry->readings + 1, 0, sizeof entry->readings - sizeof entry->readings[0]);
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

static void read_surname_readings(struct reading *reading, struct language_surname *surname, char *words)
{
    size_t kept = 0;
    char  *state;

    memset(surname->readings, 0, sizeof surname->readings);
    for (char *word = strtok_r(words, " ", &state); word != NULL && kept < LANGUAGE_READINGS;
         word       = strtok_r(NULL, " ", &state)) {
        if (surname->second == 0)
            surname->readings[kept++] = language_syllable(reading->strings, word);
        else if (cut_compound(reading, word, surname->second, &surname->readings[kept], &surname->second_reading))
            kept++;
    }
}

/* The readings a surname really has, then those of people and programs that do not know it. */
static bool read_misread_surname(struct reading *reading, char **columns, size_t count)
{
    struct language_tables *tables = reading->tables;
    struct span             rest   = span_from_text(columns[0]);
    uint32_t                first = 0, second = 0;

    utf8_next(&rest, &first);
    utf8_next(&rest, &second);
    for (size_t i = 0; count == 2 && i < tables->surname_count; i++) {
        if (tables->surnames[i].first != first || tables->surnames[i].second != second)
            continue;
        read_surname_readings(reading, &tables->surnames[i], columns[1]);
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

    if (count < 3)
        return false;
    const double bearers = strtod(columns[1], NULL);
    if (reading->is_counting) {
        reading->surname_total += bearers;
        return true;
    }
    if (!utf8_next(&rest, &surname.first))
        return false;
    if (utf8_next(&rest, &surname.second) && utf8_next(&rest, &third))
        return true; /* surnames of three characters are not told from names */

    read_surname_readings(reading, &surname, columns[2]);
    surname.bits = (uint16_t)(log2(reading->surname_total / (bearers > 0.1 ? bearers : 0.1)) * 8 + 0.5);
    if (!make_room((void **)&tables->surnames, tables->surname_count, sizeof *tables->surnames))
        return false;
    tables->surnames[tables->surname_count++] = surname;
    return true;
}

static uint32_t simplified_of(const struct language_tables *tables, uint32_t character)
{
    const uint32_t simplified = language_character_of(tables, character)->simplified;

    return simplified != 0 ? simplified : character;
}

static bool read_stroke_order(struct reading *reading, char **columns, size_t count)
{
    static const char          kinds[] = "hspnz";
    struct language_character *entry =
        count == 2 ? language_character_make(reading->tables, first_character(columns[0])) : NULL;

    if (entry == NULL || strlen(columns[1]) > LANGUAGE_STROKES_MAX)
        return false;
    for (size_t i = 0; columns[1][i] != '\0'; i++) {
        const char *kind = strchr(kinds, columns[1][i]);

        if (kind == NULL)
            return false;
        entry->stroke_order |= (uint64_t)(kind - kinds + 1) << (i * LANGUAGE_STROKE_BITS);
    }
    return true;
}

static bool read_parts(struct reading *reading, char **columns, size_t count)
{
    struct language_tables *tables = reading->tables;
    struct language_parts   row    = { 0 };
    size_t                  kept   = 0;
    char                   *state;

    if (count != 2)
        return false;
    row.whole = simplified_of(tables, first_character(columns[0]));
    for (char *word = strtok_r(columns[1], " ", &state); word != NULL && kept < LANGUAGE_PARTS;
         word       = strtok_r(NULL, " ", &state))
        row.parts[kept++] = simplified_of(tables, first_character(word));
    if (!make_room((void **)&tables->parts, tables->part_count, sizeof *tables->parts))
        return false;
    tables->parts[tables->part_count++] = row;
    return true;
}

static bool read_unit(struct reading *reading, char **columns, size_t count)
{
    struct language_tables *tables = reading->tables;
    struct language_unit    row    = { 0 };
    struct span             rest   = span_from_text(columns[0]);

    if (count != 1 || !make_room((void **)&tables->units, tables->unit_count, sizeof *tables->units))
        return false;
    for (size_t i = 0; i < LANGUAGE_UNIT_LENGTH && utf8_next(&rest, &row.characters[i]); i++)
        ;
    tables->units[tables->unit_count++] = row;
    return rest.length == 0;
}

static bool read_area(struct reading *reading, char **columns, size_t count)
{
    struct language_tables *tables = reading->tables;
    const unsigned long     code   = strtoul(columns[0], NULL, 10);

    if (tables->known_areas == NULL)
        tables->known_areas = calloc(LANGUAGE_AREA_CODES / 8, 1);
    if (count != 5 || code >= LANGUAGE_AREA_CODES || tables->known_areas == NULL)
        return false;
    tables->known_areas[code / 8] = (uint8_t)(tables->known_areas[code / 8] | 1u << code % 8);
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

static bool read_part_group(struct reading *reading, char **columns, size_t count)
{
    if (reading->tables->first_part_group == 0)
        reading->tables->first_part_group = (uint16_t)(reading->shape_group + 1);
    return read_shape_group(reading, columns, count);
}

static bool add_lookalikes(struct language_tables *tables, uint32_t a, uint32_t b)
{
    if (!make_room((void **)&tables->lookalikes, tables->lookalike_count, sizeof *tables->lookalikes))
        return false;
    tables->lookalikes[tables->lookalike_count++] = (struct language_pair){ a < b ? a : b, a < b ? b : a };
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
        return add_lookalikes(reading->tables, a, b);
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

static int compare_rows(const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

static int compare_parts(const void *left, const void *right)
{
    const struct language_parts *a = left, *b = right;
    const int                    order = compare_rows(a->parts, b->parts, LANGUAGE_PARTS);

    return order != 0 ? order : compare_rows(&a->whole, &b->whole, 1);
}

static int compare_units(const void *left, const void *right)
{
    const struct language_unit *a = left, *b = right;

    return compare_rows(a->characters, b->characters, LANGUAGE_UNIT_LENGTH);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct language_pair *a = left, *b = right;

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
        {"names/characters.tsv",             '\t', true,  false, read_character      },
        { "names/gb18030_pua_map.tsv",       '\t', true,  false, read_private_use    },
        { "names/surname_pinyin.tsv",        '\t', true,  true,  read_surname        },
        { "names/surname_pinyin.tsv",        '\t', true,  false, read_surname        },
        { "names/surname_readings.tsv",      '\t', true,  false, read_misread_surname},
        { "names/given_name_chars.csv",      ',',  true,  true,  read_given          },
        { "names/given_name_chars.csv",      ',',  true,  false, read_given          },
        { "names/given_readings.tsv",        '\t', true,  false, read_given_readings },
        { "names/confusion_shape.txt",       '\t', false, false, read_shape_group    },
        { "names/shape_parts.txt",           '\t', false, false, read_part_group     },
        { "names/strokes.txt",               '\t', true,  false, read_stroke_order   },
        { "names/name_char_variants.tsv",    '\t', true,  false, read_variant        },
        { "names/name_variants_more.tsv",    '\t', true,  false, read_variant        },
        { "names/character_parts.tsv",       '\t', true,  false, read_parts          },
        { "names/names_without_surname.txt", '\t', true,  false, read_unit           },
        { "names/address_code_timeline.csv", ',',  true,  false, read_area           },
    };
    struct reading reading = { .tables = tables, .strings = strings };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        reading.is_counting = files[i].is_counting;
        if (!read_file(&reading, files[i].name, files[i].separator, files[i].has_header, files[i].read_row, error,
                       error_size))
            return false;
    }
    qsort(tables->surnames, tables->surname_count, sizeof *tables->surnames, compare_surnames);
    qsort(tables->parts, tables->part_count, sizeof *tables->parts, compare_parts);
    qsort(tables->lookalikes, tables->lookalike_count, sizeof *tables->lookalikes, compare_pairs);
    qsort(tables->units, tables->unit_count, sizeof *tables->units, compare_units);
    return true;
}
