/* One question to the console and its answer, for the subcommands of reviewers. */
#ifndef HULEI_DAEMON_CLI_CONSOLE_CLIENT_H
#define HULEI_DAEMON_CLI_CONSOLE_CLIENT_H

#include <jansson.h>

/*
 * Takes `request`. `name`: of the subcommand, for complaints; `socket_path` NULL: from $HULEI_CONSOLE_SOCKET or the
 * configuration. NULL after a complaint on standard error, with the exit status set.
 */
json_t *console_client_ask(const char *name, const char *config_path, const char *socket_path, json_t *request,
                           int *exit_status);

#endif
