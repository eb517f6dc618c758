/* The address parser on labelled rows, and rows of its own with a reason each.
 * Figures are printed; the bars are those the parser has reached, so that it cannot fall back. */
#include "matchers/address/gazetteer_format.h"
#include "tests/unit/matchers/address_fixture.h"

struct score {
    struct fixture *fixture;
    size_t          right, rows, right_spans, made_spans, gold_spans;
};

/* ---- divisions ---- */

static void take_region(void *context, char **columns)
{
    struct score        *score      = context;
    const struct address address    = fixture_parse(score->fixture, columns[1], 0);
    char                 digits[24] = "";
    const size_t         wanted     = strlen(columns[2]);

    arena_reset(&score->fixture->arena);
    if (address.code != 0)
        snprintf(digits, sizeof digits, "%012llu", (unsigned long long)address.code);
    const bool is_right = wanted == 0 ? address.code == 0 : strncmp(digits, columns[2], wanted) == 0;
    if (!is_right)
        print_error("%s: wanted %s, got %s\n", columns[0], columns[2], digits);
    score->right += is_right;
    score->rows++;
}

static void test_regions(void **state)
{
    struct score score = { .fixture = *state };

    fixture_rows("address_region_cases.tsv", take_region, &score);
    fixture_rows("region_more.tsv", take_region, &score);
    print_message("regions: %zu of %zu\n", score.right, score.rows);
    assert_int_equal(score.right, score.rows);
}

/* ---- elements ---- */

struct element {
    size_t      from, to;
    const char *label;
};

/* The elements of a gold line: text|label text|label …, a space in the text written as its symbol. */
static size_t read_gold(char *line, struct element *elements, size_t room)
{
    size_t count = 0, at = 0;

    for (char *part = strtok(line, " "); part != NULL && count < room; part = strtok(NULL, " ")) {
        char *bar    = strrchr(part, '|');
        *bar         = '\0';
        size_t bytes = strlen(part);
        if (strcmp(part, "\xe2\x90\xa0") == 0)
            bytes = 1;
        if (strcmp(bar + 1, "O") != 0)
            elements[count++] = (struct element){ at, at + bytes, bar + 1 };
        at += bytes;
    }
    return count;
}

static void take_gold(void *context, char **columns)
{
    struct score        *score   = context;
    const struct address address = fixture_parse(score->fixture, columns[2], 0);
    struct element       gold[64];
    const size_t         count = read_gold(columns[3], gold, 64);
    size_t               right = 0, made = 0, at = 0;

    for (size_t i = 0; i < address.segment_count; i++) {
        const struct address_segment *segment = &address.segments[i];
        const size_t                  end     = at + segment->text.length;
        const char                   *label   = address_label_word(segment->label);
        made += segment->label != ADDRESS_LABEL_OTHER;
        for (size_t j = 0; j < count; j++)
            right += gold[j].from == at && gold[j].to == end && strcmp(gold[j].label, label) == 0;
        at = end;
    }
    if (right != count || made != count)
        print_message("%s: %zu of %zu elements\n", columns[0], right, count);
    score->right_spans += right;
    score->made_spans += made;
    score->gold_spans += count;
    arena_reset(&score->fixture->arena);
}

static double f1_of(struct fixture *fixture, const char *name)
{
    struct score score = { .fixture = fixture };

    fixture_rows(name, take_gold, &score);
    const double f1 = 2.0 * (double)score.right_spans / (double)(score.made_spans + score.gold_spans);
    print_message("%s: element F1 %.4f\n", name, f1);
    return f1;
}

static void test_elements(void **state)
{
    assert_true(f1_of(*state, "address_gold.tsv") >= 0.98);
    assert_true(f1_of(*state, "gold_more.tsv") >= 0.98);
}

/* ---- pairs ---- */

static void take_pair(void *context, char **columns)
{
    static const char *const      relations[] = { "exact", "partial", "different" };
    struct score                 *score       = context;
    const struct address_features a           = fixture_features(score->fixture, columns[1], 0);
    const struct address_features b           = fixture_features(score->fixture, columns[2], 0);
    const enum address_relation   relation    = address_relate(&a, &b, NULL);

    assert_int_equal(relation, address_relate(&b, &a, NULL));
    assert_int_equal(address_compare(&a, &b), address_compare(&b, &a));
    if (strcmp(relations[relation], columns[3]) != 0)
        print_message("%s: wanted %s, got %s\n", columns[0], columns[3], relations[relation]);
    score->right += strcmp(relations[relation], columns[3]) == 0;
    score->rows++;
    arena_reset(&score->fixture->arena);
}

static void test_pairs(void **state)
{
    struct score score = { .fixture = *state };

    fixture_rows("address_pairs.tsv", take_pair, &score);
    fixture_rows("pairs_more.tsv", take_pair, &score);
    print_message("pairs: %zu of %zu\n", score.right, score.rows);
    assert_true((double)score.right >= 0.95 * (double)score.rows);
}

/* ---- own rows ---- */

