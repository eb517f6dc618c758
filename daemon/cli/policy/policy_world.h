/* A world to project a policy on: the live records as the engine's role reads them, or a folder of feed files.
 * Writes nothing anywhere. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_WORLD_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_WORLD_H

#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/engine/world.h"

struct policy_world {
    struct gazetteer_file  *gazetteer;
    struct language_tables *language;
    struct identity_model  *model;
    struct vault           *vault; /* NULL: of files */
    struct source_table     sources;
    struct world_tools      tools;
    struct world           *world;
    int64_t                *times_us; /* of files: source time by record id; NULL: the database knows */
    size_t                  time_count;
};

/* Each false with `error` filled; close in any case. `first` is the policy the tools begin with. */
bool policy_world_of_database(struct policy_world *world, const struct config *config, const struct policy *first,
                              struct db *db, char *error, size_t error_size);
/* The records in the .ndjson files of `directory` that `first` or `second` takes, the newest version of each. */
bool policy_world_of_files(struct policy_world *world, const char *config_path, const struct config *config,
                           const char *directory, const struct policy *first, const struct policy *second, char *error,
                           size_t error_size);
void policy_world_close(struct policy_world *world);

#endif
