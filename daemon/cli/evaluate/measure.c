/* Turns truth and findings into figures; see evaluate.h.
 * A cluster stands for the person most of its mentions are of; nothing is guessed beyond that. */
#include "daemon/cli/evaluate/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A mention that is in no cluster is one of its own. Returns how many labels there are, 0 when memory is out. */
static size_t label_all(const struct evaluation *evaluation, uint32_t *labels, size_t *missing)
{
    size_t next = evaluation->clusters.count;

    for (size_t i = 0; i < evaluation->mentions.count; i++) {
        labels[i] = evaluation->found[i];
        if (labels[i] != WORDS_NONE)
            continue;
        labels[i] = (uint32_t)next++;
        (*missing)++;
    }
    return next;
}

/* The first mentions of each label, so that an example is two mentions side by side. */
static void find_examples(const struct evaluation *evaluation, const uint32_t *by, const uint32_t *other, size_t labels,
                          const uint32_t *found, struct example *examples, size_t *count)
{
    uint32_t *first = malloc((labels + 1) * sizeof first[0]);

    if (first == NULL)
        return;
    memset(first, 0xff, (labels + 1) * sizeof first[0]);
    for (size_t i = 0; i < evaluation->mentions.count && *count < EVALUATE_EXAMPLES; i++) {
        const uint32_t before = first[by[i]];
        if (before == WORDS_NONE) {
            first[by[i]] = (uint32_t)i;
            continue;
        }
        if (other[before] == other[i])
            continue;
        examples[(*count)++] = (struct example){ .a         = before,
                                                 .b         = (uint32_t)i,
                                                 .person_a  = evaluation->truth[before],
                                                 .person_b  = evaluation->truth[i],
                                                 .cluster_a = found[before],
                                                 .cluster_b = found[i] };
        first[by[i]]         = (uint32_t)i;
    }
    free(first);
}

static bool measure_clusters(struct evaluation *evaluation, uint32_t *labels, struct evaluation_figures *figures)
{
    const size_t       count = evaluation->mentions.count;
    const size_t       found = label_all(evaluation, labels, &figures->missing);
    struct item_scores items = { malloc((count + 1) * sizeof(double)), malloc((count + 1) * sizeof(double)) };
    bool               is_ok = items.precision != NULL && items.recall != NULL;

    figures->mentions = count;
    figures->persons  = evaluation->persons.count;
    figures->clusters = found;
    is_ok             = is_ok && score_clusters(evaluation->truth, evaluation->persons.count, labels, found, count,
                                                &figures->scores, &items);
    is_ok             = is_ok && measure_kinds(evaluation, labels, found, &items, figures) &&
            measure_twins(evaluation, labels, figures);
    if (is_ok) {
        find_examples(evaluation, labels, evaluation->truth, found, labels, figures->wrong_links,
                      &figures->wrong_link_count);
        find_examples(evaluation, evaluation->truth, labels, evaluation->persons.count, labels, figures->missed_links,
                      &figures->missed_link_count);
    }
    free(items.precision);
    free(items.recall);
    return is_ok;
}

bool evaluation_measure(struct evaluation *evaluation, struct evaluation_figures *figures)
{
    uint32_t *labels = malloc((evaluation->mentions.count + 1) * sizeof labels[0]);

    *figures         = (struct evaluation_figures){ 0 };
    const bool is_ok = labels != NULL && measure_clusters(evaluation, labels, figures) &&
                       (!evaluation->has_found_pairs || measure_pairs(evaluation, labels, figures));
    free(labels);
    return is_ok;
}
