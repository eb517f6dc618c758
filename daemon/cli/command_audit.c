/* `hulei audit verify`: walks the audit chain and says where it was touched.
 * What was cut off together with the lane's head only a root kept elsewhere can show. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_help(void)
{
    puts("usage: hulei audit verify [--config FILE] [--database CONNINFO]\n\n"
         "Recomputes the hash of every audit entry of every lane and prints, per lane, how many are sound and the\n"
         "number of the first that is not. Runs as the auditor's OS user.\n"
         "Exit status 1 when a lane is not sound or the database does not answer.\n\n"
         "  --config FILE        configuration (default: $HULEI_CONFIG)\n"
         "  --database CONNINFO  another connection (default: the engine's, as role hulei_auditor)");
}

static void tell_lane(void *context, const struct audit_lane_report *report)
{
    bool *is_sound = context;

    if (report->fault == AUDIT_SOUND) {
        printf("%-16s %" PRId64 " entries, sound\n", report->lane, report->entries);
        return;
    }
    printf("%-16s %" PRId64 " entries sound, then entry %" PRId64 ": %s\n", report->lane, report->entries, report->seq,
           audit_fault_word(report->fault));
    *is_sound = false;
}

static int verify(const char *conninfo)
{
    char       error[512];
    bool       is_sound = true;
    struct db *db       = db_open(conninfo, "hulei audit", error, sizeof error);

    if (db == NULL) {
        fprintf(stderr, "hulei audit: %s\n", error);
        return 1;
    }
    const enum db_status status = audit_verify(db, tell_lane, &is_sound);
    if (status != DB_OK)
        fprintf(stderr, "hulei audit: the database refused, SQLSTATE %s\n", db_sqlstate(db));
    db_close(db);
    return status == DB_OK && is_sound ? 0 : 1;
}

static int verify_configured(const char *path)
{
    char           text[1024];
    struct config *config = config_option_load("audit", path);

    if (config == NULL)
        return 2;
    snprintf(text, sizeof text, "%s user=hulei_auditor", config->database.engine);
    config_free(config);
    return verify(text);
}

int command_audit(int argc, char **argv)
{
    const char             *path = NULL, *conninfo = NULL;
    const struct cli_option options[] = {
        {"database", &conninfo, NULL}
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, options, 1, &path, &exit_status))
        return exit_status;
    if (optind != argc - 1 || strcmp(argv[optind], "verify") != 0) {
        fputs("hulei audit: say `verify`; `hulei audit --help` tells more\n", stderr);
        return 2;
    }
    return conninfo != NULL ? verify(conninfo) : verify_configured(path);
}
