/* Stored features of another version of the program are made anew of the sealed records, before they are loaded.
 * Slice by slice, each a transaction under the lease: a stop in between costs one slice. */
#ifndef HULEI_DAEMON_ENGINE_REMAKE_H
#define HULEI_DAEMON_ENGINE_REMAKE_H

#include "daemon/common/blind.h"
#include "daemon/common/lease.h"
#include "daemon/engine/world.h"

/* Names the versions of mention features, facts, address features and cards of this program: "4.2.2.2". */
const char *remake_version(void);

/*
 * Compares the stored version with the program's and makes anew what is not of it; all of it on the first start of a
 * database that does not say. DB_BROKEN: a record cannot be opened or read, memory is out. DB_REFUSED: the lease is
 * lost.
 */
enum db_status remake_features(struct db *db, struct lease *lease, const struct world_tools *tools,
                               const struct blind *blind);

#endif
