/* Clusters of everything; see sweep.h.
 * The comparison, the order of merges and what forbids them are cluster.c's and valid.c's: nothing is decided here. */
#include "matchers/identity/sweep.h"

#include "matchers/identity/index_parts.h"

#include <assert.h>
#include <stddef.h>

/* What identity_sweep_component() leaves in its scratch. */
enum { HAS_FELLOWS = 1 };

void identity_sweep_begin(struct identity_index *index)
{
    assert(!index->has_open_batch && index->decisions.live == 0);
    index->visit++;
}

uint32_t identity_content_end(const struct identity_index *index)
{
    return index->profiles.made + 1;
}

size_t identity_edges_max(const struct identity_index *index)
{
    return scanner_found_max(index->model);
}

struct edge_list {
    const struct identity_index *index;
    struct identity_edge        *edges;
    size_t                       count;
};

static void note_edge(void *context, uint32_t number, uint32_t other)
{
    struct edge_list *list = context;

    const double bits = profile_edge_bits(list->index, profile_at(list->index, number), profile_at(list->index, other));
    if (bits > 0)
        list->edges[list->count++] = cluster_edge(list->index, number, other, bits);
}

static bool is_live(const struct identity_index *index, uint32_t content)
{
    return profile_at(index, content)->mention_count > 0;
}

size_t identity_sweep_edges(struct identity_scanner *scanner, uint32_t content, struct identity_edge *edges)
{
    struct edge_list list = { scanner->index, edges, 0 };

    if (is_live(scanner->index, content))
        profile_scan_edges(scanner, content, note_edge, &list);
    return list.count;
}

size_t identity_component_bytes(size_t edge_count)
{
    const size_t alignment = 2 * _Alignof(max_align_t);

    return (edge_count + 1) * sizeof(struct cluster_member) + edge_count * (sizeof(struct frozen_pair) + alignment) +
           alignment;
}

/* The local number of a content, which becomes a member when it is met first. */
static uint32_t local_of(struct clustering *clustering, uint32_t *scratch, uint32_t content)
{
    if (scratch[content] == 0) {
        const uint32_t local       = clustering->count++;
        clustering->members[local] = (struct cluster_member){ content, local, 0, local, 1 };
        scratch[content]           = local + 1;
    }
    return scratch[content] - 1;
}

static void label(const struct clustering *clustering, uint32_t first, uint32_t *scratch, uint32_t *clusters)
{
    uint32_t lowest = UINT32_MAX;

    for (uint32_t i = first + 1; i != 0; i = clustering->members[i - 1].next)
        lowest = clustering->members[i - 1].profile < lowest ? clustering->members[i - 1].profile : lowest;
    for (uint32_t i = first + 1; i != 0; i = clustering->members[i - 1].next) {
        clusters[clustering->members[i - 1].profile] = lowest;
        scratch[clustering->members[i - 1].profile]  = clustering->members[first].count > 1 ? HAS_FELLOWS : 0;
    }
}

bool identity_sweep_component(struct identity_scanner *scanner, struct arena *arena, struct identity_edge *edges,
                              size_t count, uint32_t *scratch, uint32_t *clusters, uint64_t *frozen)
{
    struct clustering clustering = { .members = arena_alloc(arena, count + 1, sizeof(struct cluster_member)) };

    if (clustering.members == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        edges[i].a = local_of(&clustering, scratch, edges[i].a);
        edges[i].b = local_of(&clustering, scratch, edges[i].b);
    }
    clustering.seed_count = clustering.count;
    if (!cluster_agglomerate(scanner, arena, &clustering, edges, count))
        return false;
    for (uint32_t i = 0; i < clustering.count; i++) {
        if (clustering.members[i].cluster == i)
            label(&clustering, i, scratch, clusters);
    }
    *frozen += clustering.frozen_count;
    return true;
}

/* Mentions that say too little stay alone, though they share a profile. */
static bool is_loose(const struct identity_index *index, const struct profile *profile)
{
    return profile->mention_count > 1 && profile_edge_bits(index, profile, profile) <= 0;
}

size_t identity_sweep_persons(const struct identity_index *index, const uint32_t *clusters, const uint32_t *scratch,
                              uint32_t *lowest, uint32_t *contents, uint32_t *firsts)
{
    size_t count = 0;

    for (uint32_t number = 1; number <= index->mentions.made; number++) {
        const struct mention *mention = mention_at(index, number);
        const uint32_t        id      = (uint32_t)mention->mention_id;

        if (mention->profile == 0)
            continue;
        uint32_t *first  = &lowest[clusters[mention->profile]];
        *first           = *first == 0 || id < *first ? id : *first;
        contents[id - 1] = mention->profile;
    }
    for (uint32_t id = 1; id <= index->mentions.live; id++) {
        const uint32_t content = contents[id - 1];
        const bool     alone   = scratch[content] != HAS_FELLOWS && is_loose(index, profile_at(index, content));

        firsts[id - 1] = alone ? id : lowest[clusters[content]];
        count += firsts[id - 1] == id;
    }
    return count;
}

const struct mention_features *identity_features_at(const struct identity_index *index, uint32_t content)
{
    return &profile_at(index, content)->features;
}
