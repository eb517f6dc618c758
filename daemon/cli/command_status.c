/* `hulei status`: what each role said last, what waits and for how long.
 * Counts and ages only; asks PostgreSQL, never the processes. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/disk.h"
#include "daemon/cli/status_feeds.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A role that was silent for longer is said to be so. */
enum { SILENT_S = 30 };

static void print_help(void)
{
    puts(
        "usage: hulei status [--json] [--config FILE]\n\n"
        "Shows each role's process and last word, lag per topic, records, persons, pairs, parked messages, outbox and\n"
        "review tasks with the age of the oldest, deliveries by post, coverage of\n"
        "control totals and silent feeds, the last commit, and whether the folders of `disks` lie on encrypted disks. "
        "Runs as the engine's OS "
        "user.\n"
        "Exit status 1 when a role or feed is silent, a control total does not fit, or a role raises an alarm.\n\n"
        "  --json          one JSON object\n"
        "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static json_t *number_or_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? json_null()
                                            : json_integer(strtoll(PQgetvalue(result, row, column), NULL, 10));
}

static json_t *role_row(const PGresult *result, int row)
{
    json_t       *role   = json_object();
    json_t       *detail = json_loads(PQgetvalue(result, row, 4), 0, NULL);
    const int64_t age_s  = strtoll(PQgetvalue(result, row, 3), NULL, 10);

    json_object_set_new(role, "role", json_string(PQgetvalue(result, row, 0)));
    json_object_set_new(role, "pid", number_or_null(result, row, 1));
    json_object_set_new(role, "started", json_string(PQgetvalue(result, row, 2)));
    json_object_set_new(role, "updated_seconds_ago", json_integer(age_s));
    json_object_set_new(role, "silent", json_boolean(age_s > SILENT_S));
    json_object_set_new(role, "detail", detail != NULL ? detail : json_object());
    return role;
}

static json_t *count_row(const PGresult *result, int row)
{
    json_t *count = json_object();

    json_object_set_new(count, "what", json_string(PQgetvalue(result, row, 0)));
    json_object_set_new(count, "state", json_string(PQgetvalue(result, row, 1)));
    json_object_set_new(count, "count", number_or_null(result, row, 2));
    json_object_set_new(count, "oldest_seconds", number_or_null(result, row, 3));
    return count;
}

/* Runs a statement and makes a list of its rows; NULL on failure. */
static json_t *list_rows(struct db *db, const struct statement *statement, json_t *(*make)(const PGresult *, int))
{
    PGresult *result = NULL;

    if (db_run(db, statement, NULL, 0, &result) != DB_OK)
        return NULL;
    json_t *rows = json_array();
    for (int i = 0; i < PQntuples(result); i++)
        json_array_append_new(rows, make(result, i));
    PQclear(result);
    return rows;
}

static json_t *shard_row(const PGresult *result, int row)
{
    json_t *shard = json_object();

    json_object_set_new(shard, "last_commit", json_string(PQgetvalue(result, row, 0)));
    json_object_set_new(shard, "last_commit_seconds_ago", number_or_null(result, row, 1));
    json_object_set_new(shard, "schema_version", number_or_null(result, row, 2));
    json_object_set_new(shard, "gaps", number_or_null(result, row, 3));
    json_object_set_new(shard, "policy", json_string(PQgetvalue(result, row, 4)));
    return shard;
}

/* Of each folder that the configuration wants on an encrypted disk; other machines' disks are theirs to look at. */
static json_t *list_disks(const struct config *config)
{
    json_t *disks = json_array();

    for (uint32_t i = 0; i < config->disks_count; i++)
        json_array_append_new(disks, json_pack("{s:s, s:s}", "folder", config->disks[i], "disk",
                                               disk_state_word(disk_state_of(config->disks[i]))));
    return disks;
}

/* The whole report; NULL when a statement failed. */
static json_t *read_report(struct admin *admin)
{
    static const struct {
        const char             *name;
        const struct statement *statement;
        json_t *(*make)(const PGresult *, int);
    } parts[] = {
        {"shard",   &statement_status_shard,  shard_row      },
        { "roles",  &statement_status_roles,  role_row       },
        { "counts", &statement_status_counts, count_row      },
        { "feeds",  &statement_status_feeds,  status_feed_row},
    };
    json_t *report = json_object();

    json_object_set_new(report, "name", json_string(admin->config->shard));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        json_t *rows = list_rows(admin->db, parts[i].statement, parts[i].make);
        if (rows == NULL) {
            json_decref(report);
            return NULL;
        }
        json_object_set_new(report, parts[i].name, rows);
    }
    json_object_set_new(report, "disks", list_disks(admin->config));
    return report;
}

