/* Fixed-size blocks with a free list; see pool.h.
 * Deliberately never shrinks: chunks live until pool_clear(). */
#include "matchers/proximity/pool.h"

#include <assert.h>
#include <stdint.h>

enum { BLOCK_ALIGNMENT = 16, CHUNK_BYTES = 16384, CHUNK_BLOCKS_LEAST = 8 };

struct pool_free {
    struct pool_free *next;
};

struct pool_chunk {
    struct pool_chunk *next;
    size_t             bytes;
};

static void *acquire_of_arena(void *context, size_t bytes)
{
    return arena_alloc(context, bytes, 1);
}

struct pool_memory pool_memory_of_arena(struct arena *arena)
{
    return (struct pool_memory){ .acquire = acquire_of_arena, .context = arena };
}

void *pool_memory_acquire(struct pool_memory *memory, size_t bytes)
{
    if (memory->limit_bytes != 0 &&
        (memory->used_bytes > memory->limit_bytes || bytes > memory->limit_bytes - memory->used_bytes))
        return NULL;

    void *block = memory->acquire(memory->context, bytes);
    if (block != NULL)
        memory->used_bytes += bytes;
    return block;
}

void pool_memory_release(struct pool_memory *memory, void *block, size_t bytes)
{
    if (block == NULL)
        return;
    assert(memory->used_bytes >= bytes);
    memory->used_bytes -= bytes;
    if (memory->release != NULL)
        memory->release(memory->context, block, bytes);
}

void pool_init(struct pool *pool, struct pool_memory *memory, size_t block_bytes)
{
    if (block_bytes < sizeof(struct pool_free))
        block_bytes = sizeof(struct pool_free);
    block_bytes = (block_bytes + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
    *pool       = (struct pool){ .memory = memory, .block_bytes = block_bytes };
}

static bool add_chunk(struct pool *pool, size_t blocks)
{
    const size_t header = (sizeof(struct pool_chunk) + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;

    if (blocks > (SIZE_MAX - header) / pool->block_bytes)
        return false;

    const size_t       bytes = header + blocks * pool->block_bytes;
    struct pool_chunk *chunk = pool_memory_acquire(pool->memory, bytes);
    if (chunk == NULL)
        return false;

    chunk->next  = pool->chunks;
    chunk->bytes = bytes;
    pool->chunks = chunk;
    for (size_t i = blocks; i-- > 0;) {
        struct pool_free *block = (void *)((char *)chunk + header + i * pool->block_bytes);
        block->next             = pool->free_list;
        pool->free_list         = block;
    }
    pool->free_count += blocks;
    return true;
}

/* An arena is filled sparingly at first: most batches need few blocks. */
static size_t usual_blocks(const struct pool *pool)
{
    const size_t most = CHUNK_BYTES / pool->block_bytes;
    size_t       want = pool->live_count + pool->free_count;

    if (want > most)
        want = most;
    return want < CHUNK_BLOCKS_LEAST ? CHUNK_BLOCKS_LEAST : want;
}

void *pool_take(struct pool *pool)
{
    if (pool->free_list == NULL && !add_chunk(pool, usual_blocks(pool)) && !add_chunk(pool, 1))
        return NULL;

    struct pool_free *block = pool->free_list;
    pool->free_list         = block->next;
    pool->free_count--;
    pool->live_count++;
    memset(block, 0, pool->block_bytes);
    return block;
}

void pool_give(struct pool *pool, void *block)
{
    struct pool_free *freed = block;

    assert(pool->live_count > 0);
    freed->next     = pool->free_list;
    pool->free_list = freed;
    pool->free_count++;
    pool->live_count--;
}

bool pool_reserve(struct pool *pool, size_t count)
{
    if (pool->free_count >= count)
        return true;

    const size_t missing = count - pool->free_count;
    const size_t usual   = usual_blocks(pool);

    return (missing < usual && add_chunk(pool, usual)) || add_chunk(pool, missing);
}

void pool_clear(struct pool *pool)
{
    while (pool->chunks != NULL) {
        struct pool_chunk *chunk = pool->chunks;
        pool->chunks             = chunk->next;
        pool_memory_release(pool->memory, chunk, chunk->bytes);
    }
    pool_init(pool, pool->memory, pool->block_bytes);
}
