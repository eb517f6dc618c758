/* The rows of one file, whatever its form: a line of NDJSON or a record of CSV.
 * Checks only what it needs to read on; the decoder judges the rest. */
#ifndef HULEI_DAEMON_CLI_FEED_ROWS_H
#define HULEI_DAEMON_CLI_FEED_ROWS_H

#include "daemon/cli/feed_map.h"
#include "daemon/cli/feed_options.h"
#include "daemon/common/feed/feed.h"

struct feed_row {
    int64_t           number; /* of the line or record, counted from 1; of CSV the header is 1 */
    struct span       text;   /* NDJSON: the line, UTF-8 where it could be converted */
    json_t           *record; /* CSV: {"subject","time","data"}; owned by the row, see feed_row_clear() */
    bool              has_fault;
    struct feed_fault fault;
};

struct feed_rows;

/* `map` may be NULL. NULL on failure, with `error` filled. */
struct feed_rows *feed_rows_open(const char *path, const struct feed_options *options, const struct feed_map *map,
                                 char *error, size_t error_size);
/* Closing NULL does nothing. */
void feed_rows_close(struct feed_rows *rows);

/* False at the end. Texts live in `arena`, which the caller resets between rows. */
bool feed_rows_next(struct feed_rows *rows, struct arena *arena, struct feed_row *row);
void feed_row_clear(struct feed_row *row);

/* Share of the file read so far, 0 to 1; 0 when its size is not known. */
double feed_rows_progress(const struct feed_rows *rows);
/* Seconds since 1970 of the file's last change; of standard input: now. */
int64_t feed_rows_time_s(const struct feed_rows *rows);
bool    feed_rows_is_raw(const struct feed_rows *rows);

#endif
