/* Feed records of files into mention features; see record_reader.h.
 * Deliberately the engine's own path: what is learnt here holds there. */
#include "daemon/cli/record_reader.h"

#include "daemon/cli/feed_context.h"

#include <stdio.h>
#include <stdlib.h>

struct record_reader {
    struct feed_context  feed;
    struct person_maker *maker;
};

struct record_reader *record_reader_open(const struct feed_options *options, char *error, size_t error_size)
{
    struct record_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    if (feed_context_open(&reader->feed, options, error, error_size))
        reader->maker = person_maker_open(error, error_size);
    if (reader->maker != NULL)
        return reader;
    record_reader_close(reader);
    return NULL;
}

void record_reader_close(struct record_reader *reader)
{
    if (reader == NULL)
        return;
    person_maker_close(reader->maker);
    feed_context_close(&reader->feed);
    free(reader);
}

const struct language_tables *record_reader_language(const struct record_reader *reader)
{
    return person_maker_language(reader->maker);
}

const struct config *record_reader_config(const struct record_reader *reader)
{
    return reader->feed.config;
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
        .has_one_each = read.source_binding->has_one_each,
        .persons      = persons,
        .person_count = person_maker_make(reader->maker, &read, &reader->feed.arena, persons),
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
