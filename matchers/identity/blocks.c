/* Blocks of one size by number and hash tables over them; see blocks.h.
 * Deliberately without locks. */
#include "matchers/identity/blocks.h"

#include <assert.h>
#include <string.h>

enum { TABLE_FIRST_BUCKETS = 64, SPLITS_AHEAD = 8 };

void *block_memory_take(struct block_memory *memory, size_t bytes)
{
    if (bytes > memory->limit_bytes - memory->used_bytes)
        return NULL;
    void *taken = memory->grow(memory->owner, bytes);
    if (taken != NULL)
        memory->used_bytes += bytes;
    return taken;
}

bool blocks_init(struct blocks *blocks, struct block_memory *memory, size_t block_bytes)
{
    const size_t limit = memory->limit_bytes / (block_bytes * BLOCKS_PER_CHUNK) + 1;

    *blocks        = (struct blocks){ .memory = memory, .block_bytes = block_bytes, .chunk_limit = limit };
    blocks->chunks = block_memory_take(memory, limit * sizeof blocks->chunks[0]);
    return blocks->chunks != NULL;
}

static bool add_chunk(struct blocks *blocks)
{
    const size_t index = blocks->made / BLOCKS_PER_CHUNK;

    if (index >= blocks->chunk_limit || blocks->made > UINT32_MAX - BLOCKS_PER_CHUNK - 1)
        return false;
    blocks->chunks[index] = block_memory_take(blocks->memory, BLOCKS_PER_CHUNK * blocks->block_bytes);
    if (blocks->chunks[index] == NULL)
        return false;
    blocks->made += BLOCKS_PER_CHUNK;
    return true;
}

bool blocks_reserve(struct blocks *blocks, uint32_t count)
{
    while (blocks->given_count + (blocks->made - blocks->taken) < count) {
        if (!add_chunk(blocks))
            return false;
    }
    return true;
}

uint32_t blocks_take(struct blocks *blocks)
{
    if (!blocks_reserve(blocks, 1))
        return 0;

    blocks->live++;
    if (blocks->given_count == 0)
        return ++blocks->taken;

    const uint32_t number = blocks->given_head;
    void          *block  = blocks_at(blocks, number);

    memcpy(&blocks->given_head, block, sizeof blocks->given_head);
    memset(block, 0, sizeof blocks->given_head); /* the rest is zero already */
    blocks->given_count--;
    return number;
}

void blocks_give(struct blocks *blocks, uint32_t number)
{
    assert(blocks->live > 0);
    blocks->live--;
    memset(blocks_at(blocks, number), 0, blocks->block_bytes);
    memcpy(blocks_at(blocks, number), &blocks->given_head, sizeof blocks->given_head);
    blocks->given_head = number;
    blocks->given_count++;
}

static struct table_item *item_at(const struct table *table, uint32_t number)
{
    return blocks_at(table->items, number);
}

static uint32_t *bucket_at(const struct table *table, uint32_t bucket)
{
    return blocks_at(&table->buckets, bucket + 1);
}

bool table_init(struct table *table, struct blocks *items)
{
    *table = (struct table){ .items = items, .low_mask = TABLE_FIRST_BUCKETS - 1 };
    if (!blocks_init(&table->buckets, items->memory, sizeof(uint32_t)))
        return false;
    for (uint32_t i = 0; i < TABLE_FIRST_BUCKETS; i++) {
        if (blocks_take(&table->buckets) != i + 1)
            return false;
    }
    return true;
}

static uint32_t *bucket_of(const struct table *table, uint64_t hash)
{
    uint32_t bucket = (uint32_t)hash & table->low_mask;

    if (bucket < table->split)
        bucket = (uint32_t)hash & (table->low_mask << 1 | 1);
    return bucket_at(table, bucket);
}

/* Splits one bucket; where memory is out the chains just get longer. */
static void split_bucket(struct table *table)
{
    const uint32_t made = table->low_mask + 1 + table->split;

    if (blocks_take(&table->buckets) != made + 1)
        return;
    uint32_t *from   = bucket_at(table, table->split);
    uint32_t *to     = bucket_at(table, made);
    uint32_t  number = *from;

    *from = 0;
    if (++table->split > table->low_mask) {
        table->low_mask = table->low_mask << 1 | 1;
        table->split    = 0;
    }
    while (number != 0) {
        struct table_item *item   = item_at(table, number);
        const uint32_t     next   = item->next;
        uint32_t          *bucket = bucket_of(table, item->hash);

        assert(bucket == from || bucket == to);
        item->next = *bucket;
        *bucket    = number;
        number     = next;
    }
}

void table_expect(struct table *table, uint32_t count)
{
    assert(table->count == 0);
    while (table->low_mask + 1 + table->split < count && table->low_mask < UINT32_MAX / 4) {
        const uint32_t made = table->low_mask + 1 + table->split;

        split_bucket(table);
        if (table->low_mask + 1 + table->split == made)
            return;
    }
}

/* Buckets are split in order, their items lie anywhere. */
static void prefetch_splits(const struct table *table)
{
    const uint32_t soon = table->split + SPLITS_AHEAD, number = soon <= table->low_mask ? *bucket_at(table, soon) : 0;

    if (number != 0)
        __builtin_prefetch(item_at(table, number), 1);
}

void table_insert(struct table *table, uint32_t number)
{
    if (table->count++ > table->low_mask + table->split) {
        prefetch_splits(table);
        split_bucket(table);
    }

    struct table_item *item   = item_at(table, number);
    uint32_t          *bucket = bucket_of(table, item->hash);

    item->next = *bucket;
    *bucket    = number;
}

void table_remove(struct table *table, uint32_t number)
{
    uint32_t *link = bucket_of(table, item_at(table, number)->hash);

    while (*link != number) {
        assert(*link != 0);
        link = &item_at(table, *link)->next;
    }
    *link = item_at(table, number)->next;
    table->count--;
}

uint32_t table_find(const struct table *table, uint64_t hash)
{
    uint32_t number = *bucket_of(table, hash);

    while (number != 0 && item_at(table, number)->hash != hash)
        number = item_at(table, number)->next;
    return number;
}

uint32_t table_next(const struct table *table, uint32_t number)
{
    const uint64_t hash = item_at(table, number)->hash;

    do
        number = item_at(table, number)->next;
    while (number != 0 && item_at(table, number)->hash != hash);
    return number;
}

void table_prefetch_bucket(const struct table *table, uint64_t hash)
{
    __builtin_prefetch(bucket_of(table, hash), 1);
}

void table_prefetch_item(const struct table *table, uint64_t hash)
{
    const uint32_t number = *bucket_of(table, hash);

    if (number != 0)
        __builtin_prefetch(item_at(table, number), 1);
}
