/* `hulei address parse|compare|geocode`: the address matcher on lines of text, for operators who judge it.
 * Deliberately reads standard input only, so that addresses stay out of process lists. */
#include "daemon/cli/address_geocode.h"
#include "daemon/cli/commands.h"
#include "daemon/common/gazetteer_file.h"
#include "matchers/address/address.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
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

/* A code with the digits that count, "" for none. */
static json_t *code_json(uint64_t code)
{
    char digits[24] = "";

    if (code != 0)
        snprintf(digits, sizeof digits, "%012" PRIu64, code);
    digits[gazetteer_level(code)] = '\0';
    return json_string(digits);
}

static json_t *text_json(struct span text)
{
    json_t *value = json_stringn(text.bytes != NULL ? text.bytes : "", text.length);

    return value != NULL ? value : json_string("\xef\xbf\xbd"); /* not UTF-8 */
}

static void print_json(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void parse_line(struct session *session, struct span line)
{
    const struct gazetteer *gazetteer = gazetteer_file_tables(session->file);
    struct address          address;

    (void)address_parse(gazetteer, line, session->area, &session->arena, &address);
    json_t *segments = json_array();
    for (size_t i = 0; i < address.segment_count; i++) {
        json_t *segment = json_object();
        json_object_set_new(segment, "text", text_json(address.segments[i].text));
        json_object_set_new(segment, "label", json_string(address_label_word(address.segments[i].label)));
        json_array_append_new(segments, segment);
    }
    json_t *ambiguous = json_array();
    for (size_t i = 0; i < address.candidate_count; i++)
        json_array_append_new(ambiguous, code_json(address.candidates[i]));
    json_t *object = json_object();
    json_object_set_new(object, "segments", segments);
    json_object_set_new(object, "code", code_json(address.code));
    json_object_set_new(object, "level", json_integer(address.level));
    json_object_set_new(object, "standard", text_json(address_standard_form(gazetteer, &address, &session->arena)));
    json_object_set_new(object, "ambiguous", ambiguous);
    print_json(object);
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
    static const char *const relations[] = { "exact", "partial", "different" };
    const char              *tab         = line.length != 0 ? memchr(line.bytes, '\t', line.length) : NULL;
    const char              *reason      = "no tab in the line";
    json_t                  *object      = json_object();

    if (tab == NULL) {
        json_object_set_new(object, "error", json_string(reason));
        print_json(object);
        return;
    }
    const size_t                  length   = (size_t)(tab - line.bytes);
    const struct address_features a        = features_of(session, span_of(line.bytes, length));
    const struct address_features b        = features_of(session, span_of(tab + 1, line.length - length - 1));
    const enum address_relation   relation = address_relate(&a, &b, &reason);
    json_object_set_new(object, "relation", json_string(relations[relation]));
    json_object_set_new(object, "level", json_string(address_level_word(address_compare(&a, &b))));
    json_object_set_new(object, "reason", json_string(reason));
    print_json(object);
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
