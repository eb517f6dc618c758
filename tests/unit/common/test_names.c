/* Names against the case files: relations, readings, and what is no name at all; lunar dates of ICU's calendar.
 * The tables are the real ones. */
#include "matchers/identity/birth.h"
#include "matchers/identity/name.h"
#include "tests/unit/common/language_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Calls `check` for every data line of a tab separated file; how many lines. */
static size_t for_each_line(const char *file_name, void (*check)(char *columns[5]))
{
    FILE  *file = fopen(file_name, "r");
    char   line[1024];
    size_t count = 0;

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *columns[5] = { 0 };
        char *rest       = line;

        line[strcspn(line, "\r\n")] = '\0';
        for (size_t i = 0; i < 5; i++) {
            columns[i] = strsep(&rest, "\t");
            if (columns[i] == NULL)
                columns[i] = line + strlen(line);
        }
        check(columns);
        count++;
    }
    fclose(file);
    return count;
}

static void check_pair(char *columns[5])
{
    struct name           a = { 0 }, b = { 0 };
    const bool            is_a     = name_read(tables, span_from_text(columns[1]), &a);
    const bool            is_b     = name_read(tables, span_from_text(columns[2]), &b);
    const enum name_level level    = is_a && is_b ? name_compare(tables, &a, &b) : NAME_NULL;
    const char           *relation = level == NAME_EXACT                             ? "same"
                                     : level > NAME_EXACT && level <= NAME_CHARACTER ? "probable"
                                                                                     : "different";

    if (strcmp(relation, columns[3]) != 0)
        print_error("%s: %s\n", columns[0], relation);
    assert_string_equal(relation, columns[3]);
    assert_int_equal(level, is_a && is_b ? name_compare(tables, &b, &a) : NAME_NULL);
}

static void test_pairs(void **state)
{
    (void)state;
    assert_true(for_each_line(HULEI_SOURCE_DIR "/tests/data/name_pairs.tsv", check_pair) >= 27);
}

/* Whether `text` can be said with the readings of the name, spaces aside. */
static bool can_be_read(const struct name *name, const char *text)
{
    size_t at = 0;

    for (size_t i = 0; i < name->length; i++) {
        uint16_t     readings[NAME_SYLLABLES];
        const size_t count  = name_readings(tables, name, i, readings);
        size_t       length = 0;

        at += text[at] == ' ';
        for (size_t j = 0; j < count; j++) {
            const size_t candidate = strlen(tables->syllables[readings[j]]);

            if (candidate > length && strncmp(text + at, tables->syllables[readings[j]], candidate) == 0)
                length = candidate;
        }
        if (length == 0)
            return false;
        at += length;
    }
    return text[at] == '\0' || text[at] == '|';
}

static void check_reading(char *columns[5])
{
    struct name name;

    assert_true(name_read(tables, span_from_text(columns[1]), &name));
    if (!can_be_read(&name, columns[4]))
        print_error("%s\n", columns[0]);
    assert_true(can_be_read(&name, columns[4]));
}

static void test_readings(void **state)
{
    (void)state;
    assert_true(for_each_line(HULEI_SOURCE_DIR "/tests/data/name_pinyin_cases.tsv", check_reading) >= 30);
}

