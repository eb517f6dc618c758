/* Options of the subcommands: what is read, and what ends the command.
 * Loads no configuration. */
#include "daemon/cli/config_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 8 };

static int helps;

static void print_help(void)
{
    helps++;
}

static const struct row {
    const char *what, *words[WORDS_MAX];
    const char *path, *reason; /* NULL: not given */
    bool        has_body;
    const char *first;       /* first word that is no option; NULL: none */
    int         exit_status; /* -1: the command goes on */
} rows[] = {
    {"nothing",                { "hulei" },                                         NULL,     NULL,   false, NULL,   -1},
    { "a word",                { "hulei", "list" },                                 NULL,     NULL,   false, "list", -1},
    { "options before a word", { "hulei", "--reason", "CODE", "--body", "show" },   NULL,     "CODE", true,  "show", -1},
    { "options after a word",  { "hulei", "show", "--config", "a.yaml", "--body" }, "a.yaml", NULL,   true,  "show", -1},
    { "with an equals sign",   { "hulei", "--reason=CODE" },                        NULL,     "CODE", false, NULL,   -1},
    { "the last one counts",   { "hulei", "--reason", "A", "--reason", "B" },       NULL,     "B",    false, NULL,   -1},
    { "help ends it",          { "hulei", "--help", "--unknown" },                  NULL,     NULL,   false, NULL,   0 },
    { "an unknown option",     { "hulei", "--nonsense" },                           NULL,     NULL,   false, NULL,   2 },
    { "a value is missing",    { "hulei", "--reason" },                             NULL,     NULL,   false, NULL,   2 },
    { "a value too many",      { "hulei", "--body=yes" },                           NULL,     NULL,   false, NULL,   2 },
};

static void check_text(const char *what, const char *got, const char *wanted)
{
    if ((got == NULL) != (wanted == NULL) || (got != NULL && strcmp(got, wanted) != 0))
        fail_msg("%s: %s", what, got != NULL ? got : "nothing");
}

static void reads_options(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row       *row  = &rows[i];
        const char             *path = NULL, *reason = NULL;
        bool                    has_body = false;
        int                     status = -1, argc = 0;
        char                   *argv[WORDS_MAX + 1] = { NULL };
        const struct cli_option options[]           = {
                      {"reason", &reason, NULL     },
                      { "body",  NULL,    &has_body}
        };

        for (; argc < WORDS_MAX && row->words[argc] != NULL; argc++)
            argv[argc] = (char *)row->words[argc];
        optind             = 0; /* start anew */
        opterr             = 0;
        helps              = 0;
        const bool goes_on = config_option_read(argc, argv, print_help, options, 2, &path, &status);
        if (goes_on != (row->exit_status < 0) || status != row->exit_status || helps != (row->exit_status == 0))
            fail_msg("%s: %d", row->what, status);
        if (!goes_on)
            continue;
        check_text(row->what, path, row->path);
        check_text(row->what, reason, row->reason);
        check_text(row->what, optind < argc ? argv[optind] : NULL, row->first);
        assert_int_equal(has_body, row->has_body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_options) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
