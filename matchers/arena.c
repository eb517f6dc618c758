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

/* Not zeroed. */
static char *take(struct arena *arena, size_t count, size_t size, size_t alignment)
{
    const uintptr_t next    = (uintptr_t)arena->base + arena->used;
    const size_t    padding = (alignment - next % alignment) % alignment;
    const size_t    left    = arena->capacity - arena->used;

    if (padding > left || (size != 0 && count > (left - padding) / size))
        return NULL;

    char *memory = arena->base + arena->used + padding;
    arena->used += padding + count * size;
    if (arena->used > arena->high_water)
        arena->high_water = arena->used;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    char *memory = take(arena, count, size, alignof(max_align_t));

    if (memory != NULL)
        memset(memory, 0, count * size);
    return memory;
}

struct span arena_copy(struct arena *arena, struct span text)
{
    char *copy = text.length < SIZE_MAX ? take(arena, text.length + 1, 1, 1) : NULL;

    if (copy == NULL)
        return (struct span){ NULL, 0 };
    if (text.length > 0)
        memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    return (struct span){ copy, text.length };
}

char *arena_rest(const struct arena *arena, size_t *size)
{
    *size = arena->capacity - arena->used;
    return arena->base + arena->used;
}

struct span arena_keep(struct arena *arena, size_t length)
{
    char *kept = take(arena, length, 1, 1);

    return (struct span){ kept, kept != NULL ? length : 0 };
}
