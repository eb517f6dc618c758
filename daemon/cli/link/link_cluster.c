/* Groups and clusters; see link_cluster.h.
 * Strongest pairs group first, so an oversized group is cut where it is weakest. */
#include "daemon/cli/link/link_cluster.h"

#include "daemon/cli/link/link_predict.h"
#include "daemon/cli/link/link_work.h"
#include "matchers/linkage/cluster.h"

#include <stdlib.h>

enum { SIZE_MAX_DEFAULT = 200, GROUPS_PER_CHUNK = 64 };
static const double clip_default = 20;

/* Union-find over records. */
struct groups {
    uint32_t *parents, *sizes;
    size_t    count;
    uint32_t  limit;
};

static uint32_t root_of(struct groups *groups, uint32_t record)
{
    while (groups->parents[record] != record) {
        groups->parents[record] = groups->parents[groups->parents[record]];
        record                  = groups->parents[record];
    }
    return record;
}

/* False when the union would be too large. */
static bool join(struct groups *groups, uint32_t a, uint32_t b)
{
    uint32_t root_a = root_of(groups, a), root_b = root_of(groups, b);

    if (root_a == root_b)
        return true;
    if (groups->sizes[root_a] + groups->sizes[root_b] > groups->limit)
        return false;
    if (groups->sizes[root_a] < groups->sizes[root_b]) {
        const uint32_t swap = root_a;
        root_a              = root_b;
        root_b              = swap;
    }
    groups->parents[root_b] = root_a;
    groups->sizes[root_a] += groups->sizes[root_b];
    return true;
}

struct job {
    const struct link_config   *config;
    const struct linkage_model *model;
    const struct link_records  *records;
    uint32_t                   *members; /* group by group */
    uint32_t                   *starts;  /* of each group; one more than there are */
    size_t                      group_count;
    uint32_t                   *labels;
    double                      clip_bits;
    void                       *memory[LINK_THREADS_MAX];
    size_t                      memory_bytes;
};

/* Groups of two and more, their members in the order of their hashes. */
static bool list_groups(struct job *job, struct groups *groups)
{
    uint32_t *at   = calloc(groups->count + 1, sizeof *at);
    size_t    used = 0;

    job->members = malloc((groups->count + 1) * sizeof *job->members);
    job->starts  = malloc((groups->count / 2 + 2) * sizeof *job->starts);
    if (at == NULL || job->members == NULL || job->starts == NULL) {
        free(at);
        return false;
    }
    for (uint32_t i = 0; i < groups->count; i++) {
        const uint32_t root = root_of(groups, i);

        if (groups->sizes[root] < 2)
            continue;
        if (at[root] == 0) {
            job->starts[job->group_count++] = (uint32_t)used;
            at[root]                        = (uint32_t)used + 1;
            used += groups->sizes[root];
        }
        job->members[at[root]++ - 1] = i;
    }
    job->starts[job->group_count] = (uint32_t)used;
    free(at);
    return true;
}

static int compare_members(const void *a, const void *b, void *context)
{
    const uint64_t *hashes = ((const struct link_records *)context)->hashes;
    const uint64_t  first = hashes[*(const uint32_t *)a], second = hashes[*(const uint32_t *)b];

    return (first > second) - (first < second);
}

static float clipped(double clip_bits, float bits)
{
    if (bits > clip_bits)
        return (float)clip_bits;
    return bits < -clip_bits && bits > -1e30F ? (float)-clip_bits : bits;
}

