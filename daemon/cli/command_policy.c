/* `hulei policy check|diff|project|activate`: what a policy says, what it would do, and how it comes into force.
 * Only `activate` writes, and only a proposal: the engine takes it in its next batch. */
#include "daemon/cli/admin.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/policy/policy_diff.h"
#include "daemon/cli/policy/policy_project.h"
#include "daemon/cli/policy/policy_report.h"
#include "daemon/cli/synth/calendar.h"
#include "daemon/common/policy.h"
#include "daemon/engine/policies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAULTS_BYTES = 64 * 1024, ERROR_BYTES = 512 };

struct options {
    const char *config, *records, *by, *reason, *date;
    int32_t     today; /* of `date`; POLICY_DAY_UNKNOWN without one */
    bool        is_json, is_forced;
    char      **words; /* behind the options: the action first */
    int         word_count;
};

static void print_help(void)
{
    puts("usage: hulei policy check [FOLDER]\n"
         "       hulei policy diff FOLDER [FOLDER]\n"
         "       hulei policy project [FOLDER] [--records FOLDER] [--date YYYY-MM-DD] [--json]\n"
         "       hulei policy activate FOLDER --by ACCOUNT [--force --reason TEXT] [--json]\n\n"
         "A FOLDER holds policy.yaml, categories.yaml and rules.yaml; without one it is the configuration's.\n"
         "  check     prints every fault as file:line: reason\n"
         "  diff      says in words what the second policy changes; with one folder, against the policy in force\n"
         "  project   runs a policy beside the one in force over the live records, or over the feed files of\n"
         "            --records (as `hulei synth` writes them), and prints pairs by rule and tier, by post, by week,\n"
         "            before and after. Nothing is written. A post's budget stands in policy.yaml.\n"
         "  activate  projects, refuses what is above a post's budget unless forced with a reason, and puts the\n"
         "            policy before the engine. Audited under the account, which must be an unlocked operator's.\n"
         "project and activate read the records with the engine's key: they run as its OS user.\n"
         "Exit status 1 when there is a fault, a difference, or a post above its budget.\n\n"
         "  --records FOLDER  feed files instead of the live records\n"
         "  --date DAY        projects that day instead of today, which the database's clock says\n"
         "  --by ACCOUNT      on whose word\n"
         "  --force           although a post's budget does not bear it; needs --reason\n"
         "  --json            the report as JSON\n"
         "  --config FILE     configuration (default: $HULEI_CONFIG)");
}

static int complain(const char *text)
{
    fprintf(stderr, "hulei policy: %s\n", text);
    return 1;
}

/* The folder that is named, or the configuration's as a copy to free; NULL after a complaint. */
static char *folder_of(const struct options *options, int word)
{
    if (word < options->word_count)
        return strdup(options->words[word]);
    struct config *config = config_option_load("policy", options->config);
    char          *folder = config != NULL ? strdup(config->policy) : NULL;
    config_free(config);
    return folder;
}

/* ---- check ---- */

static int check(const struct options *options)
{
    struct policy *policy = malloc(sizeof *policy);
    char          *faults = calloc(1, FAULTS_BYTES);
    char          *folder = folder_of(options, 1);
    char           version[96];
    int            status = 1;

    if (policy == NULL || faults == NULL || folder == NULL) {
        status = 2;
    } else if (policy_check(folder, policy, faults, FAULTS_BYTES)) {
        policy_version_write(policy, version, sizeof version);
        printf("%s\n", version);
        status = 0;
    } else {
        puts(faults);
    }
    free(folder);
    free(faults);
    free(policy);
    return status;
}

/* ---- the policy in force ---- */

static bool load_folder(const char *folder, struct policy *policy)
{
    char error[ERROR_BYTES];

    if (policy_load(folder, policy, error, sizeof error))
        return true;
    complain(error);
    return false;
}