static void print_disks(const json_t *disks)
{
    putchar('\n');
    for (size_t i = 0; i < json_array_size(disks); i++) {
        const json_t *disk = json_array_get(disks, i);
        printf("disk of %s: %s\n", json_string_value(json_object_get(disk, "folder")),
               json_string_value(json_object_get(disk, "disk")));
    }
}

static void print_value(const char *key, const json_t *value, int indent)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    printf("%*s%-24s %s\n", indent, "", key, text != NULL ? text : "?");
    free(text);
}

static void print_roles(const json_t *roles)
{
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        const char   *key;
        json_t       *value;
        printf("%-10s pid %lld, since %s, last word %lld s ago%s\n", json_string_value(json_object_get(role, "role")),
               (long long)json_integer_value(json_object_get(role, "pid")),
               json_string_value(json_object_get(role, "started")),
               (long long)json_integer_value(json_object_get(role, "updated_seconds_ago")),
               json_is_true(json_object_get(role, "silent")) ? "   SILENT" : "");
        json_object_foreach(json_object_get(role, "detail"), key, value) print_value(key, value, 4);
    }
}

static void print_counts(const json_t *counts)
{
    printf("\n%-20s %-12s %10s  %s\n", "WHAT", "STATE", "COUNT", "OLDEST");
    for (size_t i = 0; i < json_array_size(counts); i++) {
        const json_t *count  = json_array_get(counts, i);
        const json_t *oldest = json_object_get(count, "oldest_seconds");
        printf("%-20s %-12s %10lld", json_string_value(json_object_get(count, "what")),
               json_string_value(json_object_get(count, "state")),
               (long long)json_integer_value(json_object_get(count, "count")));
        if (json_is_integer(oldest))
            printf("  %lld s", (long long)json_integer_value(oldest));
        putchar('\n');
    }
}

static void print_post(const json_t *post)
{
    static const char *const columns[] = { "queued", "sent", "answered", "escalated", "gave_up" };

    printf("%-24s %-10s", json_string_value(json_object_get(post, "post")),
           json_string_value(json_object_get(post, "view")));
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
        printf(" %9lld", (long long)json_integer_value(json_object_get(post, columns[c])));
    puts(json_is_true(json_object_get(post, "active")) ? "" : "  inactive");
}

/* As the courier last counted them. */
static void print_posts(const json_t *roles)
{
    printf("\n%-24s %-10s %9s %9s %9s %9s %9s\n", "POST", "VIEW", "QUEUED", "SENT", "ANSWERED", "ESCALATED", "GAVE UP");
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *posts = json_object_get(json_object_get(json_array_get(roles, i), "detail"), "posts");
        for (size_t p = 0; p < json_array_size(posts); p++)
            print_post(json_array_get(posts, p));
    }
}

static void print_report(const json_t *report)
{
    const json_t *shard = json_array_get(json_object_get(report, "shard"), 0);
    const char   *at    = json_string_value(json_object_get(shard, "last_commit"));

    printf("shard %s, policy %s, schema %lld, last commit %s, %lld gaps in the feeds\n\n",
           json_string_value(json_object_get(report, "name")), json_string_value(json_object_get(shard, "policy")),
           (long long)json_integer_value(json_object_get(shard, "schema_version")),
           at != NULL && at[0] != '\0' ? at : "never", (long long)json_integer_value(json_object_get(shard, "gaps")));
    print_roles(json_object_get(report, "roles"));
    print_counts(json_object_get(report, "counts"));
    status_feeds_print(json_object_get(report, "feeds"));
    print_posts(json_object_get(report, "roles"));
    print_disks(json_object_get(report, "disks"));
}

static bool is_well(const json_t *report)
{
    const json_t *roles = json_object_get(report, "roles");

    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role    = json_array_get(roles, i);
        const json_t *alarm   = json_object_get(json_object_get(role, "detail"), "alarm");
        const bool    is_mute = json_is_true(json_object_get(role, "silent"));
        if (is_mute || json_is_true(alarm))
            return false;
    }
    return status_feeds_are_well(json_object_get(report, "feeds"));
}

int command_status(int argc, char **argv)
{
    const char             *path      = NULL;
    bool                    is_json   = false;
    const struct cli_option options[] = {
        {"json", NULL, &is_json}
    };
    struct admin admin;
    int          status = 2;

    if (!config_option_read(argc, argv, print_help, options, 1, &path, &status))
        return status;
    const int opened = admin_open(&admin, "status", path, ADMIN_AS_ENGINE);
    if (opened != 0)
        return opened;
    json_t *report = read_report(&admin);
    status         = 1;
    if (report == NULL) {
        admin_complain(&admin, "status");
    } else {
        status = is_well(report) ? 0 : 1;
        if (is_json) {
            json_dumpf(report, stdout, JSON_INDENT(2));
            putchar('\n');
        } else {
            print_report(report);
        }
    }
    json_decref(report);
    admin_close(&admin);
    return status;
}
