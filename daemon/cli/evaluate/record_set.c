/* Counts over an identity index and its records; see record_set.h.
 * Deliberately exact: pairs of one person are few, pairs of all are never formed. */
#include "daemon/cli/evaluate/record_set.h"

#include "daemon/common/blind.h"
#include "daemon/engine/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct grown_piece {
    struct grown_piece *next;
    _Alignas(max_align_t) char memory[];
};

static void *grow(void *owner, size_t bytes)
{
    struct record_set  *set   = owner;
    struct grown_piece *piece = calloc(1, sizeof *piece + bytes);

    if (piece == NULL)
        return NULL;
    piece->next = set->grown;
    set->grown  = piece;
    return piece->memory;
}

bool record_set_open(struct record_set *set, size_t limit_bytes, const struct language_tables *tables,
                     const struct identity_model *model)
{
    set->index = identity_index_create((struct memory){ grow, set }, limit_bytes, tables, model);
    return set->index != NULL;
}

void record_set_close(struct record_set *set)
{
    while (set->grown != NULL) {
        struct grown_piece *next = set->grown->next;

        free(set->grown);
        set->grown = next;
    }
    words_clear(&set->keys);
    free(set->records);
    free(set->mention_ids);
    *set = (struct record_set){ 0 };
}

uint32_t record_set_find(struct record_set *set, const char *key)
{
    const size_t   before = set->keys.count;
    const uint32_t number = words_put(&set->keys, key);

    if (number == WORDS_NONE || set->keys.count == before)
        return number;
    if (number >= set->capacity) {
        const size_t          capacity = set->capacity * 2 + 4096;
        struct stored_record *larger   = realloc(set->records, capacity * sizeof larger[0]);

        if (larger == NULL)
            return WORDS_NONE;
        set->records  = larger;
        set->capacity = capacity;
    }
    set->records[number] = (struct stored_record){ INT64_MIN, 0 };
    return number;
}

/* ---- persons ---- */

/* The first valid number of each person, by person id. */
struct person_number {
    char digits[MENTION_DIGITS];
    bool is_seen, has_two;
};

struct number_list {
    struct person_number *persons;
    size_t                count;
};

static struct person_number *number_of(struct number_list *list, int64_t person)
{
    if ((size_t)person >= list->count) {
        const size_t          count  = (size_t)person * 2 + 1024;
        struct person_number *larger = realloc(list->persons, count * sizeof larger[0]);

        if (larger == NULL)
            return NULL;
        memset(larger + list->count, 0, (count - list->count) * sizeof larger[0]);
        list->persons = larger;
        list->count   = count;
    }
    return &list->persons[person];
}

static bool look_at(struct record_set *set, struct number_list *list, int64_t mention_id, int64_t person,
                    struct record_figures *figures)
{
    const struct mention_features *features = identity_features_of(set->index, mention_id);
    struct person_number          *number   = number_of(list, person);

    if (number == NULL)
        return false;
    if (!number->is_seen)
        figures->grades[identity_grade_of(set->index, person)]++;
    number->is_seen = true;
    if (features->number_kind != MENTION_NUMBER_VALID)
        return true;
    if (number->digits[0] == '\0') {
        memcpy(number->digits, features->number, sizeof number->digits);
    } else if (!number->has_two && memcmp(number->digits, features->number, sizeof number->digits) != 0) {
        number->has_two = true;
        figures->clusters_with_two_numbers++;
    }
    return true;
}

static bool tell_mention(struct record_set *set, struct evaluation *evaluation, const char *record, int64_t mention_id,
                         struct number_list *list, struct record_figures *figures)
{
    const int64_t person = identity_person_of(set->index, mention_id);
    char          key[600], cluster[24];

    snprintf(key, sizeof key, "%s|%u", record, world_slot_of(mention_id));
    snprintf(cluster, sizeof cluster, "%lld", (long long)person);
    const uint32_t number = words_find(&evaluation->mentions, key);
    if (number != WORDS_NONE)
        set->mention_ids[number] = mention_id;
    return evaluation_put_found_key(evaluation, cluster, key) && look_at(set, list, mention_id, person, figures);
}

