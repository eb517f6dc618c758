/* Reads clusters and pairs of a running system from PostgreSQL: ids, rules and tiers only.
 * Never touches a body or a feature column. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_EVALUATE_DB_H
#define HULEI_DAEMON_CLI_EVALUATE_EVALUATE_DB_H

#include "daemon/cli/evaluate/evaluate.h"

/* False with a text in `fault` (no values). */
bool evaluation_read_database(struct evaluation *evaluation, const char *conninfo, char *fault, size_t fault_size);

#endif
