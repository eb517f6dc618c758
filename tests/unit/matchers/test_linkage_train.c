/* Training on counts made from known weights: EM finds them again, in any order of counting.
 * Deliberately without records: counting pairs is the caller's matter. */
#include "matchers/linkage/train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COMPARISONS = 4, LEVELS = 3, MEMORY_BYTES = 1 << 20, RECORDS = 20000, MATCHES = 10000 };

static const double true_m[COMPARISONS][LEVELS] = {
    {0.90,  0.06, 0.04},
    { 0.80, 0.15, 0.05},
    { 0.70, 0.20, 0.10},
    { 0.95, 0.02, 0.03}
};
static const double true_u[COMPARISONS][LEVELS] = {
    {0.002,  0.01, 0.988},
    { 0.010, 0.02, 0.970},
    { 0.001, 0.05, 0.949},
    { 0.100, 0.10, 0.800}
};

static const struct em_shape shape = {
    COMPARISONS, {LEVELS, LEVELS, LEVELS, LEVELS}
};

static double chance(const double p[COMPARISONS][LEVELS], uint64_t pattern, uint32_t given)
{
    double product = 1;

    for (size_t c = 0; c < COMPARISONS; c++)
        product *= (given >> c & 1) != 0 ? 1 : p[c][pattern_level(pattern, c) - 1];
    return product;
}

/* Expected counts of `matches` and `others` pairs whose `given` comparisons stand on level 1. */
static void add_pairs(struct pattern_table *table, double matches, double others, uint32_t given, bool is_backward)
{
    const unsigned all = LEVELS * LEVELS * LEVELS * LEVELS;

    for (unsigned i = 0; i < all; i++) {
        unsigned left    = is_backward ? all - 1 - i : i;
        uint64_t pattern = 0;
        bool     is_in   = true;

        for (size_t c = 0; c < COMPARISONS; c++, left /= LEVELS) {
            is_in   = is_in && ((given >> c & 1) == 0 || left % LEVELS == 0);
            pattern = pattern_with(pattern, c, left % LEVELS + 1);
        }
        const double count = matches * chance(true_m, pattern, given) + others * chance(true_u, pattern, given);
        if (is_in)
            assert_true(pattern_table_add(table, pattern, (uint64_t)llround(count)));
    }
}

struct data {
    struct arena       arena;
    struct train_input input;
    struct em_block    blocks[2];
};

static struct data data_of(void *memory, bool is_backward)
{
    const double pairs = (double)RECORDS * (RECORDS - 1) / 2;
    struct data  data  = { 0 };

    arena_init(&data.arena, memory, MEMORY_BYTES);
    for (uint32_t i = 0; i < 2; i++) {
        struct pattern_table *table = pattern_table_create(&data.arena, 100);

        add_pairs(table, MATCHES * true_m[i][0], pairs * true_u[i][0], 1U << i, is_backward);
        data.blocks[i].patterns = pattern_table_list(table, &data.blocks[i].pattern_count);
        data.blocks[i].blocked  = 1U << i;
    }
    struct pattern_table *random = pattern_table_create(&data.arena, 100);
    add_pairs(random, MATCHES, pairs, 0, is_backward);
    data.input        = (struct train_input){ .shape         = shape,
                                              .pairs         = pairs,
                                              .strict_pairs  = MATCHES * 0.8,
                                              .strict_recall = 0.8,
                                              .block_count   = 2,
                                              .smoothing     = 0.5 };
    data.input.random = pattern_table_list(random, &data.input.random_count);
    return data;
}

static void test_weights_are_found(void **state)
{
    void                *memory = malloc(MEMORY_BYTES);
    struct data          data   = data_of(memory, false);
    struct train_weights weights;
    struct train_report  report;

    (void)state;
    data.input.blocks = data.blocks;
    train_run(&data.input, &weights, &report);
    for (size_t c = 0; c < COMPARISONS; c++) {
        assert_int_equal(weights.m_trained[c], 0xe);
        assert_int_equal(weights.u_trained[c], 0xe);
        for (unsigned level = 1; level <= LEVELS; level++) {
            assert_true(fabs(weights.m.of[c][level] - true_m[c][level - 1]) < 0.01);
            assert_true(fabs(weights.u.of[c][level] - true_u[c][level - 1]) < 0.0005);
        }
    }
    assert_true(report.blocks[0].has_converged && report.blocks[1].has_converged);
    assert_true(fabs(train_prior_bits(&weights) - log2(MATCHES / data.input.pairs)) < 0.01);
    free(memory);
}

