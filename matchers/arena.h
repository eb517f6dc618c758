/* Memory with one lifetime: everything derived from a batch lives in one arena and dies with it.
 * Not thread-safe; an arena belongs to one thread. */
#ifndef HULEI_MATCHERS_ARENA_H
#define HULEI_MATCHERS_ARENA_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>

/* The caller supplies the memory, so that matchers never allocate on their own. */
struct arena {
    char  *base;
    size_t capacity;   /* bytes; fixed when the arena is made */
    size_t used;       /* bytes */
    size_t high_water; /* bytes; most ever used, exported as a metric */
};

/* Uses `capacity` bytes at `memory`, which must outlive the arena. */
void arena_init(struct arena *arena, void *memory, size_t capacity);

/* Forgets everything that was allocated; the memory itself is kept (and not wiped). */
void arena_reset(struct arena *arena);

/* Zeroed memory aligned for any type, or NULL when the arena is full or count * size overflows. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy of `text` with a NUL behind it (not counted in length); the absent span when the arena is full. */
struct span arena_copy(struct arena *arena, struct span text);

/* The free bytes, for a text whose length is not known before it is written; arena_keep() makes the first `length` of
 * them the caller's. Nothing else may be allocated in between. */
char       *arena_rest(const struct arena *arena, size_t *size);
struct span arena_keep(struct arena *arena, size_t length);

#endif
