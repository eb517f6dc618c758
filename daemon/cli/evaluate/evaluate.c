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

static bool add_pair(struct pair_list *list, uint32_t child, uint32_t risk, int tier, const char *rule, bool is_hidden)
{
    if (child == WORDS_NONE || risk == WORDS_NONE || tier < 1 || tier >= EVALUATE_TIERS || strlen(rule) >= RULE_BYTES)
        return false;
    if (list->count == list->capacity) {
        const size_t           capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        struct evaluated_pair *larger   = realloc(list->pairs, capacity * sizeof larger[0]);
        if (larger == NULL)
            return false;
        list->pairs    = larger;
        list->capacity = capacity;
    }
    struct evaluated_pair *pair = &list->pairs[list->count++];
    *pair = (struct evaluated_pair){ .child = child, .risk = risk, .tier = (uint8_t)tier, .is_hidden = is_hidden };
    memcpy(pair->rule, rule, strlen(rule));
    return true;
}

static bool take_truth_pair(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    return count == 6 && add_pair(&evaluation->truth_pairs, words_put(&evaluation->persons, fields[0]),
                                  words_put(&evaluation->persons, fields[1]), (int)strtol(fields[2], NULL, 10),
                                  fields[3], fields[5][0] == '1');
}

static bool take_cluster(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    return count == 5 && evaluation_put_found(evaluation, fields[0], fields[1], fields[2], fields[3], fields[4]);
}

static bool take_found_pair(struct evaluation *evaluation, char *fields[FIELDS_MAX], size_t count)
{
    return count >= 4 &&
           evaluation_put_found_pair(evaluation, fields[0], fields[1], (int)strtol(fields[2], NULL, 10), fields[3]);
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

bool evaluation_put_found_pair(struct evaluation *evaluation, const char *child, const char *risk, int tier,
                               const char *rule)
{
    evaluation->has_found_pairs = true;
    return add_pair(&evaluation->found_pairs, words_put(&evaluation->clusters, child),
                    words_put(&evaluation->clusters, risk), tier, rule, false);
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
