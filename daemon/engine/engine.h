/* The engine role: leads one shard, turns feed records into persons, pairs and review tasks.
 * The only writer of records, persons and the feed positions. */
#ifndef HULEI_DAEMON_ENGINE_ENGINE_H
#define HULEI_DAEMON_ENGINE_ENGINE_H

#include "daemon/common/config.h"

/*
 * Runs until SIGTERM or SIGINT. Returns 0 after a clean stop and 1 when something an operator must mend stopped it
 * (the log says what): wrong rights, a broken key file, a schema of another version.
 */
int engine_run(const struct config *config);

#endif
