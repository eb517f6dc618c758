/* `hulei canary`: invented records that nobody has a reason to open; whoever does is reported.
 * Invents nobody and sends nothing: the record comes through a feed like any other, and is marked here. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/feed/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: hulei canary plant SOURCE TYPE SUBJECT     marks a live record as a canary\n"
         "       hulei canary remove SOURCE TYPE SUBJECT    it is an ordinary record again\n"
         "       hulei canary list\n\n"
         "A canary is a record of an invented person. Push it through its feed first (`hulei feed push`), then\n"
         "plant it here: a look at it, or a search that finds it, raises an alarm for the security officer\n"
         "(watch rule `canary`), also where the searcher is shown nothing. SOURCE is the URN of the feed's\n"
         "source, TYPE the word of the record (child, risk ...), SUBJECT its key there.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static int list_canaries(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run(admin->db, &statement_canary_list, NULL, 0, &result) != DB_OK)
        return admin_complain(admin, "canary");
    for (int row = 0; row < PQntuples(result); row++)
        printf("%s %s %s %s\n", PQgetvalue(result, row, 0),
               feed_type_word((enum feed_type)strtol(PQgetvalue(result, row, 1), NULL, 10)), PQgetvalue(result, row, 2),
               PQgetvalue(result, row, 3));
    PQclear(result);
    return 0;
}

static int change(struct admin *admin, const struct statement *statement, char *const *names, const char *done)
{
    PGresult            *result = NULL;
    char                 type[16];
    const enum feed_type found = feed_type_find(span_from_text(names[1]));

    if (found == FEED_TYPE_NONE) {
        fputs("hulei canary: TYPE is no record type\n", stderr);
        return 2;
    }
    snprintf(type, sizeof type, "%d", (int)found);
    const struct db_param params[] = { db_text(names[0]), db_text(type), db_text(names[2]) };
    if (db_run(admin->db, statement, params, 3, &result) != DB_OK)
        return admin_complain(admin, "canary");
    const bool is_done = PQgetvalue(result, 0, 0)[0] != '0';
    PQclear(result);
    if (!is_done) {
        fputs("hulei canary: no such record\n", stderr);
        return 1;
    }
    puts(done);
    return 0;
}

int command_canary(int argc, char **argv)
{
    const char  *path = NULL;
    struct admin admin;
    int          exit_status = 2;

    if (!config_option_read(argc, argv, print_help, NULL, 0, &path, &exit_status))
        return exit_status;
    const char *verb      = optind < argc ? argv[optind] : "";
    const bool  is_list   = strcmp(verb, "list") == 0 && argc - optind == 1;
    const bool  is_plant  = strcmp(verb, "plant") == 0 && argc - optind == 4;
    const bool  is_remove = strcmp(verb, "remove") == 0 && argc - optind == 4;
    if (!is_list && !is_plant && !is_remove) {
        fputs("hulei canary: see `hulei canary --help`\n", stderr);
        return 2;
    }
    const int opened = admin_open(&admin, "canary", path, ADMIN_AS_OWNER);
    if (opened != 0)
        return opened;
    if (is_list)
        exit_status = list_canaries(&admin);
    else
        exit_status = change(&admin, is_plant ? &statement_canary_put : &statement_canary_remove, argv + optind + 1,
                             is_plant ? "planted" : "removed");
    admin_close(&admin);
    return exit_status;
}
