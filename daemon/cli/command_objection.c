/* `hulei objection`: what people say is wrong, and the answer in the owner's place.
 * Prints keys and codes only. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/operator.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct objection_options {
    const char *config, *reason, *as, *other_source, *other_key, *state;
};

static void print_help(void)
{
    puts("usage: hulei objection list [--state open|upheld|rejected|withdrawn|void]\n"
         "       hulei objection confirm OBJECTION\n"
         "       hulei objection answer OBJECTION uphold [--as correct|split|merge|erase]\n"
         "                              [--other-source SOURCE --other KEY]\n"
         "       hulei objection answer OBJECTION reject --reason CODE\n\n"
         "Objections come by feed; what rests on the record named is disputed meanwhile. Its owner confirms within "
         "five\n"
         "working days and answers within ten, by a `correction` or here; what is overdue waits for a human. Upheld:\n"
         "split, merge or erase, and every post that was told deletes. Rejected: with a written reason. Needs an\n"
         "unlocked account of role operator bound to the OS user.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int list_objections(struct admin *admin, const char *state)
{
    static const char *const heads[]  = { "OBJECTION", "STATE",  "BY",         "GROUND",    "ASKS", "SOURCE",
                                          "KEY",       "OPENED", "CONFIRM BY", "ANSWER BY", "LATE", "PAIRS" };
    static const int         widths[] = { 20, 10, 9, 16, 8, 44, 20, 11, 16, 11, 5, 5 };
    const struct db_param    params[] = { db_text(state) };
    PGresult                *result   = NULL;

    if (db_run(admin->db, &statement_objection_list, params, 1, &result) != DB_OK)
        return operator_complain(admin, "objection");
    for (int row = -1; row < PQntuples(result); row++) {
        for (int c = 0; c < PQnfields(result); c++)
            printf("%-*s ", widths[c], row < 0 ? heads[c] : PQgetvalue(result, row, c));
        putchar('\n');
    }
    PQclear(result);
    return 0;
}

static int answer(struct admin *admin, const char *objection, const char *verb, const struct objection_options *options)
{
    const struct db_param params[] = {
        db_text(admin->os_user),     db_text(objection),   db_text(verb),
        db_text(options->reason),    db_text(options->as), db_text(options->other_source),
        db_text(options->other_key),
    };
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_objection_answer, params, 7, &result) != DB_OK)
        return operator_complain(admin, "objection");
    printf("%s %s\n", objection, strcmp(verb, "confirm") == 0 ? "confirmed" : PQgetvalue(result, 0, 0));
    PQclear(result);
    return 0;
}

static int run_words(struct admin *admin, const struct objection_options *options, char **words, int count)
{
    if (count == 1 && strcmp(words[0], "list") == 0)
        return list_objections(admin, options->state);
    if (count == 2 && strcmp(words[0], "confirm") == 0)
        return answer(admin, words[1], "confirm", options);
    if (count == 3 && strcmp(words[0], "answer") == 0 &&
        (strcmp(words[2], "uphold") == 0 || strcmp(words[2], "reject") == 0))
        return answer(admin, words[1], words[2], options);
    fputs("hulei objection: see `hulei objection --help`\n", stderr);
    return 2;
}

int command_objection(int argc, char **argv)
{
    struct objection_options options = { .config = NULL };
    const struct cli_option  known[] = {
         {"reason",        &options.reason,       NULL},
         { "as",           &options.as,           NULL},
         { "other-source", &options.other_source, NULL},
         { "other",        &options.other_key,    NULL},
         { "state",        &options.state,        NULL},
    };
    struct admin admin;
    int          status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config, &status))
        return status;
    if (optind >= argc) {
        fputs("hulei objection: see `hulei objection --help`\n", stderr);
        return 2;
    }
    status = admin_open(&admin, "objection", options.config, ADMIN_AS_ENGINE);
    if (status != 0)
        return status;
    status = run_words(&admin, &options, argv + optind, argc - optind);
    admin_close(&admin);
    return status;
}
