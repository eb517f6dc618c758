/* Person records through the identity index; see link_person.h.
 * Features are made on all cores; the index itself belongs to one thread, as in the engine. */
#include "daemon/cli/link/link_person.h"

#include "daemon/cli/link/link_person_parts.h"
#include "daemon/cli/link/link_table.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 8192, ROWS_PER_TASK = 256, SCRATCH_BYTES = 1 << 20, PATH_BYTES = 1024 };
static const size_t chunk_bytes         = (size_t)64 << 20;
static const size_t index_default_bytes = (size_t)16 << 30, edges_default_bytes = (size_t)4 << 30;

struct grown {
    struct grown *previous;
    _Alignas(16) char bytes[];
};

/* ---- opening ---- */

static void *grow(void *owner, size_t bytes)
{
    struct link_people *people = owner;
    struct grown       *block  = calloc(1, sizeof *block + bytes);

    if (block == NULL)
        return NULL;
    block->previous = people->grown;
    people->grown   = block;
    return block->bytes;
}

/* A relative path of the model starts at the folder of the configuration. */
static void model_path(const struct link_config *config, const char *config_path, char path[PATH_BYTES])
{
    const char *slash  = strrchr(config_path, '/');
    const char *model  = config->person->model;
    const int   folder = slash != NULL && model[0] != '/' ? (int)(slash - config_path + 1) : 0;

    snprintf(path, PATH_BYTES, "%.*s%s", folder, config_path, model);
}

static bool open_tables(struct link_people *people, const char *config_path, char *error, size_t error_size)
{
    char path[PATH_BYTES];

    model_path(people->config, config_path, path);
    people->model     = model_load(path, error, error_size);
    people->language  = people->model != NULL ? language_open(error, error_size) : NULL;
    people->gazetteer = people->language != NULL ? gazetteer_file_open(NULL, error, error_size) : NULL;
    return people->gazetteer != NULL;
}

static bool open_arena(struct arena *arena, size_t bytes)
{
    arena_init(arena, malloc(bytes), bytes);
    return arena->base != NULL;
}

struct link_people *link_people_open(const struct link_config *config, const char *config_path,
                                     struct link_records *records, size_t memory_bytes, unsigned threads, char *error,
                                     size_t error_size)
{
    struct link_people *people = calloc(1, sizeof *people);

    if (people == NULL)
        return NULL;
    people->config          = config;
    people->records         = records;
    people->threads         = threads;
    people->edges_max_bytes = memory_bytes > 0 ? memory_bytes / 8 : edges_default_bytes;
    if (!open_tables(people, config_path, error, error_size))
        goto fail;
    snprintf(error, error_size, "out of memory");
    people->index          = identity_index_create((struct memory){ grow, people },
                                          memory_bytes > 0 ? memory_bytes / 2 : index_default_bytes, people->language,
                                                   people->model);
    people->chunk.rows     = calloc(CHUNK_ROWS, sizeof *people->chunk.rows);
    people->chunk.features = calloc(CHUNK_ROWS, sizeof *people->chunk.features);
    if (people->index != NULL && people->chunk.rows != NULL && people->chunk.features != NULL &&
        open_arena(&people->chunk.texts, chunk_bytes))
        return people;

fail:
    link_people_close(people);
    return NULL;
}

void link_people_close(struct link_people *people)
{
    if (people == NULL)
        return;
    while (people->grown != NULL) {
        struct grown *block = people->grown;

        people->grown = block->previous;
        free(block);
    }
    for (size_t i = 0; i < LINK_THREADS_MAX; i++)
        free(people->chunk.scratch[i]);
    free(people->chunk.rows);
    free(people->chunk.features);
    free(people->chunk.texts.base);
    free(people->contents);
    gazetteer_file_close(people->gazetteer);
    language_close(people->language);
    model_free(people->model);
    free(people);
}

/* ---- rows into the index ---- */

static bool make_features(void *context, unsigned thread, size_t first, size_t last)
{
    struct link_people *people = context;
    struct chunk       *chunk  = &people->chunk;

    if (chunk->scratch[thread] == NULL)
        chunk->scratch[thread] = malloc(SCRATCH_BYTES);
    if (chunk->scratch[thread] == NULL)
        return false;
    for (size_t i = first; i < last; i++) {
        struct arena arena;

        arena_init(&arena, chunk->scratch[thread], SCRATCH_BYTES);
        link_person_features(people->language, gazetteer_file_tables(people->gazetteer), chunk->rows[i], &arena,
                             &chunk->features[i]);
    }
    return true;
}

/* The chunk's records are the last ones of the store. */
static bool put_chunk(struct link_people *people)
{
    struct chunk          *chunk = &people->chunk;
    const size_t           first = people->records->count - chunk->count;
    const bool             sole  = people->config->clusters != NULL && people->config->clusters->one_per_source;
    const struct link_work work  = {
         .items = chunk->count, .chunk_items = ROWS_PER_TASK, .run = make_features, .context = people
    };

    if (chunk->count > 0 && !link_work_run(&work, people->threads))
        return false;
    for (size_t i = 0; i < chunk->count; i++) {
        const size_t record = first + i;

        if (!identity_index_load(people->index, (int64_t)record + 1, people->records->hashes[record],
                                 sole ? people->records->sources[record] : 0, &chunk->features[i], 0))
            return false;
    }
    chunk->count = 0;
    arena_reset(&chunk->texts);
    return true;
}

