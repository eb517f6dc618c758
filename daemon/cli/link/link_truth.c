/* Figures against the truth; see link_truth.h.
 * Reads the truth after everything is decided. */
#include "daemon/cli/link/link_truth.h"

#include "daemon/cli/link/link_table.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIELD_RECORD = 0, FIELD_ENTITY, FIELD_SOURCE, FIELD_COUNT };

static bool read_rows(struct link_table *table, bool has_source, const struct link_records *records,
                      struct link_dictionary *entities, struct link_truth *truth)
{
    struct span          values[FIELD_COUNT] = { 0 };
    enum link_row_status status;

    while ((status = link_table_next(table, values)) == LINK_ROW || status == LINK_ROW_BAD) {
        if (status == LINK_ROW_BAD)
            continue;
        const struct span source =
            has_source ? values[FIELD_SOURCE]
                       : span_of(records->source_names.values[1].text, records->source_names.values[1].length);
        const size_t record = link_records_find(records, source, values[FIELD_RECORD]);

        if (record == SIZE_MAX || values[FIELD_ENTITY].length == 0)
            continue;
        truth->entities[record] = link_dictionary_put(entities, values[FIELD_ENTITY], 0);
        if (truth->entities[record] == 0)
            return false;
    }
    return status == LINK_ROW_END;
}

/* The true pairs, counted by putting every entity into a cluster of its own. */
static bool count_pairs(struct link_truth *truth, const struct link_records *records, size_t entity_count)
{
    uint32_t           *first  = calloc(entity_count + 1, sizeof *first);
    uint32_t           *labels = malloc((records->count + 1) * sizeof *labels);
    struct link_figures figures;

    if (first == NULL || labels == NULL) {
        free(first);
        free(labels);
        return false;
    }
    for (uint32_t i = 0; i < records->count; i++) {
        const uint32_t entity = truth->entities[i];

        if (entity != 0 && first[entity] == 0)
            first[entity] = i + 1;
        labels[i] = entity != 0 ? first[entity] - 1 : i;
    }
    const bool is_done = link_truth_clusters(truth, records, labels, &figures);
    truth->pairs       = figures.found_true;
    free(first);
    free(labels);
    return is_done;
}

bool link_truth_load(const char *path, const struct link_records *records, bool between_sources,
                     struct link_truth *truth, char *error, size_t error_size)
{
    static const char *const fields[FIELD_COUNT] = { "record_id", "entity", "source" };
    const bool               has_source          = records->source_names.count > 2;
    struct link_dictionary   entities            = { 0 };
    struct link_table       *table =
        link_table_open(path, fields, has_source ? FIELD_COUNT : FIELD_COUNT - 1, error, error_size);
    bool is_done = false;

    *truth = (struct link_truth){ calloc(records->count + 1, sizeof *truth->entities), between_sources, 0 };
    if (table == NULL)
        return false;
    if (truth->entities != NULL && records->count > 0)
        is_done =
            read_rows(table, has_source, records, &entities, truth) && count_pairs(truth, records, entities.count);
    if (!is_done)
        snprintf(error, error_size, "%s: cannot be read, or memory is out", path);
    link_table_close(table);
    link_dictionary_clear(&entities);
    return is_done;
}

void link_truth_clear(struct link_truth *truth)
{
    free(truth->entities);
    *truth = (struct link_truth){ 0 };
}

enum link_truth_answer link_truth_of(const struct link_truth *truth, const struct link_records *records, uint32_t a,
                                     uint32_t b)
{
    if (truth->entities[a] == 0 || truth->entities[b] == 0 ||
        (truth->between_sources && records->sources[a] == records->sources[b]))
        return LINK_TRUTH_UNKNOWN;
    return truth->entities[a] == truth->entities[b] ? LINK_TRUTH_SAME : LINK_TRUTH_DIFFERENT;
}

/* Records by label, each label's side by side. */
static uint32_t *by_label(const uint32_t *labels, size_t count, uint32_t *starts)
{
    uint32_t *sorted = calloc(count + 1, sizeof *sorted);
    uint32_t  used   = 0;

    for (size_t i = 0; i < count; i++)
        starts[labels[i]]++;
    for (size_t i = 0; i < count; i++) {
        const uint32_t size = starts[i];
        starts[i]           = used;
        used += size;
    }
    for (uint32_t i = 0; sorted != NULL && i < count; i++)
        sorted[starts[labels[i]]++] = i;
    return sorted;
}

bool link_truth_clusters(const struct link_truth *truth, const struct link_records *records, const uint32_t *labels,
                         struct link_figures *figures)
{
    uint32_t *ends   = calloc(records->count + 1, sizeof *ends);
    uint32_t *sorted = ends != NULL ? by_label(labels, records->count, ends) : NULL;

    *figures = (struct link_figures){ .all_true = truth->pairs };
    for (size_t i = 0; sorted != NULL && i < records->count; i++) {
        for (size_t j = i + 1; j < ends[labels[sorted[i]]]; j++) {
            const enum link_truth_answer answer = link_truth_of(truth, records, sorted[i], sorted[j]);

            figures->found_true += answer == LINK_TRUTH_SAME;
            figures->found_false += answer == LINK_TRUTH_DIFFERENT;
        }
    }
    free(sorted);
    free(ends);
    return sorted != NULL;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 1 : (double)part / (double)whole;
}

void link_figures_print(const char *what, const struct link_figures *figures)
{
    const double precision = share(figures->found_true, figures->found_true + figures->found_false);
    const double recall    = share(figures->found_true, figures->all_true);
    const double sum       = precision + recall;

    printf("%s: precision %.5f recall %.5f F1 %.5f (true %llu, false %llu, missed %llu)\n", what, precision, recall,
           sum > 0 ? 2 * precision * recall / sum : 0, (unsigned long long)figures->found_true,
           (unsigned long long)figures->found_false, (unsigned long long)(figures->all_true - figures->found_true));
}
