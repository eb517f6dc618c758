/* The erasure ledger's file: whole lines, on disk before the database hears of it, and what happens when it cannot be
 * written. PostgreSQL is played here; that every erasure reaches the file is tested in tests/integration. */
#include "daemon/engine/ledger.h"

#include "daemon/common/db_array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- PostgreSQL's part ---- */

struct db {
    const char    *rows[2][4]; /* id, time, reason, hash */
    int            count;
    enum db_status status;
    const char    *path;
    int            noted;        /* how often it was told that lines are on disk */
    long           size_at_note; /* of the file then */
};

static long size_of(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 ? (long)facts.st_size : -1;
}

static PGresult *answer(const struct db *db)
{
    static char  name[] = "column";
    PGresAttDesc columns[4];
    PGresult    *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

    for (int c = 0; c < 4; c++)
        columns[c] = (PGresAttDesc){ .name = name, .typid = 25, .typlen = -1 };
    PQsetResultAttrs(result, 4, columns);
    for (int row = 0; row < db->count; row++) {
        for (int c = 0; c < 4; c++) {
            char      text[80];
            const int length = snprintf(text, sizeof text, "%s", db->rows[row][c]);
            PQsetvalue(result, row, c, text, length);
        }
    }
    return result;
}

enum db_status db_run(struct db *db, const struct statement *statement, const struct db_param *params, size_t count,
                      PGresult **result)
{
    (void)params;
    if (statement == &statement_engine_ledger_done) {
        assert_int_equal(count, 1);
        db->noted++;
        db->size_at_note = size_of(db->path);
        return db->status;
    }
    assert_ptr_equal(statement, &statement_engine_ledger_due);
    if (db->status == DB_OK)
        *result = answer(db);
    return db->status;
}

/* ---- the file ---- */

static char path[64];

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "test_ledger.%d", (int)getpid());
    unlink(path);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void read_all(char text[512])
{
    FILE  *file = fopen(path, "r");
    size_t used = file != NULL ? fread(text, 1, 511, file) : 0;

    text[used] = '\0';
    if (file != NULL)
        fclose(file);
}

static struct db two_rows(void)
{
    return (struct db){
        .rows  = {{ "7", "2026-03-01T00:00:00Z", "expired", "aa" }, { "8", "2026-03-01T00:00:01Z", "sealed", "bb" }},
        .count = 2,
        .path  = path,
    };
}

static void test_lines(void **state)
{
    struct db   db = two_rows();
    struct stat facts;
    char        text[512];

    (void)state;
    assert_true(ledger_run(path, &db));
    read_all(text);
    assert_string_equal(text, "2026-03-01T00:00:00Z expired aa\n2026-03-01T00:00:01Z sealed bb\n");
    assert_int_equal(db.noted, 1);
    assert_int_equal(db.size_at_note, (long)strlen(text)); /* on disk before it was noted */
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);

    /* A crash between the two: the lines stand twice, none is missing and none is cut. */
    assert_true(ledger_run(path, &db));
    read_all(text);
    assert_int_equal(strlen(text), 2 * strlen("2026-03-01T00:00:00Z expired aa\n2026-03-01T00:00:01Z sealed bb\n"));
}

static void test_nothing_due(void **state)
{
    struct db db = { .path = path };

    (void)state;
    assert_true(ledger_run(path, &db));
    assert_int_equal(size_of(path), -1); /* no file is made for nothing */
    assert_int_equal(db.noted, 0);
}

/* The engine goes on, the metric says that erasures wait for their ledger, and nothing is noted as written. */
static void test_file_that_cannot_be_written(void **state)
{
    static const char *const bad[] = { "/no/such/folder/ledger", "/dev/full" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct db db = two_rows();
        print_message("%s\n", bad[i]);
        assert_false(ledger_run(bad[i], &db));
        assert_int_equal(db.noted, 0);
    }
}

static void test_lost_connection(void **state)
{
    struct db db = two_rows();

    (void)state;
    db.status = DB_RETRY;
    assert_true(ledger_run(path, &db));
    assert_int_equal(size_of(path), -1);
    assert_int_equal(db.noted, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines, make_path, remove_path),
        cmocka_unit_test_setup_teardown(test_nothing_due, make_path, remove_path),
        cmocka_unit_test_setup_teardown(test_file_that_cannot_be_written, make_path, remove_path),
        cmocka_unit_test_setup_teardown(test_lost_connection, make_path, remove_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
