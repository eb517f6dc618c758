/* `hulei explain`: why two records are, or are not, taken for one person, in bits per comparison.
 * Shows levels and figures; never a name, number, date or address, whoever asks. */
#include "daemon/cli/commands.h"
#include "daemon/cli/explain/explain_holders.h"
#include "daemon/cli/explain/explain_pair.h"
#include "daemon/cli/explain/explain_source.h"
#include "daemon/cli/explain/waterfall_print.h"
#include "daemon/common/share.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char usage[] =
    "usage: hulei explain [OPTION ...] FILE           two records, one a line; - is standard input\n"
    "       hulei explain [OPTION ...] FILE FILE      the first line of each\n"
    "       hulei explain [OPTION ...] ID ID          two records of the database: SOURCE/TYPE/SUBJECT[/PERSON]\n"
    "       hulei explain [--json] [--config FILE] pair ID   a pair, as `hulei review list` names it\n"
    "\n"
    "A pair: its rule, evidence, modifiers and caps in words, policy and model, every step and decision so far, and "
    "for an\n"
    "identity that is not confirmed how its two newest records compare. The look is written to the audit chain.\n"
    "\n"
    "Shows how two records compare: level and bits of each comparison, what the rarity of the name adds, the sum, the\n"
    "prior, the probability, the veto if there is one, and where a join begins. Levels and figures only, no value of\n"
    "a record. A line is a CloudEvent of a feed, or {\"type\":\"child\",\"data\":{...}}. Records of the database are\n"
    "read as the engine's OS user, and the look is written to the audit chain first. When two of the database share\n"
    "a phone, a booklet or a dwelling, its holders are counted as the engine does; of files none has too many.\n"
    "\n"
    "  --json           the same as one JSON object\n"
    "  --person-a N     the N-th person of the first record of a file: 0 its own (default), 1 the first guardian or\n"
    "  --person-b N     teacher, ...; the second record's\n"
    "  --type WORD      of lines that tell no type\n"
    "  --model FILE     default: the configuration's, or the one that came with the program\n"
    "  --config FILE    default: $HULEI_CONFIG\n"
    "\n"
    "Exit status: 0 whatever the outcome is, 1 when a record or the model cannot be read, 2 wrong arguments.\n";

enum { COLUMNS_DEFAULT = 100, NAMES_MAX = 2 };

struct explain_options {
    const char *config, *model, *type;
    int         slots[NAMES_MAX];
    bool        is_json;
    char      **names;
    int         name_count;
};

/* Two records and what tells how they compare. */
struct evidence {
    const struct language_tables *language;
    const struct identity_model  *model;
    struct explain_holders       *holders; /* NULL: nothing counts as held by too many */
    struct mention_features       features[NAMES_MAX];
};

/* ---- arguments ---- */

static bool read_slot(const char *text, int *slot)
{
    char      *end   = NULL;
    const long value = strtol(text, &end, 10);

    *slot = (int)value;
    return end != text && *end == '\0' && value >= 0 && value < FACTS_SLOTS;
}

static bool read_options(int argc, char **argv, struct explain_options *options)
{
    static const struct option names[] = {
        {"json",      no_argument,       NULL, 'j'},
        { "person-a", required_argument, NULL, 'a'},
        { "person-b", required_argument, NULL, 'b'},
        { "type",     required_argument, NULL, 't'},
        { "model",    required_argument, NULL, 'm'},
        { "config",   required_argument, NULL, 'c'},
        { NULL,       0,                 NULL, 0  },
    };
    bool is_ok = true;

    for (int name; is_ok && (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'j')
            options->is_json = true;
        else if (name == 'a' || name == 'b')
            is_ok = read_slot(optarg, &options->slots[name - 'a']);
        else if (name == 't')
            options->type = optarg;
        else if (name == 'm')
            options->model = optarg;
        else if (name == 'c')
            options->config = optarg;
        else
            is_ok = false;
    }
    options->names      = argv + optind;
    options->name_count = argc - optind;
    return is_ok && options->name_count >= 1 && options->name_count <= NAMES_MAX;
}

/* ---- records ---- */

/* The next line of a file, without its end; NULL when there is none. The caller frees it. */
static char *next_line(FILE *stream)
{
    char   *line     = NULL;
    size_t  capacity = 0;
    ssize_t length   = stream != NULL ? getline(&line, &capacity, stream) : -1;

    if (length > 0)
        return line;
    free(line);
    return NULL;
}

static FILE *open_file(const char *name)
{
    return strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
}

/* Lines 1 and 2 of one file, or the first of each of two. */
static void read_lines(const struct explain_options *options, char *lines[NAMES_MAX])
{
    FILE *stream = open_file(options->names[0]);

    lines[0] = next_line(stream);
    if (options->name_count == 2) {
        if (stream != NULL && stream != stdin)
            fclose(stream);
        stream = open_file(options->names[1]);
    }
    lines[1] = next_line(stream);
    if (stream != NULL && stream != stdin)
        fclose(stream);
}

static bool take_files(const struct explain_options *options, struct person_maker *maker,
                       struct mention_features features[NAMES_MAX])
{
    char *lines[NAMES_MAX];
    bool  is_ok = true;

    read_lines(options, lines);
    for (int i = 0; i < NAMES_MAX && is_ok; i++) {
        char error[512] = "there is no such line";

        is_ok = lines[i] != NULL &&
                explain_read_line(maker, lines[i], options->type, options->slots[i], &features[i], error, sizeof error);
        if (!is_ok)
            fprintf(stderr, "hulei explain: record %d: %s\n", i + 1, error);
    }
    free(lines[0]);
    free(lines[1]);
    return is_ok;
}

