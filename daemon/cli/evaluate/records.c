/* Records through the engine's decoder, features and identity index; see records.h.
 * Deliberately batch by batch, as the engine does it: the newest version of a record stands. */
#include "daemon/cli/evaluate/records.h"

#include "daemon/cli/evaluate/record_set.h"
#include "daemon/cli/record_reader.h"
#include "daemon/common/clock.h"
#include "daemon/common/model.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { BATCH_RECORDS = 500, ARENA_BYTES = 256 << 20, KEY_BYTES = 512 };

struct run {
    struct record_reader  *reader;
    struct identity_model *model;
    struct record_set      set;
    struct identity_batch *batch;
    size_t                 batch_records;
    struct arena           arena; /* of the batch */
    int64_t                next_person;
    struct record_figures *figures;
    char                  *fault;
    size_t                 fault_size;
};

/* ---- batches ---- */

static bool begin_batch(struct run *run)
{
    arena_reset(&run->arena);
    run->batch_records = 0;
    run->batch         = identity_batch_begin(run->set.index, &run->arena);
    return run->batch != NULL;
}

static bool end_batch(struct run *run)
{
    const int64_t started = clock_monotonic_ms();

    if (run->batch == NULL)
        return true;
    if (!identity_batch_resolve(run->batch, &run->next_person))
        return false;
    run->figures->frozen += identity_batch_result(run->batch)->frozen_count;
    identity_batch_merge(run->batch);
    run->batch = NULL;
    run->figures->match_ms += clock_monotonic_ms() - started;
    return true;
}

/* ---- one record ---- */

/* Of no key: two runs take records in one order. */
static uint64_t canonical_of(const char *key, unsigned slot)
{
    return XXH3_64bits_withSeed(key, strlen(key), slot);
}

static uint32_t sole_group_of(const struct read_record *record, unsigned slot)
{
    if (slot != 0 || !record->has_one_each)
        return 0;
    return (uint32_t)XXH3_64bits(record->source.bytes, record->source.length) | 1;
}

static bool put_persons(struct run *run, uint32_t number, const char *key, const struct read_record *record)
{
    struct stored_record *stored = &run->set.records[number];
    const uint16_t        old    = stored->slots;
    bool                  is_ok  = true;

    stored->slots = 0;
    for (size_t i = 0; i < record->person_count && is_ok; i++) {
        const struct read_person *person = &record->persons[i];

        stored->slots |= (uint16_t)(1U << person->slot);
        is_ok =
            identity_batch_put(run->batch, world_mention_id((int64_t)number + 1, person->slot),
                               canonical_of(key, person->slot), sole_group_of(record, person->slot), &person->features);
    }
    for (unsigned slot = 0; slot < FACTS_SLOTS && is_ok; slot++) {
        if ((old & ~stored->slots & 1U << slot) != 0)
            is_ok = identity_batch_remove(run->batch, world_mention_id((int64_t)number + 1, slot));
    }
    return is_ok;
}

static bool take_record(void *context, const struct read_record *record)
{
    struct run *run = context;
    char        key[KEY_BYTES];

    if (snprintf(key, sizeof key, "%.*s|%s|%.*s", (int)record->source.length, record->source.bytes,
                 feed_type_word(record->type), (int)record->subject.length, record->subject.bytes) >= KEY_BYTES)
        return true;
    const uint32_t number = record_set_find(&run->set, key);
    if (number == WORDS_NONE)
        return false;
    struct stored_record *stored = &run->set.records[number];
    if (stored->time_us > record->time_us)
        return true;
    stored->time_us = record->time_us;
    if (run->batch == NULL && !begin_batch(run))
        return false;
    return put_persons(run, number, key, record) && (++run->batch_records < BATCH_RECORDS || end_batch(run));
}

/* ---- files ---- */

static bool read_files(struct run *run, const char *directory)
{
    struct record_reader_counts counts = { 0 };
    char                        pattern[4096];
    glob_t                      found = { 0 };
    bool                        is_ok = true;

    snprintf(pattern, sizeof pattern, "%s/*.ndjson", directory);
    if (glob(pattern, 0, NULL, &found) != 0) {
        snprintf(run->fault, run->fault_size, "the folder of records has no *.ndjson");
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc && is_ok; i++)
        is_ok =
            record_reader_run(run->reader, found.gl_pathv[i], take_record, run, &counts, run->fault, run->fault_size);
    globfree(&found);
    run->figures->lines   = (size_t)counts.lines;
    run->figures->refused = (size_t)counts.refused;
    return is_ok && end_batch(run);
}

static bool open_parts(struct run *run, const struct feed_options *options)
{
    run->reader = record_reader_open(options, run->fault, run->fault_size);
    if (run->reader == NULL)
        return false;
    const struct config *config = record_reader_config(run->reader);
    if (config == NULL) {
        snprintf(run->fault, run->fault_size, "no configuration: --config FILE or $HULEI_CONFIG names the model");
        return false;
    }
    run->model = model_load(config->model, run->fault, run->fault_size);
    if (run->model == NULL)
        return false;
    snprintf(run->fault, run->fault_size, "memory is out");
    arena_init(&run->arena, malloc(ARENA_BYTES), ARENA_BYTES);
    return run->arena.base != NULL && record_set_open(&run->set, (size_t)config->engine.memory_limit_mb << 20,
                                                      record_reader_language(run->reader), run->model);
}

static bool cluster(struct run *run, struct evaluation *evaluation, const struct record_options *options)
{
    const struct feed_options reading = { .config = options->config, .format = FORMAT_NDJSON };
    const int64_t             started = clock_monotonic_ms();

    if (!open_parts(run, &reading) || !read_files(run, options->directory))
        return false;
    run->figures->read_ms = clock_monotonic_ms() - started - run->figures->match_ms;
    return record_set_tell(&run->set, evaluation, run->figures) &&
           record_set_measure(&run->set, evaluation, run->figures);
}

bool evaluation_read_records(struct evaluation *evaluation, const struct record_options *options,
                             struct record_figures *figures, char *fault, size_t fault_size)
{
    struct run run = { .next_person = 1, .figures = figures, .fault = fault, .fault_size = fault_size };

    *figures         = (struct record_figures){ 0 };
    const bool is_ok = cluster(&run, evaluation, options);
    identity_batch_discard(run.batch);
    record_set_close(&run.set);
    free(run.arena.base);
    model_free(run.model);
    record_reader_close(run.reader);
    return is_ok;
}
