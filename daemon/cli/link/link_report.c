/* The report; see link_report.h.
 * Plain lines, one fact each. */
#include "daemon/cli/link/link_report.h"

#include <math.h>
#include <stdio.h>

static void print_worst(const struct link_rule *rule, const struct link_records *records,
                        const struct link_rule_counts *counts)
{
    for (size_t i = 0; i < LINK_WORST_KEYS && counts->worst[i].holders > 0; i++) {
        const struct span id = link_records_id(records, counts->worst[i].record);

        printf("  worst key of %s: %u holders, one is %.*s\n", rule->name, counts->worst[i].holders, (int)id.length,
               id.bytes);
    }
}

void link_report_blocking(const struct link_config *config, const struct link_records *records,
                          const struct link_candidates *candidates)
{
    for (unsigned i = 0; i < config->blocking_count; i++) {
        const struct link_rule_counts *counts = link_candidates_counts(candidates, i);

        printf("blocking %s: %llu keys, %llu pairs, %llu records without key, hot: %llu keys, %llu pairs left out\n",
               config->blocking[i].name, (unsigned long long)counts->keys, (unsigned long long)counts->pairs,
               (unsigned long long)counts->without_key, (unsigned long long)counts->hot_keys,
               (unsigned long long)counts->hot_pairs);
        if (counts->hot_keys > 0)
            print_worst(&config->blocking[i], records, counts);
    }
}

static void print_level(const struct link_comparison *comparison, const struct train_weights *weights, size_t index,
                        unsigned level)
{
    const bool has_m = weights->m_trained[index] >> level & 1, has_u = weights->u_trained[index] >> level & 1;

    printf("  %s, %s: %.2f bits (m %.5f, u %.7f)%s%s\n", comparison->name, comparison->levels[level - 1].name,
           em_bits(&weights->m, &weights->u, index, level), weights->m.of[index][level], weights->u.of[index][level],
           has_m ? "" : ", m untrained", has_u ? "" : ", u untrained");
}

void link_report_training(const struct link_config *config, const struct link_trained *trained)
{
    size_t blocks = 0;

    printf("training: %llu strict pairs, %llu random pairs, prior %.3f bits\n",
           (unsigned long long)trained->strict_pairs, (unsigned long long)trained->random_pairs,
           train_prior_bits(&trained->weights));
    for (unsigned rule = 0; rule < config->blocking_count && blocks < TRAIN_BLOCKS_MAX; rule++) {
        if ((config->training_rules >> rule & 1) == 0)
            continue;
        const struct em_outcome *outcome = &trained->report.blocks[blocks];
        printf("  %s: %llu pairs, %.0f matches expected, %u steps%s\n", config->blocking[rule].name,
               (unsigned long long)trained->rule_pairs[blocks], outcome->matches, outcome->iterations,
               outcome->has_converged ? "" : ", not converged");
        blocks++;
    }
    for (unsigned i = 0; i < config->comparisons_count; i++) {
        for (unsigned level = 1; level <= config->comparisons[i].levels_count; level++)
            print_level(&config->comparisons[i], &trained->weights, i, level);
    }
}

void link_report_pairs(const struct link_predict_counts *counts, const struct link_truth *truth)
{
    printf("pairs: %llu compared, %llu reported\n", (unsigned long long)counts->compared,
           (unsigned long long)counts->reported);
    if (truth == NULL)
        return;
    printf("blocking recall %.5f (%llu of %llu)\n",
           truth->pairs > 0 ? (double)counts->true_compared / (double)truth->pairs : 1,
           (unsigned long long)counts->true_compared, (unsigned long long)truth->pairs);
    for (size_t i = 0; i < LINK_GRADES; i++) {
        char what[40];

        snprintf(what, sizeof what, "pairs p >= %.2f", link_grades[i]);
        link_figures_print(what, &counts->figures[i]);
    }
}

void link_report_clusters(const struct link_cluster_counts *counts)
{
    printf("clusters: %llu, the largest of %llu records, %llu pairs refused for size\n",
           (unsigned long long)counts->clusters, (unsigned long long)counts->largest,
           (unsigned long long)counts->refused);
}
