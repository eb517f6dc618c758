/* Counting the patterns of pairs; see pairs.h.
 * Pairs are drawn by fixed strides through the order by hash: no generator, no seed. */
#include "daemon/cli/train/pairs.h"

#include "matchers/linkage/train.h"

#include <stdlib.h>

enum { PATTERNS_MAX = 1 << 16, MEMORY_BYTES = 4 << 20 };

bool pair_counts_open(struct pair_counts *counts)
{
    struct arena arena;

    *counts = (struct pair_counts){ .memory = malloc(MEMORY_BYTES) };
    if (counts->memory == NULL)
        return false;
    arena_init(&arena, counts->memory, MEMORY_BYTES);
    counts->table = pattern_table_create(&arena, PATTERNS_MAX);
    return counts->table != NULL;
}

void pair_counts_close(struct pair_counts *counts)
{
    free(counts->memory);
    *counts = (struct pair_counts){ 0 };
}

static struct comparison compare(const struct pair_tools *tools, size_t a, size_t b)
{
    const struct comparison_holders holders  = population_holders(tools->population);
    const struct trainee           *trainees = tools->population->trainees;

    return identity_compare_fully(tools->language, tools->model, &holders, &trainees[a].features,
                                  &trainees[b].features);
}

static bool count(struct pair_counts *counts, const struct comparison *comparison)
{
    counts->pairs++;
    return pattern_table_add(counts->table, identity_pattern(comparison), 1);
}

bool pairs_count_random(const struct pair_tools *tools, uint64_t wanted, struct pair_counts *counts)
{
    const size_t n      = tools->population->count;
    const size_t rounds = train_rounds(n);

    for (size_t k = 0; k < rounds && counts->pairs < wanted; k++) {
        for (size_t rank = 0; rank < n && counts->pairs < wanted; rank++) {
            const struct comparison comparison = compare(tools, rank, train_partner(n, rank, k));

            if (!count(counts, &comparison))
                return false;
        }
    }
    return true;
}

/* ---- blocks ---- */

/* One trainee under one key of the kind. */
struct key_entry {
    uint64_t hash;
    uint32_t trainee;
};

struct key_list {
    struct key_entry *entries; /* sorted by hash, then trainee */
    size_t            count, capacity;
};

static int compare_entries(const void *left, const void *right)
{
    const struct key_entry *a = left, *b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->trainee > b->trainee) - (a->trainee < b->trainee);
}

static bool add_entry(struct key_list *list, uint64_t hash, size_t trainee)
{
    if (list->count == list->capacity) {
        const size_t      capacity = list->capacity * 2 + 1024;
        struct key_entry *grown    = realloc(list->entries, capacity * sizeof *grown);

        if (grown == NULL)
            return false;
        list->entries  = grown;
        list->capacity = capacity;
    }
    list->entries[list->count++] = (struct key_entry){ hash, (uint32_t)trainee };
    return true;
}

static bool list_keys(const struct population *population, enum key_kind kind, struct key_list *list)
{
    for (size_t i = 0; i < population->count; i++) {
        struct blocking_key keys[KEYS_MAX];
        const size_t        count_of_keys = blocking_keys(&population->trainees[i].features, keys);

        for (size_t j = 0; j < count_of_keys; j++) {
            if (keys[j].kind == kind && !add_entry(list, keys[j].hash, i))
                return false;
        }
    }
    if (list->count > 0)
        qsort(list->entries, list->count, sizeof list->entries[0], compare_entries);
    return true;
}

/* Whether two trainees share a key of the kind with a lower hash: then they have met there. */
static bool met_before(const struct population *population, enum key_kind kind, const struct key_entry *a,
                       const struct key_entry *b)
{
    struct blocking_key keys_a[KEYS_MAX], keys_b[KEYS_MAX];
    const size_t        count_a = blocking_keys(&population->trainees[a->trainee].features, keys_a);
    const size_t        count_b = blocking_keys(&population->trainees[b->trainee].features, keys_b);

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b && keys_a[i].kind == kind && keys_a[i].hash < a->hash; j++) {
            if (keys_b[j].kind == kind && keys_b[j].hash == keys_a[i].hash)
                return true;
        }
    }
    return false;
}

static bool is_strict(enum key_kind kind, const struct comparison *comparison)
{
    const bool is_same_name  = comparison->name == NAME_EXACT;
    const bool is_same_birth = comparison->levels[PART_CIVIL] == CIVIL_BIRTH_EQUAL;

    switch (kind) {
    case KEY_NUMBER:
        return is_same_name && comparison->levels[PART_CIVIL] == CIVIL_NUMBER_EQUAL;
    case KEY_PHONE:
        return is_same_name && is_same_birth && comparison->same_phone;
    case KEY_HOUSEHOLD:
        return is_same_name && is_same_birth && comparison->same_household && !comparison->same_phone;
    default:
        return false;
    }
}

/* One key's holders against each other. */
static bool count_group(const struct pair_tools *tools, enum key_kind kind, const struct key_entry *group, size_t size,
                        struct pair_counts *counts)
{
    for (size_t i = 0; i < size; i++) {
        for (size_t j = i + 1; j < size; j++) {
            if (met_before(tools->population, kind, &group[i], &group[j]))
                continue;
            const struct comparison comparison = compare(tools, group[i].trainee, group[j].trainee);

            if (comparison.veto != VETO_NONE)
                continue;
            counts->strict += is_strict(kind, &comparison);
            if (!count(counts, &comparison))
                return false;
        }
    }
    return true;
}

bool pairs_count_block(const struct pair_tools *tools, enum key_kind kind, struct pair_counts *counts)
{
    struct key_list list  = { 0 };
    bool            is_ok = list_keys(tools->population, kind, &list);

    for (size_t from = 0, to; is_ok && from < list.count; from = to) {
        to = from + 1;
        while (to < list.count && list.entries[to].hash == list.entries[from].hash)
            to++;
        if (to - from <= (size_t)tools->model->hot_key_holders)
            is_ok = count_group(tools, kind, list.entries + from, to - from, counts);
    }
    free(list.entries);
    return is_ok;
}
