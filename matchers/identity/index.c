/* The identity index: creation, loading, look-ups, the lists of persons; see identity.h.
 * Deliberately without clustering, which is a batch's work. */
#include "matchers/identity/index_parts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t index_id_hash(int64_t id)
{
    return XXH3_64bits(&id, sizeof id);
}

const char *identity_event_word(enum identity_event_kind kind)
{
    static const char *const words[] = { "created", "joined", "left", "merged", "split", "frozen", "retired" };

    return words[kind];
}

const char *identity_grade_text(enum identity_grade grade)
{
    static const char *const words[] = { "probable", "strong", "confirmed" };

    return words[grade];
}

static bool is_generic(const void *context, enum key_kind kind, uint64_t value)
{
    const struct identity_index *index  = context;
    const uint32_t               number = table_find(&index->key_table, blocking_key_hash(kind, value, 0));

    return number != 0 && key_is_common(index, key_at(index, number));
}

static bool init_parts(struct identity_index *index)
{
    const struct {
        struct blocks *blocks;
        size_t         bytes;
        struct table  *table;
    } parts[] = {
        {&index->mentions,   sizeof(struct mention),  &index->mention_table },
        { &index->profiles,  sizeof(struct profile),  &index->profile_table },
        { &index->keys,      sizeof(struct key),      &index->key_table     },
        { &index->nodes,     sizeof(struct node),     NULL                  },
        { &index->persons,   sizeof(struct person),   &index->person_table  },
        { &index->decisions, sizeof(struct decision), &index->decision_table},
    };

    void *scanner  = block_memory_take(&index->memory, identity_scanner_bytes(index->model));
    index->scanner = scanner != NULL ? identity_scanner_init(index, scanner) : NULL;
    if (index->scanner == NULL)
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!blocks_init(parts[i].blocks, &index->memory, parts[i].bytes))
            return false;
        if (parts[i].table != NULL && !table_init(parts[i].table, parts[i].blocks))
            return false;
    }
    return true;
}

struct identity_index *identity_index_create(struct memory memory, size_t limit_bytes,
                                             const struct language_tables *tables, const struct identity_model *model)
{
    struct identity_index *index = limit_bytes >= sizeof *index ? memory.grow(memory.owner, sizeof *index) : NULL;

    if (index == NULL)
        return NULL;
    index->memory = (struct block_memory){ memory.grow, memory.owner, sizeof *index, limit_bytes };
    index->tables = tables;
    index->model  = model;

    index->name_bits_most = identity_name_bits_most(model);
    index->holders        = (struct comparison_holders){ is_generic, index };
    return init_parts(index) ? index : NULL;
}

uint32_t index_find_mention(const struct identity_index *index, int64_t mention_id)
{
    uint32_t number = table_find(&index->mention_table, index_id_hash(mention_id));

    while (number != 0 && mention_at(index, number)->mention_id != mention_id)
        number = table_next(&index->mention_table, number);
    return number;
}

uint32_t index_find_person(const struct identity_index *index, int64_t person_id)
{
    uint32_t number = table_find(&index->person_table, index_id_hash(person_id));

    while (number != 0 && person_at(index, number)->person_id != person_id)
        number = table_next(&index->person_table, number);
    return number;
}

bool index_reserve(struct identity_index *index, uint32_t mentions)
{
    return blocks_reserve(&index->mentions, mentions) && blocks_reserve(&index->profiles, mentions) &&
           blocks_reserve(&index->keys, mentions * KEYS_MAX) && blocks_reserve(&index->nodes, mentions * KEYS_MAX) &&
           blocks_reserve(&index->persons, mentions);
}

uint32_t index_add_mention(struct identity_index *index, int64_t mention_id, uint64_t canonical, uint32_t sole_group)
{
    const uint32_t  number  = blocks_take(&index->mentions);
    struct mention *mention = mention_at(index, number);

    mention->item.hash  = index_id_hash(mention_id);
    mention->mention_id = mention_id;
    mention->canonical  = canonical;
    mention->sole_group = sole_group;
    table_insert(&index->mention_table, number);
    return number;
}

static void leave_person(struct identity_index *index, struct mention *mention)
{
    struct person *person = person_at(index, mention->person);

    if (mention->person_prev != 0)
        mention_at(index, mention->person_prev)->person_next = mention->person_next;
    else
        person->member_head = mention->person_next;
    if (mention->person_next != 0)
        mention_at(index, mention->person_next)->person_prev = mention->person_prev;
    person->grade = GRADE_UNKNOWN;
    if (--person->member_count == 0) {
        table_remove(&index->person_table, mention->person);
        blocks_give(&index->persons, mention->person);
    }
    mention->person = mention->person_next = mention->person_prev = 0;
}

void index_move(struct identity_index *index, uint32_t mention_number, int64_t person_id)
{
    struct mention *mention = mention_at(index, mention_number);

    if (mention->person != 0)
        leave_person(index, mention);
    if (person_id == 0)
        return;

    uint32_t number = index_find_person(index, person_id);
    if (number == 0) {
        number                = blocks_take(&index->persons);
        struct person *person = person_at(index, number);

        person->item.hash = index_id_hash(person_id);
        person->person_id = person_id;
        table_insert(&index->person_table, number);
    }
    struct person *person = person_at(index, number);

    mention->person      = number;
    mention->person_next = person->member_head;
    if (person->member_head != 0)
        mention_at(index, person->member_head)->person_prev = mention_number;
    person->member_head = mention_number;
    person->member_count++;
    person->grade = GRADE_UNKNOWN;
}

