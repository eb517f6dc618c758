/* The index of blocking keys; see link_candidates.h.
 * Holders of a key stand side by side in record order; a record knows its places among them. */
#include "daemon/cli/link/link_candidates.h"

#include "daemon/cli/link/link_work.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t no_place = UINT32_MAX, last_holder = UINT32_C(1) << 31;

/* One rule's keys. */
struct rule_index {
    uint32_t               *first;   /* per record its first place, count + 1 of them */
    uint32_t               *places;  /* of each key of each record: where it stands in holders; no_place: hot */
    uint32_t               *holders; /* records by key; the last of a key has the top bit */
    struct link_rule_counts counts;
};

struct link_candidates {
    const struct link_records   *records;
    const struct linkage_column *columns;
    const struct linkage_rule   *rules;
    const struct link_rule      *settings;
    size_t                       rule_count;
    bool                         between_sources;
    struct rule_index            indexes[LINK_RULES_MAX];
};

struct entry {
    uint64_t key;
    uint32_t record, place; /* place: in rule_index.places */
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *first = a, *second = b;

    if (first->key != second->key)
        return first->key < second->key ? -1 : 1;
    return (first->record > second->record) - (first->record < second->record);
}

/* Counts the keys of each record into index->first; gives the number of all keys. */
static size_t count_keys(const struct link_candidates *candidates, size_t rule, struct rule_index *index)
{
    uint64_t keys[LINKAGE_KEYS_MAX];
    size_t   sum = 0;

    for (size_t i = 0; i < candidates->records->count; i++) {
        const size_t count =
            linkage_keys(candidates->columns, &candidates->rules[rule], link_records_at(candidates->records, i), keys);

        index->first[i] = (uint32_t)sum;
        index->counts.without_key += count == 0;
        sum += count;
    }
    index->first[candidates->records->count] = (uint32_t)sum;
    return sum;
}

static void fill_entries(const struct link_candidates *candidates, size_t rule, const struct rule_index *index,
                         struct entry *entries)
{
    uint64_t keys[LINKAGE_KEYS_MAX];

    for (size_t i = 0; i < candidates->records->count; i++) {
        const size_t count =
            linkage_keys(candidates->columns, &candidates->rules[rule], link_records_at(candidates->records, i), keys);

        for (size_t j = 0; j < count; j++)
            entries[index->first[i] + j] = (struct entry){ keys[j], (uint32_t)i, index->first[i] + (uint32_t)j };
    }
}

static void note_worst(struct link_rule_counts *counts, uint32_t holders, uint32_t record)
{
    size_t at = LINK_WORST_KEYS;

    while (at > 0 && counts->worst[at - 1].holders < holders)
        at--;
    if (at == LINK_WORST_KEYS || holders < 2)
        return;
    memmove(&counts->worst[at + 1], &counts->worst[at], (LINK_WORST_KEYS - 1 - at) * sizeof counts->worst[0]);
    counts->worst[at] = (struct link_worst_key){ holders, record };
}

/* The holders of one key, from entries[0] to below entries[count]. */
static void put_key(const struct link_rule *settings, struct rule_index *index, const struct entry *entries,
                    size_t from, size_t count)
{
    const uint32_t limit  = settings->hot > 0 ? settings->hot : LINK_HOT_DEFAULT;
    const bool     is_hot = count > limit;
    const uint64_t pairs  = (uint64_t)count * (count - 1) / 2;

    for (size_t i = 0; i < count; i++) {
        index->holders[from + i]               = entries[from + i].record | (i + 1 == count ? last_holder : 0);
        index->places[entries[from + i].place] = is_hot ? no_place : (uint32_t)(from + i);
    }
    index->counts.keys += !is_hot;
    index->counts.pairs += is_hot ? 0 : pairs;
    index->counts.hot_keys += is_hot;
    index->counts.hot_pairs += is_hot ? pairs : 0;
    note_worst(&index->counts, (uint32_t)count, entries[from].record);
}

