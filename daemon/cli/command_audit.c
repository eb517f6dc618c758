/* `hulei audit`: walks the audit chain, holds it against what was kept outside, and writes it out for an auditor.
 * What it makes public names nobody: subjects are blinded. */
#include "daemon/cli/admin.h"
#include "daemon/cli/audit/export.h"
#include "daemon/cli/audit/outside.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/sign_key.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_help(void)
{
    puts(
        "usage: hulei audit verify [--roots FILE --public-key HEX[,HEX]] [--key FILE] [--config FILE | --database "
        "CONNINFO]\n"
        "       hulei audit export --from DAY --to DAY [--config FILE | --database CONNINFO]\n"
        "       hulei audit public-key [--config FILE]\n"
        "       hulei audit hand-over FILE [--config FILE]\n\n"
        "verify recomputes the hash of every audit entry of every lane and prints, per lane, how many are sound and "
        "the\n"
        "number of the first that is not. With the signed statements (the file, or topic hulei.audit read with kcat "
        "and\n"
        "given as -) it also finds what was made anew, cut off or told twice; with the key that was handed over, what\n"
        "somebody without the keys of those hours wrote. Runs as the auditor's OS user. Exit status 1 when anything "
        "is\n"
        "not sound or the database does not answer.\n"
        "export writes entries and statements as lines of JSON. public-key (as the courier's OS user) prints the key\n"
        "that statements are signed with. hand-over (as root) writes the current key of the entries to a new file for\n"
        "the outside auditor, who computes all later ones; keep it nowhere else.\n\n"
        "  --roots FILE         signed statements, one a line\n"
        "  --public-key HEX     keys that are trusted to sign them\n"
        "  --key FILE           what hand-over wrote\n"
        "  --from, --to DAY     YYYY-MM-DD, both included\n"
        "  --config FILE        configuration (default: $HULEI_CONFIG)\n"
        "  --database CONNINFO  another connection (default: the engine's, as role hulei_auditor)");
}

struct audit_options {
    const char *config, *database, *roots, *public_keys, *key, *from, *to;
};

static int complain(const char *what)
{
    fprintf(stderr, "hulei audit: %s\n", what);
    return 1;
}

static void tell_lane(void *context, const struct audit_lane_report *report)
{
    bool *is_sound = context;

    printf("%-16s %" PRId64 " entries", report->lane, report->entries);
    if (report->points > 0 || report->macs > 0)
        printf(" (%" PRId64 " heads signed, %" PRId64 " keyed hashes)", report->points, report->macs);
    if (report->fault == AUDIT_SOUND) {
        puts(", sound");
        return;
    }
    printf(" sound, then entry %" PRId64 ": %s\n", report->seq, audit_fault_word(report->fault));
    *is_sound = false;
}

static struct db *open_database(const struct audit_options *options)
{
    char       error[512], text[1024];
    struct db *db;

    if (options->database != NULL) {
        snprintf(text, sizeof text, "%s", options->database);
    } else {
        struct config *config = config_option_load("audit", options->config);
        if (config == NULL)
            return NULL;
        snprintf(text, sizeof text, "%s user=hulei_auditor", config->database.engine);
        config_free(config);
    }
    db = db_open(text, "hulei audit", error, sizeof error);
    if (db == NULL)
        complain(error);
    return db;
}

static int verify_with(const struct audit_options *options, const struct audit_outside *outside)
{
    bool       is_sound = true;
    struct db *db       = open_database(options);

    if (db == NULL)
        return 1;
    const enum db_status status = audit_verify(db, outside, tell_lane, &is_sound);
    if (status != DB_OK)
        fprintf(stderr, "hulei audit: the database refused, SQLSTATE %s\n", db_sqlstate(db));
    db_close(db);
    return status == DB_OK && is_sound ? 0 : 1;
}

