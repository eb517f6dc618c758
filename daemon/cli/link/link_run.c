/* The steps of a run; see link_run.h.
 * One exit: whatever was opened is closed in link_run(). */
#include "daemon/cli/link/link_run.h"

#include "daemon/cli/link/link_model_file.h"
#include "daemon/cli/link/link_person.h"
#include "daemon/cli/link/link_read.h"
#include "daemon/cli/link/link_report.h"
#include "daemon/cli/link/link_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024 };
static const size_t edges_default_bytes = (size_t)256 << 20;

struct run {
    const struct link_options *options;
    struct link_config        *config;
    struct link_records        records;
    struct link_candidates    *candidates;
    struct link_trained        trained;
    struct link_truth          truth;
    struct link_edges         *edges;
    struct link_people        *people;
    uint32_t                  *labels;
    FILE                      *rejects, *pairs, *clusters;
    struct link_progress       progress;
    char                      *error;
    size_t                     error_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(run->error, run->error_size, format, arguments);
    va_end(arguments);
    return false;
}

static bool open_output(struct run *run, const char *name, FILE **file)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", run->options->directory, name);
    *file = fopen(path, "w");
    return *file != NULL || fail(run, "%s: %s", path, strerror(errno));
}

static bool close_output(struct run *run, const char *name, FILE **file)
{
    const bool is_written = ferror(*file) == 0;
    const bool is_closed  = fclose(*file) == 0;

    *file = NULL;
    return (is_written && is_closed) || fail(run, "%s/%s: cannot be written", run->options->directory, name);
}

static bool read_file(struct run *run, const char *path, struct link_read_counts *counts)
{
    link_progress_begin(&run->progress, "reading");
    return run->people != NULL
               ? link_people_read(run->people, path, run->rejects, &run->progress, counts, run->error, run->error_size)
               : link_read_file(run->config, path, &run->records, run->rejects, &run->progress, counts, run->error,
                                run->error_size);
}

static bool read_all(struct run *run)
{
    struct link_read_counts counts = { 0 };

    run->records.column_count = run->config->columns_count;
    run->records.limit_bytes  = run->options->memory_bytes / 2;
    fputs("file,row,field,rule\n", run->rejects);
    for (size_t i = 0; i < run->options->file_count; i++) {
        if (!read_file(run, run->options->files[i], &counts))
            return false;
    }
    link_progress_end(&run->progress);
    printf("records: %zu of %llu rows, %llu rows rejected, %llu values ignored\n", run->records.count,
           (unsigned long long)counts.rows, (unsigned long long)counts.bad_rows, (unsigned long long)counts.bad_values);
    return close_output(run, "rejects.csv", &run->rejects);
}

/* The dictionaries stand still now: the model may look into them. */
static bool index_records(struct run *run)
{
    struct linkage_model *model = run->config->model;

    for (size_t i = 0; i < model->column_count; i++) {
        const struct link_dictionary *values = &run->records.columns[i];

        model->columns[i].values      = values->values;
        model->columns[i].value_count = values->count;
        model->columns[i].records     = 0;
        for (size_t j = 1; j < values->count; j++)
            model->columns[i].records += values->values[j].records;
    }
    link_progress_begin(&run->progress, "blocking");
    run->candidates =
        link_candidates_create(&run->records, model->columns, run->config->rules, run->config->blocking,
                               run->config->blocking_count, run->config->between_sources, run->options->threads);
    if (run->candidates == NULL)
        return fail(run, "memory is out while blocking");
    link_progress_end(&run->progress);
    link_report_blocking(run->config, &run->records, run->candidates);
    return true;
}

static bool get_model(struct run *run)
{
    struct linkage_model *model = run->config->model;

    if (run->options->model_path != NULL)
        return link_model_load(run->options->model_path, run->config, model, run->error, run->error_size);
    if (!link_train(run->config, &run->records, run->candidates, run->options->threads, &run->progress, &run->trained))
        return fail(run, "memory is out while training");
    link_progress_end(&run->progress);
    link_trained_apply(&run->trained, &run->records, model);
    link_report_training(run->config, &run->trained);
    if (run->options->save_model_path != NULL &&
        !link_model_save(run->options->save_model_path, run->config, model, &run->trained.weights))
        return fail(run, "%s: cannot be written", run->options->save_model_path);
    return true;
}

static bool load_truth(struct run *run)
{
    return run->options->truth_path == NULL ||
           link_truth_load(run->options->truth_path, &run->records, run->config->between_sources, &run->truth,
                           run->error, run->error_size);
}

static bool compare_all(struct run *run)
{
    const size_t                   limit = run->options->memory_bytes;
    const struct link_truth *const truth = run->options->truth_path != NULL ? &run->truth : NULL;
    struct link_predict_counts     counts;

    if (!load_truth(run))
        return false;
    run->edges = link_edges_create(&run->records, limit > 0 ? limit / 8 : edges_default_bytes);
    if (run->edges == NULL ||
        !link_predict(run->config, run->config->model, &run->records, run->candidates, run->options->threads,
                      run->pairs, run->edges, truth, &run->progress, &counts) ||
        !link_edges_finish(run->edges))
        return fail(run, "memory or the disk is full while comparing");
    link_progress_end(&run->progress);
    link_report_pairs(&counts, truth);
    link_candidates_free(run->candidates);
    run->candidates = NULL;
    return close_output(run, "pairs.csv", &run->pairs);
}

