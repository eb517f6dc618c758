/* Reads the YAML file of `hulei link`; see link_config.h.
 * libcyaml checks form, this file what names refer to; the line of a wrong name is found by looking for it. */
#include "daemon/cli/link/link_config.h"

#include "daemon/cli/link/link_schema.h"
#include "daemon/common/yaml_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE_LIMIT = 2000 }; /* clustering takes memory by its square, time by its cube */

struct check {
    const char *path;
    const char *section; /* key at the left margin under which the word at fault stands; "": anywhere */
    char       *error;
    size_t      error_size;
    bool        has_failed;
};

/* The first line of the section that holds the word, 0 when none does. */
static unsigned line_of(const struct check *check, const char *word)
{
    FILE        *file  = fopen(check->path, "re");
    char        *line  = NULL;
    size_t       size  = 0;
    unsigned     count = 0, found = 0;
    const size_t length     = strlen(check->section);
    bool         is_section = false;

    while (file != NULL && found == 0 && getline(&line, &size, file) >= 0) {
        count++;
        is_section = is_section || strncmp(line, check->section, length) == 0;
        if (is_section && line[strspn(line, " ")] != '#' && strstr(line, word) != NULL)
            found = count;
    }
    free(line);
    if (file != NULL)
        fclose(file);
    return found;
}

/* Keeps the first complaint. `word` is what to look for in the file. */
__attribute__((format(printf, 3, 4))) static void complain(struct check *check, const char *word, const char *format,
                                                           ...)
{
    char    text[200];
    va_list arguments;

    if (check->has_failed)
        return;
    check->has_failed = true;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(check->error, check->error_size, "%s:%u: %s", check->path, line_of(check, word), text);
}

static uint8_t find_column(struct check *check, const struct link_config *config, const char *name, const char *where)
{
    for (unsigned i = 0; i < config->columns_count; i++) {
        if (strcmp(config->columns[i].name, name) == 0)
            return (uint8_t)i;
    }
    complain(check, name, "%s: there is no column '%s'", where, name);
    return 0;
}

/* ---- tests ---- */

struct need {
    bool   other, limit;
    double least, most;
    int    kind; /* of the column; -1: any */
};

static struct need need_of(enum linkage_test_kind kind)
{
    switch (kind) {
    case LINKAGE_EDITS:
    case LINKAGE_PREFIX:
        return (struct need){ false, true, 1, 20, -1 };
    case LINKAGE_JARO_WINKLER:
    case LINKAGE_BIGRAMS:
        return (struct need){ false, true, 0, 1, -1 };
    case LINKAGE_RATIO:
        return (struct need){ false, true, 0, 1, LINKAGE_NUMBER };
    case LINKAGE_OVERLAP:
        return (struct need){ false, true, 0, 1, LINKAGE_SET };
    case LINKAGE_SHARED:
        return (struct need){ false, true, 1, LINKAGE_ITEMS_MAX, LINKAGE_SET };
    case LINKAGE_DAYS:
        return (struct need){ false, true, 0, 1e6, LINKAGE_DATE };
    case LINKAGE_WITHIN:
        return (struct need){ false, true, 0, 1e300, LINKAGE_NUMBER };
    case LINKAGE_DAY_MONTH:
    case LINKAGE_SAME_MONTH:
    case LINKAGE_SAME_YEAR:
    case LINKAGE_SAME_DAY:
        return (struct need){ false, false, 0, 0, LINKAGE_DATE };
    case LINKAGE_SWAPPED:
    case LINKAGE_CROSSED:
        return (struct need){ true, false, 0, 0, -1 };
    case LINKAGE_EXACT:
    case LINKAGE_BEGINS:
        break;
    }
    return (struct need){ false, false, 0, 0, -1 };
}

