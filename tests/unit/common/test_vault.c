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
    snprintf(path, sizeof path, "%s/kek.key", directory);
    unlink(path);
    return rmdir(directory);
}

static struct vault *open_vault(void)
{
    char error[256];

    write_key("kek.key", VAULT_KEY_BYTES, 0400);
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
        write_key("kek.key", rows[i].size, rows[i].mode);
        struct vault *vault = vault_open_directory(directory, error, sizeof error);
        if ((vault != NULL) != rows[i].is_fit)
            fail_msg("%s", rows[i].what);
        if (vault == NULL)
            assert_non_null(strstr(error, "kek.key"));
        vault_close(vault);
    }
    vault_close(NULL);
    assert_null(vault_open_directory("/nonexistent", error, sizeof error));
}

static void test_round_trip(void **state)
{
    struct vault        *vault = open_vault();
    struct vault_key     key, again;
    struct vault_wrapped wrapped;
    unsigned char        sealed[300 + VAULT_OVERHEAD_BYTES], other[300 + VAULT_OVERHEAD_BYTES], plain[300];
    char                 text[300];

    (void)state;
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
static void test_tampering(void **state)
{
    struct vault        *vault = open_vault();
    struct vault_key     key, other;
    struct vault_wrapped wrapped, unused;
    unsigned char        sealed[16 + VAULT_OVERHEAD_BYTES], plain[16];

    (void)state;
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
    wrapped.bytes[4] ^= 2; /* the number of the key-encryption key */
    assert_int_equal(vault_data_key_open(vault, 7, box, &other), VAULT_UNKNOWN_KEY);
    vault_close(vault);
}

static void test_wiping(void **state)
{
    struct vault              *vault = open_vault();
    struct vault_key           key;
    struct vault_wrapped       wrapped;
    unsigned char              sealed[16 + VAULT_OVERHEAD_BYTES], plain[16];
    static const unsigned char zeros[sizeof key.bytes];

    (void)state;
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

static void test_hardening(void **state)
{
    struct rlimit limit;

    (void)state;
    vault_harden_process();
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_file), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_wiping),   cmocka_unit_test(test_hardening),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