static void test_hint(void **state)
{
    static const struct {
        const char *what, *text;
        uint64_t    area, code;
        size_t      candidates;
    } rows[] = {
        {"nothing but a group: the hint stands in",         "2组15号",                                  500111004u, 500111004000u, 0},
        { "a village alone",                                "双南路社区3组27号",                   500111u,    0,             0},
        { "a name of many, settled by the hint",            "朝阳区",                                  110000u,    110105000000u, 0},
        { "the same without",                               "朝阳区",                                  0,          0,             2},
        { "an old name here before one of today elsewhere", "双桥区",                                  500111u,    500111000000u, 0},
        { "the same without",                               "双桥区",                                  0,          130802000000u, 0},
        { "the text beats the hint",                        "重庆市永川区",                         500111u,    500118000000u, 0},
        { "a filler says nothing",                          "重庆市市辖区",                         0,          500000000000u, 0},
        { "village and committee",                          "大足区龙水镇复隆村村民委员会", 0,          500111100000u, 0},
        { "empty",                                          "",                                           500111u,    0,             0},
        { "placeholder",                                    "不详",                                     500111u,    0,             0},
        { "not UTF-8",                                      "\xff\xfe大足区",                          0,          0,             0},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct address address = fixture_parse(fixture, rows[i].text, rows[i].area);
        const unsigned       level   = gazetteer_level(rows[i].code);
        if (rows[i].code != 0 && gazetteer_cut(address.code, level) != rows[i].code)
            fail_msg("%s: got %llu", rows[i].what, (unsigned long long)address.code);
        if (address.candidate_count < rows[i].candidates)
            fail_msg("%s: %zu candidates", rows[i].what, address.candidate_count);
        arena_reset(&fixture->arena);
    }
}

static void test_village_alone_is_found(void **state)
{
    struct fixture      *fixture = *state;
    const struct address address = fixture_parse(fixture, "双南路社区3组27号", 500111u);

    assert_int_equal(address.level, 12);
    assert_int_equal(gazetteer_cut(address.code, 9), 500111004000u);
    assert_true(span_equals_text(address.group, "3"));
    assert_true(span_equals_text(address.number, "27"));
    arena_reset(&fixture->arena);
}

static void test_standard_form(void **state)
{
    static const struct {
        const char *text, *standard;
    } rows[] = {
        {"重庆大足双路双南路社区3社27号",              "重庆市大足区双路街道双南路社区3组27号"             },
        { "四川省大足县邮亭镇天福村4社",               "重庆市大足区邮亭镇天福村4组"                           },
        { "大足区龙岗街道北环东路168号3-2-6-1",         "重庆市大足区龙岗街道北环东路168号3幢2单元6楼1号"},
        { "上海市浦东新区锦绣路1650弄36号1202室",      "上海市浦东新区锦绣路1650弄36号1202室"                  },
        { "济源市承留镇花石村2组",                        "河南省济源市承留镇花石村2组"                           },
        { "贵州省桐梓县松坎镇水柴村下坝村民小组", "贵州省遵义市桐梓县松坎镇水柴村下坝组"             },
        { "广州市天河区天源路401号之三",                "广东省广州市天河区天源路401号附3号"                  },
        { "大足区人民路二〇三号负一楼",                "重庆市大足区人民路203号-1楼"                             },
        { "成都市高新区科技园二期十一区3号楼",      "四川省成都市科技园2期11区3幢"                           },
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct address address  = fixture_parse(fixture, rows[i].text, 0);
        const struct span    standard = address_standard_form(&fixture->gazetteer, &address, &fixture->arena);
        assert_string_equal(standard.bytes, rows[i].standard);
        arena_reset(&fixture->arena);
    }
}

static void test_full_arena(void **state)
{
    struct fixture *fixture = *state;
    char            memory[64];
    struct arena    small;
    struct address  address;

    arena_init(&small, memory, sizeof memory);
    assert_int_equal(
        address_parse(&fixture->gazetteer, span_from_text("大足区双路街道双南路社区3组27号"), 0, &small, &address),
        ADDRESS_NO_MEMORY);
}

static void test_broken_files(void **state)
{
    struct fixture  *fixture = *state;
    struct gazetteer gazetteer;
    const size_t     length = (size_t)fixture->gazetteer.header->length;

    assert_false(gazetteer_open(&gazetteer, NULL, 0));
    assert_false(gazetteer_open(&gazetteer, fixture->data, 16));
    assert_false(gazetteer_open(&gazetteer, fixture->data, length - 8));
    char *byte = (char *)fixture->data + length / 2;
    *byte ^= 1; /* as a bad disk would */
    assert_false(gazetteer_open(&gazetteer, fixture->data, length));
    *byte ^= 1;
    assert_true(gazetteer_open(&gazetteer, fixture->data, length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_hint),
        cmocka_unit_test(test_village_alone_is_found),
        cmocka_unit_test(test_standard_form),
        cmocka_unit_test(test_full_arena),
        cmocka_unit_test(test_broken_files),
    };

    return cmocka_run_group_tests_name("address", tests, fixture_set_up, fixture_tear_down);
}