static struct linkage_test resolve_test(struct check *check, const struct link_config *config, const char *where,
                                        const struct link_test *from)
{
    const struct need   need = need_of(from->kind);
    struct linkage_test test = { .kind = from->kind, .limit = from->limit };

    test.column = find_column(check, config, from->column, where);
    if (need.other != (from->other != NULL))
        complain(check, where, "%s: 'other' belongs to the tests swapped and crossed", where);
    else if (need.other)
        test.other_column = find_column(check, config, from->other, where);
    if (need.limit ? !(from->limit >= need.least && from->limit <= need.most) : from->limit != 0)
        complain(check, where, "%s: the limit of a test is out of range", where);
    if (!check->has_failed && need.kind >= 0 && config->columns[test.column].kind != (enum linkage_kind)need.kind)
        complain(check, where, "%s: the test does not suit the kind of column '%s'", where, from->column);
    return test;
}

static void resolve_level(struct check *check, const struct link_config *config, const char *where,
                          const struct link_level *from, struct linkage_level *level)
{
    if (from->tests_count > LINKAGE_TESTS_MAX)
        complain(check, where, "%s: more than %d tests", where, LINKAGE_TESTS_MAX);
    for (unsigned i = 0; !check->has_failed && i < from->tests_count; i++)
        level->tests[level->test_count++] = resolve_test(check, config, where, &from->tests[i]);
    level->is_veto          = from->is_veto;
    level->has_frequency    = from->frequency != NULL;
    level->frequency_weight = from->frequency_weight > 0 ? from->frequency_weight : 1;
    if (level->has_frequency)
        level->frequency_column = find_column(check, config, from->frequency, where);
}

static void resolve_comparison(struct check *check, const struct link_config *config,
                               const struct link_comparison *from, struct linkage_comparison *comparison)
{
    check->section = "comparisons:";
    if (from->levels_count < 2 || from->levels_count >= PATTERN_LEVELS_MAX)
        complain(check, from->name, "comparison '%s': 2 to %d levels", from->name, PATTERN_LEVELS_MAX - 1);
    for (unsigned i = 0; !check->has_failed && i < from->levels_count; i++) {
        const struct link_level *level = &from->levels[i];

        if ((level->tests_count == 0) != (i + 1 == from->levels_count))
            complain(check, from->name, "comparison '%s': the last level, and only that, has no tests", from->name);
        resolve_level(check, config, from->name, level, &comparison->levels[i + 1]);
        comparison->level_count = (uint8_t)(i + 1);
    }
}

/* ---- rules ---- */

static void resolve_rule(struct check *check, const struct link_config *config, const struct link_rule *from,
                         struct linkage_rule *rule)
{
    unsigned each = 0;

    if (from->parts_count == 0 || from->parts_count > LINKAGE_PARTS_MAX)
        complain(check, from->name, "rule '%s': 1 to %d parts", from->name, LINKAGE_PARTS_MAX);
    rule->in_any_order = from->in_any_order;
    for (unsigned i = 0; !check->has_failed && i < from->parts_count; i++) {
        const struct link_part *part    = &from->parts[i];
        const bool              counted = part->part == LINKAGE_FIRST || part->part == LINKAGE_LAST;
        const uint8_t           column  = find_column(check, config, part->column, from->name);

        each += part->part == LINKAGE_EACH;
        if (counted != (part->count > 0) || each > 1)
            complain(check, from->name, "rule '%s': 'count' belongs to first and last; 'each' comes once", from->name);
        rule->parts[rule->part_count++] = (struct linkage_part){ column, part->part, part->count };
    }
}

static void resolve_rules(struct check *check, const struct link_config *config, const struct link_rule *from,
                          unsigned count, struct linkage_rule *rules)
{
    if (count > LINK_RULES_MAX)
        complain(check, "blocking", "more than %d rules", LINK_RULES_MAX);
    for (unsigned i = 0; !check->has_failed && i < count; i++)
        resolve_rule(check, config, &from[i], &rules[i]);
}

