/* Pairs in bits; see link_predict.h.
 * Each thread writes its lines into its own text, which is given out in record order. */
#include "daemon/cli/link/link_predict.h"

#include "daemon/cli/link/link_text.h"
#include "daemon/cli/link/link_work.h"

#include <math.h>
#include <stdlib.h>

const double link_grades[LINK_GRADES] = { 0.5, 0.9, 0.99 };

enum { RECORDS_PER_CHUNK = 256, PROBABILITY_DECIMALS = 6, BITS_DECIMALS = 3 };

/* One thread's part. */
struct share {
    struct link_scan           scan;
    struct link_text           lines;
    struct link_edge          *edges;
    size_t                     edge_count, edge_capacity;
    struct link_predict_counts counts;
};

struct prediction {
    const struct link_config     *config;
    const struct linkage_model   *model;
    const struct link_records    *records;
    const struct link_candidates *candidates;
    FILE                         *pairs;
    struct link_edges            *edges;
    const struct link_truth      *truth;
    double                        report_bits, join_bits; /* weights, prior not included */
    struct share                  shares[LINK_THREADS_MAX];
};

static double bits_of(const struct linkage_model *model, double probability)
{
    return probability <= 0 ? (double)-INFINITY : log2(probability / (1 - probability)) - model->prior_bits;
}

static void report(struct prediction *prediction, struct share *share, uint32_t a, uint32_t b,
                   const struct linkage_pair *pair)
{
    const double probability = pair->is_vetoed ? 0 : linkage_probability(prediction->model, pair->weight_bits);

    share->counts.reported++;
    link_text_put_record(&share->lines, prediction->records, a);
    link_text_put_record(&share->lines, prediction->records, b);
    link_text_put_number(&share->lines, probability, PROBABILITY_DECIMALS);
    link_text_put_character(&share->lines, ',');
    link_text_put_number(&share->lines, pair->weight_bits, BITS_DECIMALS);
    for (size_t c = 0; c < prediction->model->comparison_count; c++) {
        link_text_put_character(&share->lines, ',');
        link_text_put_number(&share->lines, pair->bits[c], BITS_DECIMALS);
    }
    link_text_put_character(&share->lines, '\n');
}

static bool keep_edge(struct share *share, struct link_edge edge)
{
    if (share->edge_count == share->edge_capacity) {
        const size_t      capacity = share->edge_capacity != 0 ? share->edge_capacity * 2 : 1024;
        struct link_edge *edges    = realloc(share->edges, capacity * sizeof *edges);

        if (edges == NULL)
            return false;
        share->edges         = edges;
        share->edge_capacity = capacity;
    }
    share->edges[share->edge_count++] = edge;
    return true;
}

static void judge(const struct prediction *prediction, struct share *share, uint32_t a, uint32_t b,
                  const struct linkage_pair *pair)
{
    const enum link_truth_answer answer      = link_truth_of(prediction->truth, prediction->records, a, b);
    const double                 probability = linkage_probability(prediction->model, pair->weight_bits);

    share->counts.true_compared += answer == LINK_TRUTH_SAME;
    for (size_t i = 0; i < LINK_GRADES && !pair->is_vetoed; i++) {
        share->counts.figures[i].found_true += answer == LINK_TRUTH_SAME && probability >= link_grades[i];
        share->counts.figures[i].found_false += answer == LINK_TRUTH_DIFFERENT && probability >= link_grades[i];
    }
}

static bool compare_pair(struct prediction *prediction, struct share *share, uint32_t a, uint32_t b)
{
    struct linkage_pair pair;

    share->counts.compared++;
    linkage_compare(prediction->model, link_records_at(prediction->records, a), link_records_at(prediction->records, b),
                    &pair);
    if (prediction->truth != NULL)
        judge(prediction, share, a, b, &pair);
    if (pair.weight_bits >= prediction->report_bits && (!pair.is_vetoed || prediction->config->report_probability <= 0))
        report(prediction, share, a, b, &pair);
    if (pair.is_vetoed || pair.weight_bits < prediction->join_bits)
        return true;
    return keep_edge(share, (struct link_edge){ a, b, (float)(pair.weight_bits + prediction->model->prior_bits) });
}

