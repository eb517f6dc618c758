/* All persons of a filled index at once, for a batch run: the clusters that identity_batch_resolve() would make of
 * every mention, in steps which any number of threads may take. Deliberately without threads, and without what a stream
 * needs beside clusters: persons' ids, events, human decisions. */
#ifndef HULEI_MATCHERS_IDENTITY_SWEEP_H
#define HULEI_MATCHERS_IDENTITY_SWEEP_H

#include "matchers/arena.h"
#include "matchers/identity/identity.h"

/* What one thread needs to look around in an index. */
struct identity_scanner;

size_t identity_scanner_bytes(const struct identity_model *model);
/* `memory`: so many bytes, zeroed, aligned for any type; they belong to the scanner, and there is no way to end it. */
struct identity_scanner *identity_scanner_init(const struct identity_index *index, void *memory);

/* Evidence for two contents: mentions that say the same are one content. */
struct identity_edge {
    double   bits;
    uint64_t low, high; /* hashes of the contents: the canonical order */
    uint32_t a, b;      /* contents by number */
};

/* Call before the first step. The index has no decisions and no open batch, and must not change until the last step. */
void identity_sweep_begin(struct identity_index *index);

/* Contents are numbered from 1 to below this; some numbers may be free. */
uint32_t identity_content_end(const struct identity_index *index);

/* Edges of one content, at most. */
size_t identity_edges_max(const struct identity_index *index);

/* First step, for every content number: its edges to those loaded before it; how many. */
size_t identity_sweep_edges(struct identity_scanner *scanner, uint32_t content, struct identity_edge *edges);

/* Arena bytes that identity_sweep_component() needs for so many edges. */
size_t identity_component_bytes(size_t edge_count);

/*
 * Second step, for every group of edges that hang together: cuts them into clusters. clusters[content] becomes the
 * lowest content of its cluster; it must have been the content itself before. `scratch` holds zeros for the contents of
 * the group, and is needed again. The edges are spoiled. *frozen counts merges that a conflict forbade. False when the
 * arena is full.
 */
bool identity_sweep_component(struct identity_scanner *scanner, struct arena *arena, struct identity_edge *edges,
                              size_t count, uint32_t *scratch, uint32_t *clusters, uint64_t *frozen);

/*
 * Last step, for mentions that are numbered from 1 on without a gap: contents[i] becomes the content of mention i + 1
 * and firsts[i] the lowest mention of its person. `lowest` holds as many zeros as there are content numbers. Gives the
 * number of persons.
 */
size_t identity_sweep_persons(const struct identity_index *index, const uint32_t *clusters, const uint32_t *scratch,
                              uint32_t *lowest, uint32_t *contents, uint32_t *firsts);

const struct mention_features *identity_features_at(const struct identity_index *index, uint32_t content);

#endif
