/* Counts for training; see link_train.h.
 * Which pairs are counted follows from hashes of their ids: the order of the files changes nothing. */
#include "daemon/cli/link/link_train.h"

#include "daemon/cli/link/link_patterns.h"
#include "daemon/cli/link/link_work.h"

#include <stdlib.h>

enum { RANDOM_PAIRS = 2000000, RULE_PAIRS = 2000000, RECORDS_PER_CHUNK = 512 };
static const double smoothing = 0.5;

/* One counting pass over all records. */
struct pass {
    const struct linkage_model   *model;
    const struct link_records    *records;
    const struct link_candidates *candidates;
    uint32_t                      rule_mask;
    uint64_t                      one_in; /* of the pairs is counted */
    const uint32_t               *order;  /* of random pairs: records by hash */
    size_t                        rounds;
    bool                          between_sources;
    struct link_scan              scans[LINK_THREADS_MAX];
    struct link_patterns          patterns[LINK_THREADS_MAX];
    uint64_t                      pairs[LINK_THREADS_MAX];
};

static bool count_pair(struct pass *pass, unsigned thread, uint32_t a, uint32_t b)
{
    pass->pairs[thread]++;
    return pass->model == NULL ||
           link_patterns_add(
               &pass->patterns[thread],
               linkage_pattern(pass->model, link_records_at(pass->records, a), link_records_at(pass->records, b)), 1);
}

static bool is_drawn(const struct pass *pass, uint32_t a, uint32_t b)
{
    return pass->one_in <= 1 || ((pass->records->hashes[a] ^ pass->records->hashes[b]) >> 8) % pass->one_in == 0;
}

static bool count_candidates(void *context, unsigned thread, size_t first, size_t last)
{
    struct pass      *pass = context;
    struct link_scan *scan = &pass->scans[thread];

    if (scan->stamps == NULL && !link_scan_init(scan, pass->candidates))
        return false;
    for (size_t record = first; record < last; record++) {
        if (!link_candidates_find(pass->candidates, (uint32_t)record, pass->rule_mask, scan))
            return false;
        for (size_t i = 0; i < scan->count; i++) {
            if (is_drawn(pass, (uint32_t)record, scan->found[i]) &&
                !count_pair(pass, thread, (uint32_t)record, scan->found[i]))
                return false;
        }
    }
    return true;
}

static bool count_random(void *context, unsigned thread, size_t first, size_t last)
{
    struct pass *pass  = context;
    const size_t count = pass->records->count;

    for (size_t rank = first; rank < last; rank++) {
        for (size_t round = 0; round < pass->rounds; round++) {
            const uint32_t a = pass->order[rank], b = pass->order[train_partner(count, rank, round)];

            if (pass->between_sources && pass->records->sources[a] == pass->records->sources[b])
                continue;
            if (!count_pair(pass, thread, a, b))
                return false;
        }
    }
    return true;
}

/* Runs the pass on all cores; what was counted lies in patterns[0] and pairs[0] then. */
static bool run_pass(struct pass *pass, bool (*run)(void *, unsigned, size_t, size_t), unsigned threads,
                     struct link_progress *progress)
{
    const struct link_work work  = { .items       = pass->records->count,
                                     .chunk_items = RECORDS_PER_CHUNK,
                                     .run         = run,
                                     .context     = pass,
                                     .progress    = progress };
    bool                   is_ok = link_work_run(&work, threads);

    for (unsigned i = 0; i < LINK_THREADS_MAX; i++) {
        link_scan_clear(&pass->scans[i]);
        if (i == 0)
            continue;
        is_ok = link_patterns_join(&pass->patterns[0], &pass->patterns[i]) && is_ok;
        pass->pairs[0] += pass->pairs[i];
    }
    return is_ok;
}

struct by_hash {
    uint64_t hash;
    uint32_t record;
};

static int compare_hashes(const void *a, const void *b)
{
    const struct by_hash *first = a, *second = b;

    return (first->hash > second->hash) - (first->hash < second->hash);
}

