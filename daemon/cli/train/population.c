/* The mentions of training; see population.h.
 * Sorting replaces every table: the same records in any order end as the same bytes. */
#include "daemon/cli/train/population.h"

#include "matchers/identity/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t record_hash(const struct read_record *record)
{
    const char    *type    = feed_type_word(record->type);
    const uint64_t parts[] = { XXH3_64bits(record->source.bytes, record->source.length),
                               XXH3_64bits(type, strlen(type)),
                               XXH3_64bits(record->subject.bytes, record->subject.length) };

    return XXH3_64bits(parts, sizeof parts);
}

static bool make_room(struct population *population, size_t count)
{
    if (population->count + count <= population->capacity)
        return true;
    const size_t    capacity = population->capacity * 2 + 1024;
    struct trainee *grown    = realloc(population->trainees, capacity * sizeof *grown);

    if (grown == NULL)
        return false;
    population->trainees = grown;
    population->capacity = capacity;
    return true;
}

bool population_take(void *context, const struct read_record *record)
{
    struct population *population = context;
    const uint64_t     hash       = record_hash(record);
    const uint64_t     version    = XXH3_64bits(record->content.bytes, record->content.length);

    if (!make_room(population, record->person_count))
        return false;
    for (size_t i = 0; i < record->person_count; i++)
        population->trainees[population->count++] =
            (struct trainee){ hash, version, record->time_us,
                              XXH3_64bits_withSeed(&hash, sizeof hash, record->persons[i].slot),
                              record->persons[i].features };
    return true;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* The newest version of a record comes first; of two of one time the one with the higher hash. */
static int compare_versions(const void *left, const void *right)
{
    const struct trainee *a = left, *b = right;

    if (a->record != b->record)
        return compare_numbers(a->record, b->record);
    if (a->time_us != b->time_us)
        return a->time_us > b->time_us ? -1 : 1;
    if (a->version != b->version)
        return compare_numbers(b->version, a->version);
    return compare_numbers(a->order, b->order);
}

static int compare_order(const void *left, const void *right)
{
    return compare_numbers(((const struct trainee *)left)->order, ((const struct trainee *)right)->order);
}

/* A record pushed twice stands once. */
static bool is_repeat(const struct trainee *kept, const struct trainee *next)
{
    return kept->order == next->order;
}

static void keep_newest(struct population *population)
{
    size_t kept  = 0;
    size_t first = 0; /* of the present record, among the kept */

    qsort(population->trainees, population->count, sizeof population->trainees[0], compare_versions);
    for (size_t i = 0; i < population->count; i++) {
        const struct trainee *next = &population->trainees[i];
        const struct trainee *head = &population->trainees[first];

        if (kept == 0 || head->record != next->record) {
            first = kept;
            population->records++;
        } else if (head->time_us != next->time_us || head->version != next->version ||
                   is_repeat(&population->trainees[kept - 1], next)) {
            continue;
        }
        population->trainees[kept++] = *next;
    }
    population->count = kept;
    qsort(population->trainees, kept, sizeof population->trainees[0], compare_order);
}

/* One content that holds one value. */
struct holding {
    uint64_t value, content;
};

static int compare_holdings(const void *left, const void *right)
{
    const struct holding *a = left, *b = right;

    return a->value != b->value ? compare_numbers(a->value, b->value) : compare_numbers(a->content, b->content);
}

enum { HOLDINGS_EACH = PERSON_PHONES + 2 };

static size_t list_holdings(const struct population *population, struct holding *holdings)
{
    size_t count = 0;

    for (size_t i = 0; i < population->count; i++) {
        const struct mention_features *features = &population->trainees[i].features;
        const uint64_t                 content  = XXH3_64bits(features, sizeof *features);

        for (size_t j = 0; j < features->phone_count; j++)
            holdings[count++] = (struct holding){ blocking_key_hash(KEY_PHONE, features->phones[j], 0), content };
        if (features->household != 0)
            holdings[count++] = (struct holding){ blocking_key_hash(KEY_HOUSEHOLD, features->household, 0), content };
        if (features->dwelling != 0)
            holdings[count++] = (struct holding){ blocking_key_hash(KEY_DWELLING, features->dwelling, 0), content };
    }
    return count;
}

static bool find_generic(struct population *population, int32_t limit)
{
    struct holding *holdings = calloc(population->count * HOLDINGS_EACH + 1, sizeof *holdings);
    size_t          count    = 0;

    if (holdings == NULL)
        return false;
    count = list_holdings(population, holdings);
    qsort(holdings, count, sizeof *holdings, compare_holdings);
    population->generic = calloc(count / (size_t)limit + 1, sizeof *population->generic);
    for (size_t i = 0, holders = 0; population->generic != NULL && i < count; i++) {
        const bool is_same_value = i > 0 && holdings[i].value == holdings[i - 1].value;

        if (!is_same_value)
            holders = 1;
        else if (holdings[i].content != holdings[i - 1].content)
            holders++;
        if (holders == (size_t)limit + 1 && is_same_value && holdings[i].content != holdings[i - 1].content)
            population->generic[population->generic_count++] = holdings[i].value;
    }
    free(holdings);
    return population->generic != NULL;
}

bool population_settle(struct population *population, int32_t generic_holders)
{
    if (population->count > 0)
        keep_newest(population);
    return find_generic(population, generic_holders);
}

void population_clear(struct population *population)
{
    free(population->trainees);
    free(population->generic);
    *population = (struct population){ 0 };
}

static int compare_hashes(const void *left, const void *right)
{
    return compare_numbers(*(const uint64_t *)left, *(const uint64_t *)right);
}

static bool is_generic(const void *context, enum key_kind kind, uint64_t value)
{
    const struct population *population = context;
    const uint64_t           hash       = blocking_key_hash(kind, value, 0);

    return population->generic_count > 0 &&
           bsearch(&hash, population->generic, population->generic_count, sizeof hash, compare_hashes) != NULL;
}

struct comparison_holders population_holders(const struct population *population)
{
    return (struct comparison_holders){ is_generic, population };
}
