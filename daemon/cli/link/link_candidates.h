/* Who is compared with whom: records that share a blocking key, each pair once.
 * Keys with too many holders give no candidates and are counted. */
#ifndef HULEI_DAEMON_CLI_LINK_CANDIDATES_H
#define HULEI_DAEMON_CLI_LINK_CANDIDATES_H

#include "daemon/cli/link/link_config.h"
#include "daemon/cli/link/link_records.h"

enum { LINK_WORST_KEYS = 5, LINK_HOT_DEFAULT = 1000 };

struct link_worst_key {
    uint32_t holders, record; /* a record that holds it */
};

struct link_rule_counts {
    uint64_t              keys, pairs; /* distinct live keys; pairs under them, before other rules are regarded */
    uint64_t              without_key; /* records */
    uint64_t              hot_keys, hot_pairs;    /* left out */
    struct link_worst_key worst[LINK_WORST_KEYS]; /* keys with most holders first */
};

struct link_candidates;

/* What one thread needs to look candidates up. */
struct link_scan {
    uint32_t *found; /* later records than the one asked for, sorted */
    size_t    count, capacity;
    uint32_t *stamps; /* per record */
    uint32_t  stamp;
};

/* Indexes the records under each rule. NULL when memory is out. Free with link_candidates_free(). */
struct link_candidates *link_candidates_create(const struct link_records *records, const struct linkage_column *columns,
                                               const struct linkage_rule *rules, const struct link_rule *settings,
                                               size_t rule_count, bool between_sources, unsigned threads);
/* Freeing NULL does nothing. */
void link_candidates_free(struct link_candidates *candidates);

const struct link_rule_counts *link_candidates_counts(const struct link_candidates *candidates, size_t rule);

/* False when memory is out. */
bool link_scan_init(struct link_scan *scan, const struct link_candidates *candidates);
void link_scan_clear(struct link_scan *scan);
/* Fills scan->found with the candidates behind `record` under the rules of the mask. False when memory is out. */
bool link_candidates_find(const struct link_candidates *candidates, uint32_t record, uint32_t rule_mask,
                          struct link_scan *scan);

#endif
