/* The erasure ledger outside the database: keyed hashes of forgotten records, one a line, so that a restored backup
 * forgets them again. */
#ifndef HULEI_DAEMON_ENGINE_LEDGER_H
#define HULEI_DAEMON_ENGINE_LEDGER_H

#include "daemon/common/db.h"

#include <stdbool.h>

/*
 * Appends what is not on disk yet to the file, syncs it, and only then notes it in the database: after a crash a line
 * may stand twice, none is missing. A line is "<UTC time> <reason> <64 hex digits>". False when the file cannot be
 * written, which has been logged.
 */
bool ledger_run(const char *path, struct db *db);

#endif
