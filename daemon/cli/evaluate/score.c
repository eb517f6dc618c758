/* Counts the cells of the contingency table by sorting; see score.h.
 * Never forms pairs: cost is n log n. */
#include "daemon/cli/evaluate/score.h"

#include <stdlib.h>

struct cell_item {
    uint64_t cell; /* truth in the upper half, found in the lower */
    uint32_t item;
};

struct score score_of(double precision, double recall)
{
    const double sum = precision + recall;

    return (struct score){ precision, recall, sum > 0 ? 2 * precision * recall / sum : 0 };
}

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

static uint64_t pairs_of(uint64_t count)
{
    return count * (count - (count > 0)) / 2;
}

static int compare_cells(const void *a, const void *b)
{
    const struct cell_item *left = a, *right = b;

    if (left->cell != right->cell)
        return left->cell < right->cell ? -1 : 1;
    return left->item < right->item ? -1 : left->item > right->item;
}

struct tally {
    struct cell_item *cells;
    uint64_t         *truth_sizes, *found_sizes;
};

static bool tally_open(struct tally *tally, const uint32_t *truth, size_t truth_count, const uint32_t *found,
                       size_t found_count, size_t count)
{
    tally->cells       = malloc((count + 1) * sizeof tally->cells[0]);
    tally->truth_sizes = calloc(truth_count + 1, sizeof tally->truth_sizes[0]);
    tally->found_sizes = calloc(found_count + 1, sizeof tally->found_sizes[0]);
    if (tally->cells == NULL || tally->truth_sizes == NULL || tally->found_sizes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        tally->cells[i] = (struct cell_item){ (uint64_t)truth[i] << 32 | found[i], (uint32_t)i };
        tally->truth_sizes[truth[i]]++;
        tally->found_sizes[found[i]]++;
    }
    qsort(tally->cells, count, sizeof tally->cells[0], compare_cells);
    return true;
}

static void tally_close(struct tally *tally)
{
    free(tally->cells);
    free(tally->truth_sizes);
    free(tally->found_sizes);
}

bool score_clusters(const uint32_t *truth, size_t truth_count, const uint32_t *found, size_t found_count, size_t count,
                    struct cluster_scores *scores, const struct item_scores *items)
{
    struct tally tally;
    double       precision = 0, recall = 0;

    *scores = (struct cluster_scores){ 0 };
    if (!tally_open(&tally, truth, truth_count, found, found_count, count)) {
        tally_close(&tally);
        return false;
    }
    for (size_t from = 0, to = 0; from < count; from = to) {
        const uint64_t cell = tally.cells[from].cell;
        for (to = from; to < count && tally.cells[to].cell == cell;)
            to++;

        const double size     = (double)(to - from);
        const double of_found = size / (double)tally.found_sizes[cell & UINT32_MAX];
        const double of_truth = size / (double)tally.truth_sizes[cell >> 32];
        precision += size * of_found;
        recall += size * of_truth;
        scores->pairs_both += pairs_of(to - from);
        for (size_t i = from; items != NULL && i < to; i++) {
            items->precision[tally.cells[i].item] = of_found;
            items->recall[tally.cells[i].item]    = of_truth;
        }
    }
    for (size_t i = 0; i < truth_count; i++)
        scores->pairs_true += pairs_of(tally.truth_sizes[i]);
    for (size_t i = 0; i < found_count; i++)
        scores->pairs_found += pairs_of(tally.found_sizes[i]);
    scores->pairwise =
        score_of(share(scores->pairs_both, scores->pairs_found), share(scores->pairs_both, scores->pairs_true));
    scores->bcubed = count == 0 ? score_of(1, 1) : score_of(precision / (double)count, recall / (double)count);
    tally_close(&tally);
    return true;
}
