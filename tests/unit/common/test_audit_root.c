/* Signed statements: made by either algorithm, read back, and every way of touching them refused.
 * The tree's values are those of RFC 6962's split, computed by hand here from its two rules. */
#include "daemon/common/audit_root.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HASH_A "1111111111111111111111111111111111111111111111111111111111111111"
#define HASH_B "2222222222222222222222222222222222222222222222222222222222222222"

static char directory[64], key_path[96];

static int make_key(void **state)
{
    static const char seed[] = "0123456789abcdef0123456789abcdef";

    (void)state;
    snprintf(directory, sizeof directory, "/tmp/hulei-sign.XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    snprintf(key_path, sizeof key_path, "%s/audit.key", directory);
    const int  file    = open(key_path, O_WRONLY | O_CREAT | O_EXCL, 0400);
    const bool is_done = write(file, seed, sizeof seed - 1) == sizeof seed - 1;
    close(file);
    return !is_done;
}

static int drop_key(void **state)
{
    (void)state;
    unlink(key_path);
    return rmdir(directory);
}

static struct sign_key *open_key(enum vault_suite suite)
{
    char             error[256];
    struct sign_key *key = sign_key_open(directory, suite, error, sizeof error);

    assert_non_null(key);
    return key;
}

static json_t *lanes_of(const char *text)
{
    json_t *lanes = json_loads(text, 0, NULL);

    assert_non_null(lanes);
    return lanes;
}

static void node(unsigned char prefix, const void *bytes, size_t length, unsigned char hash[32])
{
    unsigned char text[128];

    text[0] = prefix;
    memcpy(text + 1, bytes, length);
    assert_int_equal(EVP_Digest(text, length + 1, hash, NULL, EVP_sha256(), NULL), 1);
}

static void test_tree(void **state)
{
    static const char *const leaves[] = { "a:1:" HASH_A, "b:2:" HASH_B, "c:3:" HASH_A };
    unsigned char            pair[64], all[64], root[32], expected[32];
    json_t                  *lanes =
        lanes_of("[{\"lane\":\"a\",\"seq\":1,\"hash\":\"" HASH_A "\"},{\"lane\":\"b\",\"seq\":2,\"hash\":\"" HASH_B
                 "\"},{\"lane\":\"c\",\"seq\":3,\"hash\":\"" HASH_A "\"}]");

    (void)state;
    node(0, leaves[0], strlen(leaves[0]), pair);
    node(0, leaves[1], strlen(leaves[1]), pair + 32);
    node(1, pair, 64, all);
    node(0, leaves[2], strlen(leaves[2]), all + 32);
    node(1, all, 64, expected);
    assert_true(audit_root_merkle(lanes, root));
    assert_memory_equal(root, expected, 32);
    json_array_remove(lanes, 2);
    assert_true(audit_root_merkle(lanes, root));
    assert_memory_equal(root, all, 32);
    json_array_clear(lanes);
    assert_false(audit_root_merkle(lanes, root));
    json_decref(lanes);
}

static void hex_of(const char *line, char hex[65])
{
    unsigned char hash[32];

    assert_int_equal(EVP_Digest(line, strlen(line), hash, NULL, EVP_sha256(), NULL), 1);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
}

static char *statement(struct sign_key *key, int64_t number, const char *before, int seq)
{
    char    previous[65], text[256];
    json_t *lanes;

    snprintf(text, sizeof text, "[{\"lane\":\"engine\",\"seq\":%d,\"hash\":\"%s\"}]", seq, seq % 2 ? HASH_A : HASH_B);
    lanes = lanes_of(text);
    hex_of(before, previous);
    const struct audit_root_draft draft = { "test", number, "2026-03-01T00:00:00Z", 1, previous, lanes };
    char                         *line  = audit_root_sign(&draft, key);
    json_decref(lanes);
    assert_non_null(line);
    return line;
}

static enum audit_root_fault add(struct audit_roots *roots, const char *line, const char *const *trusted)
{
    return audit_roots_add(roots, span_from_text(line), trusted);
}

static void check_suite(enum vault_suite suite)
{
    struct sign_key  *key       = open_key(suite);
    const char *const trusted[] = { "00", sign_key_public(key), NULL }, *const nobody[] = { "00", NULL };
    char              *first = statement(key, 1, "", 3), *second = statement(key, 2, first, 8);
    char              *other = statement(key, 2, first, 9), *third = statement(key, 3, second, 11);
    struct audit_roots roots = { 0 };
    size_t             count = 0;

    assert_int_equal(add(&roots, first, nobody), AUDIT_ROOT_SIGNATURE);
    assert_int_equal(add(&roots, first, trusted), AUDIT_ROOT_SOUND);
    assert_int_equal(add(&roots, first, trusted), AUDIT_ROOT_SOUND); /* told twice in the same words */
    assert_int_equal(add(&roots, third, trusted), AUDIT_ROOT_MISSING);
    assert_int_equal(add(&roots, second, trusted), AUDIT_ROOT_SOUND);
    assert_int_equal(add(&roots, other, trusted), AUDIT_ROOT_TWO);
    assert_int_equal(add(&roots, third, trusted), AUDIT_ROOT_SOUND);
    assert_int_equal(roots.statements, 3);
    audit_roots_sort(&roots);
    const struct audit_root_point *points = audit_roots_of_lane(&roots, "engine", &count);
    assert_int_equal(count, 3);
    assert_int_equal(points[1].seq, 8);
    assert_int_equal(points[1].hash[0], 0x22);
    assert_null(audit_roots_of_lane(&roots, "courier", &count));
    audit_roots_clear(&roots);

    /* No byte of a statement can be another one. */
    const size_t length = strlen(first);
    for (size_t i = 0; i < length; i++) {
        first[i] ^= 1;
        assert_int_not_equal(add(&roots, first, trusted), AUDIT_ROOT_SOUND);
        assert_int_equal(roots.statements, 0);
        first[i] ^= 1;
    }
    for (size_t cut = 0; cut < length; cut += 7)
        assert_int_equal(audit_roots_add(&roots, span_of(first, cut), trusted), AUDIT_ROOT_NOT_ONE);
    free(first);
    free(second);
    free(other);
    free(third);
    sign_key_close(key);
}

static void test_statements(void **state)
{
    (void)state;
    check_suite(VAULT_AES_256_GCM);
    check_suite(VAULT_SM4_CTR_HMAC_SM3);
}

/* RFC 8032 7.1, test 2: the public key of a known seed signs and verifies its one-byte message. */
static void test_ed25519_example(void **state)
{
    static const unsigned char signature[] = {
        0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f, 0x64, 0x25, 0x40,
        0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76, 0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda,
        0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99, 0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c,
        0x38, 0x7b, 0x2e, 0xae, 0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00,
    };
    static const char *const public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const struct span value         = span_of((const char *)signature, sizeof signature);

    (void)state;
    assert_true(sign_verify("ed25519", public, span_of("\x72", 1), value));
    assert_false(sign_verify("ed25519", public, span_of("\x73", 1), value));
    assert_false(sign_verify("sm2", public, span_of("\x72", 1), value));
    assert_false(sign_verify("rsa", public, span_of("\x72", 1), value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_ed25519_example),
    };

    return cmocka_run_group_tests(tests, make_key, drop_key);
}
