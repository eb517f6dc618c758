/* The erasure ledger followed after a restore: records whose keyed hash it holds are forgotten again. */
#ifndef HULEI_DAEMON_CLI_ERASE_REPLAY_H
#define HULEI_DAEMON_CLI_ERASE_REPLAY_H

#include "daemon/cli/admin.h"
#include "daemon/common/blind.h"

/*
 * `blind`: with the engine's index key, which made the hashes. Erases at once, so the engine must not be at work: after
 * its next start it retracts what rested on those records. `name`: of the subcommand. The exit status.
 */
int erase_replay(struct admin *admin, const char *name, const char *ledger_path, const struct blind *blind);

#endif
