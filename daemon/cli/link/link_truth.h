/* The truth beside a result: for figures only, never for training.
 * Pairs between records of unknown entity do not count. */
#ifndef HULEI_DAEMON_CLI_LINK_TRUTH_H
#define HULEI_DAEMON_CLI_LINK_TRUTH_H

#include "daemon/cli/link/link_records.h"

struct link_truth {
    uint32_t *entities; /* per record; 0: unknown */
    bool      between_sources;
    uint64_t  pairs; /* true ones */
};

struct link_figures {
    uint64_t found_true, found_false, all_true; /* pairs */
};

/* Reads a CSV or NDJSON file with record_id, entity and, where there are several sources, source. */
bool link_truth_load(const char *path, const struct link_records *records, bool between_sources,
                     struct link_truth *truth, char *error, size_t error_size);
void link_truth_clear(struct link_truth *truth);

enum link_truth_answer { LINK_TRUTH_UNKNOWN = 0, LINK_TRUTH_SAME, LINK_TRUTH_DIFFERENT };
enum link_truth_answer link_truth_of(const struct link_truth *truth, const struct link_records *records, uint32_t a,
                                     uint32_t b);

/* Pairs within clusters. False when memory is out. */
bool link_truth_clusters(const struct link_truth *truth, const struct link_records *records, const uint32_t *labels,
                         struct link_figures *figures);

/* "precision 1.0000 recall 0.9998 F1 0.9999 (true N, false M, missed K)" to stdout. */
void link_figures_print(const char *what, const struct link_figures *figures);

#endif
