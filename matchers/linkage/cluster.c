/* Average linkage; see cluster.h.
 * Deliberately plain: groups are small, oversized ones are cut before. */
#include "matchers/linkage/cluster.h"

#include <math.h>

struct clustering {
    double   *sums;  /* between clusters, by their lowest members */
    uint32_t *sizes; /* 0: merged away */
    uint32_t  count;
};

/* By how much the two exceed what their union needs. */
static double margin_of(const struct clustering *clustering, const struct linkage_cluster_rules *rules, uint32_t a,
                        uint32_t b)
{
    const double size_a = clustering->sizes[a], size_b = clustering->sizes[b];
    const double mean = clustering->sums[(size_t)a * clustering->count + b] / (size_a * size_b);

    return mean - rules->mean_bits - rules->size_bits * log2((size_a + size_b) / 2);
}

static void merge(struct clustering *clustering, uint32_t a, uint32_t b, uint32_t *labels)
{
    for (uint32_t i = 0; i < clustering->count; i++) {
        const size_t with_a = (size_t)a * clustering->count + i, with_b = (size_t)b * clustering->count + i;

        clustering->sums[with_a] += clustering->sums[with_b];
        clustering->sums[(size_t)i * clustering->count + a] = clustering->sums[with_a];
        if (labels[i] == b)
            labels[i] = a;
    }
    clustering->sizes[a] += clustering->sizes[b];
    clustering->sizes[b] = 0;
}

static bool merge_best(struct clustering *clustering, const struct linkage_cluster_rules *rules, uint32_t *labels)
{
    double   best   = -1;
    uint32_t best_a = 0, best_b = 0;

    for (uint32_t a = 0; a < clustering->count; a++) {
        for (uint32_t b = a + 1; clustering->sizes[a] > 0 && b < clustering->count; b++) {
            const double margin = clustering->sizes[b] > 0 ? margin_of(clustering, rules, a, b) : -1;

            if (margin < 0 || margin <= best)
                continue;
            best   = margin;
            best_a = a;
            best_b = b;
        }
    }
    if (best < 0)
        return false;
    merge(clustering, best_a, best_b, labels);
    return true;
}

bool linkage_cluster(const float *bits, uint32_t count, const struct linkage_cluster_rules *rules, struct arena *arena,
                     uint32_t *labels)
{
    const size_t      cells      = (size_t)count * count;
    struct clustering clustering = { arena_alloc(arena, cells, sizeof(double)),
                                     arena_alloc(arena, count, sizeof(uint32_t)), count };

    if (clustering.sums == NULL || clustering.sizes == NULL)
        return false;
    for (size_t i = 0; i < cells; i++)
        clustering.sums[i] = bits[i];
    for (uint32_t i = 0; i < count; i++) {
        clustering.sizes[i] = 1;
        labels[i]           = i;
    }
    while (merge_best(&clustering, rules, labels))
        ;
    return true;
}
