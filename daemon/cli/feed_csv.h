/* Records of a CSV file (RFC 4180: quotes, doubled quotes, line breaks inside quotes; CRLF or LF).
 * Knows no headings and no character set: cells are bytes. */
#ifndef HULEI_DAEMON_CLI_FEED_CSV_H
#define HULEI_DAEMON_CLI_FEED_CSV_H

#include "matchers/arena.h"

#include <stdbool.h>
#include <stdio.h>

enum { CSV_CELLS_MAX = 256 };

struct csv_record {
    struct span cells[CSV_CELLS_MAX]; /* in the arena */
    size_t      count;
};

enum csv_status {
    CSV_RECORD = 0,
    CSV_END,
    CSV_BAD_QUOTES,     /* text after a closing quote, or a quote never closed */
    CSV_TOO_MANY_CELLS, /* more than CSV_CELLS_MAX */
    CSV_TOO_LARGE,      /* the arena is full */
    CSV_UNREADABLE,     /* errno says why */
};

/* Reads the next record. After a fault the rest of its line is skipped, so the next call finds the next record. */
enum csv_status csv_read(FILE *stream, struct arena *arena, struct csv_record *record);

#endif
