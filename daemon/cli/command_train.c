/* `hulei train`: a new identity model out of feed records, without truth; and the approval of one.
 * The model it writes is approved by nobody until a person says so. */
#include "daemon/cli/commands.h"
#include "daemon/cli/train/learn.h"
#include "daemon/cli/train/train_report.h"
#include "daemon/common/model.h"
#include "daemon/common/share.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: hulei train [OPTION ...] --out MODEL FILE ...\n"
    "       hulei train --approve NAME MODEL\n"
    "\n"
    "Learns how often true matches and strangers agree on each level of each comparison. FILE is NDJSON of feed\n"
    "records as `hulei feed push` takes them, or CSV; no truth is used. Strict rules and a stated recall give the\n"
    "share of matches (lambda), pairs sampled by hash give u, and EM over counts of agreement patterns gives m, each\n"
    "block of pairs leaving out what it was blocked by. The same records in any order give the same bytes. Takes\n"
    "about 0.4 KB of memory a person block.\n"
    "\n"
    "  --out MODEL         the model file to write\n"
    "  --base MODEL        gives limits, rarity weights and levels that were seldom met (default: the configured one)\n"
    "  --fresh             a level that was seldom met is untrained; such a model is refused when loaded\n"
    "  --recall SHARE      of the true matches, found by: equal number and name; or equal birth date, name, and phone\n"
    "                      or booklet (default 0.7)\n"
    "  --random-pairs N    to sample (default 5000000)\n"
    "  --common-name N     names of so many mentions are kept, as hashes, with their frequency (default 20)\n"
    "  --date DAY          the model's date (default: today)\n"
    "  --config FILE       feeds and policy that the records are read by (default: $HULEI_CONFIG)\n"
    "  --source URN, --type WORD, --map FILE, --time TIME   of records that do not say so, as in `hulei feed`\n"
    "  --approve NAME      writes who approved the model; until then the engine refuses it\n"
    "\n"
    "Exit status: 0 written, 1 something cannot be read or written or no record was accepted, 2 wrong arguments.\n";

struct train_options {
    struct feed_options  feed;
    struct learn_options learn;
    const char          *out, *base, *approve;
    char                 date[11];
};

/* ---- arguments ---- */

static bool read_number(const char *text, double low, double high, double *number)
{
    char *end = NULL;

    *number = strtod(text, &end);
    return end != text && *end == '\0' && *number >= low && *number <= high;
}

static bool is_date(const char *text)
{
    return strlen(text) == 10 && text[4] == '-' && text[7] == '-' && strspn(text, "0123456789-") == 10;
}

static const struct option names[] = {
    {"out",           required_argument, NULL, 'o'},
    { "base",         required_argument, NULL, 'b'},
    { "fresh",        no_argument,       NULL, 'f'},
    { "recall",       required_argument, NULL, 'r'},
    { "random-pairs", required_argument, NULL, 'n'},
    { "common-name",  required_argument, NULL, 'k'},
    { "date",         required_argument, NULL, 'd'},
    { "config",       required_argument, NULL, 'c'},
    { "source",       required_argument, NULL, 's'},
    { "type",         required_argument, NULL, 't'},
    { "map",          required_argument, NULL, 'm'},
    { "time",         required_argument, NULL, 'i'},
    { "approve",      required_argument, NULL, 'a'},
    { NULL,           0,                 NULL, 0  },
};

static bool take_option(int name, struct train_options *options)
{
    double number = 0;
    bool   is_ok  = true;

    switch (name) {
    case 'o':
        options->out = optarg;
        return true;
    case 'b':
        options->base = optarg;
        return true;
    case 'f':
        options->learn.is_fresh = true;
        return true;
    case 'r':
        return read_number(optarg, 0.01, 1, &options->learn.recall);
    case 'n':
        is_ok                       = read_number(optarg, 1000, 1e10, &number);
        options->learn.random_pairs = (uint64_t)number;
        return is_ok;
    case 'k':
        is_ok                      = read_number(optarg, 2, 1e6, &number);
        options->learn.common_name = (uint32_t)number;
        return is_ok;
    case 'd':
        snprintf(options->date, sizeof options->date, "%s", optarg);
        return is_date(optarg);
    case 'c':
        options->feed.config = optarg;
        return true;
    case 's':
        options->feed.source = optarg;
        return true;
    case 't':
        options->feed.type = optarg;
        return true;
    case 'm':
        options->feed.map = optarg;
        return true;
    case 'i':
        options->feed.time = optarg;
        return true;
    case 'a':
        options->approve = optarg;
        return optarg[0] != '\0';
    default:
        return false;
    }
}

static bool read_options(int argc, char **argv, struct train_options *options)
{
    const time_t now = time(NULL) + 8 * 3600; /* the departments' day */
    struct tm    parts;

    gmtime_r(&now, &parts);
    strftime(options->date, sizeof options->date, "%Y-%m-%d", &parts);
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (!take_option(name, options))
            return false;
    }
    options->feed.files      = argv + optind;
    options->feed.file_count = argc - optind;
    if (options->approve != NULL)
        return options->out == NULL && options->feed.file_count == 1;
    return options->out != NULL && options->feed.file_count > 0;
}

