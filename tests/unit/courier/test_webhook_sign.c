/* The signature of webhooks against values made by another implementation (Python's hmac). */
#include "daemon/courier/webhook_sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char id[]   = "msg_p5jXN8AQM9LWM0D4loKWxJek";
static const char body[] = "{\"test\": 2432232314}";

static struct webhook_keys make_keys(size_t count)
{
    struct webhook_keys keys = { .count = count };

    for (int i = 0; i < WEBHOOK_KEY_BYTES; i++)
        keys.keys[0][i] = (unsigned char)i;
    memset(keys.keys[1], 0xff, WEBHOOK_KEY_BYTES);
    return keys;
}

static void test_signatures(void **state)
{
    static const struct {
        size_t      keys;
        int64_t     timestamp_s;
        const char *signature;
        bool        is_same;
    } rows[] = {
        {1,  1614265330, "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=",                                 true },
        { 2, 1614265330,
         "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI= v1,VFFYV8D7de/6Ct4+BCrzdVKGv4EcRArqE4kXKC1a9Kg=", true }, /* one key replaces the other */
        { 1, 1614265331, "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=",                                 false}, /* the time is signed, too */
    };
    char signature[WEBHOOK_SIGNATURE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct webhook_keys keys = make_keys(rows[i].keys);
        assert_true(webhook_sign(&keys, id, rows[i].timestamp_s, span_from_text(body), signature));
        assert_int_equal(strcmp(signature, rows[i].signature) == 0, rows[i].is_same);
    }
}

static void test_id_that_is_too_long(void **state)
{
    char                      long_id[400], signature[WEBHOOK_SIGNATURE_BYTES];
    const struct webhook_keys keys = make_keys(1);

    (void)state;
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    assert_false(webhook_sign(&keys, long_id, 1, span_from_text(body), signature));
    assert_string_equal(signature, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_id_that_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
