/* Answers of `hulei address`: every line is JSON whatever the text holds.
 * The stream is memory; the text is the parser's own segments. */
#include "daemon/cli/address_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *printed(const struct address *address, struct span standard)
{
    char  *bytes = NULL;
    size_t size  = 0;
    FILE  *file  = open_memstream(&bytes, &size);

    assert_non_null(file);
    address_print_parse(file, address, standard);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(bytes[size - 1], '\n');
    assert_ptr_equal(strchr(bytes, '\n'), bytes + size - 1);
    json_t *value = json_loads(bytes, 0, NULL);
    free(bytes);
    assert_non_null(value);
    return value;
}

static void test_any_text_is_json(void **state)
{
    static const struct {
        const char *what, *text, *wanted;
    } rows[] = {
        {"Han characters",      "大足区",           "大足区"          },
        { "quote, backslash",   "a\"b\\c",             "a\"b\\c"            },
        { "control characters", "a\tb\x01",            "a\tb\x01"           },
        { "a broken byte",
         "a\xff"
          "b",                                         "a\xef\xbf\xbd"
          "b"                                                 },
        { "beyond the BMP",     "\xf0\xac\x9c\xac山", "\xf0\xac\x9c\xac山"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct address_segment segment = { span_from_text(rows[i].text), ADDRESS_LABEL_POI };
        struct address         address = { .segments = &segment, .segment_count = 1 };
        json_t                *value   = printed(&address, span_from_text(rows[i].text));
        json_t                *first   = json_array_get(json_object_get(value, "segments"), 0);
        if (strcmp(json_string_value(json_object_get(first, "text")), rows[i].wanted) != 0 ||
            strcmp(json_string_value(json_object_get(value, "standard")), rows[i].wanted) != 0)
            fail_msg("%s", rows[i].what);
        assert_string_equal(json_string_value(json_object_get(first, "label")), "poi");
        json_decref(value);
    }
}

static void test_codes_have_their_digits(void **state)
{
    static const struct {
        uint64_t    code;
        const char *digits;
    } rows[] = {
        {0,              ""            },
        { 500000000000u, "50"          },
        { 441900000000u, "4419"        },
        { 500111000000u, "500111"      },
        { 500111004000u, "500111004"   },
        { 500111004001u, "500111004001"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct address address  = { .code = rows[i].code, .level = gazetteer_level(rows[i].code) };
        address.candidates[0]   = rows[i].code;
        address.candidates[1]   = 820000000000u;
        address.candidate_count = 2;
        json_t *value           = printed(&address, (struct span){ NULL, 0 });
        json_t *ambiguous       = json_object_get(value, "ambiguous");
        assert_string_equal(json_string_value(json_object_get(value, "code")), rows[i].digits);
        assert_int_equal(json_integer_value(json_object_get(value, "level")), strlen(rows[i].digits));
        assert_string_equal(json_string_value(json_array_get(ambiguous, 0)), rows[i].digits);
        assert_string_equal(json_string_value(json_array_get(ambiguous, 1)), "82");
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_text_is_json),
        cmocka_unit_test(test_codes_have_their_digits),
    };

    return cmocka_run_group_tests_name("address print", tests, NULL, NULL);
}
