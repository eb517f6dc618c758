/* Records through decoder, features and identity index; see records.h.
 * Deliberately batch by batch, as the engine does it: the newest version of a record stands. */
#include "daemon/cli/evaluate/records.h"

#include "daemon/cli/evaluate/record_set.h"
#include "daemon/cli/feed_event.h"
#include "daemon/common/clock.h"
#include "daemon/common/config.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"
#include "daemon/common/policy.h"
#include "daemon/engine/facts_make.h"
#include "daemon/engine/people.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_RECORDS = 500, ARENA_BYTES = 256 << 20, LINE_ARENA_BYTES = 16 << 20, KEY_BYTES = 512 };

/* What the engine opens at its start, less what stores. */
struct parts {
    struct config          *config;
    struct feed_config     *feeds;
    struct policy           policy;
    struct gazetteer_file  *gazetteer;
    struct language_tables *language;
    struct identity_model  *model;
    struct blind           *blind;
    struct world_tools      tools;
};

struct reader {
    struct parts           parts;
    struct record_set      set;
    struct identity_batch *batch;
    size_t                 batch_records;
    struct arena           batch_arena, line_arena;
    int64_t                next_person;
    char                   topic[256]; /* of the file being read */
    struct record_figures *figures;
    char                  *fault;
    size_t                 fault_size;
};

static bool open_parts(struct parts *parts, const char *config, char *fault, size_t size)
{
    parts->config = config_load(config, fault, size);
    if (parts->config == NULL || !policy_load(parts->config->policy, &parts->policy, fault, size))
        return false;
    parts->feeds     = feed_config_load(parts->config->feeds, fault, size);
    parts->gazetteer = parts->feeds != NULL ? gazetteer_file_open(NULL, fault, size) : NULL;
    parts->language  = parts->gazetteer != NULL ? language_open(fault, size) : NULL;
    parts->model     = parts->language != NULL ? model_load(parts->config->model, fault, size) : NULL;
    parts->blind     = parts->model != NULL ? blind_open_random(fault, size) : NULL;
    if (parts->blind == NULL)
        return false;
    parts->tools = (struct world_tools){ .gazetteer = gazetteer_file_tables(parts->gazetteer),
                                         .language  = parts->language,
                                         .model     = parts->model,
                                         .policy    = &parts->policy };
    return true;
}

static void close_parts(struct parts *parts)
{
    blind_close(parts->blind);
    model_free(parts->model);
    language_close(parts->language);
    gazetteer_file_close(parts->gazetteer);
    feed_config_free(parts->feeds);
    config_free(parts->config);
}

/* ---- batches ---- */

static bool begin_batch(struct reader *reader)
{
    arena_reset(&reader->batch_arena);
    reader->batch_records = 0;
    reader->batch         = identity_batch_begin(reader->set.index, &reader->batch_arena);
    return reader->batch != NULL;
}

static bool end_batch(struct reader *reader)
{
    const int64_t started = clock_monotonic_ms();

    if (reader->batch == NULL)
        return true;
    if (!identity_batch_resolve(reader->batch, &reader->next_person))
        return false;
    const struct identity_result *result = identity_batch_result(reader->batch);
    for (size_t i = 0; i < result->event_count; i++)
        reader->figures->frozen += result->events[i].kind == IDENTITY_FROZEN;
    identity_batch_merge(reader->batch);
    reader->batch = NULL;
    reader->figures->match_ms += clock_monotonic_ms() - started;
    return true;
}

/* ---- one record ---- */

static uint64_t canonical_of(const struct reader *reader, const char *key, unsigned slot)
{
    const unsigned char number  = (unsigned char)slot;
    const struct span   parts[] = {
          span_from_text(key), {(const char *)&number, 1}
    };

    return blind_number(reader->parts.blind, BLIND_CANONICAL, parts, 2);
}

/* The source's, where it keeps one record for each person. */
static uint32_t sole_group_of(const struct reader *reader, const struct feed_record *read, unsigned slot)
{
    if (slot != 0 || !read->source_binding->has_one_each)
        return 0;
    return (uint32_t)facts_text_hash(reader->parts.blind, BLIND_SUBJECT, read->source) | 1;
}

static bool put_persons(struct reader *reader, uint32_t number, const char *key, const struct feed_record *read)
{
    struct stored_record *record = &reader->set.records[number];
    struct people_block   blocks[FACTS_SLOTS];
    const size_t          count = people_blocks(read, blocks);
    const uint16_t        old   = record->slots;
    struct record_facts   facts;
    bool                  is_ok = true;

    record->slots = 0;
    facts_make(&reader->parts.tools, reader->parts.blind, read, (int64_t)number + 1, &reader->line_arena, &facts);
    for (size_t i = 0; i < count && is_ok; i++) {
        struct mention_features features;

        facts_mention(&reader->parts.tools, reader->parts.blind, blocks[i].block, people_context(&facts, &blocks[i]),
                      &reader->line_arena, &facts, blocks[i].slot, &features);
        record->slots |= (uint16_t)(1U << blocks[i].slot);
        is_ok = identity_batch_put(reader->batch, world_mention_id((int64_t)number + 1, blocks[i].slot),
                                   canonical_of(reader, key, blocks[i].slot),
                                   sole_group_of(reader, read, blocks[i].slot), &features);
    }
    for (unsigned slot = 0; slot < FACTS_SLOTS && is_ok; slot++) {
        if ((old & ~record->slots & 1U << slot) != 0)
            is_ok = identity_batch_remove(reader->batch, world_mention_id((int64_t)number + 1, slot));
    }
    return is_ok;
}

