/* Pairs that may join clusters, given back strongest first. Beyond a limit they go to an unnamed file.
 * Ties are broken by the records' hashes, so that the order of the files decides nothing. */
#ifndef HULEI_DAEMON_CLI_LINK_EDGES_H
#define HULEI_DAEMON_CLI_LINK_EDGES_H

#include "daemon/cli/link/link_records.h"

struct link_edge {
    uint32_t a, b; /* records */
    float    bits; /* match bits, prior included */
};

struct link_edges;

/* Keeps at most `limit_bytes` in memory. NULL when memory is out. Free with link_edges_free(). */
struct link_edges *link_edges_create(const struct link_records *records, size_t limit_bytes);
/* Freeing NULL does nothing. */
void link_edges_free(struct link_edges *edges);

/* False when a file cannot be written or memory is out. */
bool link_edges_add(struct link_edges *edges, struct link_edge edge);
/* Ends the adding. */
bool link_edges_finish(struct link_edges *edges);
/* The next strongest; false at the end. */
bool link_edges_next(struct link_edges *edges, struct link_edge *edge);
/* A file that could not be read back; asked after the end. */
bool link_edges_have_failed(const struct link_edges *edges);

uint64_t link_edges_count(const struct link_edges *edges);

#endif
