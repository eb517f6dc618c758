/* `hulei user`: accounts of people, their roles, and first passwords.
 * Asks for no password and takes none: a first one is made at random and must be changed at the first sign-in. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: hulei user add NAME --role ROLE[,ROLE] [--os-user USER] [--area CODE[,CODE]] [--post POST[,POST]]\n"
         "                      [--department NAME]\n"
         "       hulei user role NAME --role ROLE[,ROLE] [--area ...] [--post ...] [--department ...]\n"
         "       hulei user reset NAME         a new first password; second factor and sessions are gone\n"
         "       hulei user lock|unlock NAME\n"
         "       hulei user certificate NAME --file CERTIFICATE.pem    without it the account does not sign in\n"
         "       hulei user certificate --post POST --file CERTIFICATE.pem    of the post's own system\n"
         "       hulei user list\n\n"
         "Roles: reviewer and second_reviewer; post_officer and post_lead; operator; auditor; administrator;\n"
         "security_officer. One account has roles of one of these groups. With --os-user the account acts by\n"
         "`hulei review` as that OS user (never root), and has no password until `reset` makes one; without it, add\n"
         "prints the first password. A reviewer without --area works for the whole deployment.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

/* What the command line says; NULL: not said. */
struct user {
    const char *verb, *name, *os_user, *role, *area, *post, *department, *file;
};

static int run_statement(struct admin *admin, const struct statement *statement, const struct db_param *params,
                         size_t count, const char *done)
{
    PGresult *result = NULL;

    if (db_run(admin->db, statement, params, count, &result) != DB_OK)
        return admin_complain(admin, "user");
    const int rows = PQntuples(result);
    PQclear(result);
    if (rows != 1) {
        fputs("hulei user: no such account\n", stderr);
        return 1;
    }
    if (done != NULL)
        puts(done);
    return 0;
}

static int list_users(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_console_account_list, NULL, 0, &result) != DB_OK)
        return admin_complain(admin, "user");
    printf("%-20s %-20s %-32s %-6s %s\n", "NAME", "OS USER", "ROLES", "LOCKED", "WORKS FOR");
    for (int i = 0; i < PQntuples(result); i++)
        printf("%-20s %-20s %-32s %-6s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
               PQgetvalue(result, i, 2), PQgetvalue(result, i, 3)[0] == 't' ? "yes" : "no", PQgetvalue(result, i, 4));
    PQclear(result);
    return 0;
}

/* Makes, stores and prints a first password. */
static int reset_password(struct admin *admin, const char *name)
{
    char                       password[PASSWORD_GENERATED_BYTES], ops[16], memory[24];
    unsigned char              proof[PASSWORD_PROOF_BYTES];
    struct password_parameters parameters;

    if (!password_generate(password) || !password_parameters_make(&parameters) ||
        !password_prove(password, &parameters, proof)) {
        fputs("hulei user: no password could be made\n", stderr);
        return 1;
    }
    snprintf(ops, sizeof ops, "%d", (int)parameters.ops);
    snprintf(memory, sizeof memory, "%lld", (long long)parameters.memory_bytes);
    const struct db_param params[] = { db_text(name), db_binary(parameters.salt, sizeof parameters.salt), db_text(ops),
                                       db_text(memory), db_binary(proof, sizeof proof) };
    const int             status   = run_statement(admin, &statement_console_account_reset, params, 5, NULL);
    if (status == 0)
        printf("first password of %s: %s\n", name, password);
    OPENSSL_cleanse(password, sizeof password);
    return status;
}

static int add_user(struct admin *admin, const struct user *user)
{
    const struct db_param params[] = { db_text(user->name), db_text(user->os_user), db_text(user->role),
                                       db_text(user->area), db_text(user->post),    db_text(user->department) };
    const int             status   = run_statement(admin, &statement_console_account_add, params, 6, "added");

    return status == 0 && user->os_user == NULL ? reset_password(admin, user->name) : status;
}

