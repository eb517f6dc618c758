/* `hulei address parse|compare|geocode`: the address matcher on lines of text, for operators who judge it.
 * Deliberately reads standard input only, so that addresses stay out of process lists. */
#include "daemon/cli/address_geocode.h"
#include "daemon/cli/address_print.h"
#include "daemon/cli/commands.h"
#include "daemon/common/gazetteer_file.h"
#include "matchers/address/address.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 64 * 1024 };

struct session {
    struct gazetteer_file *file;
    struct arena           arena;
    uint64_t               area;
};

static void print_usage(FILE *stream)
{
    fputs("usage: hulei address parse [--gazetteer FILE] [--area CODE] < LINES\n"
          "       hulei address compare [--gazetteer FILE] [--area CODE] < PAIRS\n"
          "       hulei address geocode [--places FILE] [OPTION]... < LINES\n\n"
          "parse    one address a line; writes one JSON object a line: segments, code, level, standard, ambiguous\n"
          "compare  two addresses a line, divided by a tab; writes relation (exact, partial, different), level, "
          "reason\n"
          "geocode  one address a line; writes place_id, point and precision; see hulei address geocode --help\n\n"
          "  --area CODE       division the addresses lie in when they do not say: 2 to 12 digits\n"
          "  --gazetteer FILE  another file than the program's own\n",
          stream);
}

static void parse_line(struct session *session, struct span line)
{
    const struct gazetteer *gazetteer = gazetteer_file_tables(session->file);
    struct address          address;

    (void)address_parse(gazetteer, line, session->area, &session->arena, &address);
    address_print_parse(stdout, &address, address_standard_form(gazetteer, &address, &session->arena));
}

static struct address_features features_of(struct session *session, struct span text)
{
    struct address          address;
    struct address_features features;

    (void)address_parse(gazetteer_file_tables(session->file), text, session->area, &session->arena, &address);
    address_features_make(&address, &features);
    return features;
}

static void compare_line(struct session *session, struct span line)
{
    const char *tab = line.length != 0 ? memchr(line.bytes, '\t', line.length) : NULL;
    const char *reason;

    if (tab == NULL) {
        fputs("{\"error\":\"no tab in the line\"}\n", stdout);
        return;
    }
    const size_t                  length   = (size_t)(tab - line.bytes);
    const struct address_features a        = features_of(session, span_of(line.bytes, length));
    const struct address_features b        = features_of(session, span_of(tab + 1, line.length - length - 1));
    const enum address_relation   relation = address_relate(&a, &b, &reason);
    address_print_relation(stdout, relation, address_compare(&a, &b), reason);
}

static int run_lines(struct session *session, void (*take)(struct session *session, struct span line))
{
    char   *line = NULL;
    size_t  size = 0;
    ssize_t length;

    while ((length = getline(&line, &size, stdin)) >= 0) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        arena_reset(&session->arena);
        take(session, span_of(line, (size_t)length));
    }
    free(line);
    return ferror(stdin) || fflush(stdout) != 0 ? 1 : 0;
}

static bool read_options(int argc, char **argv, const char **path, uint64_t *area)
{
    static const struct option options[] = {
        {"gazetteer", required_argument, NULL, 'g'},
        { "area",     required_argument, NULL, 'a'},
        { NULL,       0,                 NULL, 0  }
    };

    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'g')
            *path = optarg;
        else if (option == 'a')
            *area = strtoull(optarg, NULL, 10);
        else
            return false;
    }
    return optind == argc;
}

static void (*line_taker(const char *word))(struct session *session, struct span line)
{
    static const struct {
        const char *word;
        void (*take)(struct session *session, struct span line);
    } takers[] = {
        {"parse",    parse_line  },
        { "compare", compare_line},
    };

    for (size_t i = 0; word != NULL && i < sizeof takers / sizeof takers[0]; i++) {
        if (strcmp(word, takers[i].word) == 0)
            return takers[i].take;
    }
    return NULL;
}

static int run_session(struct session *session, const char *gazetteer,
                       void (*take)(struct session *session, struct span line))
{
    char error[512];

    session->file = gazetteer_file_open(gazetteer, error, sizeof error);
    if (session->file == NULL) {
        fprintf(stderr, "hulei address: %s\n", error);
        return 1;
    }
    const int status = run_lines(session, take);
    gazetteer_file_close(session->file);
    return status;
}

int command_address(int argc, char **argv)
{
    static char    memory[ARENA_BYTES];
    struct session session   = { 0 };
    const char    *gazetteer = NULL;

    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "geocode") == 0)
        return address_geocode(argc - 1, argv + 1);
    void (*const take)(struct session *, struct span) = line_taker(argc >= 2 ? argv[1] : NULL);
    if (take == NULL || !read_options(argc - 1, argv + 1, &gazetteer, &session.area)) {
        print_usage(stderr);
        return 2;
    }
    arena_init(&session.arena, memory, sizeof memory);
    return run_session(&session, gazetteer, take);
}
