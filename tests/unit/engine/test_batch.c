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
    struct batch         batch = { .message_count = 2 };
    struct batch_record *first = NULL;

    (void)state;
    arena_init(&arena, memory, sizeof memory);
    batch.records = arena_alloc(&arena, 4, sizeof *batch.records);
    first         = batch_record_of(&batch, 1, FEED_CHILD, span_from_text("C-1"));
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

static void a_place_makes_its_town_dirty(void **state)
{
    struct dirty dirty;

    (void)state;
    dirty_init(&dirty);
    assert_false(dirty_is_set(&dirty));
    dirty_mark_community(&dirty, 500111004002);
    assert_true(dirty_has_community(&dirty, 500111004009));
    assert_false(dirty_has_community(&dirty, 500111005001));
    dirty_mark_community(&dirty, 500111000000); /* only the county is known: everybody */
    assert_true(dirty_has_community(&dirty, 500111005001));
    dirty_reset(&dirty);
    for (uint64_t town = 1; town <= DIRTY_TOWNS_MAX; town++)
        dirty_mark_community(&dirty, (500111000 + town) * 1000);
    assert_false(dirty.is_all);
    dirty_mark_community(&dirty, 500112001000);
    assert_true(dirty.is_all);
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
        cmocka_unit_test(a_place_makes_its_town_dirty),
        cmocka_unit_test(receipts_are_lists_per_source_of_at_most_500),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
