/* Reads truth and findings; see evaluate.h.
 * CSV without quotes, headed as `hulei synth` writes it; columns by position. */
#include "daemon/cli/evaluate/evaluate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1024, FIELDS_MAX = 8, KEY_BYTES = 512 };

/* One row; false stops the reading. */
typedef bool (*row_taker)(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count);

void evaluation_clear(struct evaluation *evaluation)
{
    words_clear(&evaluation->mentions);
    words_clear(&evaluation->persons);
    words_clear(&evaluation->clusters);
    words_clear(&evaluation->kinds);
    free(evaluation->truth);
    free(evaluation->found);
    free(evaluation->errors);
    free(evaluation->twins);
    free(evaluation->truth_pairs.pairs);
    free(evaluation->found_pairs.pairs);
    words_clear(&evaluation->units);
    words_clear(&evaluation->areas);
    free(evaluation->counted_truth);
    free(evaluation->counted_found);
    *evaluation = (struct evaluation){ 0 };
}

static bool make_key(char key[KEY_BYTES], const char *source, const char *type, const char *subject, const char *slot)
{
    return snprintf(key, KEY_BYTES, "%s|%s|%s|%s", source, type, subject, slot) < KEY_BYTES;
}

static bool grow_array(uint32_t **array, size_t capacity)
{
    uint32_t *larger = realloc(*array, capacity * sizeof larger[0]);

    if (larger != NULL)
        *array = larger;
    return larger != NULL;
}

static bool make_room(struct evaluation *evaluation, size_t count)
{
    if (count < evaluation->capacity)
        return true;

    const size_t capacity = evaluation->capacity == 0 ? 4096 : evaluation->capacity * 2;
    if (!grow_array(&evaluation->truth, capacity) || !grow_array(&evaluation->found, capacity) ||
        !grow_array(&evaluation->errors, capacity))
        return false;
    evaluation->capacity = capacity;
    return true;
}

static bool take_truth(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    char key[KEY_BYTES];

    if (count != 5 || !make_key(key, fields[1], fields[2], fields[3], fields[4]) ||
        !make_room(evaluation, evaluation->mentions.count + 1))
        return false;

    const uint32_t person = words_put(&evaluation->persons, fields[0]);
    const uint32_t number = words_put(&evaluation->mentions, key);
    if (person == WORDS_NONE || number == WORDS_NONE)
        return false;
    evaluation->truth[number]  = person;
    evaluation->found[number]  = WORDS_NONE;
    evaluation->errors[number] = 0;
    return true;
}

static bool take_errors(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    char key[KEY_BYTES];

    if (count != 5 || !make_key(key, fields[0], fields[1], fields[2], fields[3]))
        return false;

    const uint32_t number = words_find(&evaluation->mentions, key);
    if (number == WORDS_NONE)
        return true;
    char *rest = NULL;
    for (const char *kind = strtok_r(fields[4], "+", &rest); kind != NULL; kind = strtok_r(NULL, "+", &rest)) {
        const uint32_t bit = words_put(&evaluation->kinds, kind);
        if (bit >= EVALUATE_KINDS_MAX)
            return false;
        evaluation->errors[number] |= 1U << bit;
    }
    return true;
}

static bool take_twins(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    if (count != 2)
        return false;
    if (evaluation->twin_count == evaluation->twin_capacity) {
        const size_t capacity      = evaluation->twin_capacity * 2 + 256;
        uint32_t(*const larger)[2] = realloc(evaluation->twins, capacity * sizeof larger[0]);
        if (larger == NULL)
            return false;
        evaluation->twins         = larger;
        evaluation->twin_capacity = capacity;
    }
    uint32_t *pair = evaluation->twins[evaluation->twin_count++];
    pair[0]        = words_find(&evaluation->persons, fields[0]);
    pair[1]        = words_find(&evaluation->persons, fields[1]);
    return true;
}

/* ---- pairs ---- */

