/* `hulei account`: binds reviewers' accounts to OS users.
 * Sets no password: the kernel says who calls the console. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: hulei account add NAME --os-user USER --role ROLE\n"
         "       hulei account lock|unlock NAME\n"
         "       hulei account list\n\n"
         "Roles: reviewer. An account acts only when called by its OS user, and root is never one.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int run_statement(struct admin *admin, const struct statement *statement, const struct db_param *params,
                         size_t count, const char *done)
{
    PGresult *result = NULL;

    if (db_run(admin->db, statement, params, count, &result) != DB_OK)
        return admin_complain(admin, "account");
    const int rows = PQntuples(result);
    PQclear(result);
    if (rows != 1) {
        fputs("hulei account: no such account\n", stderr);
        return 1;
    }
    puts(done);
    return 0;
}

static int list_accounts(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_console_account_list, NULL, 0, &result) != DB_OK)
        return admin_complain(admin, "account");
    printf("%-20s %-20s %-20s %s\n", "NAME", "OS USER", "ROLES", "LOCKED");
    for (int i = 0; i < PQntuples(result); i++)
        printf("%-20s %-20s %-20s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2),
               PQgetvalue(result, i, 3)[0] == 't' ? "yes" : "no");
    PQclear(result);
    return 0;
}

static int run_verb(const char *verb, const char *name, const char *os_user, const char *role, const char *config)
{
    struct admin admin;
    int          status = 2;

    if (strcmp(verb, "add") == 0 && (name == NULL || os_user == NULL || role == NULL)) {
        fputs("hulei account: add needs NAME, --os-user and --role\n", stderr);
        return 2;
    }
    if (role != NULL && strcmp(role, "reviewer") != 0) {
        fputs("hulei account: the only role yet is reviewer\n", stderr);
        return 2;
    }
    if (os_user != NULL && strcmp(os_user, "root") == 0) {
        fputs("hulei account: root cannot be a reviewer\n", stderr);
        return 2;
    }
    const int opened = admin_open(&admin, "account", config, ADMIN_AS_OWNER);
    if (opened != 0)
        return opened;
    const struct db_param added[]    = { db_text(name), db_text(os_user), db_text(role) };
    const struct db_param locked[]   = { db_text(name), db_text("true") };
    const struct db_param unlocked[] = { db_text(name), db_text("false") };
    if (strcmp(verb, "add") == 0)
        status = run_statement(&admin, &statement_console_account_add, added, 3, "added");
    else if (strcmp(verb, "lock") == 0 && name != NULL)
        status = run_statement(&admin, &statement_console_account_lock, locked, 2, "locked");
    else if (strcmp(verb, "unlock") == 0 && name != NULL)
        status = run_statement(&admin, &statement_console_account_lock, unlocked, 2, "unlocked");
    else if (strcmp(verb, "list") == 0)
        status = list_accounts(&admin);
    else
        print_help();
    admin_close(&admin);
    return status;
}

int command_account(int argc, char **argv)
{
    const char             *path = NULL, *os_user = NULL, *role = NULL;
    const struct cli_option options[] = {
        {"os-user", &os_user, NULL},
        { "role",   &role,    NULL}
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, options, 2, &path, &exit_status))
        return exit_status;
    if (optind >= argc || argc - optind > 2) {
        fputs("hulei account: see `hulei account --help`\n", stderr);
        return 2;
    }
    return run_verb(argv[optind], optind + 1 < argc ? argv[optind + 1] : NULL, os_user, role, path);
}
