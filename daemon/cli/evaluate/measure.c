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

/* ---- pairs ---- */

struct vote {
    uint32_t cluster, person;
};

static int compare_votes(const void *a, const void *b)
{
    const struct vote *left = a, *right = b;

    if (left->cluster != right->cluster)
        return left->cluster < right->cluster ? -1 : 1;
    return left->person < right->person ? -1 : left->person > right->person;
}

/* For each cluster the person most of its mentions are of, the lower number on a tie; NULL when memory is out. */
static uint32_t *person_of_clusters(const struct evaluation *evaluation)
{
    const size_t clusters = evaluation->clusters.count;
    struct vote *votes    = malloc((evaluation->mentions.count + 1) * sizeof votes[0]);
    uint32_t    *persons  = malloc((clusters + 1) * sizeof persons[0]);
    size_t       count    = 0;

    if (votes == NULL || persons == NULL) {
        free(votes);
        free(persons);
        return NULL;
    }
    memset(persons, 0xff, (clusters + 1) * sizeof persons[0]);
    for (size_t i = 0; i < evaluation->mentions.count; i++) {
        if (evaluation->found[i] != WORDS_NONE)
            votes[count++] = (struct vote){ evaluation->found[i], evaluation->truth[i] };
    }
    if (count > 0)
        qsort(votes, count, sizeof votes[0], compare_votes);

    size_t best = 0;
    for (size_t from = 0, to = 0; from < count; from = to) {
        for (to = from; to < count && compare_votes(&votes[to], &votes[from]) == 0;)
            to++;
        if (from == 0 || votes[from - 1].cluster != votes[from].cluster)
            best = 0;
        if (to - from > best) {
            best                         = to - from;
            persons[votes[from].cluster] = votes[from].person;
        }
    }
    free(votes);
    return persons;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct evaluated_pair *left = a, *right = b;

    if (left->child != right->child)
        return left->child < right->child ? -1 : 1;
    if (left->risk != right->risk)
        return left->risk < right->risk ? -1 : 1;
    return (int)left->tier - (int)right->tier;
}

/* Found pairs in persons of the truth, one each with its strongest tier. Persons nobody knows keep WORDS_NONE. */
static void translate(struct evaluation *evaluation, const uint32_t *persons)
{
    struct pair_list *list = &evaluation->found_pairs;
    size_t            kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        list->pairs[i].child = persons[list->pairs[i].child];
        list->pairs[i].risk  = persons[list->pairs[i].risk];
    }
    if (list->count > 0)
        qsort(list->pairs, list->count, sizeof list->pairs[0], compare_pairs);
    for (size_t i = 0; i < list->count; i++) {
        const struct evaluated_pair *pair     = &list->pairs[i];
        const struct evaluated_pair *last     = kept > 0 ? &list->pairs[kept - 1] : NULL;
        const bool                   is_known = pair->child != WORDS_NONE && pair->risk != WORDS_NONE;
        if (last == NULL || !is_known || last->child != pair->child || last->risk != pair->risk)
            list->pairs[kept++] = *pair;
    }
    list->count = kept;
}

static const struct evaluated_pair *find_pair(const struct pair_list *list, const struct evaluated_pair *like)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        const size_t                 middle = (low + high) / 2;
        const struct evaluated_pair *pair   = &list->pairs[middle];
        if (pair->child < like->child || (pair->child == like->child && pair->risk < like->risk))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == list->count || list->pairs[low].child != like->child || list->pairs[low].risk != like->risk)
        return NULL;
    return &list->pairs[low];
}

static struct pair_figures *figures_of_rule(struct evaluation_figures *figures, const char *rule)
{
    for (size_t i = 0; i < figures->rule_count; i++) {
        if (strcmp(figures->rules[i].name, rule) == 0)
            return &figures->rules[i];
    }
    if (figures->rule_count == EVALUATE_RULES)
        return &figures->rules[EVALUATE_RULES - 1];

    struct pair_figures *row = &figures->rules[figures->rule_count++];
    snprintf(row->name, sizeof row->name, "%s", rule);
    return row;
}

static void measure_truth_pairs(const struct evaluation *evaluation, struct evaluation_figures *figures)
{
    for (size_t i = 0; i < evaluation->truth_pairs.count; i++) {
        const struct evaluated_pair *truth = &evaluation->truth_pairs.pairs[i];
        const struct evaluated_pair *found = find_pair(&evaluation->found_pairs, truth);
        if (truth->is_hidden) {
            figures->pairs_hidden_found += found != NULL;
            continue;
        }
        struct pair_figures *rule = figures_of_rule(figures, truth->rule);
        rule->truth++;
        rule->found += found != NULL;
        rule->same_tier += found != NULL && found->tier == truth->tier;
        figures->tiers[truth->tier][found != NULL ? found->tier : 0]++;
        if (truth->tier == EVALUATE_TIERS - 1)
            continue;
        figures->pairs_true++;
        figures->pairs_true_found += found != NULL;
    }
}

static void measure_found_pairs(const struct evaluation *evaluation, struct evaluation_figures *figures)
{
    for (size_t i = 0; i < evaluation->found_pairs.count; i++) {
        const struct evaluated_pair *found = &evaluation->found_pairs.pairs[i];
        const struct evaluated_pair *truth = find_pair(&evaluation->truth_pairs, found);
        if (truth == NULL)
            figures->tiers[0][found->tier]++;
        if (found->tier == EVALUATE_TIERS - 1 || (truth != NULL && truth->is_hidden))
            continue;
        figures->pairs_found++;
        figures->pairs_both += truth != NULL;
    }
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

static bool measure_pairs(struct evaluation *evaluation, struct evaluation_figures *figures)
{
    uint32_t *persons = person_of_clusters(evaluation);

    if (persons == NULL)
        return false;
    translate(evaluation, persons);
    free(persons);
    if (evaluation->truth_pairs.count > 0)
        qsort(evaluation->truth_pairs.pairs, evaluation->truth_pairs.count, sizeof evaluation->truth_pairs.pairs[0],
              compare_pairs);
    measure_truth_pairs(evaluation, figures);
    measure_found_pairs(evaluation, figures);
    figures->pairs = score_of(share(figures->pairs_both, figures->pairs_found),
                              share(figures->pairs_true_found, figures->pairs_true));
    return true;
}

bool evaluation_measure(struct evaluation *evaluation, struct evaluation_figures *figures)
{
    uint32_t *labels = malloc((evaluation->mentions.count + 1) * sizeof labels[0]);

    *figures         = (struct evaluation_figures){ 0 };
    const bool is_ok = labels != NULL && measure_clusters(evaluation, labels, figures) &&
                       (!evaluation->has_found_pairs || measure_pairs(evaluation, figures));
    free(labels);
    return is_ok;
}
