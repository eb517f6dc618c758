/* `hulei quarantine`: parked messages, by number.
 * Prints a body only when asked by --body, after an audit entry, and never a part of one in a list. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/db_array.h"
#include "daemon/common/vault.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct quarantine_options {
    const char *config, *state, *limit, *reason;
    bool        with_body;
};

static void print_help(void)
{
    puts("usage: hulei quarantine list [--state parked|requeued|discarded] [--limit N]\n"
         "       hulei quarantine show NUMBER [--body]\n"
         "       hulei quarantine requeue NUMBER [--reason CODE]\n"
         "       hulei quarantine discard NUMBER [--reason CODE]\n\n"
         "Refused messages wait here, encrypted. Requeue has the engine read a message again; discard gives it up; "
         "both\n"
         "leave an audit entry, and so does --body, which prints the opened message. Runs as the engine's OS user.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int list_parked(struct admin *admin, const struct quarantine_options *options)
{
    const struct db_param params[] = { db_text(options->state), db_text(options->limit) };
    PGresult             *result   = NULL;

    if (db_run(admin->db, &statement_quarantine_list, params, 2, &result) != DB_OK)
        return admin_complain(admin, "quarantine");
    printf("%8s %-9s %-44s %-22s %-34s %s\n", "NUMBER", "STATE", "TOPIC:PARTITION:OFFSET", "CODE", "FIELD", "RULE");
    for (int i = 0; i < PQntuples(result); i++) {
        char place[300];
        snprintf(place, sizeof place, "%s:%s:%s", PQgetvalue(result, i, 2), PQgetvalue(result, i, 3),
                 PQgetvalue(result, i, 4));
        printf("%8s %-9s %-44s %-22s %-34s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), place,
               PQgetvalue(result, i, 6), PQgetvalue(result, i, 7), PQgetvalue(result, i, 8));
    }
    printf("%d shown\n", PQntuples(result));
    PQclear(result);
    return 0;
}

static enum db_status write_audit(struct admin *admin, const char *action, const char *number, const char *reason)
{
    const struct db_param params[] = { db_text(admin->os_user), db_text(action), db_text(number), db_text(reason) };

    return db_run(admin->db, &statement_quarantine_audit, params, 4, NULL);
}

/* The next part of the stored frame: eight bytes of length, then the bytes; a length beyond the end is an absent part.
 */
static struct span next_part(struct span *rest)
{
    uint64_t length = 0;

    if (rest->length < 8)
        return (struct span){ NULL, 0 };
    for (int i = 0; i < 8; i++)
        length = length << 8 | (unsigned char)rest->bytes[i];
    *rest = span_of(rest->bytes + 8, rest->length - 8);
    if (length > rest->length)
        return (struct span){ NULL, 0 };
    const struct span part = span_of(rest->bytes, (size_t)length);
    *rest                  = span_of(rest->bytes + length, rest->length - (size_t)length);
    return part;
}

static void print_part(const char *title, struct span part)
{
    printf("%s", title);
    if (part.bytes == NULL)
        printf("(none)");
    else
        fwrite(part.bytes, 1, part.length, stdout);
    putchar('\n');
}

/* Key, value, then name and value of each header, as the engine stored them. */
static void print_message(struct span whole)
{
    const struct span key   = next_part(&whole);
    const struct span value = next_part(&whole);

    print_part("key          ", key);
    while (whole.length > 0) {
        print_part("header       ", next_part(&whole));
        print_part("             ", next_part(&whole));
    }
    print_part("value        ", value);
}

static bool print_opened(const PGresult *result, struct vault *vault)
{
    struct vault_key  key;
    const struct span sealed = db_get_span(result, 0, 0);
    const int64_t     key_id = db_get_number(result, 0, 1);
    bool              is_ok  = false;

    if (vault_data_key_open(vault, key_id, db_get_span(result, 0, 2), &key) != VAULT_OK)
        return false;
    const size_t   length = sealed.length > VAULT_OVERHEAD_BYTES ? sealed.length - VAULT_OVERHEAD_BYTES : 0;
    unsigned char *plain  = malloc(length + 1);
    if (plain != NULL && vault_open(vault, &key, "parked", "body", key_id, sealed, plain) == VAULT_OK) {
        print_message(span_of((const char *)plain, length));
        is_ok = true;
    }
    if (plain != NULL)
        OPENSSL_cleanse(plain, length + 1);
    free(plain);
    vault_key_wipe(&key);
    return is_ok;
}

