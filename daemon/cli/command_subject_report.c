/* `hulei subject-report`: what is held on one person, from where, until when, and who saw it.
 * Prints values only when asked by --values; whoever asks stands in the audit chain. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/operator.h"
#include "daemon/common/db_array.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/vault.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct report_options {
    const char *config, *reason, *type;
    bool        is_record, with_values;
};

static void print_help(void)
{
    puts("usage: hulei subject-report PERSON --reason CODE [--values]\n"
         "       hulei subject-report --record SOURCE KEY [--type TYPE] --reason CODE [--values]\n\n"
         "Lists every record that is held on a person: its department and key, its date, its last day and why then, "
         "how\n"
         "many versions; and who saw something of it: posts, reviewers, operators. Each run is an audit entry. Needs "
         "an\n"
         "unlocked account of role operator bound to the OS user.\n\n"
         "  --values        print what the records say, too\n"
         "  --reason CODE   A-Z, 0-9 and _, at most 32\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

/* The record's own words, opened for the moment of printing. */
static bool print_body(const PGresult *result, int row, struct vault *vault)
{
    const struct span sealed = db_get_span(result, row, 10);
    const int64_t     record = db_get_number(result, row, 0), key_id = db_get_number(result, row, 11);
    const size_t      length = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
    struct vault_key  key;
    bool              is_ok = false;

    if (vault_data_key_open(vault, key_id, db_get_span(result, row, 12), &key) != VAULT_OK)
        return false;
    unsigned char *plain = malloc(length + 1);
    if (plain != NULL && vault_open(vault, &key, "record", "body", record, sealed, plain) == VAULT_OK) {
        printf("    ");
        fwrite(plain, 1, length, stdout);
        putchar('\n');
        is_ok = true;
    }
    if (plain != NULL)
        OPENSSL_cleanse(plain, length + 1);
    free(plain);
    vault_key_wipe(&key);
    return is_ok;
}

static void print_span(const char *before, struct span text)
{
    printf("%s%.*s", before, (int)text.length, text.bytes != NULL ? text.bytes : "");
}

static void print_record(const PGresult *result, int row)
{
    print_span("", db_get_span(result, row, 1));
    printf(" %s", feed_type_word((enum feed_type)db_get_number(result, row, 2)));
    print_span(" ", db_get_span(result, row, 3));
    print_span(", ", db_get_span(result, row, 4));
    print_span(", of ", db_get_span(result, row, 5));
    print_span(", kept to ", db_get_span(result, row, 6));
    print_span(" (", db_get_span(result, row, 7));
    printf("), %lld older versions\n", (long long)db_get_number(result, row, 8));
}

static enum db_status print_seen(struct admin *admin, struct db_array *persons, struct db_array *records)
{
    struct db_param params[2];
    PGresult       *result = NULL;

    if (!db_array_param(persons, &params[0]) || !db_array_param(records, &params[1]))
        return DB_RETRY;
    const enum db_status status = db_run(admin->db, &statement_subject_seen, params, 2, &result);
    if (status != DB_OK)
        return status;
    printf("\nseen by\n");
    for (int row = 0; row < PQntuples(result); row++)
        printf("%s  %-16s %-10s %-28s %s\n", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
               PQgetvalue(result, row, 2), PQgetvalue(result, row, 3), PQgetvalue(result, row, 4));
    PQclear(result);
    return DB_OK;
}

static int print_report(struct admin *admin, const PGresult *result, struct vault *vault)
{
    struct db_array persons, records;
    bool            is_ok = true;

    db_array_init(&persons, DB_ARRAY_INT8);
    db_array_init(&records, DB_ARRAY_INT8);
    for (int row = 0; row < PQntuples(result) && is_ok; row++) {
        print_record(result, row);
        if (vault != NULL && !PQgetisnull(result, row, 10))
            is_ok = print_body(result, row, vault);
        db_array_add_number(&records, db_get_number(result, row, 0));
        if (!PQgetisnull(result, row, 9))
            db_array_add_number(&persons, db_get_number(result, row, 9));
    }
    if (!is_ok)
        fputs("hulei subject-report: a record does not open: is this the engine's key?\n", stderr);
    else if (print_seen(admin, &persons, &records) != DB_OK)
        is_ok = operator_complain(admin, "subject-report") == 0;
    db_array_clear(&persons);
    db_array_clear(&records);
    return is_ok ? 0 : 1;
}

static int report(struct admin *admin, const struct report_options *options, const char *first, const char *second,
                  struct vault *vault)
{
    char                  type[16];
    const struct db_param params[] = {
        db_text(admin->os_user),
        db_text(options->is_record ? NULL : first),
        db_text(options->is_record ? first : NULL),
        db_text(options->type != NULL ? operator_type_number(options->type, type) : NULL),
        db_text(options->is_record ? second : NULL),
        db_text(options->reason),
        db_text(options->with_values ? "true" : "false"),
    };
    PGresult *result = NULL;

    if (db_run_binary(admin->db, &statement_subject_report, params, 7, &result) != DB_OK)
        return operator_complain(admin, "subject-report");
    const int status = print_report(admin, result, vault);
    PQclear(result);
    return status;
}

static int run_words(const struct report_options *options, char **words)
{
    struct admin  admin;
    char          error[256];
    struct vault *vault  = NULL;
    int           status = admin_open(&admin, "subject-report", options->config, ADMIN_AS_ENGINE);

    if (status != 0)
        return status;
    if (options->with_values)
        vault = vault_open_directory(admin.config->engine.keys, error, sizeof error);
    if (options->with_values && vault == NULL) {
        fprintf(stderr, "hulei subject-report: %s\n", error);
        status = 1;
    } else {
        status = report(&admin, options, words[0], options->is_record ? words[1] : NULL, vault);
    }
    vault_close(vault);
    admin_close(&admin);
    return status;
}

int command_subject_report(int argc, char **argv)
{
    struct report_options   options = { .config = NULL };
    const struct cli_option known[] = {
        {"reason",  &options.reason, NULL                },
        { "type",   &options.type,   NULL                },
        { "record", NULL,            &options.is_record  },
        { "values", NULL,            &options.with_values},
    };
    char type[16];
    int  status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config, &status))
        return status;
    const int  count     = argc - optind;
    const bool is_number = count == 1 && strlen(argv[optind]) < 19 && argv[optind][0] != '\0' &&
                           strspn(argv[optind], "0123456789") == strlen(argv[optind]);
    if (options.reason == NULL || (options.is_record ? count != 2 : !is_number) ||
        (options.type != NULL && operator_type_number(options.type, type) == NULL)) {
        fputs("hulei subject-report: see `hulei subject-report --help`\n", stderr);
        return 2;
    }
    return run_words(&options, argv + optind);
}