/* Keys of a usual mention that no other has. */
enum { KEYS_EXPECTED = 3 };

void identity_index_expect(struct identity_index *index, size_t mentions)
{
    const uint32_t count = mentions < UINT32_MAX / KEYS_EXPECTED ? (uint32_t)mentions : UINT32_MAX / KEYS_EXPECTED;

    table_expect(&index->mention_table, count);
    table_expect(&index->profile_table, count);
    table_expect(&index->key_table, count * KEYS_EXPECTED);
}

/* How far ahead of its turn an item's buckets and entries are asked for. */
enum { BUCKETS_AHEAD = 6, ENTRIES_AHEAD = 4, HOLDERS_AHEAD = 2 };

static void prefetch_item(const struct identity_index *index, const struct identity_item *item,
                          void (*prefetch)(const struct table *table, uint64_t hash))
{
    prefetch(&index->mention_table, index_id_hash(item->mention_id));
    prefetch(&index->profile_table, item->content_hash);
    if (item->person_id != 0)
        prefetch(&index->person_table, index_id_hash(item->person_id));
    for (size_t i = 0; i < item->key_count; i++)
        prefetch(&index->key_table, item->keys[i].hash);
}

/* The last holder of each key that is there: the next one is chained to it. */
static void prefetch_holders(const struct identity_index *index, const struct identity_item *item)
{
    for (size_t i = 0; i < item->key_count; i++) {
        const uint32_t key  = table_find(&index->key_table, item->keys[i].hash);
        const uint32_t head = key != 0 ? key_at(index, key)->head : 0;

        if (head != 0)
            __builtin_prefetch(node_at(index, head), 1);
    }
}

/* Exactly what these need. */
static bool reserve_items(struct identity_index *index, const struct identity_item *items, size_t count)
{
    size_t keys = 0;

    for (size_t i = 0; i < count; i++)
        keys += items[i].key_count;
    return keys <= UINT32_MAX && blocks_reserve(&index->mentions, (uint32_t)count) &&
           blocks_reserve(&index->profiles, (uint32_t)count) && blocks_reserve(&index->persons, (uint32_t)count) &&
           blocks_reserve(&index->keys, (uint32_t)keys) && blocks_reserve(&index->nodes, (uint32_t)keys);
}

bool identity_index_load(struct identity_index *index, const struct identity_item *items, size_t count)
{
    if (!reserve_items(index, items, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i + BUCKETS_AHEAD < count)
            prefetch_item(index, &items[i + BUCKETS_AHEAD], table_prefetch_bucket);
        if (i + ENTRIES_AHEAD < count)
            prefetch_item(index, &items[i + ENTRIES_AHEAD], table_prefetch_item);
        if (i + HOLDERS_AHEAD < count)
            prefetch_holders(index, &items[i + HOLDERS_AHEAD]);
        const uint32_t number = index_add_mention(index, items[i].mention_id, items[i].canonical, items[i].sole_group);

        profile_attach_item(index, NULL, number, &items[i]);
        index_move(index, number, items[i].person_id);
    }
    return true;
}

const struct comparison_holders *identity_holders(const struct identity_index *index)
{
    return &index->holders;
}

struct identity_statistics identity_index_statistics(const struct identity_index *index)
{
    return (struct identity_statistics){
        .used_bytes   = index->memory.used_bytes,
        .limit_bytes  = index->memory.limit_bytes,
        .mentions     = index->mentions.live,
        .profiles     = index->profiles.live,
        .persons      = index->persons.live,
        .keys         = index->keys.live,
        .hot_keys     = index->hot_keys,
        .generic_keys = index->generic_keys,
    };
}

int64_t identity_person_of(const struct identity_index *index, int64_t mention_id)
{
    const uint32_t number = index_find_mention(index, mention_id);

    if (number == 0 || mention_at(index, number)->person == 0)
        return 0;
    return person_at(index, mention_at(index, number)->person)->person_id;
}

const struct mention_features *identity_features_of(const struct identity_index *index, int64_t mention_id)
{
    const uint32_t number = index_find_mention(index, mention_id);

    return number != 0 ? &profile_at(index, mention_at(index, number)->profile)->features : NULL;
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

    return (first > second) - (first < second);
}

size_t identity_members_of(const struct identity_index *index, int64_t person_id, int64_t *mention_ids, size_t capacity)
{
    const uint32_t number = index_find_person(index, person_id);
    size_t         count  = 0;

    if (number == 0)
        return 0;
    for (uint32_t i = person_at(index, number)->member_head; i != 0; i = mention_at(index, i)->person_next) {
        if (count < capacity)
            mention_ids[count] = mention_at(index, i)->mention_id;
        count++;
    }
    order_items(mention_ids, count < capacity ? count : capacity, sizeof *mention_ids, compare_ids);
    return count;
}
