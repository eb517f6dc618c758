/* Shared by the administrative subcommands; see admin.h.
 * Asks for no password: peer authentication or the configuration's password file says who connects. */
#include "daemon/cli/admin.h"

#include "daemon/cli/config_option.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The human before sudo. Only root and the role's own user get a connection: who could lie here could do more. */
static void learn_os_user(struct admin *admin)
{
    const char          *behind = getenv("SUDO_USER");
    const struct passwd *entry  = getpwuid(getuid());

    if (behind != NULL)
        snprintf(admin->os_user, sizeof admin->os_user, "%s", behind);
    else if (entry != NULL)
        snprintf(admin->os_user, sizeof admin->os_user, "%s", entry->pw_name);
    else
        snprintf(admin->os_user, sizeof admin->os_user, "uid-%u", (unsigned)getuid());
}

int admin_open(struct admin *admin, const char *name, const char *config_path, enum admin_role role)
{
    char error[512];

    *admin        = (struct admin){ 0 };
    admin->config = config_option_load(name, config_path);
    if (admin->config == NULL)
        return 2;
    const char *conninfo = role == ADMIN_AS_ENGINE ? admin->config->database.engine : admin->config->database.admin;
    admin->db            = db_open(conninfo, "hulei admin", error, sizeof error);
    if (admin->db == NULL) {
        fprintf(stderr, "hulei %s: %s\n", name, error);
        admin_close(admin);
        return 1;
    }
    learn_os_user(admin);
    return 0;
}

void admin_close(struct admin *admin)
{
    db_close(admin->db);
    config_free(admin->config);
    *admin = (struct admin){ 0 };
}

int admin_complain(const struct admin *admin, const char *name)
{
    const char *constraint = db_constraint(admin->db);

    fprintf(stderr, "hulei %s: the database refused, SQLSTATE %s%s%s\n", name, db_sqlstate(admin->db),
            constraint[0] != '\0' ? ", " : "", constraint);
    return 1;
}
