/* A table of pattern counts that grows.
 * One thread owns one. */
#ifndef HULEI_DAEMON_CLI_LINK_PATTERNS_H
#define HULEI_DAEMON_CLI_LINK_PATTERNS_H

#include "matchers/linkage/pattern.h"

struct link_patterns {
    struct pattern_table *table;
    void                 *memory;
    size_t                capacity;
};

/* Counts in a zeroed or used table; false when memory is out. */
bool link_patterns_add(struct link_patterns *patterns, uint64_t pattern, uint64_t count);
/* Adds all of `from`, which is cleared. False when memory is out. */
bool link_patterns_join(struct link_patterns *patterns, struct link_patterns *from);
/* See pattern_table_list(); the list lives as long as the table, which must not be added to any more. */
const struct pattern_count *link_patterns_list(struct link_patterns *patterns, size_t *count);
void                        link_patterns_clear(struct link_patterns *patterns);

#endif