static bool find_subject(const char *word, uint8_t *subject)
{
    static const char *const words[] = { "child", "unit", "person", "group" };

    for (uint8_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            *subject = i;
            return true;
        }
    }
    return false;
}

static bool add_pair(struct pair_list *list, const struct evaluated_pair *pair, const char *rule)
{
    if (pair->child == WORDS_NONE || pair->risk == WORDS_NONE || pair->tier < 1 || pair->tier >= EVALUATE_TIERS ||
        strlen(rule) >= RULE_BYTES)
        return false;
    if (list->count == list->capacity) {
        const size_t           capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        struct evaluated_pair *larger   = realloc(list->pairs, capacity * sizeof larger[0]);
        if (larger == NULL)
            return false;
        list->pairs    = larger;
        list->capacity = capacity;
    }
    struct evaluated_pair *added = &list->pairs[list->count++];
    *added                       = *pair;
    memcpy(added->rule, rule, strlen(rule));
    return true;
}

/* `people` are the persons of the truth, or the clusters. */
static bool put_pair(struct evaluation *evaluation, struct pair_list *list, struct words *people,
                     const struct found_pair *read, bool is_hidden)
{
    struct evaluated_pair pair = { .tier = (uint8_t)read->tier, .is_hidden = is_hidden };

    if (!find_subject(read->subject, &pair.subject))
        return false;
    if (pair.subject == PAIR_CHILD)
        pair.child = words_put(people, read->child);
    if (pair.subject == PAIR_UNIT)
        pair.child = words_put(&evaluation->units, read->unit);
    pair.risk = words_put(people, read->risk);
    return add_pair(list, &pair, read->rule);
}

static bool take_truth_pair(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    const bool              is_whole = count == 8;
    const struct found_pair pair     = { .child   = is_whole ? fields[0] : "",
                                         .risk    = is_whole ? fields[1] : "",
                                         .tier    = is_whole ? (int)strtol(fields[2], NULL, 10) : 0,
                                         .rule    = is_whole ? fields[3] : "",
                                         .subject = is_whole ? fields[6] : "",
                                         .unit    = is_whole ? fields[7] : "" };

    return put_pair(evaluation, &evaluation->truth_pairs, &evaluation->persons, &pair, is_whole && fields[5][0] == '1');
}

/* A file of findings may leave out what only other subjects than children need. */
static bool take_found_pair(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    if (count < 4)
        return false;
    return evaluation_put_found_pair(evaluation, &(struct found_pair){ .child   = fields[0],
                                                                       .risk    = fields[1],
                                                                       .tier    = (int)strtol(fields[2], NULL, 10),
                                                                       .rule    = fields[3],
                                                                       .subject = count > 4 ? fields[4] : "child",
                                                                       .unit    = count > 5 ? fields[5] : "" });
}

bool evaluation_put_found_pair(struct evaluation *evaluation, const struct found_pair *pair)
{
    evaluation->has_found_pairs = true;
    return put_pair(evaluation, &evaluation->found_pairs, &evaluation->clusters, pair, false);
}

/* ---- counts ---- */

static bool grow_counts(size_t **counts, size_t before, size_t capacity)
{
    size_t *larger = realloc(*counts, capacity * sizeof larger[0]);

    if (larger == NULL)
        return false;
    memset(larger + before, 0, (capacity - before) * sizeof larger[0]);
    *counts = larger;
    return true;
}

/* The number of the area; WORDS_NONE when memory is out. */
static uint32_t put_area(struct evaluation *evaluation, const char *area)
{
    const uint32_t number = words_put(&evaluation->areas, area);
    const size_t   before = evaluation->counted_capacity, capacity = before * 2 + 64;

    if (number == WORDS_NONE || number < before)
        return number;
    if (!grow_counts(&evaluation->counted_truth, before, capacity) ||
        !grow_counts(&evaluation->counted_found, before, capacity))
        return WORDS_NONE;
    evaluation->counted_capacity = capacity;
    return number;
}

