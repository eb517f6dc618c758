/* CSV as RFC 4180 and as departments write it. */
#include "daemon/cli/feed_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ARENA_BYTES = 1024 * 1024 };

/* Cells joined by "|", records by "/", faults as "!". */
static void read_all(const char *text, char *out, size_t size)
{
    static struct csv_record record;
    char                    *memory = malloc(ARENA_BYTES);
    FILE                    *stream = fmemopen((void *)text, strlen(text), "r");
    size_t                   used   = 0;

    assert_non_null(memory);
    assert_non_null(stream);
    out[0] = '\0';
    for (int records = 0; records < 100; records++) {
        struct arena arena;
        arena_init(&arena, memory, ARENA_BYTES);
        const enum csv_status status = csv_read(stream, &arena, &record);
        if (status == CSV_END)
            break;
        if (records > 0)
            used += (size_t)snprintf(out + used, size - used, "/");
        if (status != CSV_RECORD)
            used += (size_t)snprintf(out + used, size - used, "!");
        for (size_t i = 0; status == CSV_RECORD && i < record.count; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%.*s", i > 0 ? "|" : "", (int)record.cells[i].length,
                                     record.cells[i].bytes);
    }
    fclose(stream);
    free(memory);
}

static void test_records(void **state)
{
    static const struct {
        const char *what, *text, *expected;
    } rows[] = {
        {"plain",                            "a,b\n1,2\n",            "a|b/1|2"         },
        { "the last line without its break", "a,b\n1,2",              "a|b/1|2"         },
        { "breaks of Windows",               "a,b\r\n1,2\r\n",        "a|b/1|2"         },
        { "empty cells, also at the end",    "a,,b,\n",               "a||b|"           },
        { "a comma inside quotes",           "\"a,b\",c\n",           "a,b|c"           },
        { "doubled quotes",                  "\"say \"\"a\"\"\",b\n", "say \"a\"|b"     },
        { "a line break inside quotes",      "\"a\nb\",c\nd,e\n",     "a\nb|c/d|e"      },
        { "an empty quoted cell",            "\"\",b\n",              "|b"              },
        { "a quote inside a plain cell",     "a\"b,c\n",              "a\"b|c"          },
        { "text after a closing quote",      "\"a\"b,c\nd,e\n",       "!/d|e"           },
        { "a quote never closed",            "a,b\n\"c,d\n",          "a|b/!"           },
        { "empty lines are no records",      "a,b\n\n\r\n1,2\n",      "a|b/1|2"         },
        { "Chinese in UTF-8",                "姓名,现住址\n",    "姓名|现住址"},
        { "nothing",                         "\n",                    ""                },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[256];
        read_all(rows[i].text, out, sizeof out);
        if (strcmp(out, rows[i].expected) != 0)
            fail_msg("%s: %s", rows[i].what, out);
    }
}

static void test_too_large(void **state)
{
    static struct csv_record record;
    struct arena             arena;
    char                    *memory = malloc(ARENA_BYTES);
    char                    *text   = malloc(100001);

    (void)state;
    assert_non_null(memory);
    assert_non_null(text);
    memset(text, 'x', 100000);
    memcpy(text + 99996, "\na,b", 4);
    FILE *stream = fmemopen(text, 100000, "r");
    assert_non_null(stream);
    arena_init(&arena, memory, ARENA_BYTES);
    assert_int_equal(csv_read(stream, &arena, &record), CSV_TOO_LARGE);
    arena_reset(&arena);
    assert_int_equal(csv_read(stream, &arena, &record), CSV_RECORD);
    assert_int_equal(record.count, 2);
    fclose(stream);
    free(text);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
