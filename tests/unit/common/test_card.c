/* Tests of common/card.c: masks, and whom hashes find. */
#include "daemon/common/card.h"
#include "tests/unit/common/language_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void masks_names(void **state)
{
    static const struct {
        const char *what, *name, *masked;
    } rows[] = {
        {"three characters",        "王小丽",               "王*丽"  },
        { "two: only the surname",  "王丽",                  "王*"     },
        { "one says nothing",       "王",                     "*"        },
        { "compound surname",       "欧阳小丽",            "欧*丽"  },
        { "a long name, as long",   "阿依古丽·买买提", "阿*提"  },
        { "Latin",                  "Mary Jones",              "M*s"      },
        { "four bytes a character", "𠀀小𠀁",             "𠀀*𠀁"},
        { "none",                   "",                        "*"        },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char         masked[CARD_MASKED_BYTES + 1] = { 0 };
        const size_t length                        = card_mask(span_from_text(rows[i].name), masked);
        assert_int_equal(length, strlen(masked));
        assert_string_equal(masked, rows[i].masked);
    }
}

static struct blind *blind;

static int open_all(void **state)
{
    char error[256];

    blind = blind_open_random(error, sizeof error);
    return blind == NULL || open_tables(state) != 0;
}

static int close_all(void **state)
{
    blind_close(blind);
    return close_tables(state);
}

enum ask { NUMBER, PHONE, NAME };

static size_t hashes_asked(enum ask ask, const char *text, int year, uint64_t *hashes)
{
    const struct span value = span_from_text(text);

    switch (ask) {
    case NUMBER:
        return card_hashes_of_number(blind, tables, value, hashes);
    case PHONE:
        return card_hashes_of_phone(blind, tables, value, hashes);
    case NAME:
        break;
    }
    return card_hashes_of_name(blind, tables, value, year, hashes);
}

static bool shares_a_hash(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    for (size_t i = 0; i < a_count * b_count; i++) {
        if (a[i / b_count] == b[i % b_count])
            return true;
    }
    return false;
}

static void finds_by_the_whole_and_by_nothing_less(void **state)
{
    static const struct {
        const char *what;
        enum ask    ask;
        const char *text;
        int         year;
        bool        is_found;
    } rows[] = {
        {"the number",                    NUMBER, "11010519491231002X",   0,    true },
        { "as people type it",            NUMBER, "110105 19491231 002x", 0,    true },
        { "all but its last character",   NUMBER, "11010519491231002",    0,    false},
        { "another number",               NUMBER, "110105194912310021",   0,    false},
        { "no number",                    NUMBER, "?",                    0,    false},
        { "a phone",                      PHONE,  "13800000001",          0,    true },
        { "with its country",             PHONE,  "+86 138-0000-0001",    0,    true },
        { "another phone",                PHONE,  "13800000002",          0,    false},
        { "the number is no phone",       PHONE,  "11010519491231002X",   0,    false},
        { "the name and the year stated", NAME,   "诸葛小丽",         1950, true },
        { "the year of the number",       NAME,   "诸葛小丽",         1949, true },
        { "another year",                 NAME,   "诸葛小丽",         1951, false},
        { "the former name",              NAME,   "诸葛丽",            1950, true },
        { "in traditional characters",    NAME,   "諸葛小麗",         1950, true },
        { "part of the name",             NAME,   "诸葛",               1950, false},
        { "another name",                 NAME,   "诸葛小明",         1950, false},
    };
    const struct person_input input = {
        .names       = {SPAN_INIT("诸葛小丽"),   SPAN_INIT("诸葛丽")  },
        .name_count  = 2,
        .id_type     = ID_TYPE_RESIDENT,
        .id_number   = SPAN_INIT("11010519491231002X"),
        .birth_date  = SPAN_INIT("1950-01-01"),
        .phones      = { SPAN_INIT("138 0000 0001"), SPAN_INIT("13800000009")},
        .phone_count = 2,
    };
    struct mention_features features;
    uint64_t                stored[CARD_HASHES_MAX], asked[CARD_HASHES_MAX];
    (void)state;

    mention_features_make(tables, &input, &features);
    const size_t stored_count = card_hashes(blind, &features, stored);
    assert_int_equal(stored_count, 1 + 2 + 4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t count = hashes_asked(rows[i].ask, rows[i].text, rows[i].year, asked);
        if (shares_a_hash(stored, stored_count, asked, count) != rows[i].is_found)
            fail_msg("%s", rows[i].what);
    }
}

static void several_share_a_bucket(void **state)
{
    (void)state;
    assert_true(card_bucket(UINT64_MAX) < CARD_BUCKET_COUNT);
    assert_int_equal(card_bucket(7), card_bucket(7 + (uint64_t)CARD_BUCKET_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_names),
        cmocka_unit_test(finds_by_the_whole_and_by_nothing_less),
        cmocka_unit_test(several_share_a_bucket),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
