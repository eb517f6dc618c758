/* Training of the identity model; see learn.h.
 * The arithmetic is matchers/linkage's; here is what it means for persons. */
#include "daemon/cli/train/learn.h"

#include <math.h>
#include <stdlib.h>

/* Fewer than these say too little about a level. */
static const double enough_matches = 20, enough_strangers = 10;
/* A level never seen among n pairs is rarer than 3/n with 95 % confidence ("rule of three"). */
static const double rule_of_three = 3;
static const double smoothing     = 0.5; /* pairs added to each level */

/* Round robin: every comparison is left free by at least two of them. */
static const struct {
    enum key_kind kind;
    uint32_t      blocked;
} rounds[LEARN_BLOCKS] = {
    {KEY_NUMBER,          1U << PART_CIVIL                    },
    { KEY_PHONE,          1U << PART_PHONE                    },
    { KEY_HOUSEHOLD,      1U << PART_ADDRESS                  },
    { KEY_NAME_COMMUNITY, 1U << PART_NAME | 1U << PART_ADDRESS},
    { KEY_DAY_LAST,       1U << PART_CIVIL | 1U << PART_NAME  },
};

struct counting {
    struct pair_counts random, blocks[LEARN_BLOCKS];
};

static bool count_all(const struct pair_tools *tools, const struct learn_options *options, struct counting *counting)
{
    bool is_ok =
        pair_counts_open(&counting->random) && pairs_count_random(tools, options->random_pairs, &counting->random);

    for (size_t i = 0; is_ok && i < LEARN_BLOCKS; i++)
        is_ok =
            pair_counts_open(&counting->blocks[i]) && pairs_count_block(tools, rounds[i].kind, &counting->blocks[i]);
    return is_ok;
}

static void close_all(struct counting *counting)
{
    pair_counts_close(&counting->random);
    for (size_t i = 0; i < LEARN_BLOCKS; i++)
        pair_counts_close(&counting->blocks[i]);
}

static void run(struct counting *counting, const struct population *population, const struct learn_options *options,
                struct train_weights *weights, struct learn_figures *figures)
{
    const double       n = (double)population->count;
    struct em_block    blocks[LEARN_BLOCKS];
    struct train_input input = { .pairs         = n * (n - 1) / 2,
                                 .strict_recall = options->recall,
                                 .blocks        = blocks,
                                 .block_count   = LEARN_BLOCKS,
                                 .smoothing     = smoothing };

    input.shape.comparison_count = IDENTITY_PARTS;
    for (int part = 0; part < IDENTITY_PARTS; part++)
        input.shape.level_counts[part] = (uint8_t)(identity_level_count((enum identity_part)part) - 1);
    input.random = pattern_table_list(counting->random.table, &input.random_count);
    for (size_t i = 0; i < LEARN_BLOCKS; i++) {
        blocks[i].patterns  = pattern_table_list(counting->blocks[i].table, &blocks[i].pattern_count);
        blocks[i].blocked   = rounds[i].blocked;
        figures->kinds[i]   = rounds[i].kind;
        figures->blocked[i] = rounds[i].blocked;
        figures->pairs[i]   = counting->blocks[i].pairs;
        figures->strict[i]  = counting->blocks[i].strict;
        input.strict_pairs += (double)counting->blocks[i].strict;
    }
    figures->random_pairs = counting->random.pairs;
    for (size_t i = 0; i < input.random_count; i++) {
        for (size_t part = 0; part < IDENTITY_PARTS; part++)
            figures->drawn[part][pattern_level(input.random[i].pattern, part)] += (double)input.random[i].count;
    }
    train_run(&input, weights, &figures->report);
}

static double sum_of(const double *of_levels, size_t count)
{
    double sum = 0;

    for (size_t i = 1; i < count; i++)
        sum += of_levels[i];
    return sum;
}

static void take_m(const struct train_weights *weights, const struct learn_figures *figures, bool is_fresh, size_t part,
                   size_t number, struct identity_level *level)
{
    level->m_basis = is_fresh ? LEVEL_UNTRAINED : LEVEL_STATED;
    if (figures->expected[part][number] < enough_matches)
        return;
    level->m       = weights->m.of[part][number];
    level->m_basis = LEVEL_TRAINED;
}

