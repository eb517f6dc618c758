/* Fixed-size blocks with a free list under a byte limit; the memory itself comes from the caller.
 * Deliberately not an allocator of its own and not thread-safe. */
#ifndef HULEI_MATCHERS_PROXIMITY_POOL_H
#define HULEI_MATCHERS_PROXIMITY_POOL_H

#include "matchers/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Where memory comes from. The caller owns the context; `used_bytes` is kept by the users of this struct. */
struct pool_memory {
    void *(*acquire)(void *context, size_t bytes);              /* aligned for any type; NULL when there is none */
    void (*release)(void *context, void *memory, size_t bytes); /* NULL: memory is given back all at once (arena) */
    void  *context;
    size_t limit_bytes; /* 0: no limit but the source's own */
    size_t used_bytes;
};

/* Memory from an arena; nothing is given back before arena_reset(). */
struct pool_memory pool_memory_of_arena(struct arena *arena);

/* NULL when the limit would be passed or the source has none. Contents are undefined. */
void *pool_memory_acquire(struct pool_memory *memory, size_t bytes);

/* Gives back what pool_memory_acquire() gave; NULL does nothing. */
void pool_memory_release(struct pool_memory *memory, void *block, size_t bytes);

/* Blocks of one size. Zeroed and with the first two fields set it is ready (pool_init()). */
struct pool {
    struct pool_memory *memory;
    size_t              block_bytes;
    size_t              free_count;
    size_t              live_count;
    struct pool_free   *free_list;
    struct pool_chunk  *chunks;
};

void pool_init(struct pool *pool, struct pool_memory *memory, size_t block_bytes);

/* A zeroed block, or NULL when memory is out. */
void *pool_take(struct pool *pool);

/* Puts a block of this pool back on its free list. */
void pool_give(struct pool *pool, void *block);

/* Makes sure that the next `count` pool_take() succeed. False (and nothing lost) when memory is out. */
bool pool_reserve(struct pool *pool, size_t count);

/* Releases every chunk; every block of the pool is dead then. */
void pool_clear(struct pool *pool);

#endif
