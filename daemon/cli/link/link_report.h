/* What a run says of itself on stdout: counts, worst keys, training, figures.
 * Never a value of a record: a worst key is told by the id of a record that holds it. */
#ifndef HULEI_DAEMON_CLI_LINK_REPORT_H
#define HULEI_DAEMON_CLI_LINK_REPORT_H

#include "daemon/cli/link/link_candidates.h"
#include "daemon/cli/link/link_cluster.h"
#include "daemon/cli/link/link_predict.h"
#include "daemon/cli/link/link_train.h"

void link_report_blocking(const struct link_config *config, const struct link_records *records,
                          const struct link_candidates *candidates);
void link_report_training(const struct link_config *config, const struct link_trained *trained);
void link_report_pairs(const struct link_predict_counts *counts, const struct link_truth *truth);
void link_report_clusters(const struct link_cluster_counts *counts);

#endif
