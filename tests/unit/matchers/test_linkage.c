/* Tests, levels, keys and clusters of tables: a row per kind, missing values everywhere, and symmetry.
 * Deliberately without files: records are written as value numbers. */
#include "matchers/linkage/block.h"
#include "matchers/linkage/cluster.h"
#include "matchers/linkage/linkage.h"
#include "matchers/linkage/test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define VALUE(text_, number_)                                                                                          \
    {                                                                                                                  \
        (text_), sizeof(text_) - 1, 1, (number_)                                                                       \
    }

/* Column 0 and 1 hold texts (the same ones under other numbers), 2 dates, 3 numbers, 4 sets. */
static const struct linkage_value texts[] = {
    VALUE("", 0),     VALUE("maria", 0), VALUE("mria", 0), VALUE("marianne", 0),
    VALUE("otto", 0), VALUE("王芳", 0),  VALUE("王方", 0),
};
static const struct linkage_value others[] = { VALUE("", 0), VALUE("otto", 0), VALUE("maria", 0) };
static const struct linkage_value dates[]  = {
     VALUE("", 0),
     VALUE("19800304", 3715),
     VALUE("19800403", 3745),
     VALUE("19800306", 3717),
     VALUE("19810304", 4080),
     VALUE("19800000", (double)NAN),
};
static const struct linkage_value numbers[] = { VALUE("", 0), VALUE("100", 100), VALUE("103", 103),
                                                VALUE("-100", -100) };
static const struct linkage_value sets[]    = { VALUE("", 0), VALUE("a;b;c", 0), VALUE(";c;d", 0), VALUE("e", 0) };

static const struct linkage_column columns[] = {
    {LINKAGE_TEXT,    ' ', texts,   7, 7},
    { LINKAGE_TEXT,   ' ', others,  3, 3},
    { LINKAGE_DATE,   ' ', dates,   6, 6},
    { LINKAGE_NUMBER, ' ', numbers, 4, 4},
    { LINKAGE_SET,    ';', sets,    4, 4},
};

