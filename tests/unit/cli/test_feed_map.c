/* Header mappings: the shipped files, and what becomes of a row. */
#include "daemon/cli/feed_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct feed_map *load(const char *name)
{
    char             path[512], error[512] = "";
    struct feed_map *map = NULL;

    snprintf(path, sizeof path, "%s/config/feeds/%s.yaml", HULEI_SOURCE_DIR, name);
    map = feed_map_load(path, error, sizeof error);
    if (map == NULL)
        fail_msg("%s", error);
    return map;
}

static void set_cells(struct csv_record *record, const char *const *cells, size_t count)
{
    record->count = count;
    for (size_t i = 0; i < count; i++)
        record->cells[i] = span_from_text(cells[i]);
}

/* The record as JSON with sorted keys; free it. */
static char *apply(const struct feed_map *map, const char *const *headings, const char *const *cells, size_t count)
{
    static struct csv_record header, record;
    static int               columns[CSV_CELLS_MAX];

    set_cells(&header, headings, count);
    set_cells(&record, cells, count);
    assert_true(feed_map_bind(map, &header, columns) > 0);
    json_t *made = feed_map_apply(map, &header, columns, &record);
    assert_non_null(made);
    char *text = json_dumps(made, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(9));
    json_decref(made);
    return text;
}

static void assert_row(const char *map_name, const char *const *headings, const char *const *cells, size_t count,
                       const char *expected)
{
    struct feed_map *map  = map_name != NULL ? load(map_name) : NULL;
    char            *text = apply(map, headings, cells, count);

    assert_string_equal(text, expected);
    free(text);
    feed_map_free(map);
}

#define ROW(map, expected, count, ...)                                                                                 \
    do {                                                                                                               \
        static const char *const cells_[2][count] = { __VA_ARGS__ };                                                   \
        assert_row(map, cells_[0], cells_[1], count, expected);                                                        \
    } while (0)

static void test_child(void **state)
{
    (void)state;
    ROW("child",
        "{\"data\":{\"circumstances\":[\"left_behind\",\"disabled\"],\"guardians\":[{\"away\":true,\"person\":{"
        "\"name\":"
        "\"罗大山\"},\"role\":\"parent\"}],\"person\":{\"birth_date\":\"2015-03-04\",\"name\":\"罗小蕾\",\"phones\":"
        "[\"1\",\"2\"],\"residence\":[{\"address\":\"某村\"}],\"sex\":\"female\"}},\"subject\":\"d-1\"}",
        9, { "编号", "姓名", "性别", "出生日期", "联系电话", "现住址", "儿童类别", "父亲姓名", "父亲是否外出" },
        { "d-1", " 罗小蕾 ", "女", "2015年3月4日", "1、2", "某村", "留守儿童，残疾", "罗大山", "是" });
}

/* A mother without a father leaves no gap, and constants only where there is something. */
static void test_gaps(void **state)
{
    (void)state;
    ROW("child",
        "{\"data\":{\"guardians\":[{\"person\":{\"name\":\"尹某\"},\"relation\":\"母亲\",\"role\":\"parent\"}]},"
        "\"subject\":\"d-1\"}",
        3, { "编号", "父亲姓名", "母亲姓名" }, { "d-1", "", "尹某" });
}

static void test_unknown_words_stay(void **state)
{
    (void)state;
    ROW("child", "{\"data\":{\"circumstances\":[\"特别\"],\"person\":{\"sex\":\"女孩\"}},\"subject\":\"d\"}", 3,
        { "编号", "性别", "儿童类别" }, { "d", "女孩", "特别" });
    ROW("risk", "{\"data\":{\"sealed\":\"可能\",\"sentence_months\":\"三年\"},\"subject\":\"d\"}", 3,
        { "编号", "刑期（月）", "是否封存" }, { "d", "三年", "可能" });
}

static void test_place(void **state)
{
    (void)state;
    ROW("place",
        "{\"data\":{\"address\":\"某路1号\",\"location\":{\"crs\":\"GCJ02\",\"lat\":29.7,\"lon\":105.7},"
        "\"place_id\":\"7\"},\"subject\":\"7\"}",
        5, { "地址编号", "地址", "经度", "纬度", "坐标系" }, { "7", "某路1号", "105.7", "29.7", "GCJ02" });
}

/* A constant never overrides a cell. */
static void test_constants(void **state)
{
    (void)state;
    ROW("school", "{\"data\":{\"location\":{\"crs\":\"BD09\",\"lon\":105.7},\"school_id\":\"7\"},\"subject\":\"7\"}", 3,
        { "学校代码", "经度", "坐标系" }, { "7", "105.7", "BD09" });
    ROW("school",
        "{\"data\":{\"location\":{\"crs\":\"CGCS2000\",\"lon\":105.7},\"school_id\":\"7\"},\"subject\":\"7\"}", 2,
        { "学校代码", "经度" }, { "7", "105.7" });
}

static void test_without_map(void **state)
{
    (void)state;
    ROW(NULL,
        "{\"data\":{\"circumstances\":[\"orphan\"],\"person\":{\"id_number\":\"1\",\"name\":\"罗\"},\"shielded\":true},"
        "\"subject\":\"s\"}",
        5, { "subject", "data.person.name", "data.person.id_number", "data.circumstances", "data.shielded" },
        { "s", "罗", "1", "[\"orphan\"]", "true" });
}

static void test_dates(void **state)
{
    static const char *const rows[][2] = {
        {"2015/3/4",          "2015-03-04"      },
        { "2015.03.04",       "2015-03-04"      },
        { "2015年3月",      "2015-03"         },
        { "2015年",          "2015"            },
        { "20150304",         "20150304"        },
        { "2015/3/4 0:00:00", "2015/3/4 0:00:00"},
        { "不详",           "不详"          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *headings[] = { "编号", "出生日期" }, *cells[] = { "d", rows[i][0] };
        char        expected[256];
        snprintf(expected, sizeof expected, "{\"data\":{\"person\":{\"birth_date\":\"%s\"}},\"subject\":\"d\"}",
                 rows[i][1]);
        assert_row("child", headings, cells, 2, expected);
    }
}

static void test_all_files(void **state)
{
    static const char *const names[] = { "child", "enrolment", "school", "place", "risk", "seal" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct feed_map *map = load(names[i]);
        assert_string_equal(map->type, names[i]);
        feed_map_free(map);
    }
}

static void test_headings(void **state)
{
    struct feed_map *map = load("child");

    (void)state;
    assert_string_equal(feed_map_heading(map, "data.person.id_number"), "身份证号");
    assert_string_equal(feed_map_heading(map, "data.person.residence[0].address"), "现住址");
    assert_string_equal(feed_map_heading(map, "row"), "");
    feed_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_child), cmocka_unit_test(test_gaps),      cmocka_unit_test(test_unknown_words_stay),
        cmocka_unit_test(test_place), cmocka_unit_test(test_constants), cmocka_unit_test(test_without_map),
        cmocka_unit_test(test_dates), cmocka_unit_test(test_all_files), cmocka_unit_test(test_headings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
