/* `--config FILE` and `--help`, which most subcommands take, and the loading of that configuration.
 * A subcommand with options of its own reads them itself and only loads by this. */
#ifndef HULEI_DAEMON_CLI_CONFIG_OPTION_H
#define HULEI_DAEMON_CLI_CONFIG_OPTION_H

#include "daemon/common/config.h"

#include <stdbool.h>

/*
 * For a subcommand whose only options are these two. True to go on, with *path the file given or NULL and optind at
 * the first word. False when all is said: *exit_status is 0 after --help, 2 after a wrong option.
 */
bool config_option_read(int argc, char **argv, void (*print_help)(void), const char **path, int *exit_status);

/* `name`: of the subcommand. NULL after a complaint on standard error; freed with config_free(). */
struct config *config_option_load(const char *name, const char *path);

/* The whole of a subcommand that only runs a role in the foreground. Returns its exit status. */
int config_option_run(int argc, char **argv, const char *name, void (*print_help)(void),
                      int (*run)(const struct config *config));

#endif
