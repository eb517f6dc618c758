/* `hulei synth`: writes a synthetic county with its truth.
 * All persons are invented; the generator knows nothing of the matchers. */
#include "daemon/cli/commands.h"
#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/synth.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char usage[] =
    "usage: hulei synth --persons N --seed S --out DIR [--errors default|double|none] [--date YYYY-MM-DD]\n"
    "                   [--changes M]\n"
    "\n"
    "Writes the departments' records of an invented county as DIR/<topic>.ndjson (structured CloudEvents, ready for\n"
    "`hulei feed push`), and the truth beside them:\n"
    "  truth_clusters.csv      who is meant by each mention: person,source,type,subject,slot\n"
    "  truth_pairs.csv         the exposures of every rule with their tiers, from where the newest addresses lead\n"
    "  truth_pairs_hidden.csv  pairs nobody can see because every record of one side is out of date\n"
    "  truth_counted.csv       what rule B1 only counts, by community\n"
    "  truth_twins.csv         who is whose twin\n"
    "  errors_by_record.csv    which errors each mention holds\n"
    "\n"
    "  --persons N    100 to 20,000,000 distinct persons\n"
    "  --seed S       same seed and date, same bytes\n"
    "  --errors KIND  default rates, doubled, or none\n"
    "  --date DAY     the day the records are written (default: today); tiers depend on the age of addresses\n"
    "  --changes M    also DIR/changes/<topic>.ndjson: M records, 60 % repeats or changes, 30 % new, 10 % risk and "
    "place\n";

static bool read_number(const char *text, uint64_t lowest, uint64_t highest, uint64_t *number)
{
    char *end = NULL;

    errno   = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-' && *number >= lowest && *number <= highest;
}

static bool read_factor(const char *text, double *factor)
{
    if (strcmp(text, "default") == 0)
        *factor = 1;
    else if (strcmp(text, "double") == 0)
        *factor = 2;
    else if (strcmp(text, "none") == 0)
        *factor = 0;
    else
        return false;
    return true;
}

static int32_t day_now(void)
{
    const time_t now = time(NULL) + 8 * 3600; /* the departments' day */

    return (int32_t)(now / 86400);
}

/* False: wrong arguments. */
static bool read_options(int argc, char **argv, struct synth_options *options)
{
    static const struct option names[] = {
        {"persons",  required_argument, NULL, 'n'},
        { "seed",    required_argument, NULL, 's'},
        { "errors",  required_argument, NULL, 'e'},
        { "date",    required_argument, NULL, 'd'},
        { "changes", required_argument, NULL, 'c'},
        { "out",     required_argument, NULL, 'o'},
        { NULL,      0,                 NULL, 0  },
    };
    uint64_t number    = 0;
    bool     is_ok     = true;
    bool     is_seeded = false;

    for (int name = 0; is_ok && (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 'n')
            is_ok = read_number(optarg, 100, 20000000, &number), options->persons = (size_t)number;
        else if (name == 's')
            is_ok = is_seeded = read_number(optarg, 0, UINT64_MAX, &options->seed);
        else if (name == 'c')
            is_ok = read_number(optarg, 1, 100000000, &number), options->changes = (size_t)number;
        else if (name == 'e')
            is_ok = read_factor(optarg, &options->error_factor);
        else if (name == 'd')
            is_ok = calendar_parse(optarg, &options->today);
        else if (name == 'o')
            options->directory = optarg;
        else
            is_ok = false;
    }
    return is_ok && is_seeded && optind == argc && options->persons > 0 && options->directory != NULL;
}

static void print_figures(const struct synth_figures *figures)
{
    printf("persons %zu, households %zu, births %zu, twin pairs %zu\n", figures->persons, figures->households,
           figures->births, figures->twin_pairs);
    printf("girls in profile %zu, persons of concern %zu, records of persons %zu\n", figures->girls, figures->concerns,
           figures->mentions_records);
    printf("pairs: red %zu, orange %zu, yellow %zu, blue %zu, hidden %zu\n", figures->pairs[1], figures->pairs[2],
           figures->pairs[3], figures->pairs[4], figures->pairs[0]);
    printf("lines written %llu, of changes %llu\n", (unsigned long long)figures->written,
           (unsigned long long)figures->changes_written);
}

int command_synth(int argc, char **argv)
{
    struct synth_options options = { .error_factor = 1, .today = day_now() };
    struct synth_figures figures;
    char                 fault[256];

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    if (mkdir(options.directory, 0755) != 0 && errno != EEXIST) {
        fputs("hulei synth: the directory cannot be made\n", stderr);
        return 1;
    }
    if (!synth_run(&options, &figures, fault, sizeof fault)) {
        fprintf(stderr, "hulei synth: %s\n", fault);
        return 1;
    }
    print_figures(&figures);
    return 0;
}