/* Before the engine's first start it is what the configuration's files say. */
static bool load_in_force(struct admin *admin, struct policy *policy)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(admin->db, &statement_engine_policy_active, NULL, 0, &result);

    if (status != DB_OK) {
        admin_complain(admin, "policy");
        return false;
    }
    const bool is_there = PQntuples(result) == 1;
    const bool is_read  = is_there && policies_read_row(result, policy);
    PQclear(result);
    if (is_there && !is_read)
        complain("the policy in force was written by another program: it does not load");
    return is_there ? is_read : load_folder(admin->config->policy, policy);
}

/* ---- diff ---- */

static int diff_with_folder(const char *before, const char *after)
{
    struct policy *both   = calloc(2, sizeof *both);
    int            status = 2;

    if (both != NULL && load_folder(before, &both[0]) && load_folder(after, &both[1]))
        status = policy_diff_print(stdout, &both[0], &both[1]) > 0 ? 1 : 0;
    free(both);
    return status;
}

static int diff_with_force(const struct options *options)
{
    struct policy *both = calloc(2, sizeof *both);
    struct admin   admin;
    int            status = admin_open(&admin, "policy", options->config, ADMIN_AS_ENGINE);

    if (status == 0) {
        status = 2;
        if (both != NULL && load_in_force(&admin, &both[0]) && load_folder(options->words[1], &both[1]))
            status = policy_diff_print(stdout, &both[0], &both[1]) > 0 ? 1 : 0;
        admin_close(&admin);
    }
    free(both);
    return status;
}

/* ---- project and activate ---- */

/* Of what was refused until now. */
static void tell_parked(struct admin *admin)
{
    PGresult *result = NULL;

    if (db_run_binary(admin->db, &statement_policy_parked_off, NULL, 0, &result) == DB_OK &&
        db_get_number(result, 0, 0) > 0)
        printf("\n%lld parked messages are of categories that are off, and are not counted\n",
               (long long)db_get_number(result, 0, 0));
    PQclear(result);
}

static void show(const struct options *options, struct admin *admin, const json_t *report)
{
    if (options->is_json) {
        json_dumpf(report, stdout, JSON_INDENT(2));
        putchar('\n');
        return;
    }
    policy_report_print(report);
    if (options->records == NULL)
        tell_parked(admin);
}

/* What is on now and was off in the policy as shipped: on record by name. */
static char *describe(const struct policy *policy, const char *os_user)
{
    struct policy *shipped = malloc(sizeof *shipped);
    json_t        *on      = json_array();
    json_t        *detail  = json_pack("{s:s, s:o}", "os_user", os_user, "switched_on", on);
    char          *text    = NULL;

    if (shipped != NULL) {
        policy_defaults(shipped);
        for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
            if (policy->categories[i].state == POLICY_ON && shipped->categories[i].state != POLICY_ON)
                json_array_append_new(on, json_string(policy_category_word((enum policy_category_code)i)));
        }
        text = json_dumps(detail, JSON_COMPACT);
    }
    json_decref(detail);
    free(shipped);
    return text;
}

static int propose(const struct options *options, struct admin *admin, const struct policy *policy,
                   const json_t *report)
{
    struct policy_texts texts;
    char                version[96], error[ERROR_BYTES];
    char               *detail     = describe(policy, admin->os_user);
    char               *projection = json_dumps(report, JSON_COMPACT);
    int                 status     = 1;

    policy_version_write(policy, version, sizeof version);
    if (!policy_texts_load(options->words[1], &texts, error, sizeof error)) {
        complain(error);
    } else {
        const struct db_param params[] = {
            db_text(version),
            db_binary(texts.files[0].bytes, texts.files[0].length),
            db_binary(texts.files[1].bytes, texts.files[1].length),
            db_binary(texts.files[2].bytes, texts.files[2].length),
            db_text(options->by),
            db_text(options->is_forced ? options->reason : NULL),
            db_text(options->is_forced ? "true" : "false"),
            db_text(detail),
            db_text(projection),
        };
        if (db_run(admin->db, &statement_policy_propose, params, 9, NULL) == DB_OK)
            status = 0;
        else if (strcmp(db_sqlstate(admin->db), "HL020") == 0)
            complain("this policy is in force");
        else if (strcmp(db_sqlstate(admin->db), "HL003") == 0)
            complain("--by: no unlocked operator has this account");
        else
            admin_complain(admin, "policy");
        policy_texts_free(&texts);
    }
    free(projection);
    free(detail);
    return status;
}

