/* Persons out of the filled index; see link_person.h.
 * Threads take contents, then components, and each writes what is its own: their number changes nothing. */
#include "daemon/cli/link/link_person_parts.h"

#include "matchers/identity/sweep.h"

#include <stdlib.h>
#include <string.h>

enum { CONTENTS_PER_TASK = 1024, COMPONENTS_PER_TASK = 256 };

/* One thread's memory. */
struct sweeper {
    struct identity_scanner *scanner;
    struct identity_edge    *edges; /* of one task */
    size_t                   edge_count, edge_capacity;
    struct arena             arena; /* of one component */
    uint64_t                 frozen;
};

struct sweep {
    struct link_people   *people;
    uint32_t              content_end;
    struct identity_edge *edges;
    size_t                edge_count, edge_capacity, edges_max;
    uint32_t             *parents, *clusters, *scratch; /* by content */
    size_t               *starts;                       /* of each component among the edges, one more than there are */
    size_t                component_count, largest;
    struct sweeper        sweepers[LINK_THREADS_MAX];
};

/* ---- edges ---- */

static bool reserve(struct identity_edge **edges, size_t *capacity, size_t wanted)
{
    if (wanted <= *capacity)
        return true;
    const size_t          size  = wanted + wanted / 2;
    struct identity_edge *grown = realloc(*edges, size * sizeof *grown);

    if (grown == NULL)
        return false;
    *edges    = grown;
    *capacity = size;
    return true;
}

static bool open_scanner(struct sweep *sweep, struct sweeper *sweeper)
{
    if (sweeper->scanner == NULL) {
        void *memory = calloc(1, identity_scanner_bytes(sweep->people->model));

        sweeper->scanner = memory != NULL ? identity_scanner_init(sweep->people->index, memory) : NULL;
    }
    return sweeper->scanner != NULL;
}

static bool run_edges(void *context, unsigned thread, size_t first, size_t last)
{
    struct sweep   *sweep   = context;
    struct sweeper *sweeper = &sweep->sweepers[thread];
    const size_t    most    = identity_edges_max(sweep->people->index);

    sweeper->edge_count = 0;
    if (!open_scanner(sweep, sweeper))
        return false;
    for (size_t i = first; i < last; i++) {
        if (!reserve(&sweeper->edges, &sweeper->edge_capacity, sweeper->edge_count + most))
            return false;
        sweeper->edge_count +=
            identity_sweep_edges(sweeper->scanner, (uint32_t)i + 1, sweeper->edges + sweeper->edge_count);
    }
    return true;
}

static bool emit_edges(void *context, unsigned thread, size_t first, size_t last)
{
    struct sweep         *sweep   = context;
    const struct sweeper *sweeper = &sweep->sweepers[thread];
    const size_t          count   = sweep->edge_count + sweeper->edge_count;

    (void)first;
    (void)last;
    if (count > sweep->edges_max || !reserve(&sweep->edges, &sweep->edge_capacity, count))
        return false;
    memcpy(sweep->edges + sweep->edge_count, sweeper->edges, sweeper->edge_count * sizeof *sweeper->edges);
    sweep->edge_count = count;
    return true;
}

/* ---- components ---- */

static uint32_t root_of(uint32_t *parents, uint32_t content)
{
    while (parents[content] != content) {
        parents[content] = parents[parents[content]];
        content          = parents[content];
    }
    return content;
}

/* Brings the edges of one component together. The lowest content is the root, so that components keep an order. */
static bool group_edges(struct sweep *sweep)
{
    uint32_t             *parents = sweep->parents, *components = calloc(sweep->content_end, sizeof *components);
    size_t               *ends  = calloc(sweep->edge_count + 2, sizeof *ends);
    struct identity_edge *moved = malloc((sweep->edge_count + 1) * sizeof *moved);

    for (size_t i = 0; i < sweep->edge_count; i++) {
        const uint32_t a = root_of(parents, sweep->edges[i].a), b = root_of(parents, sweep->edges[i].b);

        parents[a > b ? a : b] = a > b ? b : a;
    }
    const bool has_memory = components != NULL && ends != NULL && moved != NULL;
    for (size_t i = 0; has_memory && i < sweep->edge_count; i++) {
        uint32_t *component = &components[root_of(parents, sweep->edges[i].a)];

        if (*component == 0)
            *component = (uint32_t)++sweep->component_count;
        ends[*component + 1]++;
    }
    for (size_t i = 1; has_memory && i <= sweep->component_count; i++) {
        sweep->largest = ends[i + 1] > sweep->largest ? ends[i + 1] : sweep->largest;
        ends[i + 1] += ends[i];
    }
    /* ends[c] is where the next edge of component c goes; in the end where the next component starts. */
    for (size_t i = 0; has_memory && i < sweep->edge_count; i++)
        moved[ends[components[root_of(parents, sweep->edges[i].a)]]++] = sweep->edges[i];
    free(components);
    free(sweep->edges);
    sweep->edges  = moved;
    sweep->starts = ends;
    return has_memory;
}