bool record_set_tell(struct record_set *set, struct evaluation *evaluation, struct record_figures *figures)
{
    struct number_list list  = { 0 };
    bool               is_ok = true;

    set->mention_ids = calloc(evaluation->mentions.count + 1, sizeof set->mention_ids[0]);
    is_ok            = set->mention_ids != NULL;
    figures->records = set->keys.count;
    figures->index   = identity_index_statistics(set->index);
    for (uint32_t i = 0; i < set->keys.count && is_ok; i++) {
        for (unsigned slot = 0; slot < FACTS_SLOTS && is_ok; slot++) {
            if ((set->records[i].slots >> slot & 1) != 0)
                is_ok = tell_mention(set, evaluation, words_text(&set->keys, i), world_mention_id((int64_t)i + 1, slot),
                                     &list, figures);
        }
    }
    free(list.persons);
    return is_ok;
}

/* ---- blocking ---- */

/* Mentions in the order of their persons; NULL when memory is out. */
static uint32_t *order_by_person(const struct evaluation *evaluation, size_t *starts)
{
    const size_t count = evaluation->mentions.count;
    uint32_t    *order = malloc((count + 1) * sizeof order[0]);

    if (order == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        starts[evaluation->truth[i] + 1]++;
    for (size_t i = 0; i < evaluation->persons.count; i++)
        starts[i + 1] += starts[i];
    for (size_t i = count; i > 0; i--) {
        const uint32_t person       = evaluation->truth[i - 1];
        order[--starts[person + 1]] = (uint32_t)(i - 1);
    }
    return order;
}

/* starts[person + 1] is where the person begins once order_by_person() has filled the list. */
static void count_met(const struct record_set *set, const uint32_t *order, size_t from, size_t to, uint64_t *met,
                      uint64_t *all)
{
    for (size_t i = from; i < to; i++) {
        for (size_t j = i + 1; j < to; j++) {
            const int64_t a = set->mention_ids[order[i]], b = set->mention_ids[order[j]];

            if (a == 0 || b == 0)
                continue;
            (*all)++;
            *met += identity_is_candidate(set->index, a, b);
        }
    }
}

static bool measure_completeness(const struct record_set *set, const struct evaluation *evaluation,
                                 struct record_figures *figures)
{
    size_t   *starts = calloc(evaluation->persons.count + 2, sizeof starts[0]);
    uint32_t *order  = starts != NULL ? order_by_person(evaluation, starts) : NULL;
    uint64_t  met = 0, all = 0;

    for (size_t i = 0; order != NULL && i < evaluation->persons.count; i++) {
        const size_t end = i + 1 < evaluation->persons.count ? starts[i + 2] : evaluation->mentions.count;
        count_met(set, order, starts[i + 1], end, &met, &all);
    }
    figures->completeness    = all > 0 ? (double)met / (double)all : 1;
    figures->unblocked_pairs = all - met;
    free(starts);
    free(order);
    return order != NULL;
}

/* A key of this run only: the hashes tell two values apart and nothing more. */
static bool key_hashes(struct record_figures *figures)
{
    char          error[128];
    struct blind *blind = blind_open_random(error, sizeof error);

    for (size_t i = 0; blind != NULL && i < figures->load_count; i++) {
        const struct span part = { (const char *)&figures->loads[i].hash, sizeof figures->loads[i].hash };
        figures->loads[i].hash = blind_number(blind, BLIND_PSEUDONYM, &part, 1);
    }
    blind_close(blind);
    return blind != NULL;
}

bool record_set_measure(struct record_set *set, const struct evaluation *evaluation, struct record_figures *figures)
{
    const double profiles = (double)figures->index.profiles;

    figures->candidates = identity_candidate_count(set->index);
    figures->reduction  = profiles > 1 ? 1 - (double)figures->candidates / (profiles * (profiles - 1) / 2) : 1;
    figures->load_count = identity_key_loads(set->index, figures->loads, RECORDS_KEY_LOADS);
    return key_hashes(figures) && measure_completeness(set, evaluation, figures);
}
