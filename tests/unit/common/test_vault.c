/* The vault: what it seals opens only in its own place, with its own key, untouched.
 * Keys here are made for the test; file modes are tried as the user that runs it. */
#include "daemon/common/vault.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64];

static void write_key(const char *name, size_t size, mode_t mode)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    unlink(path);
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(file >= 0);
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)(i * 7 + 1);
        assert_int_equal(write(file, &byte, 1), 1);
    }
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/hulei-vault.XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    char path[128];

    (void)state;
    static const char *const names[] = { "kek-1.key", "kek-2.key", "kek-2.next" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    return rmdir(directory);
}

static const char *const suites[] = { "aes-256-gcm", "sm4-ctr-hmac-sm3" };

static struct vault *open_vault(void)
{
    char error[256];

    write_key("kek-1.key", VAULT_KEY_BYTES, 0400);
    struct vault *vault = vault_open_directory(directory, error, sizeof error);
    assert_non_null(vault);
    return vault;
}

static void test_key_file(void **state)
{
    static const struct {
        const char *what;
        size_t      size;
        mode_t      mode;
        bool        is_fit;
    } rows[] = {
        {"as it must be",         32, 0400,  true },
        { "writable",             32, 0600,  false},
        { "readable by a group",  32, 0440,  false},
        { "readable by everyone", 32, 0444,  false},
        { "set-user-id",          32, 04400, false},
        { "too short",            31, 0400,  false},
        { "too long",             33, 0400,  false},
        { "empty",                0,  0400,  false},
    };
    char error[256];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_key("kek-1.key", rows[i].size, rows[i].mode);
        struct vault *vault = vault_open_directory(directory, error, sizeof error);
        if ((vault != NULL) != rows[i].is_fit)
            fail_msg("%s", rows[i].what);
        if (vault == NULL)
            assert_non_null(strstr(error, "kek-1.key"));
        vault_close(vault);
    }
    vault_close(NULL);
    assert_null(vault_open_directory("/nonexistent", error, sizeof error));
}

static void check_round_trip(const char *suite)
{
    struct vault        *vault = open_vault();
    struct vault_key     key, again;
    struct vault_wrapped wrapped;
    unsigned char        sealed[300 + VAULT_OVERHEAD_BYTES], other[300 + VAULT_OVERHEAD_BYTES], plain[300];
    char                 text[300];

    vault_use_suite(vault, suite);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    assert_int_equal(vault_data_key_create(vault, 7, &key, &wrapped), VAULT_OK);
    for (size_t length = 0; length <= sizeof text; length += 1 + length / 7) {
        const struct span value = span_of(text, length);
        assert_int_equal(vault_seal(vault, &key, "record", "body", 42, value, sealed), VAULT_OK);
        assert_int_equal(vault_seal(vault, &key, "record", "body", 42, value, other), VAULT_OK);
        assert_memory_not_equal(sealed, other, vault_sealed_size(length)); /* fresh nonce */
        assert_int_equal(vault_data_key_open(vault, 7, span_of((char *)wrapped.bytes, wrapped.length), &again),
                         VAULT_OK);
        const struct span whole = span_of((char *)sealed, vault_sealed_size(length));
        assert_int_equal(vault_open(vault, &again, "record", "body", 42, whole, plain), VAULT_OK);
        assert_true(length == 0 || memcmp(plain, text, length) == 0);
    }
    vault_close(vault);
}