static const struct {
    const char         *what;
    struct linkage_test test;
    uint32_t            a[5], b[5];
    enum linkage_answer answer;
} rows[] = {
    {"equal",                        { LINKAGE_EXACT, 0, 0, 0 },          { 1 },             { 1 },             LINKAGE_YES },
    { "not equal",                   { LINKAGE_EXACT, 0, 0, 0 },          { 1 },             { 2 },             LINKAGE_NO  },
    { "missing on one side",         { LINKAGE_EXACT, 0, 0, 0 },          { 1 },             { 0 },             LINKAGE_OPEN},
    { "missing on both sides",       { LINKAGE_EDITS, 0, 0, 1 },          { 0 },             { 0 },             LINKAGE_OPEN},
    { "one edit",                    { LINKAGE_EDITS, 0, 0, 1 },          { 1 },             { 2 },             LINKAGE_YES },
    { "three edits",                 { LINKAGE_EDITS, 0, 0, 2 },          { 1 },             { 3 },             LINKAGE_NO  },
    { "one Han character of two",    { LINKAGE_EDITS, 0, 0, 1 },          { 5 },             { 6 },             LINKAGE_YES },
    { "alike",                       { LINKAGE_JARO_WINKLER, 0, 0, 0.9 }, { 1 },             { 2 },             LINKAGE_YES },
    { "not alike",                   { LINKAGE_JARO_WINKLER, 0, 0, 0.9 }, { 1 },             { 4 },             LINKAGE_NO  },
    { "bigrams in common",           { LINKAGE_BIGRAMS, 0, 0, 0.5 },      { 1 },             { 3 },             LINKAGE_YES },
    { "same start",                  { LINKAGE_PREFIX, 0, 0, 4 },         { 1 },             { 3 },             LINKAGE_YES },
    { "start too short",             { LINKAGE_PREFIX, 0, 0, 6 },         { 1 },             { 3 },             LINKAGE_NO  },
    { "short form",                  { LINKAGE_BEGINS, 0, 0, 0 },         { 3 },             { 1 },             LINKAGE_YES },
    { "swapped",                     { LINKAGE_SWAPPED, 0, 1, 0 },        { 1, 1 },          { 4, 2 },          LINKAGE_YES },
    { "swapped, one half missing",   { LINKAGE_SWAPPED, 0, 1, 0 },        { 1, 1 },          { 0, 2 },          LINKAGE_OPEN},
    { "swapped, one half wrong",     { LINKAGE_SWAPPED, 0, 1, 0 },        { 1, 1 },          { 1, 2 },          LINKAGE_NO  },
    { "crossed one way",             { LINKAGE_CROSSED, 0, 1, 0 },        { 1, 0 },          { 0, 2 },          LINKAGE_YES },
    { "crossed neither way",         { LINKAGE_CROSSED, 0, 1, 0 },        { 1, 1 },          { 2, 1 },          LINKAGE_NO  },
    { "crossed, nothing to compare", { LINKAGE_CROSSED, 0, 1, 0 },        { 1, 0 },          { 4, 0 },          LINKAGE_OPEN},
    { "two days apart",              { LINKAGE_DAYS, 2, 0, 2 },           { 0, 0, 1 },       { 0, 0, 3 },       LINKAGE_YES },
    { "thirty days apart",           { LINKAGE_DAYS, 2, 0, 2 },           { 0, 0, 1 },       { 0, 0, 2 },       LINKAGE_NO  },
    { "no such day",                 { LINKAGE_DAYS, 2, 0, 999 },         { 0, 0, 1 },       { 0, 0, 5 },       LINKAGE_NO  },
    { "day and month swapped",       { LINKAGE_DAY_MONTH, 2, 0, 0 },      { 0, 0, 1 },       { 0, 0, 2 },       LINKAGE_YES },
    { "not swapped",                 { LINKAGE_DAY_MONTH, 2, 0, 0 },      { 0, 0, 1 },       { 0, 0, 3 },       LINKAGE_NO  },
    { "one month",                   { LINKAGE_SAME_MONTH, 2, 0, 0 },     { 0, 0, 1 },       { 0, 0, 3 },       LINKAGE_YES },
    { "one year",                    { LINKAGE_SAME_YEAR, 2, 0, 0 },      { 0, 0, 1 },       { 0, 0, 5 },       LINKAGE_YES },
    { "another year",                { LINKAGE_SAME_YEAR, 2, 0, 0 },      { 0, 0, 1 },       { 0, 0, 4 },       LINKAGE_NO  },
    { "one day in two years",        { LINKAGE_SAME_DAY, 2, 0, 0 },       { 0, 0, 1 },       { 0, 0, 4 },       LINKAGE_YES },
    { "three apart",                 { LINKAGE_WITHIN, 3, 0, 3 },         { 0, 0, 0, 1 },    { 0, 0, 0, 2 },    LINKAGE_YES },
    { "three apart, two allowed",    { LINKAGE_WITHIN, 3, 0, 2 },         { 0, 0, 0, 1 },    { 0, 0, 0, 2 },    LINKAGE_NO  },
    { "three in a hundred",          { LINKAGE_RATIO, 3, 0, 0.95 },       { 0, 0, 0, 1 },    { 0, 0, 0, 2 },    LINKAGE_YES },
    { "another sign",                { LINKAGE_RATIO, 3, 0, 0.95 },       { 0, 0, 0, 1 },    { 0, 0, 0, 3 },    LINKAGE_NO  },
    { "one item in common",          { LINKAGE_SHARED, 4, 0, 1 },         { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 2 }, LINKAGE_YES },
    { "not two items in common",     { LINKAGE_SHARED, 4, 0, 2 },         { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 2 }, LINKAGE_NO  },
    { "half of the smaller set",     { LINKAGE_OVERLAP, 4, 0, 0.5 },      { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 2 }, LINKAGE_YES },
    { "nothing is no overlap",       { LINKAGE_OVERLAP, 4, 0, 0 },        { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 3 }, LINKAGE_NO  },
};

static void test_each_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (linkage_test_run(columns, &rows[i].test, rows[i].a, rows[i].b) != rows[i].answer ||
            linkage_test_run(columns, &rows[i].test, rows[i].b, rows[i].a) != rows[i].answer)
            fail_msg("%s", rows[i].what);
    }
}

/* Names with three levels and a frequency, dates with a veto. */
static struct linkage_model model_of(void)
{
    struct linkage_model model = { .column_count = 5, .comparison_count = 2, .prior_bits = -10 };

