/* Exposure pairs against the truth; see evaluate.h.
 * A cluster stands for the person most of its mentions are of. */
#include "daemon/cli/evaluate/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int compare_names(const struct evaluated_pair *left, const struct evaluated_pair *right)
{
    if (left->subject != right->subject)
        return left->subject < right->subject ? -1 : 1;
    if (left->child != right->child)
        return left->child < right->child ? -1 : 1;
    return left->risk < right->risk ? -1 : left->risk > right->risk;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct evaluated_pair *left = a, *right = b;

    const int order = compare_names(left, right);

    return order != 0 ? order : (int)left->tier - (int)right->tier;
}

/* Found pairs in persons of the truth, one each with its strongest tier. Persons nobody knows keep WORDS_NONE. */
static void translate(struct evaluation *evaluation, const uint32_t *persons)
{
    struct pair_list *list = &evaluation->found_pairs;
    size_t            kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->pairs[i].subject == PAIR_CHILD)
            list->pairs[i].child = persons[list->pairs[i].child];
        list->pairs[i].risk = persons[list->pairs[i].risk];
    }
    if (list->count > 0)
        qsort(list->pairs, list->count, sizeof list->pairs[0], compare_pairs);
    for (size_t i = 0; i < list->count; i++) {
        const struct evaluated_pair *pair     = &list->pairs[i];
        const struct evaluated_pair *last     = kept > 0 ? &list->pairs[kept - 1] : NULL;
        const bool                   is_known = pair->child != WORDS_NONE && pair->risk != WORDS_NONE;
        if (last == NULL || !is_known || compare_names(last, pair) != 0)
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
        if (compare_names(pair, like) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == list->count || compare_names(&list->pairs[low], like) != 0)
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

/* ---- persons whose identity is right ---- */

/* By person: all of her mentions are one cluster, which holds nobody else's. NULL when memory is out. */
static bool *find_right(const struct evaluation *evaluation, const uint32_t *labels)
{
    const size_t persons = evaluation->persons.count, mentions = evaluation->mentions.count;
    bool        *is_right   = malloc((persons + 1) * sizeof is_right[0]);
    uint32_t    *cluster_of = malloc((persons + 1) * sizeof cluster_of[0]);
    uint32_t    *person_of  = malloc((evaluation->clusters.count + mentions + 1) * sizeof person_of[0]);

    if (is_right != NULL && cluster_of != NULL && person_of != NULL) {
        memset(is_right, true, (persons + 1) * sizeof is_right[0]);
        memset(cluster_of, 0xff, (persons + 1) * sizeof cluster_of[0]);
        memset(person_of, 0xff, (evaluation->clusters.count + mentions + 1) * sizeof person_of[0]);
        for (size_t i = 0; i < mentions; i++) {
            const uint32_t person = evaluation->truth[i], cluster = labels[i];
            if (cluster_of[person] == WORDS_NONE)
                cluster_of[person] = cluster;
            if (person_of[cluster] == WORDS_NONE)
                person_of[cluster] = person;
            if (cluster_of[person] != cluster)
                is_right[person] = false;
            if (person_of[cluster] != person)
                is_right[person] = is_right[person_of[cluster]] = false;
        }
    } else {
        free(is_right);
        is_right = NULL;
    }
    free(cluster_of);
    free(person_of);
    return is_right;
}

static bool are_right(const bool *is_right, const struct evaluated_pair *pair)
{
    return pair->risk != WORDS_NONE && pair->child != WORDS_NONE && is_right[pair->risk] &&
           (pair->subject != PAIR_CHILD || is_right[pair->child]);
}

/* ---- counts ---- */

static void measure_truth_pairs(const struct evaluation *evaluation, const bool *is_right,
                                struct evaluation_figures *figures)
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
        figures->right_true += are_right(is_right, truth);
        figures->right_true_found += are_right(is_right, truth) && found != NULL;
    }
}

static void measure_found_pairs(const struct evaluation *evaluation, const bool *is_right,
                                struct evaluation_figures *figures)
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
        figures->right_found += are_right(is_right, found);
        figures->right_both += are_right(is_right, found) && truth != NULL;
        struct pair_figures *rule = figures_of_rule(figures, found->rule);
        rule->claimed++;
        rule->confirmed += truth != NULL;
    }
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

static void measure_counted(const struct evaluation *evaluation, struct evaluation_figures *figures)
{
    for (size_t i = 0; i < evaluation->areas.count; i++) {
        const size_t truth = evaluation->counted_truth[i], found = evaluation->counted_found[i];
        figures->counted_true += truth;
        figures->counted_found += found;
        figures->counted_both += truth < found ? truth : found;
    }
}

bool measure_pairs(struct evaluation *evaluation, const uint32_t *labels, struct evaluation_figures *figures)
{
    uint32_t *persons  = person_of_clusters(evaluation);
    bool     *is_right = find_right(evaluation, labels);

    if (persons != NULL && is_right != NULL) {
        translate(evaluation, persons);
        if (evaluation->truth_pairs.count > 0)
            qsort(evaluation->truth_pairs.pairs, evaluation->truth_pairs.count, sizeof evaluation->truth_pairs.pairs[0],
                  compare_pairs);
        measure_truth_pairs(evaluation, is_right, figures);
        measure_found_pairs(evaluation, is_right, figures);
        measure_counted(evaluation, figures);
        figures->pairs       = score_of(share(figures->pairs_both, figures->pairs_found),
                                        share(figures->pairs_true_found, figures->pairs_true));
        figures->right_pairs = score_of(share(figures->right_both, figures->right_found),
                                        share(figures->right_true_found, figures->right_true));
    }
    const bool is_ok = persons != NULL && is_right != NULL;
    free(persons);
    free(is_right);
    return is_ok;
}
