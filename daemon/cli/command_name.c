/* `hulei name compare` and `hulei name reading`: what the matchers see in names.
 * Deliberately one name or pair a line; a relation is evidence, not a decision. */
#include "daemon/cli/commands.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"
#include "daemon/common/share.h"
#include "matchers/identity/compare.h"
#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READINGS_MAX = 12, READING_BYTES = 256, PARTS_MAX = 4, NAMES_MAX = 4, PATH_BYTES = 1024 };

static const char usage[] =
    "usage: hulei name compare < PAIRS      two names a line, separated by a tab\n"
    "       hulei name reading < NAMES      one name a line\n"
    "\n"
    "One JSON line is written for every line read, also for blank ones.\n"
    "\n"
    "compare     relation  same: spellings of one written name\n"
    "                      probable: names one person could bear, given other evidence\n"
    "                      different: otherwise, and where a side holds no name\n"
    "            level     exact, variant (character variants, parts for a character), homophone (also spelled in\n"
    "                      Latin letters), shape, character (one missing, added or swapped; father's name left out),\n"
    "                      weak (one of three unlike), trace, different, null (no name: masked, placeholder)\n"
    "            bits      weight of the level in the model of identity, with the rarity of the commoner name\n"
    "            Former names and aliases in the text (李强(曾用名李刚), 李强/李刚) count as well, as probable at "
    "most.\n"
    "reading     name, surname, given, reading (the likeliest, without tones, v for ü), readings (all of them)\n";

struct name_tools {
    struct language_tables *tables;
    struct identity_model  *model;
};

static const char *relation_of(enum name_level level)
{
    if (level == NAME_EXACT)
        return "same";
    return level > NAME_EXACT && level <= NAME_CHARACTER ? "probable" : "different";
}

/* What two texts have in common: the best of all names in them. */
struct likeness {
    enum name_level level;
    double          bits;
    bool            is_by_alias; /* not between the first names */
};

static struct likeness compare_names(const struct name_tools *tools, const struct name *a, size_t count_a,
                                     const struct name *b, size_t count_b)
{
    struct likeness best = { .level = NAME_NULL };

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b; j++) {
            const enum name_level level    = name_compare(tools->tables, &a[i], &b[j]);
            const double          rarity_a = name_rarity_bits(tools->tables, &a[i]);
            const double          rarity_b = name_rarity_bits(tools->tables, &b[j]);

            if (best.level != NAME_NULL && level >= best.level)
                continue;
            best.level       = level;
            best.bits        = identity_name_bits(tools->model, level, rarity_a < rarity_b ? rarity_a : rarity_b);
            best.is_by_alias = i + j > 0;
        }
    }
    return best;
}

static json_t *compare_line(const struct name_tools *tools, char *line)
{
    char *second = strchr(line, '\t');

    if (second != NULL) {
        *second++                     = '\0';
        second[strcspn(second, "\t")] = '\0';
    }
    struct name           a[NAMES_MAX] = { 0 }, b[NAMES_MAX] = { 0 };
    const size_t          count_a  = name_read_all(tools->tables, span_from_text(line), a, NAMES_MAX);
    const size_t          count_b  = name_read_all(tools->tables, span_from_text(second), b, NAMES_MAX);
    const struct likeness likeness = compare_names(tools, a, count_a, b, count_b);
    const enum name_level related =
        likeness.is_by_alias && likeness.level == NAME_EXACT ? NAME_VARIANT : likeness.level;

    return json_pack("{s:s, s:s, s:f}", "relation", relation_of(related), "level", name_level_word(likeness.level),
                     "bits", likeness.bits);
}

/* One way to say a name: every syllable chosen, words separated by spaces. */
struct saying {
    const struct language_tables *tables;
    const struct name            *parts[PARTS_MAX];
    size_t                        part_count;
    uint8_t                       surname_length;
};

/* Writes the reading with the `choice`-th combination; false when there is no such one. */
static bool write_reading(const struct saying *saying, size_t choice, char out[READING_BYTES])
{
    size_t used = 0;

    for (size_t i = 0; i < saying->part_count; i++) {
        const struct name *part = saying->parts[i];

        for (size_t j = 0; j < part->length; j++) {
            uint16_t     readings[NAME_SYLLABLES];
            const size_t count                      = name_readings(saying->tables, part, j, readings);
            char         letter[UTF8_BYTES_MAX + 1] = { 0 };
            const char  *syllable                   = letter;

            if (count > 0)
                syllable = saying->tables->syllables[readings[choice % count]];
            else
                utf8_put(part->characters[j], letter);
            choice = count > 0 ? choice / count : choice;
            if (used + strlen(syllable) + 2 > READING_BYTES)
                return false;
            const bool is_word_start = (j == 0 && i > 0) || (j > 0 && i == 0 && j == saying->surname_length);
            used += (size_t)snprintf(out + used, READING_BYTES - used, "%s%s", is_word_start ? " " : "", syllable);
        }
    }
    return choice == 0;
}

static bool is_listed(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    }
    return false;
}

static void list_readings(json_t *list, const struct saying *saying)
{
    char reading[READING_BYTES];

    for (size_t choice = 0; json_array_size(list) < READINGS_MAX && write_reading(saying, choice, reading); choice++) {
        if (!is_listed(list, reading))
            json_array_append_new(list, json_string(reading));
    }
}

/* The text as it can be written in JSON: broken bytes are replaced. */
static json_t *text_of(struct span rest)
{
    char    *text = malloc(rest.length * UTF8_BYTES_MAX + 1);
    size_t   used = 0;
    uint32_t character;

    while (text != NULL && utf8_next(&rest, &character))
        used += utf8_put(character, text + used);
    json_t *value = text != NULL ? json_stringn(text, used) : NULL;
    free(text);
    return value;
}