/* The audit entry stands before the body is printed. */
static int print_body(struct admin *admin, const char *number, const char *reason)
{
    char                  error[512];
    const struct db_param param  = db_text(number);
    PGresult             *result = NULL;
    struct vault         *vault  = vault_open_directory(admin->config->engine.keys, error, sizeof error);
    int                   status = 1;

    if (vault == NULL) {
        fprintf(stderr, "hulei quarantine: %s\n", error);
        return 1;
    }
    if (write_audit(admin, "quarantine_look", number, reason) != DB_OK ||
        db_run_binary(admin->db, &statement_quarantine_body, &param, 1, &result) != DB_OK) {
        admin_complain(admin, "quarantine");
    } else if (PQntuples(result) != 1) {
        fputs("hulei quarantine: this message has no body\n", stderr);
    } else if (!print_opened(result, vault)) {
        fputs("hulei quarantine: the body cannot be opened with this key\n", stderr);
    } else {
        status = 0;
    }
    PQclear(result);
    vault_close(vault);
    return status;
}

static int show_parked(struct admin *admin, const char *number, const struct quarantine_options *options)
{
    static const char *const names[] = { "number", "state", "topic", "partition", "offset",     "source",  "code",
                                         "field",  "rule",  "stage", "attempts",  "first seen", "event id" };
    const struct db_param    param   = db_text(number);
    PGresult                *result  = NULL;

    if (db_run(admin->db, &statement_quarantine_show, &param, 1, &result) != DB_OK)
        return admin_complain(admin, "quarantine");
    const bool is_found = PQntuples(result) == 1;
    for (int i = 0; is_found && i < (int)(sizeof names / sizeof names[0]); i++)
        printf("%-12s %s\n", names[i], PQgetisnull(result, 0, i) ? "-" : PQgetvalue(result, 0, i));
    PQclear(result);
    if (!is_found) {
        fputs("hulei quarantine: no such message\n", stderr);
        return 1;
    }
    return options->with_body ? print_body(admin, number, options->reason) : 0;
}

/* Requeue or discard, with its audit entry, in one transaction. */
static int change_parked(struct admin *admin, const char *verb, const char *number, const char *reason)
{
    const bool            is_requeue = strcmp(verb, "requeue") == 0;
    const struct db_param params[]   = { db_text(number), db_text(admin->os_user) };
    PGresult             *result     = NULL;
    enum db_status        status     = db_begin(admin->db);

    if (status == DB_OK)
        status = is_requeue ? db_run(admin->db, &statement_quarantine_requeue, params, 2, &result)
                            : db_run(admin->db, &statement_quarantine_discard, params, 1, &result);
    const bool is_found = status == DB_OK && PQntuples(result) == 1;
    PQclear(result);
    if (is_found)
        status = write_audit(admin, is_requeue ? "quarantine_requeue" : "quarantine_discard", number, reason);
    if (is_found && status == DB_OK)
        status = db_commit(admin->db);
    else
        db_rollback(admin->db);
    if (status != DB_OK)
        return admin_complain(admin, "quarantine");
    if (!is_found) {
        fputs("hulei quarantine: no such message is parked\n", stderr);
        return 1;
    }
    printf("%s %s\n", number, is_requeue ? "requeued" : "discarded");
    return 0;
}

static int run_verb(const char *verb, const char *number, const struct quarantine_options *options)
{
    struct admin admin;
    const bool   is_list   = strcmp(verb, "list") == 0;
    const bool   is_show   = strcmp(verb, "show") == 0;
    const bool   is_change = strcmp(verb, "requeue") == 0 || strcmp(verb, "discard") == 0;

    if (!is_list && !((is_show || is_change) && number != NULL && number[0] != '\0' &&
                      strspn(number, "0123456789") == strlen(number) && strlen(number) < 19)) {
        fputs("hulei quarantine: see `hulei quarantine --help`\n", stderr);
        return 2;
    }
    int status = admin_open(&admin, "quarantine", options->config, ADMIN_AS_ENGINE);
    if (status != 0)
        return status;
    if (is_list)
        status = list_parked(&admin, options);
    else if (is_show)
        status = show_parked(&admin, number, options);
    else
        status = change_parked(&admin, verb, number, options->reason);
    admin_close(&admin);
    return status;
}

int command_quarantine(int argc, char **argv)
{
    struct quarantine_options options = { .limit = "100" };
    const struct cli_option   known[] = {
          {"state",   &options.state,  NULL              },
          { "limit",  &options.limit,  NULL              },
          { "reason", &options.reason, NULL              },
          { "body",   NULL,            &options.with_body},
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config,
                            &exit_status))
        return exit_status;
    if (optind >= argc || argc - optind > 2) {
        fputs("hulei quarantine: see `hulei quarantine --help`\n", stderr);
        return 2;
    }
    return run_verb(argv[optind], optind + 1 < argc ? argv[optind + 1] : NULL, &options);
}