/* Pairs at random hold true matches; what they alone would draw, give or take, says nothing of strangers. */
static void take_u(const struct train_weights *weights, struct learn_figures *figures, bool is_fresh, size_t part,
                   size_t number, struct identity_level *level)
{
    const double compared = sum_of(figures->drawn[part], identity_level_count((enum identity_part)part));
    const double drawn    = figures->drawn[part][number];
    const double matches  = compared * weights->lambda * weights->m.of[part][number];
    const double bound = (fmax(drawn - matches, 0) + rule_of_three + 2 * sqrt(drawn)) / fmax(compared, rule_of_three);

    figures->strangers[part][number] = fmax(drawn - matches, 0);
    if (drawn - matches >= enough_strangers + 2 * sqrt(drawn)) {
        level->u       = weights->u.of[part][number];
        level->u_basis = LEVEL_TRAINED;
        return;
    }
    level->u_basis = is_fresh ? LEVEL_UNTRAINED : LEVEL_STATED;
    if (level->m_basis == LEVEL_TRAINED) /* else m and u are stated together, as a weight */
        level->u = fmin(level->u, bound);
}

static void take_levels(const struct train_weights *weights, bool is_fresh, struct learn_figures *figures,
                        struct identity_model *model)
{
    for (size_t part = 0; part < IDENTITY_PARTS; part++) {
        for (size_t i = 1; i < identity_level_count((enum identity_part)part); i++) {
            for (size_t block = 0; block < LEARN_BLOCKS; block++)
                figures->expected[part][i] += figures->report.blocks[block].expected.of[part][i];
            take_m(weights, figures, is_fresh, part, i, &model->levels[part][i]);
            take_u(weights, figures, is_fresh, part, i, &model->levels[part][i]);
        }
    }
    model->lambda = weights->lambda;
    identity_model_finish(model);
    figures->lowered = identity_model_put_in_order(model);
}

/* ---- names ---- */

static int compare_hashes(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* The current name of each mention that has one. */
static size_t list_names(const struct population *population, uint64_t *hashes)
{
    size_t count = 0;

    for (size_t i = 0; i < population->count; i++) {
        const struct mention_features *features = &population->trainees[i].features;

        if (features->name_count > 0)
            hashes[count++] = common_name_hash(features->characters, features->name_length[0]);
    }
    qsort(hashes, count, sizeof *hashes, compare_hashes);
    return count;
}

static struct common_name *learn_names(const struct population *population, uint32_t held_by, size_t *count)
{
    uint64_t           *hashes   = calloc(population->count + 1, sizeof *hashes);
    struct common_name *names    = calloc(population->count / held_by + 1, sizeof *names);
    const size_t        mentions = hashes != NULL ? list_names(population, hashes) : 0;

    *count = 0;
    for (size_t from = 0, to; hashes != NULL && names != NULL && from < mentions; from = to) {
        to = from + 1;
        while (to < mentions && hashes[to] == hashes[from])
            to++;
        if (to - from >= held_by)
            names[(*count)++] = (struct common_name){ hashes[from], log2((double)mentions / (double)(to - from)) };
    }
    if (hashes == NULL) {
        free(names);
        names = NULL;
    }
    free(hashes);
    return names;
}

bool learn_model(const struct language_tables *language, const struct population *population,
                 const struct identity_model *base, const struct learn_options *options, struct identity_model *model,
                 struct common_name **names, struct learn_figures *figures)
{
    const struct pair_tools tools    = { language, base, population };
    struct counting         counting = { 0 };
    struct train_weights    weights;

    *figures = (struct learn_figures){ 0 };
    *model   = *base;
    *names   = learn_names(population, options->common_name, &model->common_name_count);
    if (*names == NULL)
        return false;
    model->common_names = *names;

    const bool is_ok = count_all(&tools, options, &counting);
    if (is_ok) {
        run(&counting, population, options, &weights, figures);
        take_levels(&weights, options->is_fresh, figures, model);
    }
    close_all(&counting);
    return is_ok;
}
