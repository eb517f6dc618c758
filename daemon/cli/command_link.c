/* `hulei link`: dedupes and links CSV or NDJSON files in one run, without database or broker.
 * Holds the options only; the run is in link/link_run.c. */
#include "daemon/cli/commands.h"
#include "daemon/cli/link/link_run.h"
#include "daemon/cli/link/link_work.h"
#include "daemon/common/stream.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: hulei link --config C.yaml --out DIR [OPTION ...] FILE ...\n"
    "\n"
    "Finds the records that mean the same in CSV files (headings in the first row) and NDJSON files (named .ndjson or\n"
    ".jsonl). Columns, comparisons, blocking and clusters come from the configuration; the weights are trained on the\n"
    "records themselves, without truth. Writes to DIR:\n"
    "  clusters.csv  cluster_id,source,record_id\n"
    "  pairs.csv     record_a,record_b,probability,weight_bits and the bits of each comparison\n"
    "  rejects.csv   file,row,field,rule of what could not be read\n"
    "and prints counts, worst blocking keys and weights.\n"
    "\n"
    "  --model FILE       take the weights from FILE instead of training\n"
    "  --save-model FILE  write the trained weights\n"
    "  --truth FILE       CSV with record_id, entity (and source): print precision, recall and blocking recall;\n"
    "                     training never sees it\n"
    "  --memory BYTES     at most about so much (K, M, G behind the number): pairs go to a file, records refuse\n"
    "  --threads N        default: all cores; the result is the same\n"
    "  --check-config     only read the configuration\n";

static bool read_bytes(const char *text, size_t *bytes)
{
    char                    *end    = NULL;
    const unsigned long long number = strtoull(text, &end, 10);
    const char              *units  = "KMG";
    const char              *unit   = *end != '\0' ? strchr(units, *end) : NULL;
    const unsigned           shift  = unit != NULL ? 10 * ((unsigned)(unit - units) + 1) : 0;

    if (end == text || text[0] == '-' || (*end != '\0' && (unit == NULL || end[1] != '\0')))
        return false;
    *bytes = (size_t)number << shift;
    return number > 0 && *bytes >> shift == number;
}

static bool read_threads(const char *text, unsigned *threads)
{
    char               *end    = NULL;
    const unsigned long number = strtoul(text, &end, 10);

    *threads = (unsigned)number;
    return end != text && *end == '\0' && number >= 1 && number <= LINK_THREADS_MAX;
}

/* False: wrong arguments. */
static bool read_options(int argc, char **argv, struct link_options *options, bool *is_check)
{
    static const struct option names[] = {
        {"config",        required_argument, NULL, 'c'},
        { "out",          required_argument, NULL, 'o'},
        { "model",        required_argument, NULL, 'm'},
        { "save-model",   required_argument, NULL, 's'},
        { "truth",        required_argument, NULL, 't'},
        { "memory",       required_argument, NULL, 'b'},
        { "threads",      required_argument, NULL, 'n'},
        { "check-config", no_argument,       NULL, 'k'},
        { NULL,           0,                 NULL, 0  },
    };
    bool is_ok = true;

    for (int name = 0; is_ok && (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'c')
            options->config_path = optarg;
        else if (name == 'o')
            options->directory = optarg;
        else if (name == 'm')
            options->model_path = optarg;
        else if (name == 's')
            options->save_model_path = optarg;
        else if (name == 't')
            options->truth_path = optarg;
        else if (name == 'b')
            is_ok = read_bytes(optarg, &options->memory_bytes);
        else if (name == 'n')
            is_ok = read_threads(optarg, &options->threads);
        else if (name == 'k')
            *is_check = true;
        else
            is_ok = false;
    }
    options->files      = (const char *const *)(argv + optind);
    options->file_count = (size_t)(argc - optind);
    return is_ok && options->config_path != NULL &&
           (*is_check || (options->directory != NULL && options->file_count > 0));
}

static bool check_config(const char *path, char *error, size_t error_size)
{
    struct link_config *config = link_config_load(path, error, error_size);

    link_config_free(config);
    return config != NULL;
}

int command_link(int argc, char **argv)
{
    struct link_options options  = { .threads = stream_cores() };
    bool                is_check = false;
    char                error[512];

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!read_options(argc, argv, &options, &is_check)) {
        fputs(usage, stderr);
        return 2;
    }
    if (is_check ? check_config(options.config_path, error, sizeof error) : link_run(&options, error, sizeof error))
        return 0;
    fprintf(stderr, "hulei link: %s\n", error);
    return 1;
}
