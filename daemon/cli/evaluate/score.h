/* Precision, recall and F1 of a clustering against the truth: pairwise and B-cubed.
 * Numbers in, numbers out; labels are small integers. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_SCORE_H
#define HULEI_DAEMON_CLI_EVALUATE_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct score {
    double precision, recall, f1; /* 0 to 1; precision and recall are 1 when there was nothing to get wrong */
};

struct score score_of(double precision, double recall);

struct cluster_scores {
    uint64_t     pairs_true, pairs_found, pairs_both; /* within a truth person, within a cluster, within both */
    struct score pairwise, bcubed;
};

/* What the clustering made of each item; the arrays of the B-cubed figures by item. */
struct item_scores {
    double *precision, *recall;
};

/*
 * Item i is of person truth[i] (0 … truth_count-1) and was put into cluster found[i] (0 … found_count-1).
 * `items` may be NULL; otherwise its arrays hold `count` numbers. False when memory is out.
 */
bool score_clusters(const uint32_t *truth, size_t truth_count, const uint32_t *found, size_t found_count, size_t count,
                    struct cluster_scores *scores, const struct item_scores *items);

#endif