static bool write_clusters(struct run *run)
{
    const size_t     count   = run->records.count;
    uint32_t        *numbers = calloc(count + 1, sizeof *numbers);
    uint32_t         last    = 0;
    struct link_text line    = { 0 };
    bool             is_done = numbers != NULL;

    fputs("cluster_id,source,record_id\n", run->clusters);
    for (size_t i = 0; is_done && i < count; i++) {
        if (numbers[run->labels[i]] == 0)
            numbers[run->labels[i]] = ++last;
        line.length = 0;
        link_text_put_number(&line, numbers[run->labels[i]], 0);
        link_text_put_character(&line, ',');
        link_text_put_cell(&line, link_records_source(&run->records, i));
        link_text_put_character(&line, ',');
        link_text_put_cell(&line, link_records_id(&run->records, i));
        link_text_put_character(&line, '\n');
        is_done = link_text_write(&line, run->clusters);
    }
    free(numbers);
    link_text_clear(&line);
    return is_done ? close_output(run, "clusters.csv", &run->clusters) : fail(run, "memory is out while writing");
}

static bool print_truth(struct run *run)
{
    struct link_figures figures;

    if (run->options->truth_path == NULL)
        return true;
    if (!link_truth_clusters(&run->truth, &run->records, run->labels, &figures))
        return fail(run, "memory is out");
    link_figures_print("clusters", &figures);
    return true;
}

static bool cluster_all(struct run *run)
{
    struct link_cluster_counts counts;

    run->labels = malloc((run->records.count + 1) * sizeof *run->labels);
    if (run->labels == NULL || !link_cluster(run->config, run->config->model, &run->records, run->edges,
                                             run->options->threads, &run->progress, run->labels, &counts))
        return fail(run, "memory or the disk is full while clustering");
    link_progress_end(&run->progress);
    link_report_clusters(&counts);
    return print_truth(run) && write_clusters(run);
}

/* ---- Chinese persons ---- */

static bool open_people(struct run *run)
{
    run->people = link_people_open(run->config, run->options->config_path, &run->records, run->options->memory_bytes,
                                   run->options->threads, run->error, run->error_size);
    return run->people != NULL;
}

static bool cluster_people(struct run *run)
{
    uint64_t written;

    run->labels = malloc((run->records.count + 1) * sizeof *run->labels);
    if (!load_truth(run))
        return false;
    if (run->labels == NULL || !link_people_cluster(run->people, &run->progress, run->labels) ||
        !link_people_write_pairs(run->people, run->labels, run->pairs, &run->progress, &written))
        return fail(run, "memory or the disk is full while clustering");
    link_progress_end(&run->progress);
    link_people_report(run->people);
    printf("pairs: %llu reported\n", (unsigned long long)written);
    return print_truth(run) && close_output(run, "pairs.csv", &run->pairs) && write_clusters(run);
}

/* ---- the whole ---- */

static bool prepare(struct run *run)
{
    run->config = link_config_load(run->options->config_path, run->error, run->error_size);
    if (run->config == NULL)
        return false;
    if (mkdir(run->options->directory, 0755) != 0 && errno != EEXIST)
        return fail(run, "%s: %s", run->options->directory, strerror(errno));
    return open_output(run, "rejects.csv", &run->rejects) && open_output(run, "pairs.csv", &run->pairs) &&
           open_output(run, "clusters.csv", &run->clusters);
}

static void close_all(struct run *run)
{
    FILE *const files[] = { run->rejects, run->pairs, run->clusters };

    link_progress_end(&run->progress);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] != NULL)
            fclose(files[i]);
    }
    free(run->labels);
    link_people_close(run->people);
    link_edges_free(run->edges);
    link_truth_clear(&run->truth);
    link_candidates_free(run->candidates);
    link_records_clear(&run->records);
    link_config_free(run->config);
}

static bool run_steps(struct run *run, bool (*const steps[])(struct run *), size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!steps[i](run))
            return false;
    }
    return true;
}

bool link_run(const struct link_options *options, char *error, size_t error_size)
{
    static bool (*const of_tables[])(struct run *)  = { read_all, index_records, get_model, compare_all, cluster_all };
    static bool (*const of_persons[])(struct run *) = { open_people, read_all, cluster_people };
    struct run run                                  = { .options = options, .error = error, .error_size = error_size };
    bool       is_ok                                = prepare(&run);

    if (is_ok && run.config->person != NULL)
        is_ok = run_steps(&run, of_persons, sizeof of_persons / sizeof of_persons[0]);
    else if (is_ok)
        is_ok = run_steps(&run, of_tables, sizeof of_tables / sizeof of_tables[0]);
    close_all(&run);
    return is_ok;
}
