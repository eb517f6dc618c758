/* The audit chain walked without a database: fixed hashes, and every way of touching a lane found at its place.
 * That PostgreSQL writes the same bytes is shown by sql/tests/audit.sql and by `hulei audit verify` itself. */
#include "daemon/common/audit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct audit_entry first = {
    {
     SPAN_INIT("engine"),
     SPAN_INIT("1"),
     SPAN_INIT("2026-03-01T00:00:00.500000Z"),
     SPAN_INIT("engine"),
     SPAN_INIT("engine"),
     SPAN_INIT("batch"),
     { NULL, 0 },
     SPAN_INIT("ff00"),
     { NULL, 0 },
     SPAN_INIT("{\"词\": 1}"),
     }
};

static const struct audit_entry second = {
    {
     SPAN_INIT("engine"),
     SPAN_INIT("2"),
     SPAN_INIT("2026-03-01T00:00:01.000000Z"),
     SPAN_INIT("engine"),
     SPAN_INIT("engine"),
     SPAN_INIT("batch"),
     SPAN_INIT(""),
     { NULL, 0 },
     SPAN_INIT("al-1"),
     SPAN_INIT("{}"),
     }
};

static const unsigned char first_hash[AUDIT_HASH_BYTES] = {
    0x95, 0x07, 0x17, 0x33, 0x59, 0x3f, 0xd4, 0x44, 0x27, 0xbf, 0x29, 0x21, 0x51, 0xe8, 0x4d, 0x2b,
    0x38, 0x96, 0x5a, 0xc8, 0xf1, 0xbd, 0x6b, 0xa9, 0x70, 0xf2, 0x45, 0xc8, 0xb5, 0xb7, 0x29, 0x62,
};

static const unsigned char second_hash[AUDIT_HASH_BYTES] = {
    0xd2, 0x47, 0x8e, 0x28, 0x61, 0x65, 0x76, 0x9f, 0xbd, 0x05, 0x9b, 0xc6, 0x7f, 0x55, 0xef, 0x99,
    0xb2, 0xa2, 0xdd, 0x1d, 0x68, 0xd4, 0x59, 0x5f, 0x6d, 0xb1, 0x0c, 0xa8, 0x83, 0xde, 0xb3, 0x62,
};

static struct span hash_span(const unsigned char hash[AUDIT_HASH_BYTES])
{
    return span_of((const char *)hash, AUDIT_HASH_BYTES);
}

static void test_fixed_hashes(void **state)
{
    unsigned char hash[AUDIT_HASH_BYTES];

    (void)state;
    assert_true(audit_hash((struct span){ NULL, 0 }, &first, hash));
    assert_memory_equal(hash, first_hash, sizeof hash);
    assert_true(audit_hash(hash_span(first_hash), &second, hash));
    assert_memory_equal(hash, second_hash, sizeof hash);
}

static void test_sound_lane(void **state)
{
    struct audit_walk walk = { 0 };

    (void)state;
    assert_int_equal(audit_walk_end(&walk, 0, (struct span){ NULL, 0 }), AUDIT_SOUND);
    assert_int_equal(audit_walk_next(&walk, 1, &first, hash_span(first_hash)), AUDIT_SOUND);
    assert_int_equal(audit_walk_next(&walk, 2, &second, hash_span(second_hash)), AUDIT_SOUND);
    assert_int_equal(audit_walk_end(&walk, 2, hash_span(second_hash)), AUDIT_SOUND);
}

/* Every field, present or absent, is covered, and no byte can move from one field to the next. */
static void test_changed_entries(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_FIELD_COUNT; i++) {
        struct audit_walk  walk    = { 0 };
        struct audit_entry changed = first;
        changed.fields[i]          = changed.fields[i].bytes == NULL ? span_from_text("") : span_from_text("x");
        assert_int_equal(audit_walk_next(&walk, 1, &changed, hash_span(first_hash)), AUDIT_CHANGED);
        assert_int_equal(walk.seq, 0);
    }
    struct audit_walk  walk   = { 0 };
    struct audit_entry moved  = first;
    moved.fields[AUDIT_ACTOR] = span_from_text("engineengine");
    moved.fields[AUDIT_ROLE]  = span_from_text("");
    assert_int_equal(audit_walk_next(&walk, 1, &moved, hash_span(first_hash)), AUDIT_CHANGED);
}

static void test_missing_entries(void **state)
{
    struct audit_walk walk = { 0 };

    (void)state;
    assert_int_equal(audit_walk_next(&walk, 2, &second, hash_span(second_hash)), AUDIT_MISSING_BEFORE);
    assert_int_equal(audit_walk_next(&walk, 1, &first, hash_span(first_hash)), AUDIT_SOUND);
    assert_int_equal(audit_walk_next(&walk, 1, &first, hash_span(first_hash)), AUDIT_MISSING_BEFORE);
    assert_int_equal(audit_walk_end(&walk, 2, hash_span(second_hash)), AUDIT_MISSING_AFTER);
    assert_int_equal(audit_walk_end(&walk, 1, hash_span(second_hash)), AUDIT_CHANGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_hashes),
        cmocka_unit_test(test_sound_lane),
        cmocka_unit_test(test_changed_entries),
        cmocka_unit_test(test_missing_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