static bool take_counted(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    const uint32_t area = count == 2 ? put_area(evaluation, fields[0]) : WORDS_NONE;

    if (area != WORDS_NONE)
        evaluation->counted_truth[area] = strtoul(fields[1], NULL, 10);
    return area != WORDS_NONE;
}

bool evaluation_put_found_count(struct evaluation *evaluation, const char *area, size_t pairs)
{
    const uint32_t number = put_area(evaluation, area);

    if (number != WORDS_NONE)
        evaluation->counted_found[number] = pairs;
    return number != WORDS_NONE;
}

/* ---- clusters ---- */

static bool take_cluster(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    return count == 5 && evaluation_put_found(evaluation, fields[0], fields[1], fields[2], fields[3], fields[4]);
}

bool evaluation_put_found(struct evaluation *evaluation, const char *cluster, const char *source, const char *type,
                          const char *subject, const char *slot)
{
    char key[KEY_BYTES];

    return make_key(key, source, type, subject, slot) && evaluation_put_found_key(evaluation, cluster, key);
}

bool evaluation_put_found_key(struct evaluation *evaluation, const char *cluster, const char *mention)
{
    const uint32_t label  = words_put(&evaluation->clusters, cluster);
    const uint32_t number = words_find(&evaluation->mentions, mention);
    if (label == WORDS_NONE)
        return false;
    if (number == WORDS_NONE)
        evaluation->strangers++;
    else
        evaluation->found[number] = label;
    return true;
}

static bool read_file(struct evaluation *evaluation, const char *path, row_taker take, char *fault, size_t fault_size)
{
    const char *slash = strrchr(path, '/');
    const char *name  = slash != NULL ? slash + 1 : path;
    char        line[LINE_BYTES];
    size_t      number = 0;
    bool        is_ok  = true;
    FILE       *file   = fopen(path, "re");

    if (file == NULL) {
        snprintf(fault, fault_size, "%s cannot be read", name);
        return false;
    }
    while (is_ok && fgets(line, sizeof line, file) != NULL) {
        char  *fields[FIELDS_MAX];
        size_t count = 0;
        if (++number == 1)
            continue; /* the heading */
        line[strcspn(line, "\r\n")] = '\0';
        for (char *at = line; at != NULL && count < FIELDS_MAX; count++) {
            fields[count] = at;
            at            = strchr(at, ',');
            if (at != NULL)
                *at++ = '\0';
        }
        is_ok = take(evaluation, fields, count);
    }
    is_ok = is_ok && ferror(file) == 0;
    fclose(file);
    if (!is_ok)
        snprintf(fault, fault_size, "%s, line %zu: not as `hulei synth` writes it, or memory is out", name, number);
    return is_ok;
}

bool evaluation_read_truth(struct evaluation *evaluation, const char *directory, char *fault, size_t fault_size)
{
    static const struct {
        const char *name;
        row_taker   take;
    } files[] = {
        {"truth_clusters.csv",      take_truth     },
        { "errors_by_record.csv",   take_errors    },
        { "truth_twins.csv",        take_twins     },
        { "truth_pairs.csv",        take_truth_pair},
        { "truth_pairs_hidden.csv", take_truth_pair},
        { "truth_counted.csv",      take_counted   },
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", directory, files[i].name);
        if (!read_file(evaluation, path, files[i].take, fault, fault_size))
            return false;
    }
    return true;
}

bool evaluation_read_clusters(struct evaluation *evaluation, const char *path, char *fault, size_t fault_size)
{
    return read_file(evaluation, path, take_cluster, fault, fault_size);
}

bool evaluation_read_pairs(struct evaluation *evaluation, const char *path, char *fault, size_t fault_size)
{
    evaluation->has_found_pairs = true;
    return read_file(evaluation, path, take_found_pair, fault, fault_size);
}