static void test_order_of_counting_does_not_matter(void **state)
{
    void                *memory_a = malloc(MEMORY_BYTES), *memory_b = malloc(MEMORY_BYTES);
    struct data          a = data_of(memory_a, false), b = data_of(memory_b, true);
    struct train_weights weights_a, weights_b;
    struct train_report  report_a, report_b;

    (void)state;
    memset(&weights_a, 0, sizeof weights_a);
    memset(&weights_b, 0, sizeof weights_b);
    a.input.blocks = a.blocks;
    b.input.blocks = b.blocks;
    train_run(&a.input, &weights_a, &report_a);
    train_run(&b.input, &weights_b, &report_b);
    assert_memory_equal(&weights_a.m, &weights_b.m, sizeof weights_a.m);
    assert_memory_equal(&weights_a.u, &weights_b.u, sizeof weights_a.u);
    free(memory_a);
    free(memory_b);
}

static void test_what_was_not_seen_is_not_trained(void **state)
{
    void                *memory = malloc(MEMORY_BYTES);
    struct data          data   = data_of(memory, false);
    struct train_weights weights;
    struct train_report  report;

    (void)state;
    data.input.blocks      = data.blocks;
    data.input.block_count = 1; /* nothing leaves comparison 0 free */
    train_run(&data.input, &weights, &report);
    assert_int_equal(weights.m_trained[0], 0);
    assert_int_equal(weights.m_trained[1], 0xe);
    data.input.random_count = 0;
    train_run(&data.input, &weights, &report);
    assert_int_equal(weights.u_trained[1], 0);
    for (unsigned level = 1; level <= LEVELS; level++)
        assert_true(isfinite(em_bits(&weights.m, &weights.u, 0, level)));
    free(memory);
}

static void test_weights_fall_where_asked(void **state)
{
    /* Level 2 is seen among matches only, level 1 among strangers only: a mistake of a small sample. */
    static const struct pattern_count drawn[] = {
        {1,  10},
        { 3, 90}
    };
    static const struct pattern_count seen[] = {
        {2,  40},
        { 3, 10}
    };
    const struct em_block block = { seen, 2, 0 };
    struct train_input    input = {
           .shape         = {1, { LEVELS }},
           .pairs         = 1000,
           .strict_pairs  = 50,
           .strict_recall = 1,
           .random        = drawn,
           .random_count  = 2,
           .blocks        = &block,
           .block_count   = 1,
           .smoothing     = 0.5
    };
    struct train_weights weights;
    struct train_report  report;

    (void)state;
    train_run(&input, &weights, &report);
    assert_true(em_bits(&weights.m, &weights.u, 0, 1) < em_bits(&weights.m, &weights.u, 0, 2));
    input.ordered = 1;
    train_run(&input, &weights, &report);
    assert_true(em_bits(&weights.m, &weights.u, 0, 1) >= em_bits(&weights.m, &weights.u, 0, 2) - 1e-9);
    assert_true(em_bits(&weights.m, &weights.u, 0, 2) >= em_bits(&weights.m, &weights.u, 0, 3));
}

static void test_no_pair_is_drawn_twice(void **state)
{
    (void)state;
    for (size_t count = 2; count <= 9; count++) {
        bool drawn[9][9] = { 0 };

        for (size_t k = 0; k < train_rounds(count); k++) {
            for (size_t rank = 0; rank < count; rank++) {
                const size_t other = train_partner(count, rank, k);
                const size_t low   = rank < other ? rank : other;
                const size_t high  = rank < other ? other : rank;

                assert_true(other < count && other != rank);
                assert_true(!drawn[low][high] || count == 2);
                drawn[low][high] = true;
            }
        }
    }
}

static void test_full_table_refuses(void **state)
{
    static char           memory[4096];
    struct arena          arena;
    struct pattern_table *table;
    size_t                count;

    (void)state;
    for (size_t bytes = 0; bytes < 280; bytes += 10) {
        arena_init(&arena, memory, bytes);
        assert_null(pattern_table_create(&arena, 8));
    }
    arena_init(&arena, memory, sizeof memory);
    table = pattern_table_create(&arena, 2);
    assert_true(pattern_table_add(table, 7, 1) && pattern_table_add(table, 3, 2) && pattern_table_add(table, 7, 1));
    assert_false(pattern_table_add(table, 9, 1));
    const struct pattern_count *list = pattern_table_list(table, &count);
    assert_true(count == 2 && list[0].pattern == 3 && list[1].pattern == 7 && list[1].count == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_are_found),
        cmocka_unit_test(test_order_of_counting_does_not_matter),
        cmocka_unit_test(test_what_was_not_seen_is_not_trained),
        cmocka_unit_test(test_weights_fall_where_asked),
        cmocka_unit_test(test_no_pair_is_drawn_twice),
        cmocka_unit_test(test_full_table_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