/* ---- writing ---- */

/* Beside the target first, so that a full disk leaves the old model whole. */
static bool write_model(const char *path, const struct identity_model *model, const struct model_origin *origin)
{
    char  beside[4096];
    bool  is_ok  = snprintf(beside, sizeof beside, "%s.new", path) < (int)sizeof beside;
    FILE *stream = is_ok ? fopen(beside, "we") : NULL;

    is_ok = stream != NULL && model_write(stream, model, origin) && fsync(fileno(stream)) == 0;
    if (stream != NULL && fclose(stream) != 0)
        is_ok = false;
    if (is_ok && rename(beside, path) == 0)
        return true;
    fprintf(stderr, "hulei train: the model cannot be written: %s\n", strerror(errno));
    if (stream != NULL)
        unlink(beside);
    return false;
}

static int approve(const struct train_options *options)
{
    char                   error[512];
    const char            *path  = options->feed.files[0];
    struct identity_model *model = model_load_for(path, MODEL_FOR_STUDY, error, sizeof error);

    if (model == NULL) {
        fprintf(stderr, "hulei train: %s\n", error);
        return 1;
    }
    struct model_origin origin = model_origin(model);
    origin.approved_by         = options->approve;
    const bool is_written      = write_model(path, model, &origin);
    model_free(model);
    return is_written ? 0 : 1;
}

/* ---- training ---- */

static struct identity_model *load_base(const struct train_options *options, const struct config *config, char *error,
                                        size_t error_size)
{
    char shared[4096];

    if (options->base != NULL)
        return model_load_for(options->base, MODEL_FOR_STUDY, error, error_size);
    if (config != NULL)
        return model_load_for(config->model, MODEL_FOR_STUDY, error, error_size);
    if (share_path("model/identity.yaml", shared, sizeof shared))
        return model_load_for(shared, MODEL_FOR_STUDY, error, error_size);
    snprintf(error, error_size, "there is no base model: name one by --base");
    return NULL;
}

static bool read_files(const struct train_options *options, struct record_reader *reader, struct population *population)
{
    struct record_reader_counts counts = { 0 };

    for (int i = 0; i < options->feed.file_count; i++) {
        char error[512] = "out of memory";

        if (!record_reader_run(reader, options->feed.files[i], population_take, population, &counts, error,
                               sizeof error)) {
            fprintf(stderr, "hulei train: file %d: %s\n", i + 1, error);
            return false;
        }
    }
    fprintf(stderr, "lines %lld, refused %lld\n", (long long)counts.lines, (long long)counts.refused);
    if (population->count < 2)
        fputs("hulei train: no two persons were read; do feeds.yaml or --source bind these records?\n", stderr);
    return population->count >= 2;
}

static bool learn_and_write(const struct train_options *options, const struct language_tables *language,
                            const struct population *population, const struct identity_model *base)
{
    struct identity_model model;
    struct common_name   *common_names = NULL;
    struct learn_figures  figures;
    char                  trained_on[256];

    if (!learn_model(language, population, base, &options->learn, &model, &common_names, &figures)) {
        fputs("hulei train: out of memory\n", stderr);
        return false;
    }
    train_report_print(stderr, population, &options->learn, &model, &figures);
    snprintf(trained_on, sizeof trained_on, "%zu records, %zu mentions, %llu random pairs, strict recall %.2f",
             population->records, population->count, (unsigned long long)figures.random_pairs, options->learn.recall);
    const struct model_origin origin = { options->date, "", trained_on };
    const bool                is_ok  = write_model(options->out, &model, &origin);
    free(common_names);
    return is_ok;
}

static int train(const struct train_options *options)
{
    char                   error[512] = "";
    struct population      population = { 0 };
    struct record_reader  *reader     = record_reader_open(&options->feed, error, sizeof error);
    struct identity_model *base       = NULL;
    bool                   is_ok      = false;

    if (reader != NULL)
        base = load_base(options, record_reader_config(reader), error, sizeof error);
    if (base == NULL) {
        fprintf(stderr, "hulei train: %s\n", error);
    } else if (read_files(options, reader, &population)) {
        is_ok = population_settle(&population, base->generic_holders);
        if (!is_ok)
            fputs("hulei train: out of memory\n", stderr);
        is_ok = is_ok && learn_and_write(options, record_reader_language(reader), &population, base);
    }
    population_clear(&population);
    model_free(base);
    record_reader_close(reader);
    return is_ok ? 0 : 1;
}

int command_train(int argc, char **argv)
{
    struct train_options options = {
        .learn = {.recall = 0.7, .random_pairs = 5000000, .common_name = 20}
    };

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    return options.approve != NULL ? approve(&options) : train(&options);
}
