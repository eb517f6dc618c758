/* What the administrative subcommands share: configuration and a connection as the engine's role, and who runs them. */
#ifndef HULEI_DAEMON_CLI_ADMIN_H
#define HULEI_DAEMON_CLI_ADMIN_H

#include "daemon/common/config.h"
#include "daemon/common/db.h"

struct admin {
    struct config *config;
    struct db     *db;
    char           os_user[64]; /* the caller, for audit entries; the user before sudo when there was one */
};

/* Which of the configuration's connections. */
enum admin_role { ADMIN_AS_ENGINE, ADMIN_AS_OWNER };

/* `name`: of the subcommand, for complaints. 0, or the exit status after a complaint on standard error. */
int admin_open(struct admin *admin, const char *name, const char *config_path, enum admin_role role);

void admin_close(struct admin *admin);

/* Prints what a failed statement means; returns 1. */
int admin_complain(const struct admin *admin, const char *name);

#endif
