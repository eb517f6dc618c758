/* A whole run of `hulei link`: read, train, compare, cluster, write.
 * Reads as a list of steps; each step is a file of its own. */
#ifndef HULEI_DAEMON_CLI_LINK_RUN_H
#define HULEI_DAEMON_CLI_LINK_RUN_H

#include "daemon/cli/link/link_config.h"

struct link_options {
    const char        *config_path, *directory;
    const char        *model_path, *save_model_path, *truth_path; /* NULL: none */
    size_t             memory_bytes;                              /* 0: no limit but for pairs in memory */
    unsigned           threads;
    const char *const *files;
    size_t             file_count;
};

/* False on failure; `error` says why. Figures go to stdout. */
bool link_run(const struct link_options *options, char *error, size_t error_size);

#endif
