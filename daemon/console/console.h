/* The console: holds the key, the database role and the audit lane that no reviewer's OS account can read. */
#ifndef HULEI_DAEMON_CONSOLE_CONSOLE_H
#define HULEI_DAEMON_CONSOLE_CONSOLE_H

#include "daemon/common/config.h"

/* Runs until SIGTERM or SIGINT; returns the process's exit status. */
int console_run(const struct config *config);

#endif
