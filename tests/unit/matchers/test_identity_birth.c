/* Birth dates: what is read, what counts as unknown, and how two of them resemble each other.
 * Lunar dates need the language tables and are tested with them. */
#include "matchers/identity/birth.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_read(void **state)
{
    static const struct {
        const char       *text;
        bool              is_date;
        struct birth_date date;
    } rows[] = {
        {"2012-06-05",        true,  { 2012, 6, 5 }},
        { "20120605",         true,  { 2012, 6, 5 }},
        { "2012年6月5日",  true,  { 2012, 6, 5 }},
        { "２０１２/6/5", true,  { 2012, 6, 5 }},
        { "2012-06",          true,  { 2012, 6, 0 }},
        { "2012",             true,  { 2012, 0, 0 }},
        { "201206",           true,  { 2012, 6, 0 }},
        { "1900-01-01",       false, { 0, 0, 0 }   },
        { "1970-01-01",       false, { 0, 0, 0 }   },
        { "9999-12-31",       false, { 0, 0, 0 }   },
        { "2012-13-05",       false, { 0, 0, 0 }   },
        { "",                 false, { 0, 0, 0 }   },
        { "unknown",          false, { 0, 0, 0 }   },
        { "20120605123456",   true,  { 2012, 6, 5 }},
        { "201206051234567",  false, { 0, 0, 0 }   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct birth_date date = { 0 };

        assert_int_equal(birth_date_read(span_from_text(rows[i].text), &date), rows[i].is_date);
        assert_int_equal(date.year, rows[i].date.year);
        assert_int_equal(date.month, rows[i].date.month);
        assert_int_equal(date.day, rows[i].date.day);
    }
}

static void test_days(void **state)
{
    (void)state;
    assert_int_equal(birth_day_number(1970, 1, 1), 0);
    assert_int_equal(birth_day_number(2000, 3, 1), 11017);
    assert_int_equal(birth_day_number(1880, 1, 1), -32872);
    assert_true(birth_day_exists(2000, 2, 29));
    assert_false(birth_day_exists(1900, 2, 29));
    assert_false(birth_day_exists(2001, 4, 31));
}

static struct mention_features stated(struct birth_date date)
{
    struct mention_features features = {
        .birth_year  = (int16_t)date.year,
        .birth_month = (uint8_t)date.month,
        .birth_day   = (uint8_t)date.day,
        .number_day  = MENTION_NO_DAY,
        .birth_days  = {MENTION_NO_DAY, MENTION_NO_DAY, MENTION_NO_DAY},
    };

    if (date.day != 0)
        features.birth_days[0] = birth_day_number(date.year, date.month, date.day);
    return features;
}

static void test_compare(void **state)
{
    static const struct {
        struct birth_date a, b;
        enum birth_level  level;
    } rows[] = {
        {{ 2012, 6, 5 },  { 2012, 6, 5 },   BIRTH_EQUAL     },
        { { 2012, 6, 5 }, { 2012, 5, 6 },   BIRTH_SWAPPED   },
        { { 2012, 6, 5 }, { 2013, 6, 5 },   BIRTH_SLIPPED   },
        { { 2012, 6, 5 }, { 2012, 6, 15 },  BIRTH_SLIPPED   },
        { { 2012, 6, 5 }, { 2012, 6, 0 },   BIRTH_SAME_MONTH},
        { { 2012, 6, 5 }, { 2012, 0, 0 },   BIRTH_SAME_YEAR },
        { { 2012, 6, 5 }, { 2011, 0, 0 },   BIRTH_DIFFERENT },
        { { 2012, 6, 5 }, { 1985, 11, 23 }, BIRTH_DIFFERENT },
        { { 2012, 6, 5 }, { 0, 0, 0 },      BIRTH_NULL      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct mention_features a = stated(rows[i].a), b = stated(rows[i].b);

        assert_int_equal(birth_compare(&a, &b), rows[i].level);
        assert_int_equal(birth_compare(&b, &a), rows[i].level);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
