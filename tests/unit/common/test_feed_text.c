/* Bytes to safe text: what is UTF-8, what GB18030 gives, what a parser must not see. */
#include "daemon/common/feed/feed_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void test_utf8(void **state)
{
    static const struct {
        const char *what;
        struct span text;
        bool        is_utf8;
    } rows[] = {
        {"nothing",                     SPAN_INIT(""),                     true },
        { "ASCII",                      SPAN_INIT("a"),                    true },
        { "Han",                        SPAN_INIT("罗"),                  true },
        { "outside the BMP",            SPAN_INIT("𠀀"),                 true },
        { "the last code point",        SPAN_INIT("\xf4\x8f\xbf\xbf"),     true },
        { "one more",                   SPAN_INIT("\xf4\x90\x80\x80"),     false},
        { "overlong, two bytes",        SPAN_INIT("\xc1\xbf"),             false},
        { "overlong, three bytes",      SPAN_INIT("\xe0\x9f\xbf"),         false},
        { "overlong, four bytes",       SPAN_INIT("\xf0\x8f\xbf\xbf"),     false},
        { "the first surrogate",        SPAN_INIT("\xed\xa0\x80"),         false},
        { "just before the surrogates", SPAN_INIT("\xed\x9f\xbf"),         true },
        { "a continuation alone",       SPAN_INIT("\x80"),                 false},
        { "cut short",                  SPAN_INIT("\xe7\xbd"),             false},
        { "five bytes",                 SPAN_INIT("\xf8\x88\x80\x80\x80"), false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_is_utf8(rows[i].text) != rows[i].is_utf8)
            fail_msg("%s", rows[i].what);
    }
    assert_int_equal(text_count_characters(span_from_text("罗a𠀀")), 3);
    assert_true(text_is_blank(span_from_text(" \t　\xc2\xa0")));
    assert_false(text_is_blank(span_from_text(" 罗")));
}

/* The private-use characters of the 2000 edition, as the 2005 and 2022 editions have them. */
static void test_gb18030(void **state)
{
    static const struct {
        const char *bytes, *text;
    } rows[] = {
        {"\xc2\xde",          "罗" },
        { "\x81\x5c",         "乗" }, /* the second byte is a backslash */
        { "\x95\x32\x82\x36", "𠀀"}, /* four bytes */
        { "\xfe\x59",         "龴" },
        { "\xfe\x61",         "龵" },
        { "\xfe\x66",         "龶" },
        { "\xfe\x67",         "龷" },
        { "\xfe\x6d",         "龸" },
        { "\xfe\x7e",         "龹" },
        { "\xfe\x90",         "龺" },
        { "\xfe\xa0",         "龻" },
        { "\xa6\xd9",         "︐" },
        { "\xa8\xbc",         "ḿ" },
        { "\xfe\x9f",         "䶮" },
    };
    char memory[4096];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        struct span  out = { NULL, 0 };
        arena_init(&arena, memory, sizeof memory);
        assert_int_equal(text_from_gb18030(span_from_text(rows[i].bytes), &arena, &out), TEXT_OK);
        if (!span_equals_text(out, rows[i].text))
            fail_msg("%s", rows[i].text);
    }
    struct arena arena;
    struct span  out = { NULL, 0 };
    arena_init(&arena, memory, sizeof memory);
    assert_int_equal(text_from_gb18030(span_from_text("\x81"), &arena, &out), TEXT_MALFORMED);
    assert_int_equal(text_from_gb18030(span_from_text("\xff\xff"), &arena, &out), TEXT_MALFORMED);
    arena_init(&arena, memory, 0);
    assert_int_equal(text_from_gb18030(span_from_text("a"), &arena, &out), TEXT_OUT_OF_MEMORY);
}

static void test_json_scan(void **state)
{
    static const struct {
        const char          *json;
        enum text_json_fault fault;
    } rows[] = {
        {"[\"\\ud840\\udc00\"]",  TEXT_JSON_OK            },
        { "[\"\\\\u0000\"]",      TEXT_JSON_OK            }, /* a backslash, then text */
        { "[\"\\\\\\u0000\"]",    TEXT_JSON_NUL           }, /* a backslash, then a NUL */
        { "[\"\\\\ud800\"]",      TEXT_JSON_OK            },
        { "[\"\\ud800\"]",        TEXT_JSON_LONE_SURROGATE},
        { "[\"\\ud800\\u0041\"]", TEXT_JSON_LONE_SURROGATE},
        { "[\"\\ud800x\"]",       TEXT_JSON_LONE_SURROGATE},
        { "[\"[[[[\\\"[[[[\"]",   TEXT_JSON_OK            }, /* brackets inside text */
        { "[[[[[]]]]]",           TEXT_JSON_TOO_DEEP      },
        { "[[[[]]],[[[]]]]",      TEXT_JSON_OK            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_json_scan(span_from_text(rows[i].json), 4) != rows[i].fault)
            fail_msg("%s", rows[i].json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_gb18030),
        cmocka_unit_test(test_json_scan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
