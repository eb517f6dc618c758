/* Feed records of files into mention features; see record_reader.h.
 * Deliberately the engine's own path: what is learnt here holds there. */
#include "daemon/cli/record_reader.h"

#include "daemon/cli/feed_context.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/engine/facts_make.h"

#include <stdio.h>
#include <stdlib.h>

struct record_reader {
    struct feed_context     feed;
    struct gazetteer_file  *gazetteer;
    struct language_tables *language;
    struct blind           *blind;
    struct world_tools      tools;
};

struct record_reader *record_reader_open(const struct feed_options *options, char *error, size_t error_size)
{
    struct record_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    const bool is_open = feed_context_open(&reader->feed, options, error, error_size) &&
                         (reader->gazetteer = gazetteer_file_open(NULL, error, error_size)) != NULL &&
                         (reader->language = language_open(error, error_size)) != NULL &&
                         (reader->blind = blind_open_random(error, error_size)) != NULL;
    if (!is_open) {
        record_reader_close(reader);
        return NULL;
    }
    reader->tools = (struct world_tools){ .gazetteer = gazetteer_file_tables(reader->gazetteer),
                                          .language  = reader->language,
                                          .policy    = &reader->feed.policy };
    return reader;
}

void record_reader_close(struct record_reader *reader)
{
    if (reader == NULL)
        return;
    blind_close(reader->blind);
    language_close(reader->language);
    gazetteer_file_close(reader->gazetteer);
    feed_context_close(&reader->feed);
    free(reader);
}

const struct language_tables *record_reader_language(const struct record_reader *reader)
{
    return reader->language;
}

const struct config *record_reader_config(const struct record_reader *reader)
{
    return reader->feed.config;
}

static size_t make_persons(struct record_reader *reader, const struct feed_record *read,
                           struct read_person persons[FACTS_SLOTS])
{
    struct people_block blocks[FACTS_SLOTS];
    const size_t        count = people_blocks(read, blocks);
    struct record_facts facts;

    facts_make(&reader->tools, reader->blind, read, 1, &reader->feed.arena, &facts);
    for (size_t i = 0; i < count; i++) {
        persons[i].slot = blocks[i].slot;
        persons[i].role = blocks[i].role;
        facts_mention(&reader->tools, reader->blind, blocks[i].block, people_context(&facts, &blocks[i]),
                      &reader->feed.arena, &facts, blocks[i].slot, &persons[i].features);
    }
    return count;
}

/* False when `take` wants no more. */
static bool handle_row(struct record_reader *reader, const struct feed_row *row, bool is_raw,
                       bool (*take)(void *context, const struct read_record *record), void *context,
                       struct record_reader_counts *counts)
{
    struct feed_event  event;
    struct feed_record read;
    struct feed_fault  fault     = { 0 };
    bool               has_event = false;
    struct read_person persons[FACTS_SLOTS];

    counts->lines++;
    if (feed_context_read(&reader->feed, row, is_raw, &event, &has_event, &read, &fault) != FEED_OK) {
        counts->refused++;
        return true;
    }
    if (read.is_withdrawal || !read.person.is_present)
        return true;
    const struct read_record record = {
        .source       = read.source,
        .subject      = read.subject,
        .content      = read.canonical_json,
        .type         = read.type,
        .time_us      = read.time_us,
        .persons      = persons,
        .person_count = make_persons(reader, &read, persons),
    };
    return take(context, &record);
}

bool record_reader_run(struct record_reader *reader, const char                            *path,
                       bool (*take)(void *context, const struct read_record *record), void *context,
                       struct record_reader_counts *counts, char *error, size_t error_size)
{
    struct feed_rows *rows = feed_rows_open(path, reader->feed.options, reader->feed.map, error, error_size);
    struct feed_row   row;
    bool              goes_on = true;

    if (rows == NULL)
        return false;
    feed_context_set_file_time(&reader->feed, feed_rows_time_s(rows));
    while (goes_on && feed_rows_next(rows, &reader->feed.arena, &row)) {
        goes_on = handle_row(reader, &row, feed_rows_is_raw(rows), take, context, counts);
        feed_row_clear(&row);
        arena_reset(&reader->feed.arena);
    }
    feed_rows_close(rows);
    return goes_on;
}