struct reading {
    struct link_people      *people;
    const char              *path;
    FILE                    *rejects;
    struct link_read_counts *counts;
    struct link_table       *table;
    const char              *fields[LINK_ROLES + 2];
    size_t                   field_count;
    int                      cells[LINK_ROLES]; /* field of each role; -1: none */
    struct span              values[LINK_ROLES + 2];
};

static void choose_fields(struct reading *reading)
{
    const struct link_config *config = reading->people->config;
    const char               *headings[LINK_ROLES];

    link_person_headings(config->person, headings);
    reading->fields[reading->field_count++] = config->id;
    if (config->source != NULL)
        reading->fields[reading->field_count++] = config->source;
    for (size_t i = 0; i < LINK_ROLES; i++) {
        reading->cells[i] = headings[i] != NULL ? (int)reading->field_count : -1;
        if (headings[i] != NULL)
            reading->fields[reading->field_count++] = headings[i];
    }
}

/* The record's id and its texts into the chunk. */
static enum link_put_status keep_row(struct reading *reading)
{
    struct link_people *people = reading->people;
    struct chunk       *chunk  = &people->chunk;
    const struct span   source = people->config->source != NULL ? reading->values[1] : link_source_of(reading->path);
    struct span        *row    = chunk->rows[chunk->count];

    for (size_t i = 0; i < LINK_ROLES; i++) {
        const struct span text = reading->cells[i] >= 0 ? reading->values[reading->cells[i]] : span_of(NULL, 0);

        row[i] = text.length > 0 ? arena_copy(&chunk->texts, text) : span_of(NULL, 0);
        if (text.length > 0 && row[i].bytes == NULL)
            return LINK_PUT_MEMORY;
    }
    const enum link_put_status status = link_records_put(people->records, source, reading->values[0]);
    chunk->count += status == LINK_PUT_OK;
    return status;
}

/* False when memory is out. */
static bool take_row(struct reading *reading)
{
    struct link_people *people = reading->people;
    struct chunk       *chunk  = &people->chunk;
    enum link_role      role;
    const char         *headings[LINK_ROLES];

    if (reading->values[0].length == 0) {
        reading->counts->bad_rows++;
        link_reject(reading->rejects, reading->path, reading->table, people->config->id, "id.missing");
        return true;
    }
    const enum link_put_status status = keep_row(reading);
    if (status == LINK_PUT_DUPLICATE) {
        reading->counts->bad_rows++;
        link_reject(reading->rejects, reading->path, reading->table, people->config->id, "id.duplicate");
    }
    if (status != LINK_PUT_OK)
        return status == LINK_PUT_DUPLICATE;
    const char *fault = link_person_fault(chunk->rows[chunk->count - 1], &role);
    if (fault != NULL) {
        link_person_headings(people->config->person, headings);
        reading->counts->bad_values++;
        link_reject(reading->rejects, reading->path, reading->table, headings[role], fault);
    }
    const bool is_full = chunk->count == CHUNK_ROWS || chunk->texts.capacity - chunk->texts.used < chunk_bytes / 8;
    return !is_full || put_chunk(people);
}

static bool read_rows(struct reading *reading, struct link_progress *progress, char *error, size_t error_size)
{
    for (;;) {
        const enum link_row_status status = link_table_next(reading->table, reading->values);

        if (status == LINK_ROW_UNREADABLE) {
            snprintf(error, error_size, "%s: %s", reading->path, link_table_fault(reading->table));
            return false;
        }
        reading->counts->rows += status != LINK_ROW_END;
        if (status == LINK_ROW_BAD) {
            reading->counts->bad_rows++;
            link_reject(reading->rejects, reading->path, reading->table, "", link_table_fault(reading->table));
        }
        if (status == LINK_ROW_END ? !put_chunk(reading->people) : status == LINK_ROW && !take_row(reading)) {
            snprintf(error, error_size, "%s: the records need more memory than there is, or than --memory allows",
                     reading->path);
            return false;
        }
        if (status == LINK_ROW_END)
            return true;
        link_progress_step(progress, reading->counts->rows, 0);
    }
}

bool link_people_read(struct link_people *people, const char *path, FILE *rejects, struct link_progress *progress,
                      struct link_read_counts *counts, char *error, size_t error_size)
{
    struct reading reading = { .people = people, .path = path, .rejects = rejects, .counts = counts };

    choose_fields(&reading);
    reading.table = link_table_open(path, reading.fields, reading.field_count, error, error_size);
    if (reading.table == NULL)
        return false;
    const bool is_read = read_rows(&reading, progress, error, error_size);
    link_table_close(reading.table);
    return is_read;
}