/* The part of the text, as it was typed, in which the folded characters from `from` up to `to` stand. */
static json_t *typed_text(const struct language_tables *tables, const char *line, const struct name *name, size_t from,
                          size_t to)
{
    struct span rest  = span_from_text(line);
    const char *start = rest.bytes, *end = rest.bytes;
    uint32_t    character;

    for (size_t at = 0; at < to && at < name->length;) {
        const char *before = rest.bytes;

        if (!utf8_next(&rest, &character))
            break;
        const uint32_t folded     = fold_width(character);
        const uint32_t simplified = language_character_of(tables, folded)->simplified;
        if ((simplified != 0 ? simplified : fold_latin(folded)) != name->characters[at])
            continue;
        if (at++ == from)
            start = before;
        end = rest.bytes;
    }
    return from < to ? text_of(span_of(start, (size_t)(end - start))) : json_string("");
}

/* The parts between dots; the dots are gone in a folded name. */
static size_t split_parts(const struct language_tables *tables, struct span text, struct name parts[PARTS_MAX])
{
    size_t      count = 0;
    struct span rest = text, part = { text.bytes, 0 };
    uint32_t    character;

    while (count < PARTS_MAX) {
        const char *before = rest.bytes;
        const bool  is_any = utf8_next(&rest, &character);

        if (is_any && fold_width(character) != FOLD_INTERPUNCT)
            continue;
        part.length = (size_t)(before - part.bytes);
        count += part.length > 0 && name_read(tables, part, &parts[count]);
        part.bytes = rest.bytes;
        if (!is_any)
            break;
    }
    return count;
}

/* 张杨子涵: both parents' surnames are read as one word, which is likelier than a given name of three characters. */
static bool has_double_surname(const struct language_tables *tables, const struct name *name)
{
    return name->surname_length == 1 && name->length == 4 &&
           language_surname_find(tables, name->characters[1], 0) != NULL;
}

static json_t *no_reading(const char *line)
{
    return json_pack("{s:o, s:s, s:s, s:n, s:[]}", "name", text_of(span_from_text(line)), "surname", "", "given", "",
                     "reading", "readings");
}

static json_t *reading_line(const struct name_tools *tools, char *line)
{
    const struct language_tables *tables           = tools->tables;
    struct name                   parts[PARTS_MAX] = { 0 };
    struct name                   whole            = { 0 };
    struct saying                 saying           = { .tables = tables, .part_count = 1, .parts = { &whole } };
    json_t                       *readings         = json_array();

    if (!name_read(tables, span_from_text(line), &whole)) {
        json_decref(readings);
        return no_reading(line);
    }
    const bool has_parts = !whole.is_latin && whole.given_part > 0;
    if (has_parts)
        saying.part_count = split_parts(tables, span_from_text(line), parts);
    for (size_t i = 0; has_parts && i < saying.part_count; i++) {
        parts[i].surname_length = 0;
        saying.parts[i]         = &parts[i];
    }
    const bool is_double = !has_parts && has_double_surname(tables, &whole);
    if (is_double) {
        saying.surname_length = 2;
        list_readings(readings, &saying);
    }
    saying.surname_length = whole.is_latin ? whole.given_part : whole.surname_length;
    list_readings(readings, &saying);

    const size_t cut = is_double ? 2 : whole.surname_length;
    return json_pack("{s:o, s:o, s:o, s:O, s:o}", "name", text_of(span_from_text(line)), "surname",
                     typed_text(tables, line, &whole, 0, cut), "given",
                     typed_text(tables, line, &whole, cut, whole.length), "reading", json_array_get(readings, 0),
                     "readings", readings);
}

static int run_lines(const struct name_tools *tools, json_t *(*answer_line)(const struct name_tools *, char *))
{
    char  *line     = NULL;
    size_t capacity = 0, number = 0;
    int    status = 0;

    while (status == 0 && getline(&line, &capacity, stdin) >= 0) {
        number++;
        line[strcspn(line, "\r\n")] = '\0';

        json_t *answer = answer_line(tools, line);
        if (answer == NULL) {
            fprintf(stderr, "hulei name: line %zu: out of memory\n", number);
            status = 1;
        } else if (json_dumpf(answer, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6)) != 0 || putchar('\n') == EOF) {
            status = 1;
        }
        json_decref(answer);
    }
    free(line);
    return fflush(stdout) == 0 ? status : 1;
}

static bool open_tools(struct name_tools *tools, char *error, size_t error_size)
{
    char path[PATH_BYTES];

    tools->tables = language_open(error, error_size);
    if (tools->tables == NULL)
        return false;
    if (!share_path("model/identity.yaml", path, sizeof path)) {
        snprintf(error, error_size, "cannot find the data file model/identity.yaml");
        return false;
    }
    tools->model = model_load(path, error, error_size);
    return tools->model != NULL;
}

int command_name(int argc, char **argv)
{
    struct name_tools tools = { 0 };
    char              error[256];
    int               status = 1;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    const bool is_compare = argc == 2 && strcmp(argv[1], "compare") == 0;
    if (!is_compare && (argc != 2 || strcmp(argv[1], "reading") != 0)) {
        fputs(usage, stderr);
        return 2;
    }
    if (open_tools(&tools, error, sizeof error))
        status = run_lines(&tools, is_compare ? compare_line : reading_line);
    else
        fprintf(stderr, "hulei name: %s\n", error);
    model_free(tools.model);
    language_close(tools.tables);
    return status;
}
