/* Blocks of one size by number, with a free list, and hash tables over them; under one byte limit.
 * Deliberately never gives memory back: a put after a remove takes what the remove freed. */
#ifndef HULEI_MATCHERS_IDENTITY_BLOCKS_H
#define HULEI_MATCHERS_IDENTITY_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_memory {
    void *(*grow)(void *owner, size_t bytes); /* zeroed; NULL: none */
    void  *owner;
    size_t used_bytes, limit_bytes;
};

/* NULL when the limit would be passed or there is none. */
void *block_memory_take(struct block_memory *memory, size_t bytes);

/* Numbers start at 1; 0 is none. A block is at least 4 bytes. */
struct blocks {
    struct block_memory *memory;
    char               **chunks;
    size_t               block_bytes, chunk_limit;
    uint32_t             made, taken; /* blocks there are, and how many of them were ever taken */
    uint32_t             live;
    uint32_t             given_head, given_count; /* blocks given back */
};

/* False when memory is out. */
bool blocks_init(struct blocks *blocks, struct block_memory *memory, size_t block_bytes);
/* Makes sure that the next `count` blocks_take() succeed. */
bool blocks_reserve(struct blocks *blocks, uint32_t count);
/* A zeroed block's number, or 0. */
uint32_t blocks_take(struct blocks *blocks);
void     blocks_give(struct blocks *blocks, uint32_t number);

enum { BLOCKS_PER_CHUNK = 1024 };

static inline void *blocks_at(const struct blocks *blocks, uint32_t number)
{
    return blocks->chunks[(number - 1) / BLOCKS_PER_CHUNK] + (number - 1) % BLOCKS_PER_CHUNK * blocks->block_bytes;
}

/* First part of every block that is found by hash. */
struct table_item {
    uint64_t hash;
    uint32_t next;
};

/* Linear hashing: grows bucket by bucket, never copies. */
struct table {
    struct blocks *items;
    struct blocks  buckets; /* heads; bucket i is block i + 1 */
    uint32_t       count, low_mask, split;
};

bool table_init(struct table *table, struct blocks *items);
/* Makes an empty table as large as so many items need; where memory is out it stays smaller. */
void table_expect(struct table *table, uint32_t count);
/* The item's hash must be set. */
void table_insert(struct table *table, uint32_t number);
void table_remove(struct table *table, uint32_t number);
/* First item of this hash and the next one after `number`; 0 at the end. */
uint32_t table_find(const struct table *table, uint64_t hash);
uint32_t table_next(const struct table *table, uint32_t number);
/* Bring what a look-up of this hash needs into the cache: its bucket, and later, behind the bucket, its item. */
void table_prefetch_bucket(const struct table *table, uint64_t hash);
void table_prefetch_item(const struct table *table, uint64_t hash);

#endif
