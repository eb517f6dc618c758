/* Faults of the YAML of `hulei link`: each is told with its line and what is wrong; the shipped ones are sound.
 * Each row edits one sound file in one place. */
#include "daemon/cli/link/link_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char good[] = "version: 1\n"                                                              /* 1 */
                           "id: id\n"                                                                  /* 2 */
                           "report_probability: 0.5\n"                                                 /* 3 */
                           "columns:\n"                                                                /* 4 */
                           "  - { name: town }\n"                                                      /* 5 */
                           "  - { name: born, kind: date }\n"                                          /* 6 */
                           "comparisons:\n"                                                            /* 7 */
                           "  - name: town\n"                                                          /* 8 */
                           "    levels:\n"                                                             /* 9 */
                           "      - { name: same, tests: [{ test: exact, column: town }] }\n"          /* 10 */
                           "      - { name: other }\n"                                                 /* 11 */
                           "  - name: birth\n"                                                         /* 12 */
                           "    levels:\n"                                                             /* 13 */
                           "      - { name: near, tests: [{ test: days, column: born, limit: 3 }] }\n" /* 14 */
                           "      - { name: other }\n"                                                 /* 15 */
                           "blocking:\n"                                                               /* 16 */
                           "  - { name: town, parts: [{ column: town, part: first, count: 3 }] }\n"    /* 17 */
                           "training:\n"                                                               /* 18 */
                           "  strict:\n"                                                               /* 19 */
                           "    - { name: both, parts: [{ column: town }, { column: born }] }\n"       /* 20 */
                           "  recall: 0.8\n"                                                           /* 21 */
                           "  rules: [town]\n"                                                         /* 22 */
                           "clusters:\n"                                                               /* 23 */
                           "  join_probability: 0.5\n"                                                 /* 24 */
                           "  mean_bits: 0\n";                                                         /* 25 */

static const struct {
    const char *what, *from, *to;
    unsigned    line;
    const char *fault;
} rows[] = {
    {"an unknown key",                "id: id",                                                                            "ident: id",                        2,  "Unexpected key: ident"            },
    { "an unknown test",              "test: exact",                                                                       "test: exakt",                      10, "Invalid value"                    },
    { "no number",                    "limit: 3",                                                                          "limit: three",                     14, "Invalid value"                    },
    { "another version",              "version: 1",                                                                        "version: 3",                       1,  "version 3 is not 1"               },
    { "a probability above 1",        "report_probability: 0.5",                                                           "report_probability: 5",            3,  "report_probability"               },
    { "a column that is not there",   "exact, column: town",                                                               "exact, column: city",              10, "there is no column 'city'"        },
    { "a column twice",               "name: born, kind",                                                                  "name: town, kind",                 5,  "column 'town' comes twice"        },
    { "days of a text",               "kind: date",                                                                        "kind: text",                       12, "does not suit the kind"           },
    { "a limit where none belongs",   "test: exact,",                                                                      "test: exact, limit: 2,",           8,  "limit of a test"                  },
    { "no limit where one belongs",   "days, column: born, limit: 3",                                                      "edits, column: born",              12, "limit of a test"                  },
    { "other column of a plain test", "test: exact,",                                                                      "test: exact, other: born,",        8,  "'other' belongs to"               },
    { "a last level with tests",      "      - { name: other }\n  - name: birth",                                          "  - name: birth",                  8,  "2 to 15 levels"                   },
    { "a count without a part",       "part: first, ",                                                                     "",                                 17, "'count' belongs to first and last"},
    { "an unknown training rule",     "rules: [town]",                                                                     "rules: [twon]",                    22, "there is no blocking rule 'twon'" },
    { "a recall above 1",             "recall: 0.8",                                                                       "recall: 8",                        21, "recall is not within"             },
    { "clusters out of bounds",       "  mean_bits: 0",                                                                    "  mean_bits: 0\n  size_max: 9999", 26, "size_max is above 2000"           },
    { "no blocking",                  "blocking:\n  - { name: town, parts: [{ column: town, part: first, count: 3 }] }\n", "",                                 1,
     "must be there"                                                                                                                                                                                  },
};

static void write_edited(const char *path, const char *from, const char *to)
{
    const char *at   = strstr(good, from);
    FILE       *file = fopen(path, "w");

    assert_true(at != NULL && file != NULL);
    fprintf(file, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    assert_int_equal(fclose(file), 0);
}

static void test_faults_are_told_with_their_line(void **state)
{
    char path[] = "/tmp/hulei-link-config.XXXXXX";
    char error[512], place[64];

    (void)state;
    close(mkstemp(path));
    write_edited(path, "version: 1", "version: 1");
    struct link_config *config = link_config_load(path, error, sizeof error);
    assert_non_null(config);
    assert_int_equal(config->training_rules, 1);
    link_config_free(config);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_edited(path, rows[i].from, rows[i].to);
        snprintf(place, sizeof place, "%s:%u: ", path, rows[i].line);
        if (link_config_load(path, error, sizeof error) != NULL)
            fail_msg("%s: accepted", rows[i].what);
        if (strncmp(error, place, strlen(place)) != 0 || strstr(error, rows[i].fault) == NULL)
            fail_msg("%s: %s", rows[i].what, error);
    }
    unlink(path);
}

static void test_shipped_files_are_sound(void **state)
{
    static const char *const names[] = { "febrl3", "febrl4", "historical_50k", "persons", "persons_table" };
    char                     path[512], error[512];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, HULEI_SOURCE_DIR "/config/link/%s.yaml", names[i]);
        struct link_config *config = link_config_load(path, error, sizeof error);
        if (config == NULL)
            fail_msg("%s", error);
        link_config_free(config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_told_with_their_line),
        cmocka_unit_test(test_shipped_files_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
