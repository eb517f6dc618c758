/* Options of the subcommands: a table of each one's own, `--config FILE` and `--help` of all, and the loading of that
 * configuration. Judges no value. */
#ifndef HULEI_DAEMON_CLI_CONFIG_OPTION_H
#define HULEI_DAEMON_CLI_CONFIG_OPTION_H

#include "daemon/common/config.h"

#include <stdbool.h>
#include <stddef.h>

/* `--name TEXT` sets *text (borrowed from argv), or `--name` alone sets *is_given; one of the two is NULL. */
struct cli_option {
    const char  *name;
    const char **text;
    bool        *is_given;
};

/*
 * Reads `count` options of a subcommand (at most 16, NULL for none) beside --config and --help. True to go on, with
 * *path the configuration given or NULL and optind at the first word. False when all is said: *exit_status is 0 after
 * --help, 2 after a wrong option.
 */
bool config_option_read(int argc, char **argv, void (*print_help)(void), const struct cli_option *options, size_t count,
                        const char **path, int *exit_status);

/* `name`: of the subcommand. NULL after a complaint on standard error; freed with config_free(). */
struct config *config_option_load(const char *name, const char *path);

/* The whole of a subcommand that only runs a role in the foreground. Returns its exit status. */
int config_option_run(int argc, char **argv, const char *name, void (*print_help)(void),
                      int (*run)(const struct config *config));

#endif
