/* `hulei review`: the reviewer's side of the console's socket.
 * Holds no key and no database connection; the console knows the caller by the OS user. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/console_client.h"
#include "daemon/cli/review_print.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct review_options {
    const char *config, *socket, *reason, *side, *seen, *apart;
    long        version;
    bool        is_json;
};

static void print_help(void)
{
    puts(
        "usage: hulei review list\n"
        "       hulei review show TASK\n"
        "       hulei review accept|reject|needs-info|unsure TASK [--reason CODE] [--version N]\n"
        "       hulei review sign|refuse TASK [--reason CODE] [--version N]\n"
        "       hulei review undo TASK [--reason CODE]\n"
        "       hulei review identity TASK [same|different|unsure --reason CODE] [--side child|risk]\n"
        "                             [--apart REF,...] [--seen SET]\n"
        "       hulei review counted\n"
        "       hulei review open AREA\n\n"
        "Shows the open review tasks, one task's sheet, or decides one. The decision counts for the account bound to\n"
        "your OS user; every look and every decision is recorded. Red, orange and yellow need both persons confirmed\n"
        "or strong: where one is only probable, `identity` shows its records and takes the answer first. It is "
        "applied\n"
        "within a second, and can be revised by a new answer; `unsure` takes back what the task decided.\n\n"
        "Red goes out on the first acceptance, marked provisional; another account, reviewer or second reviewer, "
        "signs\n"
        "or refuses within four hours. A refusal withdraws it everywhere; silence is told to the office and withdraws\n"
        "nothing. `needs-info` waits for the owner, with the whole time anew; `unsure` leaves it to a colleague. What\n"
        "is late is told upwards, and never sent by itself. Each decision can be undone for a minute.\n\n"
        "`counted` shows how many pairs are only counted (rule B1), by community, small numbers as \"few\"; `open` "
        "makes\n"
        "those of one community pairs with a review each, on record.\n\n"
        "  --reason CODE    accept: ACCEPT_CONFIRMED (default), ACCEPT_PRECAUTION\n"
        "                   reject: REJECT_NOT_SAME_PERSON, REJECT_NOT_NEAR, REJECT_ADDRESS_OLD, REJECT_NO_BASIS,\n"
        "                           REJECT_HANDLED\n"
        "                   needs-info: NEEDS_ADDRESS, NEEDS_IDENTITY, NEEDS_OWNER\n"
        "                   unsure: UNSURE_EVIDENCE (default), UNSURE_IDENTITY\n"
        "                   sign:   SIGN_CONFIRMED (default)\n"
        "                   refuse: SIGN_NOT_SAME_PERSON, SIGN_NOT_NEAR, SIGN_NO_BASIS\n"
        "                   undo:   UNDO_MISTAKE (default), UNDO_NEW_FACTS\n"
        "                   identity same, different: IDENTITY_DOCUMENT, IDENTITY_KNOWN, IDENTITY_OWNER_ASKED,\n"
        "                           IDENTITY_RECORDS; unsure: IDENTITY_UNSURE (default), IDENTITY_MISTAKE\n"
        "  --side SIDE      whose identity; needed when both are in question\n"
        "  --apart REF,...  different: the records that are another person's; not needed when there are two\n"
        "  --seen SET       the set of records you looked at, as the sheet names it: refused when it changed since\n"
        "  --version N      the version of the pair you looked at: refused when it changed since\n"
        "  --json           print the answer as it came\n"
        "  --socket PATH    the console's socket (default: $HULEI_CONSOLE_SOCKET, else from the configuration)\n"
        "  --config FILE    configuration (default: $HULEI_CONFIG)");
}

/* "1616,1632" as a list; false for what is no number. */
static bool read_refs(const char *text, json_t *list)
{
    while (*text != '\0') {
        char           *end = NULL;
        const long long ref = strtoll(text, &end, 10);

        if (end == text || ref < 1 || (*end != '\0' && *end != ','))
            return false;
        json_array_append_new(list, json_integer(ref));
        text = *end == ',' ? end + 1 : end;
    }
    return json_array_size(list) > 0;
}

