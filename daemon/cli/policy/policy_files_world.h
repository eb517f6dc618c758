/* Fills a world from feed files, record by record as the engine takes them; private to policy_world.c.
 * Keeps no body: facts, features and places only. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_FILES_WORLD_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_FILES_WORLD_H

#include "daemon/cli/policy/policy_world.h"

bool policy_files_world_fill(struct policy_world *world, const char *config_path, const char *directory,
                             const struct policy *first, const struct policy *second, char *error, size_t error_size);

#endif