static int finish(const struct options *options, struct admin *admin, const struct policy *policy, const json_t *report,
                  size_t over, bool is_activation)
{
    show(options, admin, report);
    if (over > 0)
        fprintf(stderr, "hulei policy: %zu posts and tiers are above their budget\n", over);
    if (!is_activation || (over > 0 && !options->is_forced))
        return over > 0 ? 1 : 0;
    return propose(options, admin, policy, report);
}

static int project(const struct options *options, bool is_activation)
{
    const struct policy_project_options how    = { options->config, options->records, options->today };
    struct policy                      *both   = calloc(2, sizeof *both);
    char                               *folder = folder_of(options, 1);
    char                                error[ERROR_BYTES];
    struct admin                        admin;
    size_t                              over = 0;

    int status = admin_open(&admin, "policy", options->config, ADMIN_AS_ENGINE);
    if (status == 0) {
        status = 2;
        if (both != NULL && folder != NULL && load_in_force(&admin, &both[0]) && load_folder(folder, &both[1])) {
            json_t *report = policy_project(&how, &admin, &both[0], &both[1], &over, error, sizeof error);
            status = report != NULL ? finish(options, &admin, &both[1], report, over, is_activation) : complain(error);
            json_decref(report);
        }
        admin_close(&admin);
    }
    free(folder);
    free(both);
    return status;
}

/* ---- arguments ---- */

static int usage(const char *fault)
{
    fprintf(stderr, "hulei policy: %s; `hulei policy --help` tells more\n", fault);
    return 2;
}

static int activate(const struct options *options)
{
    if (options->word_count != 2)
        return usage("activate needs one folder");
    if (options->by == NULL)
        return usage("activate needs --by ACCOUNT");
    if (options->is_forced && (options->reason == NULL || options->reason[0] == '\0'))
        return usage("--force needs --reason");
    if (options->records != NULL || options->date != NULL)
        return usage("activate projects the live records of today");
    return project(options, true);
}

static int run(struct options *options)
{
    const char *action = options->word_count > 0 ? options->words[0] : "";

    options->today = POLICY_DAY_UNKNOWN;
    if (options->date != NULL && !calendar_parse(options->date, &options->today))
        return usage("--date is no day");
    if (strcmp(action, "check") == 0 && options->word_count <= 2)
        return check(options);
    if (strcmp(action, "diff") == 0 && options->word_count == 3)
        return diff_with_folder(options->words[1], options->words[2]);
    if (strcmp(action, "diff") == 0 && options->word_count == 2)
        return diff_with_force(options);
    if (strcmp(action, "project") == 0 && options->word_count <= 2)
        return project(options, false);
    if (strcmp(action, "activate") == 0)
        return activate(options);
    return usage("say check, diff, project or activate");
}

int command_policy(int argc, char **argv)
{
    struct options          options    = { 0 };
    const struct cli_option accepted[] = {
        {"records", &options.records, NULL              },
        { "by",     &options.by,      NULL              },
        { "reason", &options.reason,  NULL              },
        { "force",  NULL,             &options.is_forced},
        { "date",   &options.date,    NULL              },
        { "json",   NULL,             &options.is_json  },
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, accepted, 6, &options.config, &exit_status))
        return exit_status;
    options.words      = argv + optind;
    options.word_count = argc - optind;
    return run(&options);
}