static bool build_rule(void *context, unsigned thread, size_t rule, size_t last)
{
    struct link_candidates *candidates = context;
    struct rule_index      *index      = &candidates->indexes[rule];

    (void)thread;
    (void)last;
    index->first = malloc((candidates->records->count + 1) * sizeof *index->first);
    if (index->first == NULL)
        return false;
    const size_t  count   = count_keys(candidates, rule, index);
    struct entry *entries = malloc((count + 1) * sizeof *entries);

    index->places  = malloc((count + 1) * sizeof *index->places);
    index->holders = malloc((count + 1) * sizeof *index->holders);
    if (entries == NULL || index->places == NULL || index->holders == NULL || count >= last_holder) {
        free(entries);
        return false;
    }
    fill_entries(candidates, rule, index, entries);
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t from = 0, until; from < count; from = until) {
        for (until = from + 1; until < count && entries[until].key == entries[from].key;)
            until++;
        put_key(&candidates->settings[rule], index, entries, from, until - from);
    }
    free(entries);
    return true;
}

struct link_candidates *link_candidates_create(const struct link_records *records, const struct linkage_column *columns,
                                               const struct linkage_rule *rules, const struct link_rule *settings,
                                               size_t rule_count, bool between_sources, unsigned threads)
{
    struct link_candidates *candidates = calloc(1, sizeof *candidates);

    if (candidates == NULL)
        return NULL;
    candidates->records         = records;
    candidates->columns         = columns;
    candidates->rules           = rules;
    candidates->settings        = settings;
    candidates->rule_count      = rule_count;
    candidates->between_sources = between_sources;

    const struct link_work work = { .items = rule_count, .chunk_items = 1, .run = build_rule, .context = candidates };
    if (rule_count == 0 || link_work_run(&work, threads))
        return candidates;
    link_candidates_free(candidates);
    return NULL;
}

void link_candidates_free(struct link_candidates *candidates)
{
    if (candidates == NULL)
        return;
    for (size_t i = 0; i < candidates->rule_count; i++) {
        free(candidates->indexes[i].first);
        free(candidates->indexes[i].places);
        free(candidates->indexes[i].holders);
    }
    free(candidates);
}

const struct link_rule_counts *link_candidates_counts(const struct link_candidates *candidates, size_t rule)
{
    return &candidates->indexes[rule].counts;
}

/* ---- looking up ---- */

bool link_scan_init(struct link_scan *scan, const struct link_candidates *candidates)
{
    *scan = (struct link_scan){ .stamps   = calloc(candidates->records->count + 1, sizeof *scan->stamps),
                                .found    = malloc(1024 * sizeof *scan->found),
                                .capacity = 1024 };
    return scan->stamps != NULL && scan->found != NULL;
}

void link_scan_clear(struct link_scan *scan)
{
    free(scan->stamps);
    free(scan->found);
    *scan = (struct link_scan){ 0 };
}

static bool add_found(struct link_scan *scan, uint32_t record)
{
    if (scan->count == scan->capacity) {
        const size_t capacity = scan->capacity * 2 + 1024;
        uint32_t    *found    = realloc(scan->found, capacity * sizeof *found);

        if (found == NULL)
            return false;
        scan->found    = found;
        scan->capacity = capacity;
    }
    scan->found[scan->count++] = record;
    return true;
}

/* The holders behind a place. */
static bool follow_place(const struct link_candidates *candidates, const struct rule_index *index, uint32_t place,
                         uint32_t record, struct link_scan *scan)
{
    const uint32_t *sources = candidates->records->sources;

    while ((index->holders[place] & last_holder) == 0) {
        const uint32_t other = index->holders[++place] & ~last_holder;

        if (scan->stamps[other] == scan->stamp || (candidates->between_sources && sources[other] == sources[record]))
            continue;
        scan->stamps[other] = scan->stamp;
        if (!add_found(scan, other))
            return false;
    }
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

    return (first > second) - (first < second);
}

bool link_candidates_find(const struct link_candidates *candidates, uint32_t record, uint32_t rule_mask,
                          struct link_scan *scan)
{
    scan->count = 0;
    if (++scan->stamp == 0) {
        memset(scan->stamps, 0, candidates->records->count * sizeof *scan->stamps);
        scan->stamp = 1;
    }
    for (size_t rule = 0; rule < candidates->rule_count; rule++) {
        const struct rule_index *index = &candidates->indexes[rule];

        for (uint32_t i = index->first[record]; (rule_mask >> rule & 1) != 0 && i < index->first[record + 1]; i++) {
            if (index->places[i] != no_place && !follow_place(candidates, index, index->places[i], record, scan))
                return false;
        }
    }
    qsort(scan->found, scan->count, sizeof *scan->found, compare_numbers);
    return true;
}