static bool cluster_group(struct job *job, struct arena *arena, uint32_t *members, uint32_t count)
{
    const struct linkage_cluster_rules rules  = { job->config->clusters->mean_bits, job->config->clusters->size_bits };
    float                             *bits   = arena_alloc(arena, (size_t)count * count, sizeof *bits);
    uint32_t                          *labels = arena_alloc(arena, count, sizeof *labels);

    if (bits == NULL || labels == NULL)
        return false;
    qsort_r(members, count, sizeof *members, compare_members, (void *)job->records);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            const float match =
                clipped(job->clip_bits, link_match_bits(job->config, job->model, job->records, members[i], members[j]));
            bits[i * count + j] = bits[j * count + i] = match;
        }
    }
    if (!linkage_cluster(bits, count, &rules, arena, labels))
        return false;
    /* The label of a cluster is its first record in the files' order. */
    uint32_t *first = arena_alloc(arena, count, sizeof *first);
    for (uint32_t i = 0; first != NULL && i < count; i++)
        first[i] = UINT32_MAX;
    for (uint32_t i = 0; first != NULL && i < count; i++)
        first[labels[i]] = members[i] < first[labels[i]] ? members[i] : first[labels[i]];
    for (uint32_t i = 0; first != NULL && i < count; i++)
        job->labels[members[i]] = first[labels[i]];
    return first != NULL;
}

static bool run_groups(void *context, unsigned thread, size_t from, size_t until)
{
    struct job *job = context;

    if (job->memory[thread] == NULL)
        job->memory[thread] = malloc(job->memory_bytes);
    if (job->memory[thread] == NULL)
        return false;
    for (size_t i = from; i < until; i++) {
        struct arena arena;

        arena_init(&arena, job->memory[thread], job->memory_bytes);
        if (!cluster_group(job, &arena, job->members + job->starts[i], job->starts[i + 1] - job->starts[i]))
            return false;
    }
    return true;
}

static bool make_groups(const struct link_records *records, struct link_edges *edges, struct groups *groups,
                        struct link_cluster_counts *counts)
{
    struct link_edge edge;

    groups->count   = records->count;
    groups->parents = malloc((groups->count + 1) * sizeof *groups->parents);
    groups->sizes   = malloc((groups->count + 1) * sizeof *groups->sizes);
    if (groups->parents == NULL || groups->sizes == NULL)
        return false;
    for (uint32_t i = 0; i < groups->count; i++) {
        groups->parents[i] = i;
        groups->sizes[i]   = 1;
    }
    while (link_edges_next(edges, &edge))
        counts->refused += !join(groups, edge.a, edge.b);
    return !link_edges_have_failed(edges);
}

static bool count_clusters(const uint32_t *labels, size_t count, struct link_cluster_counts *counts)
{
    uint32_t *sizes = calloc(count + 1, sizeof *sizes);

    for (size_t i = 0; sizes != NULL && i < count; i++) {
        counts->clusters += labels[i] == i;
        const uint32_t size = ++sizes[labels[i]];
        counts->largest     = size > counts->largest ? size : counts->largest;
    }
    free(sizes);
    return sizes != NULL;
}

bool link_cluster(const struct link_config *config, const struct linkage_model *model,
                  const struct link_records *records, struct link_edges *edges, unsigned threads,
                  struct link_progress *progress, uint32_t *labels, struct link_cluster_counts *counts)
{
    const struct link_clusters *rules  = config->clusters;
    const uint32_t              limit  = rules->size_max > 0 ? rules->size_max : SIZE_MAX_DEFAULT;
    struct groups               groups = { .limit = limit };
    struct job                  job    = { .config       = config,
                                           .model        = model,
                                           .records      = records,
                                           .labels       = labels,
                                           .clip_bits    = rules->clip_bits > 0 ? rules->clip_bits : clip_default,
                                           .memory_bytes = (size_t)limit * limit * 16 + (size_t)limit * 16 + 4096 };

    *counts = (struct link_cluster_counts){ 0 };
    link_progress_begin(progress, "clustering");
    for (uint32_t i = 0; i < records->count; i++)
        labels[i] = i;
    bool is_done = make_groups(records, edges, &groups, counts) && list_groups(&job, &groups);
    free(groups.parents);
    free(groups.sizes);

    const struct link_work work = { .items       = job.group_count,
                                    .chunk_items = GROUPS_PER_CHUNK,
                                    .run         = run_groups,
                                    .context     = &job,
                                    .progress    = progress };
    is_done                     = is_done && (job.group_count == 0 || link_work_run(&work, threads)) &&
              count_clusters(labels, records->count, counts);
    for (unsigned i = 0; i < LINK_THREADS_MAX; i++)
        free(job.memory[i]);
    free(job.members);
    free(job.starts);
    return is_done;
}
