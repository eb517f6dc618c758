/* Person records through the identity index; see link_person.h.
 * Features are made on all cores; the index itself belongs to one thread, as in the engine. */
#include "daemon/cli/link/link_person.h"

#include "daemon/cli/link/link_person_parts.h"
#include "daemon/cli/link/link_table.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"
#include "daemon/common/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CHUNK_ROWS = 4096, CHUNK_BYTES = 8 << 20, ROW_BYTES_USUAL = 200, SCRATCH_BYTES = 1 << 20, PATH_BYTES = 1024 };
static const size_t index_default_bytes = (size_t)16 << 30, edges_default_bytes = (size_t)4 << 30;

/* ---- opening ---- */

static void *grow(void *owner, size_t bytes)
{
    return slabs_take(&((struct link_people *)owner)->slabs, bytes);
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
    people->places = link_places_open(gazetteer_file_tables(people->gazetteer));
    people->index  = identity_index_create((struct memory){ grow, people },
                                          memory_bytes > 0 ? memory_bytes / 2 : index_default_bytes, people->language,
                                           people->model);
    if (people->index != NULL && people->places != NULL)
        return people;

fail:
    link_people_close(people);
    return NULL;
}

void link_people_close(struct link_people *people)
{
    if (people == NULL)
        return;
    slabs_clear(&people->slabs);
    for (size_t i = 0; i < LINK_THREADS_MAX; i++) {
        free(people->chunks[i].rows);
        free(people->chunks[i].items);
        free(people->chunks[i].texts.base);
        free(people->chunks[i].scratch);
    }
    link_places_close(people->places);
    free(people->contents);
    gazetteer_file_close(people->gazetteer);
    language_close(people->language);
    model_free(people->model);
    free(people);
}

/* ---- reading ---- */

struct reading {
    struct link_people      *people;
    const char              *path;
    FILE                    *rejects;
    struct link_progress    *progress;
    struct link_read_counts *counts;
    struct link_table       *table;
    const char              *fields[LINK_ROLES + 2];
    size_t                   field_count;
    int                      cells[LINK_ROLES]; /* field of each role; -1: none */
    struct span              values[LINK_ROLES + 2];
    bool                     has_ended, is_unreadable;
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
static enum link_put_status keep_row(struct reading *reading, struct chunk *chunk)
{
    struct link_records *records = reading->people->records;
    const bool sole = reading->people->config->clusters != NULL && reading->people->config->clusters->one_per_source;
    const struct span source =
        reading->people->config->source != NULL ? reading->values[1] : link_source_of(reading->path);
    struct span          *row  = chunk->rows[chunk->count];
    struct identity_item *item = &chunk->items[chunk->count];

