/* Cuts one group of connected records into clusters that hold as a whole: average linkage over all pairs.
 * Deliberately without closure: one strong pair does not join two groups that otherwise disagree. */
#ifndef HULEI_MATCHERS_LINKAGE_CLUSTER_H
#define HULEI_MATCHERS_LINKAGE_CLUSTER_H

#include "matchers/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct linkage_cluster_rules {
    double mean_bits; /* match bits two clusters need on average over the pairs between them */
    double size_bits; /* more of them for each doubling of the union beyond two records */
};

/*
 * `bits` is a symmetric table of count * count match bits, prior included; -INFINITY: these two never share a cluster.
 * Merges the two clusters that exceed what they need by most, until none does; ties go to the lower numbers.
 * labels[i] becomes the lowest number in the cluster of i. Time grows with count cubed. False when the arena is full.
 */
bool linkage_cluster(const float *bits, uint32_t count, const struct linkage_cluster_rules *rules, struct arena *arena,
                     uint32_t *labels);

#endif
