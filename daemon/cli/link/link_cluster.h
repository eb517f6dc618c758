/* Clusters out of pairs: groups reached by strong pairs, each cut into clusters that hold as a whole.
 * The result does not depend on the order of files or threads. */
#ifndef HULEI_DAEMON_CLI_LINK_CLUSTER_H
#define HULEI_DAEMON_CLI_LINK_CLUSTER_H

#include "daemon/cli/link/link_config.h"
#include "daemon/cli/link/link_edges.h"
#include "daemon/cli/link/link_progress.h"

struct link_cluster_counts {
    uint64_t clusters, largest;
    uint64_t refused; /* pairs that would have made a group larger than size_max */
};

/* labels[i] becomes the first record of i's cluster. False when memory is out or a file cannot be read back. */
bool link_cluster(const struct link_config *config, const struct linkage_model *model,
                  const struct link_records *records, struct link_edges *edges, unsigned threads,
                  struct link_progress *progress, uint32_t *labels, struct link_cluster_counts *counts);

#endif
