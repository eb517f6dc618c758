/* `hulei restore`: a cluster out of sealed backups, closed to every role until the erasure ledger is followed. */
#include "daemon/cli/admin.h"
#include "daemon/cli/backup/restore_files.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/erase_replay.h"
#include "daemon/cli/operator.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct restore_options {
    const char *config, *into, *key, *at, *ledger;
};

static void print_help(void)
{
    puts("usage: hulei restore base --into DIRECTORY --key FILE [--at TIME]    as PostgreSQL's OS user\n"
         "       hulei restore finish [--ledger FILE]                          as root, the server running\n"
         "       hulei restore wal NAME PATH --key FILE                        PostgreSQL's restore_command\n\n"
         "base extracts the newest base backup before TIME (UTC, 2026-11-25T10:11:12Z) and writes the settings by "
         "which\n"
         "the server fetches the WAL and lets in nobody but administrators. finish follows the erasure ledger, checks "
         "the\n"
         "audit chain and opens the door; after a restart of the server the roles may connect. Needs an unlocked "
         "account\n"
         "of role operator bound to the OS user.\n\n"
         "  --key FILE      the recovery key (PEM)\n"
         "  --ledger FILE   default: engine.erasure_ledger of the configuration\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

/* The index key belongs to the engine's user and is readable to it alone. */
static struct blind *open_blind(const char *keys)
{
    char        error[512];
    struct stat facts;

    if (stat(keys, &facts) != 0 || seteuid(facts.st_uid) != 0) {
        fprintf(stderr, "hulei restore: %s cannot be entered; run as root\n", keys);
        return NULL;
    }
    struct blind *blind = blind_open_directory(keys, error, sizeof error);
    if (blind == NULL)
        fprintf(stderr, "hulei restore: %s\n", error);
    if (seteuid(getuid()) != 0) {
        blind_close(blind);
        return NULL;
    }
    return blind;
}

/* What PostgreSQL was told for the restore is taken back; it holds from the server's next start. */
static bool open_the_door(struct db *db)
{
    bool is_open = db_command(db, "SET ROLE NONE") == DB_OK;

    for (size_t i = 0; is_open && i < sizeof restore_files_settings / sizeof restore_files_settings[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "ALTER SYSTEM RESET %s", restore_files_settings[i]);
        is_open = db_command(db, text) == DB_OK;
    }
    return is_open;
}

static int check_chain(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_restore_audit_faults, NULL, 0, &result) != DB_OK)
        return admin_complain(admin, "restore");
    const int faults = PQntuples(result);
    PQclear(result);
    printf("audit chain: %d faults\n", faults);
    return faults == 0 ? 0 : 1;
}

static int finish(const struct restore_options *options)
{
    struct admin admin;
    int          status = admin_open(&admin, "restore", options->config, ADMIN_AS_OWNER);

    if (status != 0)
        return status;
    const char   *ledger = options->ledger != NULL ? options->ledger : admin.config->engine.erasure_ledger;
    struct blind *blind  = open_blind(admin.config->engine.keys);
    status               = blind != NULL ? erase_replay(&admin, "restore", ledger, blind) : 1;
    if (status == 0)
        status = check_chain(&admin);
    if (status == 0 && !open_the_door(admin.db))
        status = admin_complain(&admin, "restore");
    if (status == 0)
        puts("restart the server: then the roles may connect");
    else
        fputs("hulei restore: the roles stay shut out\n", stderr);
    blind_close(blind);
    admin_close(&admin);
    return status;
}

static int base(const struct restore_options *options)
{
    char path[PATH_MAX], key[PATH_MAX], into[PATH_MAX];

    if (geteuid() == 0) {
        fputs("hulei restore: run `base` as PostgreSQL's OS user\n", stderr);
        return 2;
    }
    const char *given = options->config != NULL ? options->config : getenv("HULEI_CONFIG");
    if (given == NULL || realpath(given, path) == NULL || realpath(options->key, key) == NULL) {
        fputs("hulei restore: the configuration or the key cannot be found\n", stderr);
        return 2;
    }
    if (options->into[0] == '/')
        snprintf(into, sizeof into, "%s", options->into);
    else if (getcwd(into, sizeof into) != NULL && strlen(into) + strlen(options->into) + 2 < sizeof into)
        snprintf(into + strlen(into), sizeof into - strlen(into), "/%s", options->into);
    else
        return 2;
    struct config *config = config_option_load("restore", path);
    if (config == NULL)
        return 2;
    const struct restore_request request = { into, key, options->at, path };
    const int                    status  = restore_files_make(config, &request) ? 0 : 1;
    config_free(config);
    return status;
}

static int wal(const struct restore_options *options, char **words)
{
    struct config *config = config_option_load("restore", options->config);

    if (config == NULL)
        return 2;
    const int status = restore_files_wal(config, options->key, words[0], words[1]);
    config_free(config);
    return status;
}

int command_restore(int argc, char **argv)
{
    struct restore_options  options = { .config = NULL };
    const struct cli_option known[] = {
        {"into",    &options.into,   NULL},
        { "key",    &options.key,    NULL},
        { "at",     &options.at,     NULL},
        { "ledger", &options.ledger, NULL},
    };
    int status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config, &status))
        return status;
    const int   count = argc - optind;
    const char *verb  = count > 0 ? argv[optind] : "";
    if (count == 1 && strcmp(verb, "base") == 0 && options.into != NULL && options.key != NULL)
        return base(&options);
    if (count == 1 && strcmp(verb, "finish") == 0)
        return finish(&options);
    if (count == 3 && strcmp(verb, "wal") == 0 && options.key != NULL)
        return wal(&options, argv + optind + 1);
    fputs("hulei restore: see `hulei restore --help`\n", stderr);
    return 2;
}
