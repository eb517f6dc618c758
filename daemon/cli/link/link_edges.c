/* Sorted runs of pairs, merged on reading; see link_edges.h.
 * The files have no name: nothing is left behind when the process ends. */
#include "daemon/cli/link/link_edges.h"

#include <stdio.h>
#include <stdlib.h>

enum { RUNS_MAX = 256, READ_EDGES = 4096, FIRST_EDGES = 1024 };

struct run {
    FILE             *file; /* NULL: the run is the buffer itself */
    struct link_edge *edges;
    size_t            at, count;
};

struct link_edges {
    const struct link_records *records;
    struct link_edge          *buffer;
    size_t                     count, capacity, limit;
    struct run                 runs[RUNS_MAX];
    size_t                     run_count;
    uint64_t                   all;
    bool                       has_failed;
};

struct link_edges *link_edges_create(const struct link_records *records, size_t limit_bytes)
{
    struct link_edges *edges = calloc(1, sizeof *edges);

    if (edges == NULL)
        return NULL;
    edges->records = records;
    edges->limit   = limit_bytes / sizeof(struct link_edge);
    if (edges->limit < FIRST_EDGES)
        edges->limit = FIRST_EDGES;
    return edges;
}

void link_edges_free(struct link_edges *edges)
{
    if (edges == NULL)
        return;
    for (size_t i = 0; i < edges->run_count; i++) {
        if (edges->runs[i].file != NULL)
            fclose(edges->runs[i].file);
        if (edges->runs[i].edges != edges->buffer)
            free(edges->runs[i].edges);
    }
    free(edges->buffer);
    free(edges);
}

/* Stronger first. */
static int compare_edges(const void *left, const void *right, void *context)
{
    const struct link_edge *a = left, *b = right;
    const uint64_t         *hashes = ((const struct link_records *)context)->hashes;

    if (a->bits != b->bits)
        return a->bits > b->bits ? -1 : 1;

    const uint64_t a1 = hashes[a->a], a2 = hashes[a->b], b1 = hashes[b->a], b2 = hashes[b->b];
    const uint64_t low_a = a1 < a2 ? a1 : a2, low_b = b1 < b2 ? b1 : b2;
    const uint64_t high_a = a1 < a2 ? a2 : a1, high_b = b1 < b2 ? b2 : b1;

    if (low_a != low_b)
        return low_a < low_b ? -1 : 1;
    return (high_a > high_b) - (high_a < high_b);
}

static void sort_buffer(struct link_edges *edges)
{
    if (edges->count > 0)
        qsort_r(edges->buffer, edges->count, sizeof *edges->buffer, compare_edges, (void *)edges->records);
}

static bool spill(struct link_edges *edges)
{
    if (edges->run_count == RUNS_MAX - 1)
        return false;
    struct run *run = &edges->runs[edges->run_count++];

    sort_buffer(edges);
    *run = (struct run){ .file = tmpfile(), .edges = malloc(READ_EDGES * sizeof *run->edges) };
    if (run->file == NULL || run->edges == NULL)
        return false;
    if (fwrite(edges->buffer, sizeof *edges->buffer, edges->count, run->file) != edges->count)
        return false;
    rewind(run->file);
    edges->count = 0;
    return true;
}

static bool grow(struct link_edges *edges)
{
    const size_t      doubled  = edges->capacity != 0 ? edges->capacity * 2 : FIRST_EDGES;
    const size_t      capacity = doubled < edges->limit ? doubled : edges->limit;
    struct link_edge *buffer   = realloc(edges->buffer, capacity * sizeof *buffer);

    if (buffer == NULL)
        return false;
    edges->buffer   = buffer;
    edges->capacity = capacity;
    return true;
}

bool link_edges_add(struct link_edges *edges, struct link_edge edge)
{
    if (edges->count == edges->limit && !spill(edges))
        return false;
    if (edges->count == edges->capacity && !grow(edges))
        return false;
    edges->buffer[edges->count++] = edge;
    edges->all++;
    return true;
}

static void refill(struct link_edges *edges, struct run *run)
{
    if (run->file == NULL || run->at < run->count)
        return;
    run->at    = 0;
    run->count = fread(run->edges, sizeof *run->edges, READ_EDGES, run->file);
    if (ferror(run->file) != 0)
        edges->has_failed = true;
}

bool link_edges_finish(struct link_edges *edges)
{
    sort_buffer(edges);
    for (size_t i = 0; i < edges->run_count; i++)
        refill(edges, &edges->runs[i]);
    edges->runs[edges->run_count++] = (struct run){ NULL, edges->buffer, 0, edges->count };
    return !edges->has_failed;
}

bool link_edges_next(struct link_edges *edges, struct link_edge *edge)
{
    struct run *best = NULL;

    for (size_t i = 0; i < edges->run_count; i++) {
        struct run *run = &edges->runs[i];

        if (run->at == run->count)
            continue;
        if (best == NULL || compare_edges(&run->edges[run->at], &best->edges[best->at], (void *)edges->records) < 0)
            best = run;
    }
    if (best == NULL)
        return false;
    *edge = best->edges[best->at++];
    refill(edges, best);
    return true;
}

bool link_edges_have_failed(const struct link_edges *edges)
{
    return edges->has_failed;
}

uint64_t link_edges_count(const struct link_edges *edges)
{
    return edges->all;
}
