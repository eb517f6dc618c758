/* Rows on what decides between versions, what becomes dirty and how receipts are grouped.
 * The statements themselves are tested against PostgreSQL in tests/integration. */
#include "daemon/engine/batch.h"
#include "daemon/engine/dirty.h"
#include "daemon/engine/receipts.h"
#include "daemon/engine/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void versions_are_ordered_by_time_then_place(void **state)
{
    static const struct {
        const char          *what;
        struct batch_version a, b;
        int                  order;
    } rows[] = {
        {"older time loses, whatever the offset", { 1, 9, 900 }, { 2, 0, 0 }, -1},
        { "tie: higher partition wins",           { 5, 0, 900 }, { 5, 1, 0 }, -1},
        { "tie: higher offset wins",              { 5, 1, 7 },   { 5, 1, 6 }, 1 },
        { "the very same",                        { 5, 1, 7 },   { 5, 1, 7 }, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].what);
        assert_int_equal(batch_version_compare(rows[i].a, rows[i].b), rows[i].order);
        assert_int_equal(batch_version_compare(rows[i].b, rows[i].a), -rows[i].order);
    }
}

static void one_record_has_one_place_in_a_batch(void **state)
{
    static char          memory[1 << 16];
    struct arena         arena;
    struct batch         batch;
    struct batch_record *first = NULL;

    (void)state;
    arena_init(&arena, memory, sizeof memory);
    batch_init(&batch, &arena);
    batch.message_count   = 2;
    batch.record_capacity = 4;
    batch.records         = arena_alloc(&arena, 4, sizeof *batch.records);
    first                 = batch_record_of(&batch, 1, FEED_CHILD, span_from_text("C-1"));
    assert_ptr_equal(batch_record_of(&batch, 1, FEED_CHILD, span_from_text("C-1")), first);
    assert_ptr_not_equal(batch_record_of(&batch, 1, FEED_RISK, span_from_text("C-1")), first);
    assert_ptr_not_equal(batch_record_of(&batch, 2, FEED_CHILD, span_from_text("C-1")), first);
    assert_non_null(batch_record_of(&batch, 1, FEED_CHILD, span_from_text("C-2")));
    assert_null(batch_record_of(&batch, 1, FEED_CHILD, span_from_text("C-3")));
}

static void mention_ids_carry_record_and_slot(void **state)
{
    (void)state;
    for (unsigned slot = 0; slot < FACTS_SLOTS; slot++) {
        const int64_t mention = world_mention_id(123456789, slot);
        assert_int_equal(world_record_of(mention), 123456789);
        assert_int_equal(world_slot_of(mention), slot);
    }
}

static void every_marked_mention_has_a_turn(void **state)
{
    struct dirty *dirty = malloc(sizeof *dirty);

    (void)state;
    assert_non_null(dirty);
    dirty_init(dirty);
    assert_true(dirty_is_clean(dirty));
    for (int64_t id = 1; id <= 5; id++) {
        dirty_mark_mention(dirty, id);
        dirty_mark_mention(dirty, id); /* once is enough */
    }
    struct dirty_turn turn = dirty_turn(dirty, 0, 3);
    assert_int_equal(turn.mention_count, 3);
    assert_int_equal(dirty_turn(dirty, 0, 3).mentions[0], turn.mentions[0]); /* a batch that is built again */
    dirty_done(dirty, &turn);
    dirty_mark_mention(dirty, 1); /* moved again after its turn */
    turn = dirty_turn(dirty, 0, 3);
    assert_int_equal(turn.mention_count, 2);
    assert_int_equal(turn.mentions[0], 4);
    dirty_done(dirty, &turn);
    assert_false(dirty_is_clean(dirty));
    turn = dirty_turn(dirty, 0, 3);
    assert_int_equal(turn.mention_count, 1);
    assert_int_equal(turn.mentions[0], 1);
    dirty_done(dirty, &turn);
    assert_true(dirty_is_clean(dirty));
    free(dirty);
}

static void too_many_marked_mentions_mean_everybody(void **state)
{
    struct dirty *dirty = malloc(sizeof *dirty);

    (void)state;
    assert_non_null(dirty);
    dirty_init(dirty);
    for (int64_t id = 1; id <= DIRTY_MENTIONS_MAX; id++)
        dirty_mark_mention(dirty, id);
    assert_int_equal(dirty_turn(dirty, 40, 2 * DIRTY_MENTIONS_MAX).to, 0);
    for (int64_t id = 1; id <= DIRTY_MENTIONS_MAX + 1; id++)
        dirty_mark_mention(dirty, id);
    const struct dirty_turn turn = dirty_turn(dirty, 40, 2 * DIRTY_MENTIONS_MAX);
    assert_int_equal(turn.mention_count, DIRTY_MENTIONS_MAX);
    assert_int_equal(turn.to - turn.from, 40);
    free(dirty);
}

/* Records are removed between the batches as world.c does it: the last takes the place of the removed. */
static void everybody_has_a_turn_whatever_happens_meanwhile(void **state)
{
    enum { TURN = 500, RECORDS = 3 * TURN + 17 };
    static bool    was_seen[RECORDS];
    static int64_t records[RECORDS];
    struct dirty  *dirty = malloc(sizeof *dirty);
    size_t         count = RECORDS, turns = 0;

    (void)state;
    assert_non_null(dirty);
    dirty_init(dirty);
    for (size_t i = 0; i < count; i++)
        records[i] = (int64_t)i;
    dirty_mark_all(dirty);
    for (; !dirty_is_clean(dirty); turns++) {
        const struct dirty_turn turn = dirty_turn(dirty, count, TURN);
        assert_in_range(turn.to - turn.from, 1, TURN);
        for (size_t i = turn.from; i < turn.to; i++)
            was_seen[records[i]] = true;
        dirty_done(dirty, &turn);
        for (size_t i = 5; i < count; i += 100) { /* gone records count as seen */
            was_seen[records[i]] = true;
            records[i]           = records[--count];
        }
    }
    assert_int_equal(turns, 4);
    for (size_t i = 0; i < RECORDS; i++)
        assert_true(was_seen[i]);
    free(dirty);
}

static void receipts_are_lists_per_source_of_at_most_500(void **state)
{
    enum { COUNT = 1203 };
    struct receipt    *receipts = calloc(COUNT, sizeof *receipts);
    struct store_batch batch;

    (void)state;
    assert_non_null(receipts);
    store_batch_init(&batch);
    for (size_t i = 0; i < COUNT; i++) {
        receipts[i] = (struct receipt){
            .feed_topic = span_from_text("hulei.feed.police.risk"),
            .source     = span_from_text(i % 401 == 0 ? "urn:b" : "urn:a"),
            .event_id   = span_from_text("e-1"),
            .outcome    = RECEIPT_REFUSED,
            .code       = "missing_field",
            .field      = "data.person.name",
            .rule       = "required",
        };
    }
    assert_true(receipts_write(&batch, receipts, COUNT));
    /* 1,200 of urn:a in three lists, 3 of urn:b in one. */
    assert_int_equal(batch.tables[STORE_RECEIPTS].count, 4);
    store_batch_clear(&batch);
    free(receipts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_ordered_by_time_then_place),
        cmocka_unit_test(one_record_has_one_place_in_a_batch),
        cmocka_unit_test(mention_ids_carry_record_and_slot),
        cmocka_unit_test(every_marked_mention_has_a_turn),
        cmocka_unit_test(too_many_marked_mentions_mean_everybody),
        cmocka_unit_test(everybody_has_a_turn_whatever_happens_meanwhile),
        cmocka_unit_test(receipts_are_lists_per_source_of_at_most_500),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
