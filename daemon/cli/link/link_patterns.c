/* Growing pattern counts; see link_patterns.h.
 * A full table is read out into one twice as large. */
#include "daemon/cli/link/link_patterns.h"

#include <stdlib.h>

enum { FIRST_PATTERNS = 4096, SLOT_SHARE = 4 /* slots per pattern at most, rounded up to a power of two */ };

static bool grow(struct link_patterns *patterns)
{
    const size_t         capacity = patterns->capacity != 0 ? patterns->capacity * 2 : FIRST_PATTERNS;
    const size_t         bytes    = capacity * SLOT_SHARE * sizeof(struct pattern_count) + 1024;
    struct link_patterns grown    = { NULL, malloc(bytes), capacity };
    struct arena         arena;
    size_t               count = 0;

    if (grown.memory == NULL)
        return false;
    arena_init(&arena, grown.memory, bytes);
    grown.table = pattern_table_create(&arena, capacity);
    if (grown.table == NULL) {
        free(grown.memory);
        return false;
    }
    const struct pattern_count *list = patterns->table != NULL ? pattern_table_list(patterns->table, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        pattern_table_add(grown.table, list[i].pattern, list[i].count);
    free(patterns->memory); /* NOLINT(clang-analyzer-unix.Malloc): never the memory just grown */
    *patterns = grown;
    return true;
}

bool link_patterns_add(struct link_patterns *patterns, uint64_t pattern, uint64_t count)
{
    if (patterns->table != NULL && pattern_table_add(patterns->table, pattern, count))
        return true;
    return grow(patterns) && pattern_table_add(patterns->table, pattern, count);
}

bool link_patterns_join(struct link_patterns *patterns, struct link_patterns *from)
{
    size_t                      count = 0;
    const struct pattern_count *list  = from->table != NULL ? pattern_table_list(from->table, &count) : NULL;
    bool                        is_ok = true;

    for (size_t i = 0; is_ok && i < count; i++)
        is_ok = link_patterns_add(patterns, list[i].pattern, list[i].count);
    link_patterns_clear(from);
    return is_ok;
}

const struct pattern_count *link_patterns_list(struct link_patterns *patterns, size_t *count)
{
    *count = 0;
    return patterns->table != NULL ? pattern_table_list(patterns->table, count) : NULL;
}

void link_patterns_clear(struct link_patterns *patterns)
{
    free(patterns->memory);
    *patterns = (struct link_patterns){ 0 };
}
