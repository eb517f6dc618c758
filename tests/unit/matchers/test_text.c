/* UTF-8, width and dots: what folds, what stays, and that broken bytes cannot run away.
 * Deliberately without language tables. */
#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t character = 0; character <= 0x10FFFF; character++) {
        char     bytes[UTF8_BYTES_MAX];
        uint32_t read;

        if (character >= 0xD800 && character <= 0xDFFF)
            continue;
        struct span rest = span_of(bytes, utf8_put(character, bytes));
        assert_true(utf8_next(&rest, &read));
        assert_int_equal(read, character);
        assert_int_equal(rest.length, 0);
    }
}

static void test_broken_bytes(void **state)
{
    static const struct span texts[] = {
        SPAN_INIT("\xFF"),         SPAN_INIT("\xC0\x80"),         SPAN_INIT("\xE4\xBD"),
        SPAN_INIT("\xED\xA0\x80"), SPAN_INIT("\xF4\x90\x80\x80"), SPAN_INIT("\x80\x80\x80\x80"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct span rest  = texts[i];
        size_t      steps = 0;
        uint32_t    character;

        while (utf8_next(&rest, &character)) {
            assert_int_equal(character, UTF8_BROKEN);
            assert_true(++steps <= texts[i].length);
        }
    }
}

static void test_fold(void **state)
{
    static const uint32_t dots[] = { 0xB7, 0x2022, 0x2027, 0x30FB, 0xFF65, '.', 0xFF0E, 0x2219, 0x22C5 };

    (void)state;
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++)
        assert_int_equal(fold_width(dots[i]), FOLD_INTERPUNCT);
    assert_int_equal(fold_width(0xFF11), '1');
    assert_int_equal(fold_width(0xFF38), 'X');
    assert_int_equal(fold_width(0x2169), 'X');
    assert_int_equal(fold_width(0x5F20), 0x5F20);
    assert_true(fold_is_ignorable(0x200B));
    assert_true(fold_is_ignorable(' '));
    assert_false(fold_is_ignorable('a'));
    assert_true(fold_is_han(0x4DAE));
    assert_true(fold_is_han(0x2B32F));
    assert_false(fold_is_han('L'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_broken_bytes),
        cmocka_unit_test(test_fold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