static uint32_t *order_by_hash(const struct link_records *records)
{
    struct by_hash *sorted = malloc((records->count + 1) * sizeof *sorted);
    uint32_t       *order  = malloc((records->count + 1) * sizeof *order);

    for (size_t i = 0; sorted != NULL && order != NULL && i < records->count; i++)
        sorted[i] = (struct by_hash){ records->hashes[i], (uint32_t)i };
    if (sorted != NULL && order != NULL) {
        qsort(sorted, records->count, sizeof *sorted, compare_hashes);
        for (size_t i = 0; i < records->count; i++)
            order[i] = sorted[i].record;
    }
    free(sorted);
    return order;
}

static double all_pairs(const struct link_records *records, bool between_sources)
{
    const double count = (double)records->count;
    double       pairs = count * (count - 1) / 2;

    for (size_t i = 1; between_sources && i < records->source_names.count; i++) {
        const double held = records->source_names.values[i].records;
        pairs -= held * (held - 1) / 2;
    }
    return pairs;
}

/* Comparisons that look at a column the rule looks at: among its pairs they prove nothing. */
static uint32_t blocked_by(const struct linkage_model *model, const struct linkage_rule *rule)
{
    uint32_t columns = 0, blocked = 0;

    for (size_t i = 0; i < rule->part_count; i++)
        columns |= UINT32_C(1) << rule->parts[i].column;
    for (size_t c = 0; c < model->comparison_count; c++) {
        const struct linkage_comparison *comparison = &model->comparisons[c];

        for (unsigned level = 1; level <= comparison->level_count; level++) {
            for (size_t i = 0; i < comparison->levels[level].test_count; i++) {
                const struct linkage_test *test      = &comparison->levels[level].tests[i];
                const bool                 has_other = test->kind == LINKAGE_SWAPPED || test->kind == LINKAGE_CROSSED;

                if ((columns >> test->column & 1) != 0 || (has_other && (columns >> test->other_column & 1) != 0))
                    blocked |= UINT32_C(1) << c;
            }
        }
    }
    return blocked;
}

/* ---- the passes ---- */

static bool count_strict(const struct link_config *config, const struct link_records *records, unsigned threads,
                         struct link_progress *progress, struct link_trained *trained)
{
    const struct link_training *training = config->training;
    struct link_candidates     *strict =
        link_candidates_create(records, config->model->columns, config->strict_rules, training->strict,
                               training->strict_count, config->between_sources, threads);
    struct pass *pass  = calloc(1, sizeof *pass);
    bool         is_ok = strict != NULL && pass != NULL;

    if (is_ok) {
        *pass                 = (struct pass){ .records = records, .candidates = strict, .rule_mask = UINT32_MAX };
        is_ok                 = run_pass(pass, count_candidates, threads, progress);
        trained->strict_pairs = pass->pairs[0];
    }
    link_candidates_free(strict);
    free(pass);
    return is_ok;
}

static bool draw_random(const struct link_config *config, const struct link_records *records, struct pass *pass,
                        unsigned threads, struct link_progress *progress, struct link_trained *trained)
{
    const size_t wanted = config->training->random_pairs > 0 ? config->training->random_pairs : RANDOM_PAIRS;
    const size_t most   = train_rounds(records->count);
    const size_t rounds = records->count > 0 ? wanted / records->count + 1 : 0;
    uint32_t    *order  = order_by_hash(records);

    *pass                 = (struct pass){ .model           = config->model,
                                           .records         = records,
                                           .order           = order,
                                           .rounds          = rounds < most ? rounds : most,
                                           .between_sources = config->between_sources };
    bool is_ok            = order != NULL && run_pass(pass, count_random, threads, progress);
    trained->random_pairs = pass->pairs[0];
    free(order);
    return is_ok;
}