static void choose_training_rules(struct check *check, struct link_config *config)
{
    const struct link_training *training = config->training;

    for (unsigned i = 0; i < config->blocking_count; i++) {
        bool is_chosen = training->rules_count == 0;

        for (unsigned j = 0; j < training->rules_count; j++)
            is_chosen = is_chosen || strcmp(training->rules[j], config->blocking[i].name) == 0;
        config->training_rules |= is_chosen ? UINT32_C(1) << i : 0;
    }
    for (unsigned j = 0; j < training->rules_count; j++) {
        bool is_known = false;

        for (unsigned i = 0; i < config->blocking_count; i++)
            is_known = is_known || strcmp(training->rules[j], config->blocking[i].name) == 0;
        if (!is_known)
            complain(check, training->rules[j], "training: there is no blocking rule '%s'", training->rules[j]);
    }
}

/* ---- the whole ---- */

static void resolve_columns(struct check *check, struct link_config *config)
{
    check->section = "columns:";
    if (config->columns_count == 0 || config->columns_count > LINKAGE_COLUMNS_MAX)
        complain(check, "columns", "1 to %d columns", LINKAGE_COLUMNS_MAX);
    for (unsigned i = 0; !check->has_failed && i < config->columns_count; i++) {
        const struct link_column *column = &config->columns[i];

        for (unsigned j = 0; j < i; j++) {
            if (strcmp(config->columns[j].name, column->name) == 0)
                complain(check, column->name, "column '%s' comes twice", column->name);
        }
        config->model->columns[i].kind      = column->kind;
        config->model->columns[i].separator = column->separator != NULL ? column->separator[0] : ' ';
        config->model->column_count         = i + 1;
    }
}

static void check_ranges(struct check *check, const struct link_config *config)
{
    if (config->version != 1)
        complain(check, "version", "version %u is not 1", config->version);
    if (!(config->report_probability >= 0 && config->report_probability <= 1))
        complain(check, "report_probability", "report_probability is not within 0 to 1");
    if (config->clusters != NULL && config->clusters->size_max > SIZE_LIMIT)
        complain(check, "size_max", "size_max is above %d", SIZE_LIMIT);
    if (config->clusters != NULL && !(config->clusters->join_probability > 0 && config->clusters->join_probability < 1))
        complain(check, "join_probability", "join_probability is not between 0 and 1");
    if (config->person != NULL)
        return;
    if (config->columns == NULL || config->comparisons == NULL || config->blocking == NULL ||
        config->training == NULL || config->clusters == NULL)
        complain(check, "version", "columns, comparisons, blocking, training and clusters must be there, or person");
    else if (!(config->training->recall > 0 && config->training->recall <= 1))
        complain(check, "recall", "training: recall is not within 0 to 1");
}

static void resolve(struct check *check, struct link_config *config)
{
    check_ranges(check, config);
    if (check->has_failed || config->person != NULL)
        return;
    resolve_columns(check, config);
    check->section = "comparisons:";
    if (config->comparisons_count > PATTERN_COMPARISONS_MAX)
        complain(check, "comparisons", "more than %d comparisons", PATTERN_COMPARISONS_MAX);
    for (unsigned i = 0; !check->has_failed && i < config->comparisons_count; i++) {
        resolve_comparison(check, config, &config->comparisons[i], &config->model->comparisons[i]);
        config->model->comparison_count = i + 1;
    }
    check->section = "blocking:";
    resolve_rules(check, config, config->blocking, config->blocking_count, config->rules);
    check->section = "training:";
    resolve_rules(check, config, config->training->strict, config->training->strict_count, config->strict_rules);
    if (!check->has_failed)
        choose_training_rules(check, config);
}

struct link_config *link_config_load(const char *path, char *error, size_t error_size)
{
    struct link_config *config = yaml_file_load(path, &link_config_schema, error, error_size);
    struct check        check  = { path, "", error, error_size, false };

    if (config == NULL)
        return NULL;
    config->model = calloc(1, sizeof *config->model);
    if (config->model == NULL)
        complain(&check, "version", "out of memory");
    else
        resolve(&check, config);
    if (!check.has_failed)
        return config;
    link_config_free(config);
    return NULL;
}

void link_config_free(struct link_config *config)
{
    if (config == NULL)
        return;
    free(config->model);
    yaml_file_free(&link_config_schema, config);
}
