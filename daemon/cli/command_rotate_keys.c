/* `hulei rotate-keys`: a new key-encryption key for all roles while they run; the old one leaves when nothing needs it.
 * Does not touch index.key: what it made of sealed and erased records is all that is left of them. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/rotate/key_folders.h"
#include "daemon/cli/rotate/rotate.h"
#include "daemon/common/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: hulei rotate-keys (--keep FOLDER | --destroy) [--config FILE]\n\n"
         "Makes a new key-encryption key, brings it into the key folder of every role, rewraps all data keys and, once "
         "a\n"
         "scan has found no row under an older key and nobody can write one any more, takes the older keys away. The\n"
         "roles go on running. Run as root on the machine that holds the key folders. After an interruption run it\n"
         "again: it goes on where it stopped.\n\n"
         "  --keep FOLDER   old keys go there (0400, root): backups of before need them, for 35 days at most\n"
         "  --destroy       old keys are removed; backups of before cannot be read any more\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int complain(const char *what)
{
    fprintf(stderr, "hulei rotate-keys: %s\n", what);
    return 1;
}

/* A key file opens for its owner alone; root becomes that user for the moment. */
static struct vault *open_as_owner(const struct config *config, char *error, size_t error_size)
{
    struct stat   facts;
    struct vault *vault = NULL;

    if (stat(config->engine.keys, &facts) != 0 || seteuid(facts.st_uid) != 0) {
        snprintf(error, error_size, "the key folder's owner cannot be taken on: run as root");
        return NULL;
    }
    vault = vault_open_directory(config->engine.keys, error, error_size);
    if (seteuid(getuid()) != 0) {
        vault_close(vault);
        return NULL;
    }
    if (vault != NULL)
        vault_use_suite(vault, config->vault.suite);
    return vault;
}

static enum db_status note_done(const struct admin *admin, const struct rotate *rotate)
{
    char                  kek[16] = "", count[24] = "";
    const struct db_param params[] = { db_text(admin->os_user), db_text(kek), db_text(count) };

    snprintf(kek, sizeof kek, "%d", rotate->kek);
    snprintf(count, sizeof count, "%" PRId64, rotate->rewrapped);
    return db_run(admin->db, &statement_rotate_done, params, 3, NULL);
}

static int finish(struct admin *admin, struct key_folders *folders, struct rotate *rotate, const char *keep)
{
    const int64_t  started_ms = clock_monotonic_ms();
    enum db_status status     = rotate_rewrap(rotate);

    if (status == DB_OK)
        status = rotate_retire(rotate);
    if (rotate->unreadable != 0) {
        fprintf(stderr, "hulei rotate-keys: no key opens data key %" PRId64 "; no key was taken away\n",
                rotate->unreadable);
        return 1;
    }
    if (status != DB_OK)
        return admin_complain(admin, "rotate-keys");
    if (!key_folders_retire(folders, rotate->kek, keep))
        return complain(folders->error);
    status = note_done(admin, rotate);
    printf("key %d: %" PRId64 " data keys rewrapped in %.1f s, the longest transaction took %" PRId64
           " ms; no row uses an older key, older keys are %s\n",
           rotate->kek, rotate->rewrapped, (double)(clock_monotonic_ms() - started_ms) / 1000, rotate->longest_ms,
           keep != NULL ? "kept apart" : "gone");
    return status == DB_OK ? 0 : admin_complain(admin, "rotate-keys");
}

static int rotate_keys(struct admin *admin, const char *keep)
{
    struct key_folders folders = key_folders_of(admin->config);
    struct rotate      rotate  = { .db = admin->db };
    bool               is_resumed;
    char               error[512];

    if (!key_folders_plan(&folders, &rotate.kek, &is_resumed) || !key_folders_install(&folders, rotate.kek) ||
        !key_folders_activate(&folders, rotate.kek))
        return complain(folders.error);
    printf("key %d %s\n", rotate.kek, is_resumed ? "goes on" : "is in use");
    fflush(stdout);
    rotate.vault = open_as_owner(admin->config, error, sizeof error);
    if (rotate.vault == NULL)
        return complain(error);
    const int status = finish(admin, &folders, &rotate, keep);
    vault_close(rotate.vault);
    return status;
}

int command_rotate_keys(int argc, char **argv)
{
    const char             *config = NULL, *keep = NULL;
    bool                    is_destroying = false;
    const struct cli_option known[]       = {
              {"keep",     &keep, NULL          },
              { "destroy", NULL,  &is_destroying},
    };
    struct admin admin;
    int          status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &config, &status))
        return status;
    if ((keep != NULL) == is_destroying) {
        fputs("hulei rotate-keys: say --keep FOLDER or --destroy\n", stderr);
        return 2;
    }
    status = admin_open(&admin, "rotate-keys", config, ADMIN_AS_OWNER);
    if (status != 0)
        return status;
    status = rotate_keys(&admin, keep);
    admin_close(&admin);
    return status;
}
