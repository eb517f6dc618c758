/* Compares all candidates on all cores: pairs.csv, and the pairs that may join clusters.
 * Pairs stream: none is kept but those that may join. */
#ifndef HULEI_DAEMON_CLI_LINK_PREDICT_H
#define HULEI_DAEMON_CLI_LINK_PREDICT_H

#include "daemon/cli/link/link_candidates.h"
#include "daemon/cli/link/link_edges.h"
#include "daemon/cli/link/link_progress.h"
#include "daemon/cli/link/link_truth.h"

#include <stdio.h>

enum { LINK_GRADES = 3 };

/* Probabilities from which pairs are counted against the truth. */
extern const double link_grades[LINK_GRADES];

struct link_predict_counts {
    uint64_t            compared, reported;
    uint64_t            true_compared; /* with a truth; what blocking did not lose */
    struct link_figures figures[LINK_GRADES];
};

/* False when memory is out or a file cannot be written. `truth` may be NULL: no figures then. */
bool link_predict(const struct link_config *config, const struct linkage_model *model,
                  const struct link_records *records, const struct link_candidates *candidates, unsigned threads,
                  FILE *pairs, struct link_edges *edges, const struct link_truth *truth, struct link_progress *progress,
                  struct link_predict_counts *counts);

/* Match bits of two records, prior included, -INFINITY when they must not share a cluster. */
float link_match_bits(const struct link_config *config, const struct linkage_model *model,
                      const struct link_records *records, uint32_t a, uint32_t b);

#endif