static bool take_database(const struct explain_options *options, const struct explain_id ids[NAMES_MAX],
                          struct evidence *evidence)
{
    struct admin admin;
    char         error[512] = "";

    if (admin_open(&admin, "explain", options->config, ADMIN_AS_ENGINE) != 0)
        return false;
    bool is_ok = explain_read_database(&admin, ids, evidence->features, error, sizeof error);
    if (is_ok && explain_holders_matter(&evidence->features[0], &evidence->features[1])) {
        evidence->holders = explain_holders_open(&admin, evidence->language, evidence->model, error, sizeof error);
        is_ok             = evidence->holders != NULL;
    }
    admin_close(&admin);
    if (!is_ok)
        fprintf(stderr, "hulei explain: %s\n", error);
    return is_ok;
}

static bool take_records(const struct explain_options *options, struct person_maker *maker, struct evidence *evidence)
{
    struct explain_id ids[NAMES_MAX];

    if (options->name_count == NAMES_MAX && access(options->names[0], R_OK) != 0 &&
        explain_id_parse(options->names[0], &ids[0]) && explain_id_parse(options->names[1], &ids[1]))
        return take_database(options, ids, evidence);
    return take_files(options, maker, evidence->features);
}

/* ---- the model ---- */

static bool model_path(const struct explain_options *options, char *path, size_t size, char *error, size_t error_size)
{
    if (options->model != NULL)
        return snprintf(path, size, "%s", options->model) < (int)size;
    if (options->config == NULL && getenv("HULEI_CONFIG") == NULL) {
        snprintf(error, error_size, "cannot find the data file model/identity.yaml");
        return share_path("model/identity.yaml", path, size);
    }
    struct config *config = config_load(options->config, error, error_size);

    if (config == NULL)
        return false;
    const bool fits = snprintf(path, size, "%s", config->model) < (int)size;
    config_free(config);
    return fits;
}

static struct identity_model *load_model(const struct explain_options *options)
{
    char                   path[4096], error[512] = "the path is too long";
    struct identity_model *model = NULL;

    if (model_path(options, path, sizeof path, error, sizeof error))
        model = model_load_for(path, MODEL_FOR_STUDY, error, sizeof error);
    if (model == NULL)
        fprintf(stderr, "hulei explain: %s\n", error);
    return model;
}

/* ---- the answer ---- */

static int terminal_columns(void)
{
    struct winsize window;

    return isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0
               ? window.ws_col
               : COLUMNS_DEFAULT;
}

static struct comparison compare(const struct evidence *evidence, size_t a, size_t b)
{
    return identity_compare_fully(evidence->language, evidence->model, explain_holders_of(evidence->holders),
                                  &evidence->features[a], &evidence->features[b]);
}

static int answer(const struct explain_options *options, const struct evidence *evidence)
{
    const struct comparison comparison = compare(evidence, 0, 1);
    const struct waterfall  waterfall  = { .model      = evidence->model,
                                           .comparison = &comparison,
                                           .own_bits_a = compare(evidence, 0, 0).bits,
                                           .own_bits_b = compare(evidence, 1, 1).bits };

    if (options->is_json) {
        json_t *object = waterfall_json(&waterfall);

        json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
        putchar('\n');
        json_decref(object);
    } else {
        waterfall_print(stdout, &waterfall, terminal_columns());
    }
    return fflush(stdout) == 0 ? 0 : 1;
}

static int explain(const struct explain_options *options)
{
    char                   error[512] = "";
    struct person_maker   *maker      = person_maker_open(error, sizeof error);
    struct identity_model *model      = maker != NULL ? load_model(options) : NULL;
    struct evidence        evidence   = { .model = model };
    int                    status     = 1;

    if (maker == NULL)
        fprintf(stderr, "hulei explain: %s\n", error);
    else
        evidence.language = person_maker_language(maker);
    if (model != NULL && take_records(options, maker, &evidence))
        status = answer(options, &evidence);
    explain_holders_close(evidence.holders);
    explicit_bzero(&evidence, sizeof evidence);
    model_free(model);
    person_maker_close(maker);
    return status;
}

/* The identity question behind a pair: the two newest records of a person nobody has confirmed. */
static int explain_side(const struct explain_options *options, const json_t *pair, const char *side)
{
    char                   ids[NAMES_MAX][EXPLAIN_ID_BYTES];
    char                  *names[NAMES_MAX] = { ids[0], ids[1] };
    struct explain_options records          = {
                 .config = options->config, .model = options->model, .names = names, .name_count = NAMES_MAX
    };
    const char *grade = json_string_value(json_object_get(json_object_get(pair, side), "grade"));

    if (grade == NULL || strcmp(grade, "confirmed") == 0 || !explain_pair_records(pair, side, ids))
        return 0;
    printf("\n%s, the two newest of its records:\n", side);
    return explain(&records);
}

static int explain_pair(const struct explain_options *options)
{
    json_t *pair   = explain_pair_read(options->config, options->names[1]);
    int     status = pair != NULL ? 0 : 1;

    if (pair == NULL)
        return status;
    explain_pair_add_words(pair);
    if (options->is_json) {
        json_dumpf(pair, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        explain_pair_print(stdout, pair);
        status = explain_side(options, pair, "child") | explain_side(options, pair, "risk");
    }
    json_decref(pair);
    return status;
}

int command_explain(int argc, char **argv)
{
    struct explain_options options = { 0 };

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    if (options.name_count == NAMES_MAX && strcmp(options.names[0], "pair") == 0)
        return explain_pair(&options);
    return explain(&options);
}
