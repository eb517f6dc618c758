/* Feed records of files, through the engine's decoder and features: for commands that study identity.
 * Keeps nothing; sealed records are dropped and refused ones counted, as the engine does. */
#ifndef HULEI_DAEMON_CLI_RECORD_READER_H
#define HULEI_DAEMON_CLI_RECORD_READER_H

#include "daemon/cli/feed_options.h"
#include "daemon/cli/person_maker.h"
#include "daemon/common/config.h"

/* Spans are valid during the call that gets the record. */
struct read_record {
    struct span               source, subject, content; /* content: the accepted data, keys sorted */
    enum feed_type            type;
    int64_t                   time_us;
    bool                      has_one_each; /* the source keeps one record for each person */
    const struct read_person *persons;
    size_t                    person_count; /* at least 1 */
};

struct record_reader_counts {
    int64_t lines, refused; /* refused: by the decoder, or sealed */
};

struct record_reader;

/* NULL on failure, with `error` filled. The options are borrowed; close with record_reader_close(). */
struct record_reader *record_reader_open(const struct feed_options *options, char *error, size_t error_size);
/* Closing NULL does nothing. */
void record_reader_close(struct record_reader *reader);

/* Valid as long as the reader. The configuration may be NULL: none was given. */
const struct language_tables *record_reader_language(const struct record_reader *reader);
const struct config          *record_reader_config(const struct record_reader *reader);

/*
 * Gives each record that names a person to `take`, until that returns false. "-" is standard input. Adds to *counts.
 * False when the file cannot be read, with `error` filled, or when `take` ended it, with `error` untouched.
 */
bool record_reader_run(struct record_reader *reader, const char                            *path,
                       bool (*take)(void *context, const struct read_record *record), void *context,
                       struct record_reader_counts *counts, char *error, size_t error_size);

#endif
