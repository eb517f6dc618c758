/* `hulei erase`: asks to forget a person or a record, releases what is held, follows the ledger after a restore.
 * Prints no content; the engine does the work (daemon/engine/forget.h). */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/erase_replay.h"
#include "daemon/cli/operator.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct erase_options {
    const char *config, *reason, *type;
    bool        is_record;
};

static void print_help(void)
{
    puts("usage: hulei erase PERSON --reason CODE\n"
         "       hulei erase --record SOURCE KEY [--type TYPE] --reason CODE\n"
         "       hulei erase list\n"
         "       hulei erase release REQUEST        (another person, of a request that is held)\n"
         "       hulei erase cancel REQUEST         (until it is applied)\n"
         "       hulei erase release-feed SOURCE    (two persons, of a feed's mass withdrawal)\n"
         "       hulei erase replay LEDGER          (after a restore, the engine stopped)\n\n"
         "Forgets records with versions, features, pairs, parked copies, keys and their messages in Kafka; posts that\n"
         "were told delete and confirm it. A request waits for an hour and can be taken back; more than a few records\n"
         "a day wait for a second person. Needs an unlocked account of role operator bound to the OS user.\n\n"
         "  --reason CODE   A-Z, 0-9 and _, at most 32\n"
         "  --type TYPE     of the record, where a key stands for several\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int ask(struct admin *admin, const struct erase_options *options, const char *first, const char *second)
{
    char        type[16];
    const char *type_number = NULL;

    if (options->type != NULL && (type_number = operator_type_number(options->type, type)) == NULL) {
        fputs("hulei erase: no such type of record\n", stderr);
        return 2;
    }
    const struct db_param params[] = {
        db_text(admin->os_user),
        db_text(options->is_record ? NULL : first),
        db_text(options->is_record ? first : NULL),
        db_text(type_number),
        db_text(options->is_record ? second : NULL),
        db_text(options->reason),
    };
    PGresult *result = NULL;
    if (db_run(admin->db, &statement_erase_ask, params, 6, &result) != DB_OK)
        return operator_complain(admin, "erase");
    printf("%s %s, %s records%s%s\n", PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 2),
           PQgetisnull(result, 0, 3) ? ": another operator must release it" : ", applied at ",
           PQgetvalue(result, 0, 3));
    PQclear(result);
    return 0;
}

static int list_requests(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_erase_list, NULL, 0, &result) != DB_OK)
        return operator_complain(admin, "erase");
    printf("%-20s %-10s %-10s %-24s %7s %6s %6s  %-17s %s\n", "REQUEST", "STATE", "REASON", "CODE", "RECORDS", "GONE",
           "LEDGER", "ASKED", "APPLIED AT");
    for (int i = 0; i < PQntuples(result); i++)
        printf("%-20s %-10s %-10s %-24s %7s %6s %6s  %-17s %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
               PQgetvalue(result, i, 2), PQgetvalue(result, i, 3), PQgetvalue(result, i, 4), PQgetvalue(result, i, 5),
               PQgetvalue(result, i, 6), PQgetvalue(result, i, 7), PQgetvalue(result, i, 8));
    PQclear(result);
    return 0;
}

/* A verb with one word; prints what the statement answers. */
static int run_statement(struct admin *admin, const struct statement *statement, const char *word, const char *done)
{
    const struct db_param params[] = { db_text(admin->os_user), db_text(word) };
    PGresult             *result   = NULL;

    if (db_run(admin->db, statement, params, 2, &result) != DB_OK)
        return operator_complain(admin, "erase");
    printf("%s", done);
    for (int i = 0; i < PQnfields(result); i++)
        printf(" %s", PQgetvalue(result, 0, i));
    putchar('\n');
    PQclear(result);
    return 0;
}

static const struct verb {
    const char             *word;
    const struct statement *statement;
    const char             *done;
} verbs[] = {
    {"release",       &statement_erase_release,      "released, applied at"},
    { "cancel",       &statement_erase_cancel,       "taken back"          },
    { "release-feed", &statement_erase_release_feed, "feed"                },
};

static const struct verb *verb_of(const char *word)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(word, verbs[i].word) == 0)
            return &verbs[i];
    }
    return NULL;
}

static int replay(struct admin *admin, const char *ledger_path)
{
    char          error[256];
    struct blind *blind = blind_open_directory(admin->config->engine.keys, error, sizeof error);

    if (blind == NULL) {
        fprintf(stderr, "hulei erase: %s\n", error);
        return 1;
    }
    const int status = erase_replay(admin, "erase", ledger_path, blind);
    blind_close(blind);
    return status;
}

static bool is_number(const char *word)
{
    return word[0] != '\0' && strlen(word) < 19 && strspn(word, "0123456789") == strlen(word);
}

static int run_words(struct admin *admin, const struct erase_options *options, char **words, int count)
{
    const struct verb *verb = options->is_record ? NULL : verb_of(words[0]);

    if (options->is_record && count == 2 && options->reason != NULL)
        return ask(admin, options, words[0], words[1]);
    if (!options->is_record && count == 1 && strcmp(words[0], "list") == 0)
        return list_requests(admin);
    if (verb != NULL && count == 2)
        return run_statement(admin, verb->statement, words[1], verb->done);
    if (!options->is_record && count == 2 && strcmp(words[0], "replay") == 0)
        return replay(admin, words[1]);
    if (!options->is_record && count == 1 && is_number(words[0]) && options->reason != NULL)
        return ask(admin, options, words[0], NULL);
    fputs("hulei erase: see `hulei erase --help`\n", stderr);
    return 2;
}

int command_erase(int argc, char **argv)
{
    struct erase_options    options = { .config = NULL };
    const struct cli_option known[] = {
        {"reason",  &options.reason, NULL              },
        { "type",   &options.type,   NULL              },
        { "record", NULL,            &options.is_record},
    };
    struct admin admin;
    int          status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config, &status))
        return status;
    if (optind >= argc) {
        fputs("hulei erase: see `hulei erase --help`\n", stderr);
        return 2;
    }
    status = admin_open(&admin, "erase", options.config, ADMIN_AS_ENGINE);
    if (status != 0)
        return status;
    status = run_words(&admin, &options, argv + optind, argc - optind);
    admin_close(&admin);
    return status;
}
