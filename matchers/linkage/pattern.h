/* How often each pattern of agreement occurs among pairs: all that training ever needs to see of the data.
 * Knows no field and no weight; a pattern is one level per comparison. */
#ifndef HULEI_MATCHERS_LINKAGE_PATTERN_H
#define HULEI_MATCHERS_LINKAGE_PATTERN_H

#include "matchers/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PATTERN_COMPARISONS_MAX = 16,
    PATTERN_LEVELS_MAX      = 16, /* with level 0: nothing to compare */
    PATTERN_LEVEL_BITS      = 4
};

/* A pattern holds the level of comparison 0 in its lowest four bits, of comparison 1 in the next, ... */
static inline unsigned pattern_level(uint64_t pattern, size_t comparison)
{
    return (unsigned)(pattern >> (comparison * PATTERN_LEVEL_BITS)) & (PATTERN_LEVELS_MAX - 1);
}

/* The pattern with one more comparison, whose level must still be 0. */
static inline uint64_t pattern_with(uint64_t pattern, size_t comparison, unsigned level)
{
    return pattern | (uint64_t)level << (comparison * PATTERN_LEVEL_BITS);
}

struct pattern_count {
    uint64_t pattern;
    uint64_t count; /* pairs */
};

/* Counts patterns; one thread owns one table. */
struct pattern_table;

/* Room for `capacity` different patterns. NULL when the arena is full. */
struct pattern_table *pattern_table_create(struct arena *arena, size_t capacity);

/* False when the pattern is new and the table full: nothing was counted. */
bool pattern_table_add(struct pattern_table *table, uint64_t pattern, uint64_t count);

/*
 * Ends the counting: the counts in order of their pattern, in the table's own memory. The same pairs give the same
 * list in whatever order they were counted, and so the same sums of floating-point numbers.
 */
const struct pattern_count *pattern_table_list(struct pattern_table *table, size_t *count);

#endif
