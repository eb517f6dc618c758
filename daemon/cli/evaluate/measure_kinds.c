/* Figures by kind of error; see measure.h.
 * The pairs of a kind are all pairs less the pairs without it: no pair is ever formed. */
#include "daemon/cli/evaluate/measure.h"

#include <stdlib.h>
#include <string.h>

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

/* The scores of the mentions that hold none of `kinds`. */
static bool score_without(const struct evaluation *evaluation, const uint32_t *labels, size_t label_count,
                          uint32_t kinds, struct cluster_scores *scores)
{
    const size_t count = evaluation->mentions.count;
    uint32_t    *truth = malloc((count + 1) * sizeof truth[0]);
    uint32_t    *found = malloc((count + 1) * sizeof found[0]);
    size_t       kept  = 0;
    bool         is_ok = truth != NULL && found != NULL;

    for (size_t i = 0; i < count && is_ok; i++) {
        if ((evaluation->errors[i] & kinds) != 0)
            continue;
        truth[kept]   = evaluation->truth[i];
        found[kept++] = labels[i];
    }
    is_ok = is_ok && score_clusters(truth, evaluation->persons.count, found, label_count, kept, scores, NULL);
    free(truth);
    free(found);
    return is_ok;
}

static struct score bcubed_of(const struct evaluation *evaluation, uint32_t kinds, const struct item_scores *items,
                              size_t *mentions)
{
    double precision = 0, recall = 0;
    size_t count = 0;

    for (size_t i = 0; i < evaluation->mentions.count; i++) {
        if ((evaluation->errors[i] & kinds) == 0)
            continue;
        precision += items->precision[i];
        recall += items->recall[i];
        count++;
    }
    *mentions = count;
    return count == 0 ? score_of(1, 1) : score_of(precision / (double)count, recall / (double)count);
}

bool measure_kinds(const struct evaluation *evaluation, const uint32_t *labels, size_t label_count,
                   const struct item_scores *items, struct evaluation_figures *figures)
{
    const struct cluster_scores *all   = &figures->scores;
    uint32_t                     blank = 0;

    for (uint32_t kind = 0; kind < evaluation->kinds.count && kind < EVALUATE_KINDS_MAX; kind++) {
        struct kind_figures  *row     = &figures->kinds[figures->kind_count++];
        struct cluster_scores without = { 0 };

        row->kind = words_text(&evaluation->kinds, kind);
        if (strcmp(row->kind, "number_missing") == 0)
            blank = 1U << kind;
        if (!score_without(evaluation, labels, label_count, 1U << kind, &without))
            return false;
        row->scores.pairs_true  = all->pairs_true - without.pairs_true;
        row->scores.pairs_found = all->pairs_found - without.pairs_found;
        row->scores.pairs_both  = all->pairs_both - without.pairs_both;
        row->scores.pairwise    = score_of(share(row->scores.pairs_both, row->scores.pairs_found),
                                           share(row->scores.pairs_both, row->scores.pairs_true));
        row->scores.bcubed      = bcubed_of(evaluation, 1U << kind, items, &row->mentions);
    }
    return score_without(evaluation, labels, label_count, blank, &figures->numbered);
}

struct membership {
    uint32_t person, label;
};

static int compare_memberships(const void *left, const void *right)
{
    const struct membership *a = left, *b = right;

    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return a->label < b->label ? -1 : a->label > b->label;
}

static size_t first_of(const struct membership *list, size_t count, uint32_t person)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (list[middle].person < person)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool share_cluster(const struct membership *list, size_t count, uint32_t a, uint32_t b)
{
    for (size_t i = first_of(list, count, a); i < count && list[i].person == a; i++) {
        for (size_t j = first_of(list, count, b); j < count && list[j].person == b; j++) {
            if (list[i].label == list[j].label)
                return true;
        }
    }
    return false;
}

bool measure_twins(const struct evaluation *evaluation, const uint32_t *labels, struct evaluation_figures *figures)
{
    const size_t       count = evaluation->mentions.count;
    struct membership *list  = malloc((count + 1) * sizeof list[0]);

    if (list == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        list[i] = (struct membership){ evaluation->truth[i], labels[i] };
    if (count > 0)
        qsort(list, count, sizeof list[0], compare_memberships);
    figures->twins = evaluation->twin_count;
    for (size_t i = 0; i < evaluation->twin_count; i++)
        figures->merged_twins += share_cluster(list, count, evaluation->twins[i][0], evaluation->twins[i][1]);
    free(list);
    return true;
}
