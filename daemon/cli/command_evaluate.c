/* `hulei evaluate`: precision and recall of clusters and pairs against a synthetic county's truth.
 * Sees opaque ids only, whether they come from files or from the database. */
#include "daemon/cli/commands.h"
#include "daemon/cli/evaluate/evaluate_db.h"
#include "daemon/cli/evaluate/report.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: hulei evaluate --truth DIR (--database CONNINFO | --clusters FILE [--pairs FILE] |\n"
    "                      --records DIR [--config FILE]) [--json]\n"
    "\n"
    "Compares what was found with the truth that `hulei synth` wrote to DIR: pairwise and B-cubed precision, recall\n"
    "and F1 of the clusters, the same by kind of error, merged twins, recall and precision of the exposure pairs by\n"
    "rule and tier, and examples of confusion by opaque id. Pairs that every record hides are not counted as missed.\n"
    "With --records it clusters the records itself and also says what blocking offered, hid and was too common.\n"
    "\n"
    "  --truth DIR          the directory of `hulei synth`\n"
    "  --database CONNINFO  read clusters and pairs from PostgreSQL\n"
    "  --clusters FILE      or from CSV: cluster_id,source,type,subject,slot\n"
    "  --pairs FILE         child_cluster,risk_cluster,tier,rule[,subject,unit]; subject: child, unit, person, group\n"
    "  --records DIR        or cluster DIR/*.ndjson in memory, with the engine's own code\n"
    "  --config FILE        names feeds, policy and model for that (default: $HULEI_CONFIG)\n"
    "  --json               figures as JSON\n"
    "\n"
    "Exit status 0 whatever the figures are; 1 when something cannot be read.\n";

struct evaluate_options {
    const char *truth, *database, *clusters, *pairs, *records, *config;
    bool        is_json;
};

static bool read_options(int argc, char **argv, struct evaluate_options *options)
{
    static const struct option names[] = {
        {"truth",     required_argument, NULL, 't'},
        { "database", required_argument, NULL, 'd'},
        { "clusters", required_argument, NULL, 'c'},
        { "pairs",    required_argument, NULL, 'p'},
        { "records",  required_argument, NULL, 'r'},
        { "config",   required_argument, NULL, 'f'},
        { "json",     no_argument,       NULL, 'j'},
        { NULL,       0,                 NULL, 0  },
    };

    for (int name = 0; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (name == 't')
            options->truth = optarg;
        else if (name == 'd')
            options->database = optarg;
        else if (name == 'c')
            options->clusters = optarg;
        else if (name == 'p')
            options->pairs = optarg;
        else if (name == 'r')
            options->records = optarg;
        else if (name == 'f')
            options->config = optarg;
        else if (name == 'j')
            options->is_json = true;
        else
            return false;
    }
    const int origins = (options->database != NULL) + (options->clusters != NULL) + (options->records != NULL);

    return optind == argc && options->truth != NULL && origins == 1 &&
           (options->pairs == NULL || options->clusters != NULL) &&
           (options->config == NULL || options->records != NULL);
}

static bool read_all(struct evaluation *evaluation, const struct evaluate_options *options,
                     struct record_figures *records, char *fault, size_t size)
{
    if (!evaluation_read_truth(evaluation, options->truth, fault, size))
        return false;
    if (options->database != NULL)
        return evaluation_read_database(evaluation, options->database, fault, size);
    if (options->records != NULL)
        return evaluation_read_records(evaluation, &(struct record_options){ options->records, options->config },
                                       records, fault, size);
    return evaluation_read_clusters(evaluation, options->clusters, fault, size) &&
           (options->pairs == NULL || evaluation_read_pairs(evaluation, options->pairs, fault, size));
}

static bool report(const struct evaluation *evaluation, const struct evaluation_figures *figures,
                   const struct record_figures *records, bool is_json)
{
    if (is_json)
        return report_json(stdout, evaluation, figures, records);
    report_text(stdout, evaluation, figures, records);
    return ferror(stdout) == 0;
}

int command_evaluate(int argc, char **argv)
{
    struct evaluate_options   options    = { 0 };
    struct evaluation         evaluation = { 0 };
    struct evaluation_figures figures;
    struct record_figures     records;
    char                      fault[256] = "out of memory";

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    const bool is_ok = read_all(&evaluation, &options, &records, fault, sizeof fault) &&
                       evaluation_measure(&evaluation, &figures) &&
                       report(&evaluation, &figures, options.records != NULL ? &records : NULL, options.is_json);
    evaluation_clear(&evaluation);
    if (!is_ok)
        fprintf(stderr, "hulei evaluate: %s\n", fault);
    return is_ok ? 0 : 1;
}
