/* The erasure ledger as a file: order, repeats, a line cut short by a crash, and lines that are none. */
#include "daemon/cli/ledger_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HASH_A "aa00000000000000000000000000000000000000000000000000000000000001"
#define HASH_B "0b00000000000000000000000000000000000000000000000000000000000002"

static bool read_text(const char *text, struct ledger_lines *lines)
{
    char      path[] = "/tmp/hulei-ledger.XXXXXX";
    const int file   = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    const bool is_read = ledger_read(path, lines);
    unlink(path);
    return is_read;
}

static void test_lines(void **state)
{
    static const struct {
        const char *what, *text;
        bool        is_read;
        size_t      count;
    } rows[] = {
        {"nothing",               "",                                                                                               true,  0},
        { "one",                  "2026-11-25T10:11:12Z erased " HASH_A "\n",                                                       true,  1},
        { "two",                  "2026-11-25T10:11:12Z erased " HASH_A "\n2026-11-25T10:11:13Z sealed " HASH_B "\n",               true,  2},
        { "one twice",            "2026-11-25T10:11:12Z erased " HASH_A "\n2026-11-25T10:11:12Z erased " HASH_A "\n",               true,  1},
        { "cut short at the end", "2026-11-25T10:11:12Z erased " HASH_A "\n2026-11-25T10:1",                                        true,  1},
        { "cut short within",     "2026-11-25T10:1\n2026-11-25T10:11:12Z erased " HASH_A "\n",                                      false, 0},
        { "no time",              "yesterday erased " HASH_A "\n",                                                                  false, 0},
        { "a short hash",         "2026-11-25T10:11:12Z erased aa00\n",                                                             false, 0},
        { "no hex",               "2026-11-25T10:11:12Z erased zz00000000000000000000000000000000000000000000000000000000000001\n",
         false,                                                                                                                            0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_lines lines;
        if (read_text(rows[i].text, &lines) != rows[i].is_read || lines.count != rows[i].count)
            fail_msg("%s: %zu lines", rows[i].what, lines.count);
        ledger_free(&lines);
    }
}

static void test_newest_line_counts(void **state)
{
    struct ledger_lines lines;
    unsigned char       tombstone[BATCH_TOMBSTONE_BYTES] = { 0xaa };

    (void)state;
    tombstone[sizeof tombstone - 1] = 1;
    assert_true(read_text("2026-11-25T10:11:13Z sealed " HASH_A "\n2026-11-25T10:11:12Z expired " HASH_A "\n"
                          "2026-11-25T10:11:12Z erased " HASH_B "\n",
                          &lines));
    const struct ledger_line *line = ledger_find(&lines, tombstone);
    assert_non_null(line);
    assert_string_equal(line->reason, "sealed");
    assert_int_equal(line->at_s, 1795601473); /* date -u -d 2026-11-25T10:11:13Z +%s */
    tombstone[0] = 0;
    assert_null(ledger_find(&lines, tombstone));
    ledger_free(&lines);
    assert_null(ledger_find(&lines, tombstone));
    assert_false(ledger_read("/nowhere/at/all", &lines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_newest_line_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
