/* Levels and bits of a pair; see linkage.h.
 * Deliberately without thresholds: what a probability means is the caller's matter. */
#include "matchers/linkage/linkage.h"

#include "matchers/linkage/test.h"

#include <math.h>

static enum linkage_answer level_applies(const struct linkage_model *model, const struct linkage_level *level,
                                         const uint32_t *a, const uint32_t *b)
{
    enum linkage_answer answer = LINKAGE_YES;

    for (size_t i = 0; i < level->test_count; i++) {
        const enum linkage_answer one = linkage_test_run(model->columns, &level->tests[i], a, b);

        if (one == LINKAGE_NO)
            return LINKAGE_NO;
        if (one == LINKAGE_OPEN)
            answer = LINKAGE_OPEN;
    }
    return answer;
}

static unsigned level_of(const struct linkage_model *model, const struct linkage_comparison *comparison,
                         const uint32_t *a, const uint32_t *b)
{
    bool is_open = false;

    for (unsigned level = 1; level < comparison->level_count; level++) {
        const enum linkage_answer answer = level_applies(model, &comparison->levels[level], a, b);

        if (answer == LINKAGE_YES)
            return level;
        is_open = is_open || answer == LINKAGE_OPEN;
    }
    return is_open ? 0 : comparison->level_count;
}

uint64_t linkage_pattern(const struct linkage_model *model, const uint32_t *a, const uint32_t *b)
{
    uint64_t pattern = 0;

    for (size_t c = 0; c < model->comparison_count; c++)
        pattern = pattern_with(pattern, c, level_of(model, &model->comparisons[c], a, b));
    return pattern;
}

/* Share of strangers that hold the value: those who hold it, less the record itself and the mates it is expected to
 * have; never rarer than one record, or equal typing errors would prove anything. */
static double frequency_of(const struct linkage_model *model, const struct linkage_column *column, uint32_t value)
{
    const double strangers = (double)column->values[value].records - 1 - model->mates;

    return fmax(strangers, 1) / (double)column->records;
}

/* What the rarity of the values adds to a level; on a fuzzy level the commoner of the two counts (MATCHING.md 5c). */
static double frequency_bits(const struct linkage_model *model, const struct linkage_level *level, double u,
                             const uint32_t *a, const uint32_t *b)
{
    const unsigned               index  = level->frequency_column;
    const struct linkage_column *column = &model->columns[index];

    if (!level->has_frequency || a[index] == 0 || b[index] == 0)
        return 0;
    const double frequency = fmax(frequency_of(model, column, a[index]), frequency_of(model, column, b[index]));
    return level->frequency_weight * log2(u / frequency);
}

void linkage_compare(const struct linkage_model *model, const uint32_t *a, const uint32_t *b, struct linkage_pair *pair)
{
    pair->pattern     = linkage_pattern(model, a, b);
    pair->weight_bits = 0;
    pair->is_vetoed   = false;
    for (size_t c = 0; c < model->comparison_count; c++) {
        const unsigned              level = pattern_level(pair->pattern, c);
        const struct linkage_level *rule  = &model->comparisons[c].levels[level];

        pair->bits[c] = level == 0 ? 0 : model->bits[c][level] + frequency_bits(model, rule, model->u[c][level], a, b);
        pair->weight_bits += pair->bits[c];
        pair->is_vetoed = pair->is_vetoed || (level > 0 && rule->is_veto);
    }
}

double linkage_probability(const struct linkage_model *model, double weight_bits)
{
    return 1 / (1 + exp2(-(model->prior_bits + weight_bits)));
}
