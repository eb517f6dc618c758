/* The erasure ledger followed after a restore: records whose keyed hash it holds are forgotten again. */
#ifndef HULEI_DAEMON_CLI_ERASE_REPLAY_H
#define HULEI_DAEMON_CLI_ERASE_REPLAY_H

#include "daemon/cli/admin.h"

/* Needs the engine's index key, which made the hashes. The exit status. */
int erase_replay(struct admin *admin, const char *ledger_path);

#endif
