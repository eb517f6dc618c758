/* Names and ages in the folder of backups: what counts as one, what is too old, and what a base still needs. */
#include "daemon/cli/backup/backup_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY_S = 86400 };

static void test_wal_names(void **state)
{
    static const struct {
        const char *name;
        bool        is_one;
    } rows[] = {
        {"000000010000000000000002",                  true },
        { "000000010000000000000002.partial",         true },
        { "000000010000000000000002.00000028.backup", true },
        { "00000002.history",                         true },
        { "00000001000000000000000",                  false},
        { "0000000100000000000000022",                false},
        { "000000010000000000000002.00000028",        false},
        { "000000010000000000000002.0000028.backup",  false},
        { "00000002.histories",                       false},
        { "00000001000000000000000g",                 false},
        { "../000000010000000000000002",              false},
        { "",                                         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (backup_is_wal_name(rows[i].name) != rows[i].is_one)
            fail_msg("%s", rows[i].name);
    }
}

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        bool        is_one;
    } rows[] = {
        {"20261125T101112Z",       true },
        { "2026-11-25T10:11:12Z",  true },
        { "2026-11-25 10:11:12Z",  true },
        { "2026-11-25T10:11:12",   false},
        { "2026-11-25T10:11:12ZZ", false},
        { "2026-13-25T10:11:12Z",  false},
        { "",                      false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char    stamp[BACKUP_STAMP_BYTES];
        int64_t seconds = 0;
        if (backup_stamp_parse(rows[i].text, &seconds) != rows[i].is_one)
            fail_msg("%s", rows[i].text);
        backup_stamp(seconds, stamp);
        if (rows[i].is_one)
            assert_string_equal(stamp, "20261125T101112Z");
    }
}

static void put_file(const char *folder, const char *name, int64_t at_s)
{
    char                  path[512];
    const struct timespec times[2] = { { .tv_sec = at_s }, { .tv_sec = at_s } };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(futimens(file, times), 0);
    close(file);
}

static void put_base(const char *folder, int64_t at_s)
{
    char stamp[BACKUP_STAMP_BYTES], name[64];

    backup_stamp(at_s, stamp);
    snprintf(name, sizeof name, "base/%s.tar.sealed", stamp);
    put_file(folder, name, at_s + 60);
}

static bool is_there(const char *folder, const char *name)
{
    char path[512];

    return backup_folder_find_wal(folder, name, path, sizeof path);
}

static void test_pruning(void **state)
{
    const int64_t now_s    = 1795601473;
    char          folder[] = "/tmp/hulei-backup.XXXXXX", path[512];
    size_t        bases = 0, segments = 0, count = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    struct backup_base *left = NULL;
    assert_false(backup_folder_list(folder, &left, &count));
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i == 0 ? "base" : "wal");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put_base(folder, now_s - 35 * DAY_S - 1);
    put_base(folder, now_s - 35 * DAY_S);
    put_base(folder, now_s - DAY_S);
    put_file(folder, "base/notes.txt", now_s);
    put_file(folder, "base/.20261125T101112Z.tar.sealed.new", now_s);
    put_file(folder, "wal/000000010000000000000001-ab.sealed",
             now_s - 35 * DAY_S - 1); /* before the oldest base left */
    put_file(folder, "wal/000000010000000000000002-ab.sealed", now_s - 35 * DAY_S);
    put_file(folder, "wal/000000010000000000000003-ab.sealed", now_s);
    assert_true(backup_folder_prune(folder, 35, now_s, &bases, &segments));
    assert_int_equal(bases, 1);
    assert_int_equal(segments, 1);
    assert_false(is_there(folder, "000000010000000000000001"));
    assert_true(is_there(folder, "000000010000000000000002"));
    assert_false(is_there(folder, "00000001000000000000000"));
    assert_true(backup_folder_list(folder, &left, &count));
    assert_int_equal(count, 2);
    assert_int_equal(left[0].started_s, now_s - 35 * DAY_S);
    free(left);
    /* Without any base left no WAL is of use longer than the rest. */
    assert_true(backup_folder_prune(folder, 35, now_s + 40 * DAY_S, &bases, &segments));
    assert_int_equal(bases, 2);
    assert_int_equal(segments, 2);
    snprintf(path, sizeof path, "rm -r '%s'", folder);
    assert_int_equal(system(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wal_names),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_pruning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
