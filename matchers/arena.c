/* Memory with one lifetime; see arena.h.
 * Deliberately without growth: a full arena is a value the caller handles. */
#include "matchers/arena.h"

#include <stdalign.h>
#include <stdint.h>

void arena_init(struct arena *arena, void *memory, size_t capacity)
{
    *arena = (struct arena){ .base = memory, .capacity = capacity };
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    const size_t    alignment = alignof(max_align_t);
    const uintptr_t next      = (uintptr_t)arena->base + arena->used;
    const size_t    padding   = (alignment - next % alignment) % alignment;
    const size_t    left      = arena->capacity - arena->used;

    if (padding > left || (size != 0 && count > (left - padding) / size))
        return NULL;

    char *memory = arena->base + arena->used + padding;
    arena->used += padding + count * size;
    if (arena->used > arena->high_water)
        arena->high_water = arena->used;
    memset(memory, 0, count * size);
    return memory;
}

struct span arena_copy(struct arena *arena, struct span text)
{
    char *copy = arena_alloc(arena, text.length + 1, 1);

    if (copy == NULL)
        return (struct span){ NULL, 0 };
    if (text.length > 0)
        memcpy(copy, text.bytes, text.length);
    return (struct span){ copy, text.length };
}