static bool count_rule(const struct link_config *config, const struct link_records *records,
                       const struct link_candidates *candidates, size_t rule, struct pass *pass, unsigned threads,
                       struct link_progress *progress)
{
    const uint64_t wanted = config->training->rule_pairs > 0 ? config->training->rule_pairs : RULE_PAIRS;

    *pass = (struct pass){ .model      = config->model,
                           .records    = records,
                           .candidates = candidates,
                           .rule_mask  = UINT32_C(1) << rule,
                           .one_in     = link_candidates_counts(candidates, rule)->pairs / wanted + 1 };
    return run_pass(pass, count_candidates, threads, progress);
}

static void set_shape(const struct linkage_model *model, const struct link_config *config, struct train_input *input)
{
    input->shape.comparison_count = model->comparison_count;
    for (size_t c = 0; c < model->comparison_count; c++) {
        input->shape.level_counts[c] = model->comparisons[c].level_count;
        input->ordered |= config->comparisons[c].is_unordered ? 0 : UINT32_C(1) << c;
    }
}

/* All counts, then the weights. passes[0] is of the random pairs, the others of the training rules. */
static bool train(const struct link_config *config, const struct link_records *records,
                  const struct link_candidates *candidates, struct pass *passes, unsigned threads,
                  struct link_progress *progress, struct link_trained *trained)
{
    struct em_block    blocks[TRAIN_BLOCKS_MAX];
    struct train_input input = { .pairs         = all_pairs(records, config->between_sources),
                                 .strict_recall = config->training->recall,
                                 .blocks        = blocks,
                                 .smoothing     = smoothing };

    if (!count_strict(config, records, threads, progress, trained) ||
        !draw_random(config, records, &passes[0], threads, progress, trained))
        return false;
    for (size_t rule = 0; rule < config->blocking_count && input.block_count < TRAIN_BLOCKS_MAX; rule++) {
        struct pass     *pass  = &passes[1 + input.block_count];
        struct em_block *block = &blocks[input.block_count];

        if ((config->training_rules >> rule & 1) == 0)
            continue;
        if (!count_rule(config, records, candidates, rule, pass, threads, progress))
            return false;
        trained->rule_pairs[input.block_count++] = pass->pairs[0];
        block->blocked                           = blocked_by(config->model, &config->rules[rule]);
        block->patterns                          = link_patterns_list(&pass->patterns[0], &block->pattern_count);
    }
    set_shape(config->model, config, &input);
    input.strict_pairs = (double)trained->strict_pairs;
    input.random       = link_patterns_list(&passes[0].patterns[0], &input.random_count);
    trained->pairs     = input.pairs;
    train_run(&input, &trained->weights, &trained->report);
    return true;
}

bool link_train(const struct link_config *config, const struct link_records *records,
                const struct link_candidates *candidates, unsigned threads, struct link_progress *progress,
                struct link_trained *trained)
{
    struct pass *passes = calloc(1 + TRAIN_BLOCKS_MAX, sizeof *passes);
    bool         is_ok  = passes != NULL;

    *trained = (struct link_trained){ 0 };
    link_progress_begin(progress, "training");
    is_ok = is_ok && train(config, records, candidates, passes, threads, progress, trained);
    for (size_t i = 0; passes != NULL && i < 1 + TRAIN_BLOCKS_MAX; i++)
        link_patterns_clear(&passes[i].patterns[0]);
    free(passes);
    return is_ok;
}

void link_trained_apply(const struct link_trained *trained, const struct link_records *records,
                        struct linkage_model *model)
{
    const struct train_weights *weights = &trained->weights;

    model->prior_bits = train_prior_bits(weights);
    model->mates      = records->count > 0 ? 2 * weights->lambda * trained->pairs / (double)records->count : 0;
    for (size_t c = 0; c < model->comparison_count; c++) {
        for (unsigned level = 1; level <= model->comparisons[c].level_count; level++) {
            model->bits[c][level] = em_bits(&weights->m, &weights->u, c, level);
            model->u[c][level]    = weights->u.of[c][level];
        }
    }
}