static int verify(const struct audit_options *options)
{
    char                 error[256];
    struct audit_roots   roots   = { 0 };
    struct audit_outside outside = { 0 };
    int                  status  = 0;

    if ((options->roots == NULL) != (options->public_keys == NULL)) {
        complain("--roots and --public-key go together");
        return 2;
    }
    if (options->key != NULL && !outside_read_key(options->key, &outside, error, sizeof error))
        return complain(error);
    if (options->roots != NULL) {
        outside.roots = &roots;
        if (!outside_read_roots(options->roots, options->public_keys, &roots, error, sizeof error))
            status = complain(error);
        else
            printf("%" PRId64 " statements, %" PRId64 " to %" PRId64 ", sound\n", roots.statements, roots.first,
                   roots.last);
    }
    const int lanes = verify_with(options, &outside);
    audit_roots_clear(&roots);
    return status != 0 ? status : lanes;
}

static int export(const struct audit_options *options)
{
    int64_t entries, statements;

    if (options->from == NULL || options->to == NULL) {
        complain("export needs --from and --to");
        return 2;
    }
    struct db *db = open_database(options);
    if (db == NULL)
        return 1;
    const enum db_status status = audit_export(db, options->from, options->to, &entries, &statements);
    if (status != DB_OK)
        fprintf(stderr, "hulei audit: the database refused, SQLSTATE %s\n", db_sqlstate(db));
    else
        fprintf(stderr, "%" PRId64 " entries, %" PRId64 " statements\n", entries, statements);
    db_close(db);
    return status == DB_OK && fflush(stdout) == 0 ? 0 : 1;
}

static int show_public_key(const struct audit_options *options)
{
    char             error[512];
    enum vault_suite suite;
    struct config   *config = config_option_load("audit", options->config);

    if (config == NULL || !vault_suite_from_word(config->vault.suite, &suite)) {
        config_free(config);
        return 2;
    }
    struct sign_key *key = sign_key_open(config->courier.keys, suite, error, sizeof error);
    config_free(config);
    if (key == NULL)
        return complain(error);
    puts(sign_key_public(key));
    sign_key_close(key);
    return 0;
}

static int hand_over(const struct audit_options *options, const char *path)
{
    struct admin admin;
    PGresult    *row    = NULL;
    int          status = admin_open(&admin, "audit", options->config, ADMIN_AS_OWNER);

    if (status != 0)
        return status;
    const struct db_param param = db_text(admin.os_user);
    if (db_run(admin.db, &statement_rotate_audit_key, &param, 1, &row) != DB_OK) {
        status = admin_complain(&admin, "audit");
    } else {
        const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
        if (file < 0 || dprintf(file, "epoch %s key %s\n", PQgetvalue(row, 0, 0), PQgetvalue(row, 0, 1)) < 0 ||
            close(file) != 0)
            status = complain("the file is there already, or cannot be written");
    }
    PQclear(row);
    admin_close(&admin);
    return status;
}

int command_audit(int argc, char **argv)
{
    struct audit_options    options = { .config = NULL };
    const struct cli_option known[] = {
        {"database",    &options.database,    NULL},
        { "roots",      &options.roots,       NULL},
        { "public-key", &options.public_keys, NULL},
        { "key",        &options.key,         NULL},
        { "from",       &options.from,        NULL},
        { "to",         &options.to,          NULL},
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config,
                            &exit_status))
        return exit_status;
    const char *verb  = optind < argc ? argv[optind] : "";
    const int   words = argc - optind;
    if (words == 1 && strcmp(verb, "verify") == 0)
        return verify(&options);
    if (words == 1 && strcmp(verb, "export") == 0)
        return export(&options);
    if (words == 1 && strcmp(verb, "public-key") == 0)
        return show_public_key(&options);
    if (words == 2 && strcmp(verb, "hand-over") == 0)
        return hand_over(&options, argv[optind + 1]);
    fputs("hulei audit: see `hulei audit --help`\n", stderr);
    return 2;
}
