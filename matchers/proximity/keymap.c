/* A multi-map from (kind, key) to values; see keymap.h.
 * Deliberately chained: entries never move, so removal is exact and iteration simple. */
#include "matchers/proximity/keymap.h"

enum { FIRST_BUCKETS = 64 };

static uint64_t mix(uint32_t kind, uint64_t key)
{
    uint64_t h = key + 0x9e3779b97f4a7c15u * (kind + 1u);

    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

static struct keymap_node **bucket_of(const struct keymap *map, uint32_t kind, uint64_t key)
{
    return &map->buckets[mix(kind, key) & (map->bucket_count - 1)];
}

void keymap_init(struct keymap *map, struct pool_memory *memory)
{
    *map = (struct keymap){ 0 };
    pool_init(&map->nodes, memory, sizeof(struct keymap_node));
}

void keymap_clear(struct keymap *map)
{
    struct pool_memory *memory = map->nodes.memory;

    pool_memory_release(memory, map->buckets, map->bucket_count * sizeof(struct keymap_node *));
    pool_clear(&map->nodes);
    keymap_init(map, memory);
}

static bool resize(struct keymap *map, size_t count)
{
    const size_t         bytes   = count * sizeof(struct keymap_node *);
    struct keymap_node **buckets = pool_memory_acquire(map->nodes.memory, bytes);
    if (buckets == NULL)
        return false;

    struct keymap next = { .buckets = buckets, .bucket_count = count };
    memset(buckets, 0, bytes);
    for (size_t i = 0; i < map->bucket_count; i++) {
        while (map->buckets[i] != NULL) {
            struct keymap_node  *node = map->buckets[i];
            struct keymap_node **home = bucket_of(&next, node->kind, node->key);
            map->buckets[i]           = node->next;
            node->next                = *home;
            *home                     = node;
        }
    }
    pool_memory_release(map->nodes.memory, map->buckets, map->bucket_count * sizeof(struct keymap_node *));
    map->buckets      = buckets;
    map->bucket_count = count;
    return true;
}

/* More buckets are a matter of speed only; without any the map cannot work. */
static bool has_buckets_for(struct keymap *map, size_t count)
{
    size_t wanted = map->bucket_count != 0 ? map->bucket_count : FIRST_BUCKETS;

    while (wanted < count)
        wanted *= 2;
    if (wanted == map->bucket_count || resize(map, wanted))
        return true;
    return map->bucket_count != 0;
}

bool keymap_insert(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value)
{
    if (!has_buckets_for(map, map->nodes.live_count + 1))
        return false;

    struct keymap_node *node = pool_take(&map->nodes);
    if (node == NULL)
        return false;

    struct keymap_node **home = bucket_of(map, kind, key);
    *node                     = (struct keymap_node){ .key = key, .value = value, .next = *home, .kind = kind };
    *home                     = node;
    return true;
}

bool keymap_remove(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value)
{
    if (map->bucket_count == 0)
        return false;

    for (struct keymap_node **link = bucket_of(map, kind, key); *link != NULL; link = &(*link)->next) {
        struct keymap_node *node = *link;
        if (node->key != key || node->kind != kind || node->value != value)
            continue;
        *link = node->next;
        pool_give(&map->nodes, node);
        return true;
    }
    return false;
}

static const struct keymap_node *matching(const struct keymap_node *node, uint32_t kind, uint64_t key)
{
    while (node != NULL && (node->key != key || node->kind != kind))
        node = node->next;
    return node;
}

const struct keymap_node *keymap_first(const struct keymap *map, uint32_t kind, uint64_t key)
{
    if (map->bucket_count == 0)
        return NULL;
    return matching(*bucket_of(map, kind, key), kind, key);
}

bool keymap_replace(struct keymap *map, uint32_t kind, uint64_t key, uint64_t value)
{
    if (map->bucket_count == 0)
        return false;
    for (struct keymap_node *node = *bucket_of(map, kind, key); node != NULL; node = node->next) {
        if (node->key != key || node->kind != kind)
            continue;
        node->value = value;
        return true;
    }
    return false;
}

const struct keymap_node *keymap_next(const struct keymap_node *node)
{
    return matching(node->next, node->kind, node->key);
}

bool keymap_reserve(struct keymap *map, size_t count)
{
    return has_buckets_for(map, map->nodes.live_count + count) && pool_reserve(&map->nodes, count);
}
