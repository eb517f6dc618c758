/* Training; see train.h.
 * Deliberately without randomness: pairs are drawn by fixed strides through an order by hash. */
#include "matchers/linkage/train.h"

#include <assert.h>
#include <math.h>

enum { ROUNDS = 8 };

/* No level is rarer than this among strangers, however seldom it was drawn. */
static const double u_floor = 1e-9;

double train_prior_bits(const struct train_weights *weights)
{
    return log2(weights->lambda / (1 - weights->lambda));
}

static double lambda_of(const struct train_input *input)
{
    const double matches = (input->strict_pairs + 0.5) / input->strict_recall;

    return fmin(matches / fmax(input->pairs, 1), 0.5);
}

/* Random pairs by level, null left out. */
static void count_random(const struct train_input *input, struct em_probabilities *drawn)
{
    *drawn = (struct em_probabilities){ 0 };
    for (size_t i = 0; i < input->random_count; i++) {
        for (size_t c = 0; c < input->shape.comparison_count; c++)
            drawn->of[c][pattern_level(input->random[i].pattern, c)] += (double)input->random[i].count;
    }
}

/* u of one comparison: what was drawn less the true matches among it. */
static void strangers(const struct train_input *input, const struct em_probabilities *drawn, size_t comparison,
                      struct train_weights *weights)
{
    const unsigned levels = input->shape.level_counts[comparison];
    double         left[PATTERN_LEVELS_MAX];
    double         sum = 0, all = 0;

    for (unsigned level = 1; level <= levels; level++)
        all += drawn->of[comparison][level];
    weights->u_trained[comparison] = 0;
    for (unsigned level = 1; level <= levels; level++) {
        const double matches = all * weights->lambda * weights->m.of[comparison][level];

        left[level] = fmax(drawn->of[comparison][level] - matches, 0) + input->smoothing;
        sum += left[level];
        if (drawn->of[comparison][level] >= 1)
            weights->u_trained[comparison] |= (uint16_t)(1U << level);
    }
    for (unsigned level = 1; level <= levels; level++)
        weights->u.of[comparison][level] = fmax(left[level] / sum, u_floor);
}

/* m of one comparison: the matches all blocks that leave it free expect. */
static void gather(const struct train_input *input, const struct train_report *report, size_t comparison,
                   struct train_weights *weights)
{
    const unsigned levels                    = input->shape.level_counts[comparison];
    double         found[PATTERN_LEVELS_MAX] = { 0 };
    double         sum                       = 0;

    weights->m_trained[comparison] = 0;
    for (unsigned level = 1; level <= levels; level++) {
        for (size_t i = 0; i < input->block_count; i++)
            found[level] += report->blocks[i].expected.of[comparison][level];
        if (found[level] >= 1)
            weights->m_trained[comparison] |= (uint16_t)(1U << level);
        sum += found[level];
    }
    if (!(sum >= 1))
        return;
    for (unsigned level = 1; level <= levels; level++)
        weights->m.of[comparison][level] = (found[level] + input->smoothing) / (sum + levels * input->smoothing);
}

/*
 * Pools neighbouring levels whose weights are out of order (isotonic regression): they share the weight of their
 * union, so that more agreement never weighs less.
 */
static void put_in_order(const struct em_shape *shape, size_t comparison, struct train_weights *weights)
{
    double  *m = weights->m.of[comparison], *u = weights->u.of[comparison];
    double   pool_m[PATTERN_LEVELS_MAX], pool_u[PATTERN_LEVELS_MAX];
    unsigned first[PATTERN_LEVELS_MAX + 1];
    size_t   pools = 0;

    for (unsigned level = 1; level <= shape->level_counts[comparison]; level++) {
        pool_m[pools]  = m[level];
        pool_u[pools]  = u[level];
        first[pools++] = level;
        while (pools > 1 && pool_m[pools - 1] * pool_u[pools - 2] > pool_m[pools - 2] * pool_u[pools - 1]) {
            pools--;
            pool_m[pools - 1] += pool_m[pools];
            pool_u[pools - 1] += pool_u[pools];
        }
    }
    first[pools] = shape->level_counts[comparison] + 1U;
    for (size_t pool = 0; pool < pools; pool++) {
        for (unsigned level = first[pool]; level < first[pool + 1]; level++)
            m[level] = u[level] * (pool_m[pool] / pool_u[pool]);
    }
}

void train_run(const struct train_input *input, struct train_weights *weights, struct train_report *report)
{
    struct em_probabilities drawn;

    assert(input->strict_recall > 0 && input->block_count <= TRAIN_BLOCKS_MAX);
    *weights = (struct train_weights){ .lambda = lambda_of(input) };
    *report  = (struct train_report){ .rounds = ROUNDS };
    count_random(input, &drawn);
    em_start(&input->shape, &weights->m);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (size_t c = 0; c < input->shape.comparison_count; c++)
            strangers(input, &drawn, c, weights);
        for (size_t i = 0; i < input->block_count; i++)
            em_run(&input->shape, &input->blocks[i], &weights->m, &weights->u, weights->lambda * input->pairs,
                   input->smoothing, &report->blocks[i]);
        for (size_t c = 0; c < input->shape.comparison_count; c++)
            gather(input, report, c, weights);
    }
    for (size_t c = 0; c < input->shape.comparison_count; c++) {
        if ((input->ordered >> c & 1) != 0)
            put_in_order(&input->shape, c, weights);
    }
}

/* Half the strides reach every pair once. */
size_t train_rounds(size_t count)
{
    return count < 3 ? count / 2 : (count - 1) / 2;
}

size_t train_partner(size_t count, size_t rank, size_t k)
{
    return count < 2 ? rank : (rank + 1 + k % (count - 1)) % count;
}
