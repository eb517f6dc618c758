/* Mass withdrawals (RELIABILITY.md F 22): what is held, what passes, and that PostgreSQL is asked only when something
 * goes. The question to PostgreSQL is answered here; how many are left is tested in sql/tests. */
#include "daemon/engine/guard.h"

#include "daemon/common/db_array.h"

#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { UNKNOWN_LEFT = -1, MESSAGES_MAX = 8, SOURCES = 3 };

/* ---- PostgreSQL's part ---- */

struct db {
    int64_t        left[SOURCES + 1]; /* by source id; UNKNOWN_LEFT: two persons let it pass */
    enum db_status status;
    int            questions;
};

static void add_answer(PGresult *result, int row, int16_t source_id, int64_t left)
{
    uint16_t source = htobe16((uint16_t)source_id);
    uint64_t number = htobe64((uint64_t)left);

    PQsetvalue(result, row, 0, (char *)&source, sizeof source);
    PQsetvalue(result, row, 1, left == UNKNOWN_LEFT ? NULL : (char *)&number,
               left == UNKNOWN_LEFT ? -1 : (int)sizeof number);
}

enum db_status db_run_binary(struct db *db, const struct statement *statement, const struct db_param *params,
                             size_t count, PGresult **result)
{
    static char  names[2][8] = { "source", "left" };
    PGresAttDesc columns[2]  = {
         {.name = names[0],  .typid = 21, .format = 1, .typlen = 2},
         { .name = names[1], .typid = 20, .format = 1, .typlen = 8},
    };

    (void)params;
    assert_ptr_equal(statement, &statement_engine_withdrawals_left);
    assert_int_equal(count, 1);
    db->questions++;
    if (db->status != DB_OK)
        return db->status;
    *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PQsetResultAttrs(*result, 2, columns);
    for (int row = 0; row < SOURCES; row++)
        add_answer(*result, row, (int16_t)(row + 1), db->left[row + 1]);
    return DB_OK;
}

/* ---- rows ---- */

static char         memory[1 << 14];
static struct arena arena;

enum kind { ABSENT, GOES, NEWS, REFUSED, SEALED, FORCED, NOT_HELD, GONE_BEFORE };

struct said {
    int16_t   source_id;
    enum kind kind;
};

static void make_message(const struct said *said, struct batch_message *message, struct batch_record *record)
{
    *record  = (struct batch_record){ .is_stored = said->kind != NOT_HELD, .is_withdrawn = said->kind == GONE_BEFORE };
    *message = (struct batch_message){
        .source_id     = said->source_id,
        .decoded       = said->kind == REFUSED ? FEED_REFUSED : FEED_OK,
        .is_sealed     = said->kind == SEALED,
        .is_forced_out = said->kind == FORCED,
        .target        = record,
        .record        = { .is_withdrawal = said->kind != NEWS },
    };
}

static void test_what_is_held(void **state)
{
    static const struct {
        const char *what;
        struct said said[MESSAGES_MAX];
        int64_t     left[SOURCES + 1];
        const char *held; /* by message: x held, . not */
        int         questions;
    } rows[] = {
        {"as many as are left",                            { { 1, GOES }, { 1, GOES } },                           { 0, 2, 0, 0 },            "..",   1},
        { "one more than is left",                         { { 1, GOES }, { 1, GOES }, { 1, GOES } },              { 0, 2, 0, 0 },            "..x",  1},
        { "none is left",                                  { { 1, GOES } },                                        { 0, 0, 0, 0 },            "x",    1},
        { "two persons let it pass",                       { { 1, GOES }, { 1, GOES } },                           { 0, UNKNOWN_LEFT, 0, 0 }, "..",   1},
        { "each source for itself",                        { { 1, GOES }, { 2, GOES }, { 1, GOES }, { 2, GOES } }, { 0, 1, 2, 0 },            "..x.", 1},
        { "news is no withdrawal",                         { { 1, NEWS }, { 1, NEWS } },                           { 0, 0, 0, 0 },            "..",   0},
        { "news between withdrawals",                      { { 1, GOES }, { 1, NEWS }, { 1, GOES } },              { 0, 1, 0, 0 },            "..x",  1},
        { "what is not held",                              { { 1, NOT_HELD } },                                    { 0, 0, 0, 0 },            ".",    0},
        { "what is withdrawn already",                     { { 1, GONE_BEFORE }, { 1, GOES } },                    { 0, 1, 0, 0 },            "..",   1},
        { "what was refused takes nothing",                { { 1, REFUSED } },                                     { 0, 0, 0, 0 },            ".",    0},
        { "what is sealed goes whatever is left",          { { 1, SEALED }, { 1, GOES } },                         { 0, 1, 0, 0 },            "..",   1},
        { "what the database refused is parked by itself", { { 1, FORCED } },                                      { 0, 0, 0, 0 },            ".",    0},
        { "an empty batch",                                { { 0, ABSENT } },                                      { 0, 0, 0, 0 },            "",     0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct batch_message messages[MESSAGES_MAX];
        struct batch_record  records[MESSAGES_MAX];
        struct db            db    = { .status = DB_OK };
        struct batch         batch = { .messages = messages, .arena = &arena };

        arena_init(&arena, memory, sizeof memory);

        print_message("%s\n", rows[i].what);
        memcpy(db.left, rows[i].left, sizeof db.left);
        while (rows[i].said[batch.message_count].kind != ABSENT) {
            make_message(&rows[i].said[batch.message_count], &messages[batch.message_count],
                         &records[batch.message_count]);
            batch.message_count++;
        }
        assert_int_equal(batch.message_count, strlen(rows[i].held));
        assert_int_equal(guard_withdrawals(&batch, &db), DB_OK);
        assert_int_equal(db.questions, rows[i].questions);
        for (size_t m = 0; m < batch.message_count; m++) {
            const bool is_held = messages[m].decoded == FEED_REFUSED && rows[i].said[m].kind != REFUSED;
            assert_int_equal(is_held, rows[i].held[m] == 'x');
            if (is_held)
                assert_string_equal(messages[m].fault.code, "mass_withdrawal");
        }
    }
}

/* A lost answer holds nothing and passes nothing: the batch is read again. */
static void test_no_answer(void **state)
{
    struct batch_message messages[1];
    struct batch_record  records[1];
    struct batch         batch = { .messages = messages, .message_count = 1, .arena = &arena };
    struct db            db    = { .status = DB_RETRY };

    (void)state;
    arena_init(&arena, memory, sizeof memory);
    make_message(&(struct said){ 1, GOES }, &messages[0], &records[0]);
    assert_int_equal(guard_withdrawals(&batch, &db), DB_RETRY);
    assert_int_equal(messages[0].decoded, FEED_OK);
}

/* Every source of a batch is asked about, however many there are; of those that PostgreSQL does not know none may go.
 */
static void test_many_sources(void **state)
{
    enum { COUNT = 100 };
    static struct batch_message messages[COUNT];
    static struct batch_record  records[COUNT];
    struct batch                batch = { .messages = messages, .message_count = COUNT, .arena = &arena };
    struct db                   db    = { .status = DB_OK };

    (void)state;
    arena_init(&arena, memory, sizeof memory);
    for (int16_t i = 0; i < COUNT; i++)
        make_message(&(struct said){ (int16_t)(i + 1), GOES }, &messages[i], &records[i]);
    assert_int_equal(guard_withdrawals(&batch, &db), DB_OK);
    assert_int_equal(db.questions, 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(messages[i].decoded, FEED_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_held),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_many_sources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