/* Every bit of a sealed value and of a wrapped key counts. */
static void check_tampering(const char *suite)
{
    struct vault        *vault = open_vault();
    struct vault_key     key, other;
    struct vault_wrapped wrapped, unused;
    unsigned char        sealed[16 + VAULT_OVERHEAD_BYTES], plain[16];

    vault_use_suite(vault, suite);
    assert_int_equal(vault_data_key_create(vault, 7, &key, &wrapped), VAULT_OK);
    assert_int_equal(vault_data_key_create(vault, 8, &other, &unused), VAULT_OK);
    assert_int_equal(vault_seal(vault, &key, "record", "body", 42, span_of("0123456789abcdef", 16), sealed), VAULT_OK);
    const struct span whole = span_of((char *)sealed, sizeof sealed);
    for (size_t bit = 0; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(vault_open(vault, &key, "record", "body", 42, whole, plain), VAULT_TAMPERED);
        sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t length = 0; length < sizeof sealed; length++)
        assert_int_equal(vault_open(vault, &key, "record", "body", 42, span_of((char *)sealed, length), plain),
                         VAULT_TAMPERED);
    assert_int_equal(vault_open(vault, &other, "record", "body", 42, whole, plain), VAULT_TAMPERED);
    assert_int_equal(vault_open(vault, &key, "record", "body", 43, whole, plain), VAULT_TAMPERED);
    assert_int_equal(vault_open(vault, &key, "record", "facts", 42, whole, plain), VAULT_TAMPERED);
    assert_int_equal(vault_open(vault, &key, "parked", "body", 42, whole, plain), VAULT_TAMPERED);
    assert_int_equal(vault_open(vault, &key, "record", "body", 42, whole, plain), VAULT_OK);

    const struct span box = span_of((char *)wrapped.bytes, wrapped.length);
    for (size_t bit = 0; bit < wrapped.length * 8; bit++) {
        wrapped.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_not_equal(vault_data_key_open(vault, 7, box, &other), VAULT_OK);
        wrapped.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(vault_data_key_open(vault, 8, box, &other), VAULT_TAMPERED);
    wrapped.bytes[5] ^= 2; /* the number of the key-encryption key */
    assert_int_equal(vault_data_key_open(vault, 7, box, &other), VAULT_UNKNOWN_KEY);
    vault_close(vault);
}

static void check_wiping(const char *suite)
{
    struct vault              *vault = open_vault();
    struct vault_key           key;
    struct vault_wrapped       wrapped;
    unsigned char              sealed[16 + VAULT_OVERHEAD_BYTES], plain[16];
    static const unsigned char zeros[sizeof key.bytes];

    vault_use_suite(vault, suite);
    assert_int_equal(vault_data_key_create(vault, 7, &key, &wrapped), VAULT_OK);
    assert_int_equal(vault_seal(vault, &key, "record", "body", 42, span_of("0123456789abcdef", 16), sealed), VAULT_OK);
    sealed[sizeof sealed - 1] ^= 1;
    memset(plain, 'x', sizeof plain);
    assert_int_equal(vault_open(vault, &key, "record", "body", 42, span_of((char *)sealed, sizeof sealed), plain),
                     VAULT_TAMPERED);
    assert_memory_equal(plain, zeros, sizeof plain);
    vault_key_wipe(&key);
    assert_memory_equal(key.bytes, zeros, sizeof key.bytes);
    vault_close(vault);
}

static void test_both_suites(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        check_round_trip(suites[i]);
        check_tampering(suites[i]);
        check_wiping(suites[i]);
    }
}

/* A deployment that changes its suite reads both, and no value of one passes for the other's. */
static void test_change_of_suite(void **state)
{
    struct vault        *vault = open_vault();
    struct vault_key     keys[2], again;
    struct vault_wrapped wrapped[2];
    unsigned char        sealed[2][8 + VAULT_OVERHEAD_BYTES], plain[8];

    (void)state;
    for (int i = 0; i < 2; i++) {
        vault_use_suite(vault, suites[i]);
        assert_int_equal(vault_data_key_create(vault, i, &keys[i], &wrapped[i]), VAULT_OK);
        assert_int_equal(vault_seal(vault, &keys[i], "record", "body", 1, span_of("12345678", 8), sealed[i]), VAULT_OK);
        assert_int_equal(sealed[i][0], i + 1);
    }
    for (int i = 0; i < 2; i++) {
        const struct span value = span_of((char *)sealed[i], sizeof sealed[i]);
        assert_int_equal(vault_data_key_open(vault, i, span_of((char *)wrapped[i].bytes, wrapped[i].length), &again),
                         VAULT_OK);
        assert_int_equal(vault_open(vault, &again, "record", "body", 1, value, plain), VAULT_OK);
        assert_memory_equal(plain, "12345678", 8);
        sealed[i][0] = (unsigned char)(2 - i);
        assert_int_equal(vault_open(vault, &again, "record", "body", 1, value, plain), VAULT_TAMPERED);
        keys[i].suite = 3 - keys[i].suite;
        assert_int_equal(vault_open(vault, &keys[i], "record", "body", 1, value, plain), VAULT_TAMPERED);
    }
    vault_close(vault);
}

static size_t read_hex(const char *hex, unsigned char *bytes)
{
    size_t count = 0;

    for (; hex[2 * count] != '\0'; count++)
        assert_int_equal(sscanf(hex + 2 * count, "%2hhx", &bytes[count]), 1);
    return count;
}

/* GB/T 32907-2016 A.1 (one block: counter mode with the plain block as counter over zeros), the counter mode of
 * draft-ribose-cfrg-sm4-10 A.2.5.1, and GM/T 0042-2015 D.3 for HMAC-SM3. */