    memcpy(model.columns, columns, sizeof columns);
    model.comparisons[0].level_count = 3;
    model.comparisons[0].levels[1]   = (struct linkage_level){
          .tests = { { LINKAGE_EXACT, 0, 0, 0 } }, .test_count = 1, .has_frequency = true, .frequency_weight = 1
    };
    model.comparisons[0].levels[2] = (struct linkage_level){ .tests = { { LINKAGE_EDITS, 0, 0, 1 } }, .test_count = 1 };
    model.comparisons[1].level_count = 2;
    model.comparisons[1].levels[1] =
        (struct linkage_level){ .tests = { { LINKAGE_SAME_YEAR, 2, 0, 0 } }, .test_count = 1 };
    model.comparisons[1].levels[2].is_veto = true;
    for (unsigned level = 1; level <= 3; level++) {
        model.bits[0][level] = 8 - 4.0 * level;
        model.u[0][level]    = 0.25;
        model.bits[1][level] = 3 - 2.0 * level;
        model.u[1][level]    = 0.5;
    }
    return model;
}

static void test_levels_and_bits(void **state)
{
    static const struct {
        const char *what;
        uint32_t    a[5], b[5];
        unsigned    name, born;
        double      bits;
        bool        is_vetoed;
    } pairs[] = {
        {"all equal: the name is one of seven", { 1, 0, 1 }, { 1, 0, 1 }, 1, 1, 4 + 0.807 + 1, false},
        { "a slip",                             { 1, 0, 1 }, { 2, 0, 1 }, 2, 1, 0 + 1,         false},
        { "another name",                       { 1, 0, 1 }, { 4, 0, 1 }, 3, 1, -4 + 1,        false},
        { "no name: nothing to compare",        { 0, 0, 1 }, { 4, 0, 1 }, 0, 1, 1,             false},
        { "nothing at all",                     { 0 },       { 0 },       0, 0, 0,             false},
        { "another year is a veto",             { 1, 0, 1 }, { 1, 0, 4 }, 1, 2, 4 + 0.807 - 1, true },
    };
    const struct linkage_model model = model_of();

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct linkage_pair there, back;

        linkage_compare(&model, pairs[i].a, pairs[i].b, &there);
        linkage_compare(&model, pairs[i].b, pairs[i].a, &back);
        if (pattern_level(there.pattern, 0) != pairs[i].name || pattern_level(there.pattern, 1) != pairs[i].born ||
            fabs(there.weight_bits - pairs[i].bits) > 0.001 || there.is_vetoed != pairs[i].is_vetoed)
            fail_msg("%s: %f", pairs[i].what, there.weight_bits);
        assert_true(there.pattern == back.pattern && there.weight_bits == back.weight_bits);
    }
    assert_true(fabs(linkage_probability(&model, 10) - 0.5) < 1e-12);
}

static void test_rare_values_weigh_more(void **state)
{
    static const struct linkage_value names[] = {
        VALUE("", 0), {"smith",   5, 500, 0},
          { "quirke", 6, 3,   0},
          { "typo",   4, 1,   0}
    };
    struct linkage_model model = model_of();
    struct linkage_pair  smith, quirke, typo;
    const uint32_t       records[][5] = { { 1 }, { 2 }, { 3 } };

    (void)state;
    model.columns[0].values  = names;
    model.columns[0].records = 1000;
    linkage_compare(&model, records[0], records[0], &smith);
    linkage_compare(&model, records[1], records[1], &quirke);
    linkage_compare(&model, records[2], records[2], &typo);
    assert_true(smith.weight_bits < quirke.weight_bits);
    /* Never rarer than one other holder. */
    assert_true(fabs(typo.weight_bits - (4 + log2(0.25 / 0.001))) < 1e-9);
    model.mates = 2;
    linkage_compare(&model, records[1], records[1], &quirke);
    assert_true(fabs(quirke.weight_bits - typo.weight_bits) < 1e-9);
}

static bool share_key(const struct linkage_rule *rule, const uint32_t *a, const uint32_t *b)
{
    uint64_t     keys_a[LINKAGE_KEYS_MAX], keys_b[LINKAGE_KEYS_MAX];
    const size_t count_a = linkage_keys(columns, rule, a, keys_a), count_b = linkage_keys(columns, rule, b, keys_b);

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b; j++) {
            if (keys_a[i] == keys_b[j])
                return true;
        }
    }
    return false;
}