static bool run_components(void *context, unsigned thread, size_t first, size_t last)
{
    struct sweep   *sweep   = context;
    struct sweeper *sweeper = &sweep->sweepers[thread];

    if (sweeper->arena.base == NULL) {
        const size_t bytes = identity_component_bytes(sweep->largest);

        arena_init(&sweeper->arena, malloc(bytes), bytes);
    }
    if (sweeper->arena.base == NULL || !open_scanner(sweep, sweeper))
        return false;
    for (size_t i = first; i < last; i++) {
        arena_reset(&sweeper->arena);
        if (!identity_sweep_component(sweeper->scanner, &sweeper->arena, sweep->edges + sweep->starts[i],
                                      sweep->starts[i + 1] - sweep->starts[i], sweep->scratch, sweep->clusters,
                                      &sweeper->frozen))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static bool open_sweep(struct sweep *sweep)
{
    sweep->content_end = identity_content_end(sweep->people->index);
    sweep->edges_max   = sweep->people->edges_max_bytes / sizeof *sweep->edges;
    sweep->parents     = malloc(sweep->content_end * sizeof *sweep->parents);
    sweep->clusters    = malloc(sweep->content_end * sizeof *sweep->clusters);
    sweep->scratch     = calloc(sweep->content_end, sizeof *sweep->scratch);
    if (sweep->parents == NULL || sweep->clusters == NULL || sweep->scratch == NULL)
        return false;
    for (uint32_t i = 0; i < sweep->content_end; i++)
        sweep->parents[i] = sweep->clusters[i] = i;
    identity_sweep_begin(sweep->people->index);
    return true;
}

static bool run_steps(struct sweep *sweep, struct link_progress *progress)
{
    const unsigned         threads = sweep->people->threads;
    const struct link_work edges   = { .items       = sweep->content_end - 1,
                                       .chunk_items = CONTENTS_PER_TASK,
                                       .run         = run_edges,
                                       .emit        = emit_edges,
                                       .context     = sweep,
                                       .progress    = progress };

    link_progress_begin(progress, "comparing");
    if ((edges.items > 0 && !link_work_run(&edges, threads)) || !group_edges(sweep))
        return false;
    const struct link_work components = { .items       = sweep->component_count,
                                          .chunk_items = COMPONENTS_PER_TASK,
                                          .run         = run_components,
                                          .context     = sweep,
                                          .progress    = progress };

    link_progress_begin(progress, "clustering");
    return components.items == 0 || link_work_run(&components, threads);
}

/* labels[i] becomes the first record of i's person. */
static bool take_persons(struct sweep *sweep, uint32_t *labels)
{
    struct link_people *people = sweep->people;
    const size_t        count  = people->records->count;
    uint32_t           *lowest = calloc(sweep->content_end, sizeof *lowest);

    people->contents = malloc((count + 1) * sizeof *people->contents);
    if (lowest != NULL && people->contents != NULL)
        people->persons =
            identity_sweep_persons(people->index, sweep->clusters, sweep->scratch, lowest, people->contents, labels);
    const bool is_done = lowest != NULL && people->contents != NULL;
    free(lowest);
    for (size_t i = 0; is_done && i < count; i++)
        labels[i]--; /* mention n is record n - 1 */
    return is_done;
}

bool link_people_cluster(struct link_people *people, struct link_progress *progress, uint32_t *labels)
{
    struct sweep *sweep = calloc(1, sizeof *sweep);

    if (sweep == NULL)
        return false;
    sweep->people      = people;
    const bool is_done = open_sweep(sweep) && run_steps(sweep, progress) && take_persons(sweep, labels);
    for (size_t i = 0; i < LINK_THREADS_MAX; i++) {
        people->frozen += sweep->sweepers[i].frozen;
        free(sweep->sweepers[i].scanner);
        free(sweep->sweepers[i].edges);
        free(sweep->sweepers[i].arena.base);
    }
    free(sweep->edges);
    free(sweep->parents);
    free(sweep->clusters);
    free(sweep->scratch);
    free(sweep->starts);
    free(sweep);
    return is_done;
}

void link_people_report(const struct link_people *people)
{
    const struct identity_statistics statistics = identity_index_statistics(people->index);

    printf("index: %zu mentions, %zu different, %zu persons, %zu keys, %zu hot, %zu generic, %zu MiB, %llu merges "
           "forbidden\n",
           statistics.mentions, statistics.profiles, people->persons, statistics.keys, statistics.hot_keys,
           statistics.generic_keys, statistics.used_bytes >> 20, (unsigned long long)people->frozen);
}
