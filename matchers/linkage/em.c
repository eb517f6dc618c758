/* EM over pattern counts; see em.h.
 * Deliberately sums in the order of the patterns: the same counts give the same bits on every run. */
#include "matchers/linkage/em.h"

#include <assert.h>
#include <math.h>

enum { ITERATIONS_MAX = 300 };
static const double tolerance = 1e-6; /* largest change of an m that counts as none */

void em_start(const struct em_shape *shape, struct em_probabilities *m)
{
    *m = (struct em_probabilities){ 0 };
    for (size_t c = 0; c < shape->comparison_count; c++) {
        double share = 0.8, sum = 0;

        for (unsigned level = 1; level <= shape->level_counts[c]; level++) {
            m->of[c][level] = share;
            sum += share;
            share *= 0.4;
        }
        for (unsigned level = 1; level <= shape->level_counts[c]; level++)
            m->of[c][level] /= sum;
    }
}

double em_bits(const struct em_probabilities *m, const struct em_probabilities *u, size_t comparison, unsigned level)
{
    return level == 0 ? 0 : log2(m->of[comparison][level] / u->of[comparison][level]);
}

static bool takes_part(const struct em_block *block, size_t comparison)
{
    return (block->blocked >> comparison & 1) == 0;
}

static void fill_bits(const struct em_shape *shape, const struct em_block *block, const struct em_probabilities *m,
                      const struct em_probabilities *u, struct em_probabilities *bits)
{
    *bits = (struct em_probabilities){ 0 };
    for (size_t c = 0; c < shape->comparison_count; c++) {
        for (unsigned level = 1; takes_part(block, c) && level <= shape->level_counts[c]; level++)
            bits->of[c][level] = em_bits(m, u, c, level);
    }
}

/* Expected matches by level under the present m. */
static void expect(const struct em_shape *shape, const struct em_block *block, const struct em_probabilities *bits,
                   double prior_bits, struct em_outcome *outcome)
{
    outcome->expected = (struct em_probabilities){ 0 };
    outcome->matches  = 0;
    for (size_t i = 0; i < block->pattern_count; i++) {
        const uint64_t pattern = block->patterns[i].pattern;
        double         sum     = prior_bits;

        for (size_t c = 0; c < shape->comparison_count; c++)
            sum += bits->of[c][pattern_level(pattern, c)];
        const double matches = (double)block->patterns[i].count / (1 + exp2(-sum));
        outcome->matches += matches;
        for (size_t c = 0; c < shape->comparison_count; c++) {
            if (takes_part(block, c))
                outcome->expected.of[c][pattern_level(pattern, c)] += matches;
        }
    }
}

/* The largest change of an m. Null is missing at random and counts for nothing. */
static double maximise(const struct em_shape *shape, const struct em_block *block, double smoothing,
                       struct em_outcome *outcome, struct em_probabilities *m)
{
    double change = 0;

    for (size_t c = 0; c < shape->comparison_count; c++) {
        double sum = 0;

        if (!takes_part(block, c))
            continue;
        outcome->expected.of[c][0] = 0;
        for (unsigned level = 1; level <= shape->level_counts[c]; level++)
            sum += outcome->expected.of[c][level] + smoothing;
        for (unsigned level = 1; level <= shape->level_counts[c]; level++) {
            const double next = (outcome->expected.of[c][level] + smoothing) / sum;

            change          = fmax(change, fabs(next - m->of[c][level]));
            m->of[c][level] = next;
        }
    }
    return change;
}

static double pairs_in(const struct em_block *block)
{
    uint64_t pairs = 0;

    for (size_t i = 0; i < block->pattern_count; i++)
        pairs += block->patterns[i].count;
    return (double)pairs;
}

void em_run(const struct em_shape *shape, const struct em_block *block, const struct em_probabilities *start,
            const struct em_probabilities *u, double matches_max, double smoothing, struct em_outcome *outcome)
{
    const double            pairs = pairs_in(block);
    const double            most  = fmin(matches_max, pairs * 0.999);
    double                  share = pairs > 0 ? most / pairs : 0;
    struct em_probabilities m     = *start;
    struct em_probabilities bits;

    assert(shape->comparison_count <= PATTERN_COMPARISONS_MAX && smoothing > 0);
    *outcome = (struct em_outcome){ .has_converged = !(share > 0) };
    while (!outcome->has_converged && outcome->iterations < ITERATIONS_MAX) {
        fill_bits(shape, block, &m, u, &bits);
        expect(shape, block, &bits, log2(share / (1 - share)), outcome);
        outcome->has_converged = maximise(shape, block, smoothing, outcome, &m) < tolerance;
        outcome->iterations++;
        share = fmax(fmin(outcome->matches, most) / pairs, 1e-12);
    }
}