static void test_sm_examples(void **state)
{
    static const char *const key     = "0123456789abcdeffedcba9876543210";
    struct vault_ciphers     ciphers = { 0 };
    unsigned char            key_bytes[32], counter[16], in[64], out[64], expected[64];

    (void)state;
    assert_true(vault_ciphers_open(&ciphers));
    read_hex(key, key_bytes);
    read_hex(key, counter);
    memset(in, 0, sizeof in);
    assert_true(vault_sm4_ctr(&ciphers, key_bytes, counter, span_of((char *)in, 16), out));
    read_hex("681edf34d206965e86b3e94f536e4246", expected);
    assert_memory_equal(out, expected, 16);

    read_hex("000102030405060708090a0b0c0d0e0f", counter);
    read_hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
             "eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
             in);
    read_hex("ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
             "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514",
             expected);
    assert_true(vault_sm4_ctr(&ciphers, key_bytes, counter, span_of((char *)in, 64), out));
    assert_memory_equal(out, expected, 64);

    const struct span text = SPAN_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
                                       "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    read_hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", key_bytes);
    read_hex("ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a", expected);
    assert_true(vault_hmac_sm3(&ciphers, span_of((char *)key_bytes, 32), &text, 1, out));
    assert_memory_equal(out, expected, 32);
    vault_ciphers_close(&ciphers);
}

/* A second key comes while the vault is open: first it only opens, then it wraps; the first one may then leave. */
static void test_new_key(void **state)
{
    struct vault        *vault = open_vault();
    struct vault        *other = open_vault();
    struct vault_key     key, again;
    struct vault_wrapped first, second;
    char                 path[128], path_next[128], error[256];

    (void)state;
    assert_int_equal(vault_data_key_create(vault, 7, &key, &first), VAULT_OK);
    assert_int_equal(first.bytes[5], 1);
    write_key("kek-2.next", VAULT_KEY_BYTES, 0400);
    usleep(1100 * 1000); /* the folder is looked at once a second */
    assert_int_equal(vault_data_key_create(vault, 8, &key, &second), VAULT_OK);
    assert_int_equal(second.bytes[5], 1);
    snprintf(path_next, sizeof path_next, "%s/kek-2.next", directory);
    snprintf(path, sizeof path, "%s/kek-2.key", directory);
    assert_int_equal(rename(path_next, path), 0);
    usleep(1100 * 1000);
    const struct span old     = span_of((char *)first.bytes, first.length),
                      renewed = span_of((char *)second.bytes, second.length);
    assert_int_equal(vault_data_key_rewrap(vault, 7, old, &second), VAULT_OK);
    assert_int_equal(second.bytes[5], 2);
    assert_int_equal(vault_data_key_open(other, 7, renewed, &again), VAULT_OK); /* it had not heard of key 2 yet */
    assert_int_equal(vault_data_key_open(vault, 8, renewed, &again), VAULT_TAMPERED);

    snprintf(path, sizeof path, "%s/kek-1.key", directory);
    assert_int_equal(unlink(path), 0);
    usleep(1100 * 1000);
    assert_int_equal(vault_data_key_create(vault, 9, &key, &first), VAULT_OK);
    assert_int_equal(first.bytes[5], 2);
    vault_close(vault);
    vault_close(other);
    vault = vault_open_directory(directory, error, sizeof error);
    assert_non_null(vault);
    assert_int_equal(vault_data_key_open(vault, 7, renewed, &again), VAULT_OK);
    vault_close(vault);
    assert_int_equal(remove_directory(NULL), 0);
    assert_int_equal(mkdir(directory, 0700), 0);
}

/* What systemd hands over may be root's; elsewhere it may not be anybody else's. */
static void test_credentials(void **state)
{
    char error[256];

    (void)state;
    write_key("kek-1.key", VAULT_KEY_BYTES, 0440);
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    struct vault *vault = vault_open_directory(directory, error, sizeof error);
    assert_non_null(vault);
    vault_close(vault);
    write_key("kek-1.key", VAULT_KEY_BYTES, 0444);
    assert_null(vault_open_directory(directory, error, sizeof error));
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void test_hardening(void **state)
{
    struct rlimit limit;

    (void)state;
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    vault_close(open_vault());
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_file),    cmocka_unit_test(test_both_suites), cmocka_unit_test(test_change_of_suite),
        cmocka_unit_test(test_sm_examples), cmocka_unit_test(test_new_key),     cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_hardening),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