    for (size_t i = 0; i < LINK_ROLES; i++) {
        const struct span text = reading->cells[i] >= 0 ? reading->values[reading->cells[i]] : span_of(NULL, 0);

        row[i] = text.length > 0 ? arena_copy(&chunk->texts, text) : span_of(NULL, 0);
        if (text.length > 0 && row[i].bytes == NULL)
            return LINK_PUT_MEMORY;
    }
    const enum link_put_status status = link_records_put(records, source, reading->values[0]);
    if (status != LINK_PUT_OK)
        return status;
    item->mention_id = (int64_t)records->count;
    item->canonical  = records->hashes[records->count - 1];
    item->sole_group = sole ? records->sources[records->count - 1] : 0;
    item->person_id  = 0;
    chunk->count++;
    return LINK_PUT_OK;
}

/* False when memory is out. */
static bool take_row(struct reading *reading, struct chunk *chunk)
{
    struct link_people *people = reading->people;
    enum link_role      role;
    const char         *headings[LINK_ROLES];

    if (reading->values[0].length == 0) {
        reading->counts->bad_rows++;
        link_reject(reading->rejects, reading->path, reading->table, people->config->id, "id.missing");
        return true;
    }
    const enum link_put_status status = keep_row(reading, chunk);
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
    return true;
}

static bool open_chunk(struct chunk *chunk)
{
    if (chunk->rows == NULL) {
        chunk->rows    = calloc(CHUNK_ROWS, sizeof *chunk->rows);
        chunk->items   = calloc(CHUNK_ROWS, sizeof *chunk->items);
        chunk->scratch = malloc(SCRATCH_BYTES);
        arena_init(&chunk->texts, malloc(CHUNK_BYTES), CHUNK_BYTES);
    }
    chunk->count = 0;
    arena_reset(&chunk->texts);
    return chunk->rows != NULL && chunk->items != NULL && chunk->scratch != NULL && chunk->texts.base != NULL;
}

/* False when the file is unreadable or memory is out. */
static bool read_row(struct reading *reading, struct chunk *chunk)
{
    const enum link_row_status status = link_table_next(reading->table, reading->values);

    reading->has_ended     = status == LINK_ROW_END;
    reading->is_unreadable = status == LINK_ROW_UNREADABLE;
    reading->counts->rows += status == LINK_ROW || status == LINK_ROW_BAD;
    if (status == LINK_ROW_BAD) {
        reading->counts->bad_rows++;
        link_reject(reading->rejects, reading->path, reading->table, "", link_table_fault(reading->table));
    }
    return !reading->is_unreadable && (status != LINK_ROW || take_row(reading, chunk));
}

/* ---- the three steps of a chunk ---- */

static bool take_chunk(void *context, unsigned thread, bool *is_any)
{
    struct reading *reading = context;
    struct chunk   *chunk   = &reading->people->chunks[thread];

    if (!open_chunk(chunk))
        return false;
    while (!reading->has_ended && chunk->count < CHUNK_ROWS &&
           chunk->texts.capacity - chunk->texts.used >= CHUNK_BYTES / 8) {
        if (!read_row(reading, chunk))
            return false;
    }
    link_progress_step(reading->progress, reading->counts->rows, 0);
    *is_any = chunk->count > 0;
    return true;
}

static bool make_features(void *context, unsigned thread)
{
    struct link_people *people = ((struct reading *)context)->people;
    struct chunk       *chunk  = &people->chunks[thread];

    for (size_t i = 0; i < chunk->count; i++) {
        struct arena arena;

        arena_init(&arena, chunk->scratch, SCRATCH_BYTES);
        link_person_features(people->language, people->places, chunk->rows[i], &arena, &chunk->items[i].features);
        if (!identity_item_prepare(people->language, people->model, &chunk->items[i]))
            return false;
    }
    return true;
}

static bool load_items(void *context, unsigned thread)
{
    struct link_people *people = ((struct reading *)context)->people;
    const struct chunk *chunk  = &people->chunks[thread];

    return identity_index_load(people->index, chunk->items, chunk->count);
}

/* About as many as a file of this size has. */
static size_t mentions_in(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 && file.st_size > 0 ? (size_t)file.st_size / ROW_BYTES_USUAL : 0;
}

bool link_people_read(struct link_people *people, const char *path, FILE *rejects, struct link_progress *progress,
                      struct link_read_counts *counts, char *error, size_t error_size)
{
    struct reading reading = {
        .people = people, .path = path, .rejects = rejects, .progress = progress, .counts = counts
    };
    const struct stream stream = { take_chunk, make_features, load_items, &reading };

    choose_fields(&reading);
    if (people->records->count == 0)
        identity_index_expect(people->index, mentions_in(path));
    reading.table = link_table_open(path, reading.fields, reading.field_count, error, error_size);
    if (reading.table == NULL)
        return false;
    const bool is_read = stream_run(&stream, people->threads);
    if (!is_read)
        snprintf(error, error_size, "%s: %s", path,
                 reading.is_unreadable ? link_table_fault(reading.table)
                                       : "the records need more memory than there is, or than --memory allows");
    link_table_close(reading.table);
    return is_read;
}
