/* `hulei review`: the reviewer's side of the console's socket.
 * Holds no key and no database connection; the console knows the caller by the OS user. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/review_print.h"

#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_WAIT_S = 30 };

struct review_options {
    const char *config, *socket, *reason;
    long        version;
    bool        is_json;
};

static void print_help(void)
{
    puts("usage: hulei review list|show|accept|reject|undo [TASK] [OPTION ...]\n\n"
         "Shows the open review tasks, one task's sheet, or decides one. The decision counts for the account bound to\n"
         "your OS user; every look and every decision is recorded.\n\n"
         "  --reason CODE    accept: ACCEPT_CONFIRMED (default), ACCEPT_PRECAUTION\n"
         "                   reject: REJECT_NOT_SAME_PERSON, REJECT_NOT_NEAR, REJECT_ADDRESS_OLD, REJECT_NO_BASIS,\n"
         "                           REJECT_HANDLED\n"
         "                   undo:   UNDO_MISTAKE (default), UNDO_NEW_FACTS\n"
         "  --version N      the version of the pair you looked at: refused when it changed since\n"
         "  --json           print the answer as it came\n"
         "  --socket PATH    the console's socket (default: $HULEI_CONSOLE_SOCKET, else from the configuration)\n"
         "  --config FILE    configuration (default: $HULEI_CONFIG)");
}

/* Writes the socket's path; false with a complaint printed. */
static bool find_socket(const struct review_options *options, char *path, size_t size)
{
    const char *given = options->socket != NULL ? options->socket : getenv("HULEI_CONSOLE_SOCKET");

    if (given != NULL) {
        snprintf(path, size, "%s", given);
        return true;
    }
    struct config *config = config_option_load("review", options->config);
    if (config == NULL)
        return false;
    snprintf(path, size, "%s", config->console.socket);
    config_free(config);
    return true;
}

static int connect_to(const char *path)
{
    struct sockaddr_un   address = { .sun_family = AF_UNIX };
    const struct timeval wait    = { ANSWER_WAIT_S, 0 };
    const int            handle  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (handle >= 0 && setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
        connect(handle, (struct sockaddr *)&address, sizeof address) == 0)
        return handle;
    if (handle >= 0)
        close(handle);
    return -1;
}

static bool send_all(int handle, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t count = send(handle, text, length, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        text += count;
        length -= (size_t)count;
    }
    return true;
}

/* Sends one line and reads one; NULL when the console does not answer. */
static json_t *ask(int handle, json_t *request)
{
    char   *text   = json_dumps(request, JSON_COMPACT);
    char   *line   = NULL;
    size_t  size   = 0;
    json_t *answer = NULL;
    FILE   *stream = fdopen(dup(handle), "r");

    if (text != NULL && stream != NULL && send_all(handle, text, strlen(text)) && send_all(handle, "\n", 1)) {
        const ssize_t length = getline(&line, &size, stream);
        if (length > 0)
            answer = json_loadb(line, (size_t)length, 0, NULL);
    }
    if (stream != NULL)
        fclose(stream);
    free(line);
    free(text);
    return answer;
}

static json_t *make_request(const char *op, const char *task, const struct review_options *options)
{
    json_t *request = json_pack("{s:s, s:s*, s:s*}", "op", op, "task", task, "reason", options->reason);

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
    } else {
        review_print_decision(answer);
    }
    return is_ok ? 0 : 1;
}

static int run_request(const char *op, const char *task, const struct review_options *options)
{
    char path[sizeof((struct sockaddr_un *)0)->sun_path];

    if (!find_socket(options, path, sizeof path))
        return 2;
    const int handle = connect_to(path);
    if (handle < 0) {
        fprintf(stderr, "hulei review: the console does not listen on %s\n", path);
        return 1;
    }
    json_t *request = make_request(op, task, options);
    json_t *answer  = ask(handle, request);
    json_decref(request);
    close(handle);
    if (answer == NULL) {
        fputs("hulei review: the console did not answer\n", stderr);
        return 1;
    }
    const int status = print_answer(op, answer, options->is_json);
    json_decref(answer);
    return status;
}

int command_review(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config",   required_argument, NULL, 'c'},
        { "socket",  required_argument, NULL, 's'},
        { "reason",  required_argument, NULL, 'r'},
        { "version", required_argument, NULL, 'v'},
        { "json",    no_argument,       NULL, 'j'},
        { "help",    no_argument,       NULL, 'h'},
        { NULL,      0,                 NULL, 0  },
    };
    struct review_options options = { 0 };
    int                   letter;

    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (letter) {
        case 'c':
            options.config = optarg;
            break;
        case 's':
            options.socket = optarg;
            break;
        case 'r':
            options.reason = optarg;
            break;
        case 'v':
            options.version = strtol(optarg, NULL, 10);
            break;
        case 'j':
            options.is_json = true;
            break;
        case 'h':
            print_help();
            return 0;
        default:
            return 2;
        }
    }
    const char *op       = optind < argc ? argv[optind] : NULL;
    const char *task     = optind + 1 < argc ? argv[optind + 1] : NULL;
    const bool  is_list  = op != NULL && strcmp(op, "list") == 0;
    const bool  is_whole = op != NULL && (is_list ? task == NULL : task != NULL) && optind + 2 >= argc;
    if (!is_whole) {
        fputs("hulei review: see `hulei review --help`\n", stderr);
        return 2;
    }
    return run_request(op, task, &options);
}
