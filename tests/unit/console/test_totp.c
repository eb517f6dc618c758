/* One-time codes against the standard's own table (RFC 6238, appendix B, last six digits), and passwords.
 * Measures no time. */
#include "daemon/common/password.h"
#include "daemon/console/http/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char secret[] = "12345678901234567890";

static void test_codes(void **state)
{
    static const struct {
        int64_t     at_s;
        const char *code;
    } rows[] = {
        {59,           "287082"},
        { 1111111109,  "081804"},
        { 1111111111,  "050471"},
        { 1234567890,  "005924"},
        { 2000000000,  "279037"},
        { 20000000000, "353130"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char code[TOTP_DIGITS + 1];
        assert_true(totp_code(secret, rows[i].at_s / TOTP_STEP_S, code));
        assert_string_equal(code, rows[i].code);
        assert_int_equal(totp_match(secret, rows[i].at_s, code), rows[i].at_s / TOTP_STEP_S);
        assert_int_equal(totp_match(secret, rows[i].at_s + TOTP_STEP_S, code), rows[i].at_s / TOTP_STEP_S);
        assert_int_equal(totp_match(secret, rows[i].at_s + 2 * TOTP_STEP_S, code), 0);
    }
    assert_int_equal(totp_match(secret, 59, "28708"), 0);
    assert_int_equal(totp_match(secret, 59, ""), 0);
}

static void test_base32(void **state)
{
    char text[TOTP_BASE32_BYTES];

    (void)state;
    totp_base32(secret, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void test_passwords(void **state)
{
    static const struct {
        const char *password, *fault;
    } rows[] = {
        {"elevenchars",                           "too_short" },
        { "a quiet river",                        NULL        },
        { "aaaaaaaaaaaaaaaaaaaa",                 "too_plain" },
        { "the name is Wang.Li now",              "holds_name"},
        { "春眠不觉晓处处闻啼鸟夜来", NULL        },
        { "春眠不觉晓处处闻啼鸟夜",    "too_short" },
    };
    struct password_parameters parameters;
    unsigned char              proof[PASSWORD_PROOF_BYTES], again[PASSWORD_PROOF_BYTES];
    char                       generated[PASSWORD_GENERATED_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault = password_fault(rows[i].password, "wang.li");
        if (fault == NULL || rows[i].fault == NULL ? fault != rows[i].fault : strcmp(fault, rows[i].fault) != 0)
            fail_msg("%s: %s", rows[i].password, fault != NULL ? fault : "good");
    }
    assert_true(password_generate(generated));
    assert_null(password_fault(generated, "wang.li"));
    assert_true(password_parameters_make(&parameters));
    parameters.memory_bytes = 1024 * 1024;
    assert_true(password_prove(generated, &parameters, proof));
    assert_true(password_prove(generated, &parameters, again));
    assert_memory_equal(proof, again, sizeof proof);
    assert_true(password_prove("another", &parameters, again));
    assert_memory_not_equal(proof, again, sizeof proof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_base32),
        cmocka_unit_test(test_passwords),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
