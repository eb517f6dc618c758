/* Rows on which pairs follow their records to another person.
 * What the database makes of a move is tested by sql/tests/pair_move.sql. */
#include "daemon/engine/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS_MAX = 3 };

static void pairs_follow_their_records(void **state)
{
    static const struct {
        const char            *what;
        struct identity_change changes[ROWS_MAX]; /* mention, old person, new person */
        struct exposure_gone   gone;
        int64_t                child, risk; /* of the pair the batch leaves */
        bool                   is_known;    /* it was there before */
        size_t                 moves;
    } rows[] = {
        {"a child merges into another",        { { 16, 2, 1 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 9, false, 1},
        { "a person of concern does",          { { 16, 9, 8 } },               { { SUBJECT_CHILD, 2, 9 } }, 2, 8, false, 1},
        { "both in one batch",                 { { 16, 2, 1 }, { 32, 9, 8 } }, { { SUBJECT_CHILD, 2, 9 } }, 1, 8, false, 1},
        { "a child splits off",                { { 16, 2, 5 }, { 32, 2, 6 } }, { { SUBJECT_CHILD, 2, 9 } }, 6, 9, false, 1},
        { "the other has the pair already",    { { 16, 2, 1 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 9, true,  0},
        { "her records are gone",              { { 16, 2, 0 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 9, false, 0},
        { "nobody's records moved",            { { 16, 0, 1 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 9, false, 0},
        { "another pair is new",               { { 16, 2, 1 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 7, false, 0},
        { "the records went to somebody else", { { 16, 2, 3 } },               { { SUBJECT_CHILD, 2, 9 } }, 1, 9, false, 0},
    };
    struct policy      policy;
    struct store_batch batch;

    (void)state;
    policy_defaults(&policy);
    store_batch_init(&batch);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct exposure_pair pair = {
            .ids          = {SUBJECT_CHILD, rows[i].child, rows[i].risk},
            .is_known     = rows[i].is_known,
            .is_unchanged = rows[i].is_known
        };
        const struct exposure_result result = {
            .pairs = &pair, .pair_count = 1, .gone = &rows[i].gone, .gone_count = 1
        };
        const struct identity_result people   = { .changes = rows[i].changes, .change_count = ROWS_MAX };
        const struct batch           messages = { .message_count = 0 };
        print_message("%s\n", rows[i].what);
        store_batch_reset(&batch);
        assert_true(pairs_write(&result, &people, &policy, &messages, 0, &batch));
        assert_int_equal(batch.tables[STORE_PAIRS_MOVED].count, rows[i].moves);
        assert_int_equal(batch.tables[STORE_PAIRS_GONE].count, 1); /* for the case that the move is refused */
        assert_int_equal(batch.tables[STORE_PAIRS].count, !rows[i].is_known);
    }
    store_batch_clear(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_follow_their_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