/* NULL, with a complaint printed, when --apart cannot be read. */
static json_t *make_request(const char *op, const char *task, const char *verdict, const struct review_options *options)
{
    json_t *request =
        json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:s*}", "op", op, strcmp(op, "open") == 0 ? "area" : "task", task,
                  "reason", options->reason, "verdict", verdict, "side", options->side, "seen", options->seen);

    if (options->apart != NULL) {
        json_t *refs = json_array();
        json_object_set_new(request, "apart", refs);
        if (!read_refs(options->apart, refs)) {
            fputs("hulei review: --apart takes numbers of records, as `hulei review show` gives them\n", stderr);
            json_decref(request);
            return NULL;
        }
    }
    if (options->version > 0)
        json_object_set_new(request, "version", json_integer(options->version));
    return request;
}

static int print_answer(const char *op, const json_t *answer, bool is_json)
{
    const bool is_ok = json_is_true(json_object_get(answer, "ok"));

    if (is_json) {
        json_dumpf(answer, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (!is_ok) {
        fprintf(stderr, "hulei review: %s\n", json_string_value(json_object_get(answer, "message")));
    } else if (strcmp(op, "list") == 0) {
        review_print_tasks(answer);
    } else if (strcmp(op, "show") == 0) {
        review_print_sheet(answer);
    } else if (strcmp(op, "counted") == 0) {
        review_print_counted(answer);
    } else if (strcmp(op, "open") == 0) {
        printf("opened: each pair of %s has its review\n", json_string_value(json_object_get(answer, "area")));
    } else if (strcmp(op, "identity") == 0) {
        review_print_identity(answer);
    } else {
        review_print_decision(answer);
    }
    return is_ok ? 0 : 1;
}

static int run_request(const char *op, const char *task, const char *verdict, const struct review_options *options)
{
    int     exit_status = 2;
    json_t *request     = make_request(op, task, verdict, options);

    if (request == NULL)
        return 2;
    json_t *answer = console_client_ask("review", options->config, options->socket, request, &exit_status);
    if (answer == NULL)
        return exit_status;
    const int status = print_answer(op, answer, options->is_json);
    json_decref(answer);
    return status;
}

/* list; show, accept, reject, undo and identity TASK; identity TASK VERDICT. */
static int run_words(int count, char **words, const struct review_options *options)
{
    const char *op          = count > 0 ? words[0] : "";
    const bool  is_identity = strcmp(op, "identity") == 0;

    if (strcmp(op, "list") == 0 || strcmp(op, "counted") == 0 ? count != 1
                                                              : count != 2 && !(is_identity && count == 3)) {
        fputs("hulei review: see `hulei review --help`\n", stderr);
        return 2;
    }
    /* Without an answer: the same sheet, for the same look. */
    return run_request(is_identity && count == 2       ? "show"
                       : strcmp(op, "needs-info") == 0 ? "needs_info"
                                                       : op,
                       count > 1 ? words[1] : NULL, count > 2 ? words[2] : NULL, options);
}

int command_review(int argc, char **argv)
{
    struct review_options   options = { 0 };
    const char             *version = NULL;
    const struct cli_option known[] = {
        {"side",     &options.side,   NULL            },
        { "apart",   &options.apart,  NULL            },
        { "seen",    &options.seen,   NULL            },
        { "socket",  &options.socket, NULL            },
        { "reason",  &options.reason, NULL            },
        { "version", &version,        NULL            },
        { "json",    NULL,            &options.is_json},
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config,
                            &exit_status))
        return exit_status;
    if (version != NULL)
        options.version = strtol(version, NULL, 10);
    return run_words(argc - optind, argv + optind, &options);
}
