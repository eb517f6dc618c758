/* Trains the weights from the records themselves: counts patterns on all cores, then matchers/linkage/train.h.
 * Never sees the truth. */
#ifndef HULEI_DAEMON_CLI_LINK_TRAIN_H
#define HULEI_DAEMON_CLI_LINK_TRAIN_H

#include "daemon/cli/link/link_candidates.h"
#include "daemon/cli/link/link_progress.h"
#include "matchers/linkage/train.h"

struct link_trained {
    struct train_weights weights;
    struct train_report  report;
    uint64_t             strict_pairs, random_pairs;
    uint64_t             rule_pairs[TRAIN_BLOCKS_MAX]; /* counted, by training rule */
    double               pairs;                        /* there are at all */
};

/* False when memory is out. */
bool link_train(const struct link_config *config, const struct link_records *records,
                const struct link_candidates *candidates, unsigned threads, struct link_progress *progress,
                struct link_trained *trained);

/* Puts the weights into the model. */
void link_trained_apply(const struct link_trained *trained, const struct link_records *records,
                        struct linkage_model *model);

#endif