static bool take_record(struct reader *reader, const struct feed_record *read)
{
    const char *type = feed_type_word(read->type);
    char        key[KEY_BYTES];

    if (!read->person.is_present)
        return true;
    if (snprintf(key, sizeof key, "%.*s|%s|%.*s", (int)read->source.length, read->source.bytes, type,
                 (int)read->subject.length, read->subject.bytes) >= KEY_BYTES)
        return true;
    const uint32_t number = record_set_find(&reader->set, key);
    if (number == WORDS_NONE)
        return false;
    struct stored_record *record = &reader->set.records[number];
    if (record->time_us > read->time_us)
        return true;
    record->time_us = read->time_us;
    if (reader->batch == NULL && !begin_batch(reader))
        return false;
    return put_persons(reader, number, key, read) && (++reader->batch_records < BATCH_RECORDS || end_batch(reader));
}

static bool take_line(struct reader *reader, struct span line)
{
    const struct feed_event_settings settings = { .config = reader->parts.feeds,
                                                  .topic  = span_from_text(reader->topic) };
    const struct feed_row            row      = { .text = line };
    struct feed_event                event;
    struct feed_fault                fault;
    struct feed_record               read = { 0 };

    arena_reset(&reader->line_arena);
    reader->figures->lines++;
    if (feed_event_build(&settings, &row, false, &reader->line_arena, &event, &fault) &&
        feed_decode(reader->parts.feeds, &reader->parts.policy, &event.message, clock_now_us(), &reader->line_arena,
                    &read, &fault) == FEED_OK)
        return take_record(reader, &read);
    reader->figures->refused++;
    return true;
}

/* ---- files ---- */

static bool read_file(struct reader *reader, const char *path)
{
    const char *slash    = strrchr(path, '/');
    char       *line     = NULL;
    size_t      capacity = 0;
    bool        is_ok    = true;
    FILE       *file     = fopen(path, "re");

    const char *name = slash != NULL ? slash + 1 : path;
    snprintf(reader->topic, sizeof reader->topic, "%.*s", (int)(strlen(name) - strlen(".ndjson")), name);
    if (file == NULL)
        return false;
    for (ssize_t length; is_ok && (length = getline(&line, &capacity, file)) > 0;)
        is_ok = take_line(reader, span_of(line, (size_t)length - (line[length - 1] == '\n')));
    is_ok = is_ok && ferror(file) == 0;
    free(line);
    fclose(file);
    return is_ok;
}

static bool read_files(struct reader *reader, const char *directory)
{
    char   pattern[4096];
    glob_t found = { 0 };
    bool   is_ok = true;

    snprintf(pattern, sizeof pattern, "%s/*.ndjson", directory);
    if (glob(pattern, 0, NULL, &found) != 0) {
        snprintf(reader->fault, reader->fault_size, "the folder of records has no *.ndjson");
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc && is_ok; i++)
        is_ok = read_file(reader, found.gl_pathv[i]);
    globfree(&found);
    return is_ok && end_batch(reader);
}

static bool open_arena(struct arena *arena, size_t bytes)
{
    arena_init(arena, malloc(bytes), bytes);
    return arena->base != NULL;
}

static bool run(struct reader *reader, struct evaluation *evaluation, const struct record_options *options)
{
    const int64_t started = clock_monotonic_ms();

    if (!open_parts(&reader->parts, options->config, reader->fault, reader->fault_size))
        return false;
    snprintf(reader->fault, reader->fault_size, "memory is out, or a file of the folder cannot be read");
    if (!open_arena(&reader->batch_arena, ARENA_BYTES) || !open_arena(&reader->line_arena, LINE_ARENA_BYTES) ||
        !record_set_open(&reader->set, (size_t)reader->parts.config->engine.memory_limit_mb << 20,
                         reader->parts.language, reader->parts.model) ||
        !read_files(reader, options->directory))
        return false;
    reader->figures->read_ms = clock_monotonic_ms() - started - reader->figures->match_ms;
    return record_set_tell(&reader->set, evaluation, reader->figures) &&
           record_set_measure(&reader->set, evaluation, reader->parts.blind, reader->figures);
}

bool evaluation_read_records(struct evaluation *evaluation, const struct record_options *options,
                             struct record_figures *figures, char *fault, size_t fault_size)
{
    struct reader reader = { .next_person = 1, .figures = figures, .fault = fault, .fault_size = fault_size };

    *figures         = (struct record_figures){ 0 };
    const bool is_ok = run(&reader, evaluation, options);
    identity_batch_discard(reader.batch);
    record_set_close(&reader.set);
    free(reader.batch_arena.base);
    free(reader.line_arena.base);
    close_parts(&reader.parts);
    return is_ok;
}