static void test_keys(void **state)
{
    static const struct {
        const char         *what;
        struct linkage_rule rule;
        uint32_t            a[5], b[5];
        bool                meet;
    } cases[] = {
        {"equal values",                  { { { 0, LINKAGE_WHOLE, 0 } }, 1, false },                          { 1 },             { 1 },             true },
        { "a missing value never blocks", { { { 0, LINKAGE_WHOLE, 0 } }, 1, false },                          { 0 },             { 0 },             false},
        { "one part missing",             { { { 0, LINKAGE_WHOLE, 0 }, { 2, LINKAGE_WHOLE, 0 } }, 2, false }, { 1 },             { 1 },             false},
        { "the first three characters",   { { { 0, LINKAGE_FIRST, 3 } }, 1, false },                          { 1 },             { 3 },             true },
        { "the first Han character",      { { { 0, LINKAGE_FIRST, 1 } }, 1, false },                          { 5 },             { 6 },             true },
        { "the last Han character",       { { { 0, LINKAGE_LAST, 1 } }, 1, false },                           { 5 },             { 6 },             false},
        { "shorter than asked for",       { { { 0, LINKAGE_FIRST, 5 } }, 1, false },                          { 4 },             { 4 },             false},
        { "an item in common",            { { { 4, LINKAGE_EACH, 0 } }, 1, false },                           { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 2 }, true },
        { "no item in common",            { { { 4, LINKAGE_EACH, 0 } }, 1, false },                           { 0, 0, 0, 0, 1 }, { 0, 0, 0, 0, 3 }, false},
        { "places changed, order kept",
         { { { 0, LINKAGE_WHOLE, 0 }, { 1, LINKAGE_WHOLE, 0 } }, 2, false },
         { 1, 1 },
         { 4, 2 },
         false                                                                                                                                           },
        { "places changed, any order",
         { { { 0, LINKAGE_WHOLE, 0 }, { 1, LINKAGE_WHOLE, 0 } }, 2, true },
         { 1, 1 },
         { 4, 2 },
         true                                                                                                                                            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (share_key(&cases[i].rule, cases[i].a, cases[i].b) != cases[i].meet)
            fail_msg("%s", cases[i].what);
    }
}

static void test_clusters_hold_as_a_whole(void **state)
{
    enum { COUNT = 5 };
    static const float far = -INFINITY;
    /* 0-1-2 agree; 3 and 4 agree; one strong pair, 2-3, would join them all by closure. */
    static const float bits[COUNT * COUNT] = {
        0, 9, 8, -9, -9, /**/ 9, 0, 7, -9, -9, /**/ 8, 7, 0, 12, -9, /**/ -9, -9, 12, 0, 9, /**/ -9, -9, -9, 9, 0,
    };
    /* The third one has 7.5 bits with the pair; it needs 5 and as many again as the size asks for. */
    static const float                        trio[] = { 0, 9, 8, 9, 0, 7, 8, 7, 0 };
    static const struct linkage_cluster_rules plain = { 0, 0 }, fair = { 5, 4 }, strict = { 5, 5 };
    static char                               memory[4096];
    struct arena                              arena;
    uint32_t                                  labels[COUNT];
    float                                     forbidden[COUNT * COUNT];

    (void)state;
    arena_init(&arena, memory, sizeof memory);
    assert_true(linkage_cluster(bits, COUNT, &plain, &arena, labels));
    assert_true(labels[0] == labels[1] && labels[2] == labels[3] && labels[0] != labels[2]);
    arena_reset(&arena);
    assert_true(linkage_cluster(trio, 3, &fair, &arena, labels));
    assert_true(labels[0] == 0 && labels[1] == 0 && labels[2] == 0);
    arena_reset(&arena);
    assert_true(linkage_cluster(trio, 3, &strict, &arena, labels));
    assert_true(labels[0] == 0 && labels[1] == 0 && labels[2] == 2);
    memcpy(forbidden, bits, sizeof forbidden);
    forbidden[2 * COUNT + 3] = forbidden[3 * COUNT + 2] = far;
    arena_reset(&arena);
    assert_true(linkage_cluster(forbidden, COUNT, &plain, &arena, labels));
    assert_true(labels[0] == 0 && labels[1] == 0 && labels[2] == 0 && labels[3] == 3 && labels[4] == 3);
    for (size_t bytes = 0; bytes < 200; bytes += 8) {
        arena_init(&arena, memory, bytes);
        assert_false(linkage_cluster(bits, COUNT, &plain, &arena, labels));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_levels_and_bits),
        cmocka_unit_test(test_rare_values_weigh_more),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_clusters_hold_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