/* Binds a client certificate to an account, or to a post's own system. */
static int bind_certificate(struct admin *admin, const struct user *user)
{
    unsigned char fingerprint[EVP_MAX_MD_SIZE];
    unsigned      length      = 0;
    FILE         *stream      = fopen(user->file, "r");
    X509         *certificate = stream != NULL ? PEM_read_X509(stream, NULL, NULL, NULL) : NULL;

    if (stream != NULL)
        fclose(stream);
    const bool is_read = certificate != NULL && X509_digest(certificate, EVP_sha256(), fingerprint, &length) == 1;
    X509_free(certificate);
    if (!is_read) {
        fputs("hulei user: --file holds no certificate (PEM)\n", stderr);
        return 1;
    }
    const struct db_param params[] = { db_text(user->name != NULL ? user->name : user->post),
                                       db_binary(fingerprint, length) };
    return run_statement(admin,
                         user->name != NULL ? &statement_console_account_certificate
                                            : &statement_console_account_post_certificate,
                         params, 2, "bound");
}

static int act(struct admin *admin, const struct user *user)
{
    const struct db_param roles[]    = { db_text(user->name), db_text(user->role), db_text(user->area),
                                         db_text(user->post), db_text(user->department) };
    const struct db_param locked[]   = { db_text(user->name), db_text("true") };
    const struct db_param unlocked[] = { db_text(user->name), db_text("false") };

    if (strcmp(user->verb, "list") == 0)
        return list_users(admin);
    if (strcmp(user->verb, "add") == 0)
        return add_user(admin, user);
    if (strcmp(user->verb, "role") == 0)
        return run_statement(admin, &statement_console_account_role, roles, 5, "changed");
    if (strcmp(user->verb, "certificate") == 0)
        return bind_certificate(admin, user);
    if (strcmp(user->verb, "reset") == 0)
        return reset_password(admin, user->name);
    if (strcmp(user->verb, "lock") == 0)
        return run_statement(admin, &statement_console_account_lock, locked, 2, "locked");
    return run_statement(admin, &statement_console_account_lock, unlocked, 2, "unlocked");
}

/* What is wrong with the command line, or NULL. */
static const char *fault_of(const struct user *user)
{
    static const char *const verbs[] = { "add", "role", "reset", "lock", "unlock", "certificate", "list" };
    bool                     is_verb = false;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        is_verb = is_verb || strcmp(user->verb, verbs[i]) == 0;
    if (!is_verb)
        return "see `hulei user --help`";
    const bool is_certificate = strcmp(user->verb, "certificate") == 0;
    if (is_certificate && (user->file == NULL || (user->name == NULL) == (user->post == NULL)))
        return "needs --file, and either a NAME or --post";
    if (strcmp(user->verb, "list") != 0 && !is_certificate && user->name == NULL)
        return "needs a NAME";
    if ((strcmp(user->verb, "add") == 0 || strcmp(user->verb, "role") == 0) && user->role == NULL)
        return "needs --role";
    if (user->os_user != NULL && strcmp(user->os_user, "root") == 0)
        return "root cannot be anybody";
    return NULL;
}

int command_user(int argc, char **argv)
{
    struct user             user      = { 0 };
    const char             *path      = NULL;
    const struct cli_option options[] = {
        {"os-user",     &user.os_user,    NULL},
        { "role",       &user.role,       NULL},
        { "area",       &user.area,       NULL},
        { "post",       &user.post,       NULL},
        { "department", &user.department, NULL},
        { "file",       &user.file,       NULL},
    };
    struct admin admin;
    int          exit_status = 2;

    if (!config_option_read(argc, argv, print_help, options, 6, &path, &exit_status))
        return exit_status;
    user.verb         = optind < argc ? argv[optind] : "";
    user.name         = optind + 1 < argc ? argv[optind + 1] : NULL;
    const char *fault = argc - optind > 2 ? "see `hulei user --help`" : fault_of(&user);
    if (fault != NULL) {
        fprintf(stderr, "hulei user: %s\n", fault);
        return 2;
    }
    const int opened = admin_open(&admin, "user", path, ADMIN_AS_OWNER);
    if (opened != 0)
        return opened;
    exit_status = act(&admin, &user);
    admin_close(&admin);
    return exit_status;
}