static void test_own_pairs(void **state)
{
    static const struct {
        const char     *what, *a, *b;
        enum name_level level;
    } rows[] = {
        {"honorific",                          "王小明先生",            "王小明",       NAME_EXACT    },
        { "brackets",                          "李龑（䶮）",            "李䶮",          NAME_EXACT    },
        { "full width letters",                "ＬＩ ＭＩＮＧ",        "li ming",         NAME_EXACT    },
        { "two neighbours swapped",            "王小明",                  "王明小",       NAME_CHARACTER},
        { "one character missing",             "王小明",                  "王明",          NAME_CHARACTER},
        { "private use of GB18030",            "王\xEE\xA1\xA3",            "王䶮",          NAME_EXACT    },
        { "siblings of one generation name",   "张国强",                  "张国富",       NAME_WEAK     },
        { "one letter of a long Latin name",   "abdurahman",                 "abdurehman",      NAME_CHARACTER},
        { "nothing in common",                 "王小明",                  "赵丽",          NAME_DIFFERENT},
        { "single given names",                "王明",                     "王刚",          NAME_DIFFERENT},
        { "a reading no name has",             "叶伟",                     "谢伟",          NAME_TRACE    },
        { "a reading no given name has",       "李强",                     "李江",          NAME_DIFFERENT},
        { "alike in four corners only",        "张文",                     "张平",          NAME_DIFFERENT},
        { "one stroke prolonged",              "李天明",                  "李夫明",       NAME_SHAPE    },
        { "two standard characters",           "张乾",                     "张干",          NAME_VARIANT  },
        { "parts for a character",             "李韡",                     "李（韦华）", NAME_VARIANT  },
        { "parts and nothing in common",       "李韡",                     "王韦华",       NAME_TRACE    },
        { "letters for a character",           "王䶮",                     "王yan",          NAME_HOMOPHONE},
        { "surname last",                      "李建国",                  "JIANGUO LI",      NAME_HOMOPHONE},
        { "u for ü",                          "吕布",                     "LU BU",           NAME_HOMOPHONE},
        { "two pinyin names",                  "ZHANG WEI",                  "ZHANG LEI",       NAME_WEAK     },
        { "the father's name left out",        "古丽米热·艾比布力", "古丽米热",    NAME_CHARACTER},
        { "a shorter given name",              "古丽米热·艾比布力", "古丽",          NAME_TRACE    },
        { "a variant and a character missing", "蕭小紅",                  "肖红",          NAME_CHARACTER},
        { "former name in the text",           "李强曾用名李刚",      "李强",          NAME_EXACT    },
        { "radical for a character",           "⾦龙",                     "金龙",          NAME_EXACT    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct name a, b;

        assert_true(name_read(tables, span_from_text(rows[i].a), &a));
        assert_true(name_read(tables, span_from_text(rows[i].b), &b));
        if (name_compare(tables, &a, &b) != rows[i].level)
            print_error("%s: %s\n", rows[i].what, name_level_word(name_compare(tables, &a, &b)));
        assert_int_equal(name_compare(tables, &a, &b), rows[i].level);
        assert_int_equal(name_compare(tables, &b, &a), rows[i].level);
    }
}

static void test_no_names(void **state)
{
    static const char *const texts[] = { "",           "  ",   "无名氏", "李某",   "张*",   "未知",
                                         "（韦华）",   "·",    "null",   "王先生", "老师",  "李红之女",
                                         "王小明妈妈", "张XX", "xxx",    "138001", "张●明", "暂未取名" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct name name;

        assert_false(name_read(tables, span_from_text(texts[i]), &name));
    }
}

static void test_surnames(void **state)
{
    static const struct {
        const char *name;
        uint8_t     surname_length;
    } rows[] = {
        {"欧阳文",                2},
        { "扎西卓玛",            0},
        { "买买提江",            0},
        { "白玛",                  0},
        { "白玛丽",               1},
        { "欧阳",                  1},
        { "尉迟建军",            2},
        { "王伟",                  1},
        { "阿依古丽·买买提", 0},
        { "LI MING",                 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct name name;

        assert_true(name_read(tables, span_from_text(rows[i].name), &name));
        assert_int_equal(name.surname_length, rows[i].surname_length);
    }
}

static void test_lunar_days(void **state)
{
    static const struct {
        struct birth_date lunar;
        bool              in_leap_month;
        int               year, month, day; /* solar; 0: no such day */
    } rows[] = {
        {{ 1900, 1, 1 },    false, 1900, 1,  31},
        { { 2000, 1, 1 },   false, 2000, 2,  5 },
        { { 2023, 2, 1 },   false, 2023, 2,  20},
        { { 2023, 2, 1 },   true,  2023, 3,  22},
        { { 2020, 8, 15 },  false, 2020, 10, 1 },
        { { 2024, 12, 29 }, false, 2025, 1,  28},
        { { 2023, 3, 1 },   true,  0,    0,  0 },
        { { 2024, 12, 30 }, false, 0,    0,  0 },
        { { 2100, 1, 1 },   false, 2100, 2,  9 },
        { { 1899, 1, 1 },   false, 0,    0,  0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int32_t wanted =
            rows[i].year != 0 ? birth_day_number(rows[i].year, rows[i].month, rows[i].day) : MENTION_NO_DAY;

        assert_int_equal(birth_day_of_lunar(tables, &rows[i].lunar, rows[i].in_leap_month), wanted);
    }
}

/* What a person block keeps of a field with two names, and of 15 digits. */
static void test_mentions(void **state)
{
    static const struct {
        const char         *name, *number;
        uint8_t             name_count;
        enum mention_number kind;
    } rows[] = {
        {"李强",                   "510230680203991",   1, MENTION_NUMBER_VALID },
        { "李强(曾用名李刚)", "510299680203991",   2, MENTION_NUMBER_BROKEN},
        { "李强/李刚",           "无",               2, MENTION_NUMBER_NONE  },
        { "李强(党员)",          "510230********991", 1, MENTION_NUMBER_NONE  },
        { "李强(李强)",          "CAN500177120103",   1, MENTION_NUMBER_OTHER },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct person_input input    = { .names      = { span_from_text(rows[i].name) },
                                               .name_count = 1,
                                               .id_number  = span_from_text(rows[i].number) };
        struct mention_features   features = { 0 };

        mention_features_make(tables, &input, &features);
        assert_true(mention_features_are_usable(&features));
        assert_int_equal(features.name_count, rows[i].name_count);
        assert_int_equal(features.number_kind, rows[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),    cmocka_unit_test(test_readings), cmocka_unit_test(test_own_pairs),
        cmocka_unit_test(test_no_names), cmocka_unit_test(test_surnames), cmocka_unit_test(test_lunar_days),
        cmocka_unit_test(test_mentions),
    };

    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
