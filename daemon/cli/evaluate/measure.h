/* The parts of evaluation_measure() that have a file of their own.
 * For the files of this folder only. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_MEASURE_H
#define HULEI_DAEMON_CLI_EVALUATE_MEASURE_H

#include "daemon/cli/evaluate/evaluate.h"

/* Fills figures->kinds and figures->numbered; the scores of all must be there. False when memory is out. */
bool measure_kinds(const struct evaluation *evaluation, const uint32_t *labels, size_t label_count,
                   const struct item_scores *items, struct evaluation_figures *figures);

/* Counts the twins who share a cluster. False when memory is out. */
bool measure_twins(const struct evaluation *evaluation, const uint32_t *labels, struct evaluation_figures *figures);

/* Pairs, all of them and those of persons whose identity is right; `labels` is the cluster of each mention. False when
 * memory is out. */
bool measure_pairs(struct evaluation *evaluation, const uint32_t *labels, struct evaluation_figures *figures);

#endif
