/* Keyed hashes: stable, split by purpose and by the limits of the parts, nothing without the key.
 * The one fixed value guards stored hashes against a change of the construction. */
#include "daemon/common/blind.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char          directory[64];
static struct blind *blind;

static struct blind *open_with_key(unsigned char first)
{
    char          path[128], error[256];
    unsigned char key[32];

    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)(first + i);
    snprintf(path, sizeof path, "%s/index.key", directory);
    unlink(path);
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0400);
    if (file < 0 || write(file, key, sizeof key) != (ssize_t)sizeof key)
        return NULL;
    close(file);
    return blind_open_directory(directory, error, sizeof error);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/hulei-blind.XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    blind = open_with_key(0);
    return blind == NULL;
}

static int tear_down(void **state)
{
    char path[128];

    (void)state;
    blind_close(blind);
    snprintf(path, sizeof path, "%s/index.key", directory);
    unlink(path);
    return rmdir(directory);
}

static void hash(enum blind_purpose purpose, const char *a, const char *b, unsigned char out[32])
{
    const struct span parts[] = { span_from_text(a), span_from_text(b) };

    blind_hash(blind, purpose, parts, 2, out, 32);
}

static void test_same_in_same_out(void **state)
{
    unsigned char once[32], twice[32], head[16];

    (void)state;
    hash(BLIND_EVENT, "urn:a", "id-1", once);
    hash(BLIND_EVENT, "urn:a", "id-1", twice);
    assert_memory_equal(once, twice, 32);
    const struct span parts[] = { SPAN_INIT("urn:a"), SPAN_INIT("id-1") };
    blind_hash(blind, BLIND_EVENT, parts, 2, head, sizeof head);
    assert_memory_equal(head, once, sizeof head);
}

static void test_parts_do_not_run_together(void **state)
{
    static const struct {
        const char *what, *a, *b;
    } rows[] = {
        {"as given",           "ab",  "c"  },
        { "the limit moved",   "a",   "bc" },
        { "all in the first",  "abc", ""   },
        { "all in the second", "",    "abc"},
        { "absent, not empty", "abc", NULL },
        { "the other order",   "c",   "ab" },
    };
    unsigned char out[sizeof rows / sizeof rows[0]][32];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hash(BLIND_SUBJECT, rows[i].a, rows[i].b, out[i]);
        for (size_t k = 0; k < i; k++) {
            if (memcmp(out[i], out[k], 32) == 0)
                fail_msg("%s is the same as %s", rows[i].what, rows[k].what);
        }
    }
}

static void test_purposes_and_keys(void **state)
{
    unsigned char out[BLIND_PURPOSE_COUNT + 1][32];

    (void)state;
    for (int i = 0; i < BLIND_PURPOSE_COUNT; i++)
        hash((enum blind_purpose)i, "a", "b", out[i]);
    struct blind *first = blind;
    blind               = open_with_key(1);
    assert_non_null(blind);
    hash(BLIND_EVENT, "a", "b", out[BLIND_PURPOSE_COUNT]);
    blind_close(blind);
    blind = first;
    for (int i = 0; i <= BLIND_PURPOSE_COUNT; i++) {
        for (int k = 0; k < i; k++)
            assert_memory_not_equal(out[i], out[k], 32);
    }
}

/* HMAC-SHA-256 under HKDF-SHA-256(key 00..1f, no salt, "hulei/blind/1/tombstone") of 8-byte lengths and parts. */
static void test_fixed_value(void **state)
{
    static const unsigned char expected[32] = { 0xf7, 0x82, 0x0a, 0x4b, 0x59, 0x8b, 0xd6, 0x03, 0x0a, 0x90, 0xad,
                                                0x4d, 0x18, 0xe2, 0x05, 0xdc, 0xaf, 0xae, 0xbf, 0xda, 0x04, 0x71,
                                                0xae, 0x81, 0x83, 0xb9, 0xfe, 0x60, 0x04, 0xba, 0xf1, 0x57 };
    unsigned char              out[32];

    (void)state;
    hash(BLIND_TOMBSTONE, "urn:hulei:test", "R-1", out);
    assert_memory_equal(out, expected, sizeof out);
}

static void test_number(void **state)
{
    const struct span part = SPAN_INIT("x");

    (void)state;
    assert_int_not_equal(blind_number(blind, BLIND_HOUSEHOLD, &part, 1), 0);
    assert_int_equal(blind_number(blind, BLIND_HOUSEHOLD, &part, 1), blind_number(blind, BLIND_HOUSEHOLD, &part, 1));
    assert_int_not_equal(blind_number(blind, BLIND_HOUSEHOLD, &part, 1), blind_number(blind, BLIND_PLACE, &part, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_in_same_out),
        cmocka_unit_test(test_parts_do_not_run_together),
        cmocka_unit_test(test_purposes_and_keys),
        cmocka_unit_test(test_fixed_value),
        cmocka_unit_test(test_number),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
