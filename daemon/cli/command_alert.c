/* `hulei alert`: what a reviewer may do with alerts that are out, through the console's socket.
 * Shows pseudonyms only; whom an alert is about is asked elsewhere, with a purpose. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/console_client.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct alert_options {
    const char *config, *socket, *post, *state, *rule, *area, *alert, *reason, *days;
    bool        is_json;
};

static void print_help(void)
{
    puts("usage: hulei alert list [--post POST] [--state STATE]\n"
         "       hulei alert show ALERT\n"
         "       hulei alert resend ALERT --post POST\n"
         "       hulei alert cancel ALERT --reason CODE\n"
         "       hulei alert silence --reason CODE --days N [--post POST] [--rule RULE] [--area CODE] [--alert ALERT]\n"
         "       hulei alert unsilence NUMBER\n"
         "       hulei alert notice EMERGENCY|ALERT\n"
         "       hulei alert status actual|exercise\n\n"
         "Shows where alerts stand with their posts, sends one again, or takes one back; a silence holds back what "
         "matches\n"
         "all that is given, never red; a notice says that the guardians of an emergency were told. All counts for the "
         "account bound to your OS user, and is recorded.\n\n"
         "  --state STATE   queued, sent, acked, acting, closed, cannot, gave_up (default: all that is not over)\n"
         "  --reason CODE   cancel: REJECT_NOT_SAME_PERSON, REJECT_NOT_NEAR, REJECT_ADDRESS_OLD, REJECT_NO_BASIS,\n"
         "                          REJECT_HANDLED\n"
         "                  silence: SILENCE_BEING_HANDLED, SILENCE_DATA_FAULT, SILENCE_POST_MOVING\n"
         "  --days N        1 to 90\n"
         "  --json          print the answer as it came\n"
         "  --socket PATH   the console's socket (default: $HULEI_CONSOLE_SOCKET, else from the configuration)\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    return text != NULL ? text : "-";
}

static void print_deliveries(const json_t *deliveries)
{
    printf("%-36s %-20s %4s %-4s %-7s %-8s %4s %s\n", "ALERT", "POST", "TIER", "RULE", "MESSAGE", "STATE", "STEP",
           "ACK BY");
    for (size_t i = 0; i < json_array_size(deliveries); i++) {
        const json_t *row = json_array_get(deliveries, i);
        printf("%-36s %-20s %4d %-4s %-7s %-8s %4d %.19s\n", text_of(row, "alert"), text_of(row, "post"),
               (int)json_integer_value(json_object_get(row, "tier")), text_of(row, "rule"), text_of(row, "msg"),
               text_of(row, "state"), (int)json_integer_value(json_object_get(row, "step")), text_of(row, "ack_by"));
    }
}

static int print_answer(const char *verb, const json_t *answer, bool is_json)
{
    const bool    is_ok  = json_is_true(json_object_get(answer, "ok"));
    const json_t *result = json_object_get(answer, "result");

    if (is_json) {
        json_dumpf(answer, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (!is_ok) {
        fprintf(stderr, "hulei alert: %s\n", text_of(answer, "message"));
    } else if (strcmp(verb, "list") == 0) {
        print_deliveries(result);
    } else {
        if (strcmp(verb, "show") == 0)
            print_deliveries(json_object_get(result, "deliveries"));
        json_dumpf(result, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    return is_ok ? 0 : 1;
}

/* The word after the verb, by the member of the request it is. */
static const char *member_of(const char *verb)
{
    static const struct {
        const char *verb, *member;
    } rows[] = {
        {"show",       "alert"  },
        { "resend",    "alert"  },
        { "cancel",    "alert"  },
        { "notice",    "alert"  },
        { "unsilence", "silence"},
        { "status",    "status" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].verb, verb) == 0)
            return rows[i].member;
    }
    return NULL;
}

int command_alert(int argc, char **argv)
{
    struct alert_options    options     = { 0 };
    int                     exit_status = 2;
    const struct cli_option known[]     = {
            {"post",    &options.post,   NULL            },
            { "state",  &options.state,  NULL            },
            { "rule",   &options.rule,   NULL            },
            { "area",   &options.area,   NULL            },
            { "alert",  &options.alert,  NULL            },
            { "reason", &options.reason, NULL            },
            { "days",   &options.days,   NULL            },
            { "socket", &options.socket, NULL            },
            { "json",   NULL,            &options.is_json},
    };

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &options.config,
                            &exit_status))
        return exit_status;
    const char *verb   = optind < argc ? argv[optind] : "";
    const char *member = member_of(verb);
    if (argc - optind != (member != NULL ? 2 : 1) ||
        (member == NULL && strcmp(verb, "list") != 0 && strcmp(verb, "silence") != 0)) {
        fputs("hulei alert: see `hulei alert --help`\n", stderr);
        return 2;
    }
    json_t *request = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "op", "alert", "verb", verb,
                                "post", options.post, "state", options.state, "rule", options.rule, "area",
                                options.area, "alert", options.alert, "reason", options.reason, "days", options.days);
    if (member != NULL)
        json_object_set_new(request, member, json_string(argv[optind + 1]));
    json_t *answer = console_client_ask("alert", options.config, options.socket, request, &exit_status);
    if (answer == NULL)
        return exit_status;
    exit_status = print_answer(verb, answer, options.is_json);
    json_decref(answer);
    return exit_status;
}