static bool run_chunk(void *context, unsigned thread, size_t first, size_t last)
{
    struct prediction *prediction = context;
    struct share      *share      = &prediction->shares[thread];

    share->lines.length = 0;
    share->edge_count   = 0;
    if (share->scan.stamps == NULL && !link_scan_init(&share->scan, prediction->candidates))
        return false;
    for (size_t record = first; record < last; record++) {
        if (!link_candidates_find(prediction->candidates, (uint32_t)record, UINT32_MAX, &share->scan))
            return false;
        for (size_t i = 0; i < share->scan.count; i++) {
            if (!compare_pair(prediction, share, (uint32_t)record, share->scan.found[i]))
                return false;
        }
    }
    return true;
}

static bool emit_chunk(void *context, unsigned thread, size_t first, size_t last)
{
    struct prediction *prediction = context;
    struct share      *share      = &prediction->shares[thread];

    (void)first;
    (void)last;
    if (!link_text_write(&share->lines, prediction->pairs))
        return false;
    for (size_t i = 0; i < share->edge_count; i++) {
        if (!link_edges_add(prediction->edges, share->edges[i]))
            return false;
    }
    return true;
}

static void write_headings(const struct link_config *config, FILE *pairs)
{
    fputs("record_a,record_b,probability,weight_bits", pairs);
    for (unsigned i = 0; i < config->comparisons_count; i++)
        fprintf(pairs, ",%s", config->comparisons[i].name);
    fputc('\n', pairs);
}

static void free_shares(struct prediction *prediction, struct link_predict_counts *counts)
{
    for (unsigned i = 0; i < LINK_THREADS_MAX; i++) {
        struct share *share = &prediction->shares[i];

        counts->compared += share->counts.compared;
        counts->reported += share->counts.reported;
        counts->true_compared += share->counts.true_compared;
        for (size_t grade = 0; grade < LINK_GRADES; grade++) {
            counts->figures[grade].found_true += share->counts.figures[grade].found_true;
            counts->figures[grade].found_false += share->counts.figures[grade].found_false;
        }
        link_scan_clear(&share->scan);
        link_text_clear(&share->lines);
        free(share->edges);
    }
    free(prediction);
}

bool link_predict(const struct link_config *config, const struct linkage_model *model,
                  const struct link_records *records, const struct link_candidates *candidates, unsigned threads,
                  FILE *pairs, struct link_edges *edges, const struct link_truth *truth, struct link_progress *progress,
                  struct link_predict_counts *counts)
{
    struct prediction *prediction = calloc(1, sizeof *prediction);

    *counts = (struct link_predict_counts){ 0 };
    for (size_t grade = 0; truth != NULL && grade < LINK_GRADES; grade++)
        counts->figures[grade].all_true = truth->pairs;
    if (prediction == NULL)
        return false;
    *prediction = (struct prediction){
        .config      = config,
        .model       = model,
        .records     = records,
        .candidates  = candidates,
        .pairs       = pairs,
        .edges       = edges,
        .truth       = truth,
        .report_bits = bits_of(model, config->report_probability),
        .join_bits   = bits_of(model, config->clusters->join_probability),
    };
    const struct link_work work = { .items       = records->count,
                                    .chunk_items = RECORDS_PER_CHUNK,
                                    .run         = run_chunk,
                                    .emit        = emit_chunk,
                                    .context     = prediction,
                                    .progress    = progress };
    link_progress_begin(progress, "comparing");
    write_headings(config, pairs);
    const bool is_done = link_work_run(&work, threads) && ferror(pairs) == 0;
    free_shares(prediction, counts);
    return is_done;
}

float link_match_bits(const struct link_config *config, const struct linkage_model *model,
                      const struct link_records *records, uint32_t a, uint32_t b)
{
    const bool          same_source = records->sources[a] == records->sources[b];
    struct linkage_pair pair;

    if (same_source && (config->clusters->one_per_source || config->between_sources))
        return -INFINITY;
    linkage_compare(model, link_records_at(records, a), link_records_at(records, b), &pair);
    return pair.is_vetoed ? -INFINITY : (float)(pair.weight_bits + model->prior_bits);
}
