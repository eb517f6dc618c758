/* Counts of patterns; see pattern.h.
 * Deliberately without growth: the caller says how many patterns there can be. */
#include "matchers/linkage/pattern.h"

#include <stdlib.h>

struct pattern_table {
    struct pattern_count *slots; /* open addressing; count 0: free */
    size_t                slot_count, used, capacity;
};

struct pattern_table *pattern_table_create(struct arena *arena, size_t capacity)
{
    struct pattern_table *table = arena_alloc(arena, 1, sizeof *table);
    size_t                slots = 16;

    while (slots < capacity * 2)
        slots *= 2;
    if (table == NULL)
        return NULL;
    table->slot_count = slots;
    table->capacity   = capacity;
    table->slots      = arena_alloc(arena, slots, sizeof table->slots[0]);
    return table->slots != NULL ? table : NULL;
}

/* The finaliser of splitmix64: spreads the low bits of similar patterns. */
static size_t slot_of(const struct pattern_table *table, uint64_t pattern)
{
    pattern = (pattern ^ pattern >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    pattern = (pattern ^ pattern >> 27) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(pattern ^ pattern >> 31) & (table->slot_count - 1);
}

bool pattern_table_add(struct pattern_table *table, uint64_t pattern, uint64_t count)
{
    size_t slot = slot_of(table, pattern);

    if (count == 0)
        return true;
    while (table->slots[slot].count != 0 && table->slots[slot].pattern != pattern)
        slot = (slot + 1) & (table->slot_count - 1);
    if (table->slots[slot].count == 0) {
        if (table->used == table->capacity)
            return false;
        table->used++;
        table->slots[slot].pattern = pattern;
    }
    table->slots[slot].count += count;
    return true;
}

static int compare_patterns(const void *a, const void *b)
{
    const struct pattern_count *first = a, *second = b;

    return (first->pattern > second->pattern) - (first->pattern < second->pattern);
}

const struct pattern_count *pattern_table_list(struct pattern_table *table, size_t *count)
{
    size_t used = 0;

    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].count != 0)
            table->slots[used++] = table->slots[i];
    }
    qsort(table->slots, used, sizeof table->slots[0], compare_patterns);
    *count = used;
    return table->slots;
}
