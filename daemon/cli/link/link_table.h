/* Reads the rows of a CSV or NDJSON file, one after the other.
 * Knows headings, but not what they mean; a bad row is told and skipped. */
#ifndef HULEI_DAEMON_CLI_LINK_TABLE_H
#define HULEI_DAEMON_CLI_LINK_TABLE_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LINK_FIELDS_MAX = 96 };

enum link_row_status {
    LINK_ROW = 0,
    LINK_ROW_END,
    LINK_ROW_BAD,       /* told by link_table_fault(); the next row can be read */
    LINK_ROW_UNREADABLE /* the file itself; told by link_table_fault() */
};

struct link_table;

/*
 * Opens a file, which is NDJSON when its name ends in .ndjson or .jsonl, else CSV with headings in the first row.
 * `fields` are the headings that will be asked for, at most LINK_FIELDS_MAX; in NDJSON a dot leads into an object.
 * NULL on failure, and `error` says why. The fields are borrowed.
 */
struct link_table *link_table_open(const char *path, const char *const *fields, size_t field_count, char *error,
                                   size_t error_size);
/* The same of an open stream, which is closed with the table, or at once when there is none. */
struct link_table *link_table_take(FILE *stream, bool is_json, const char *const *fields, size_t field_count,
                                   char *error, size_t error_size);
/* Closing NULL does nothing. */
void link_table_close(struct link_table *table);

/* The next row: values[i] of fields[i], absent where the row has none; valid until the next call. */
enum link_row_status link_table_next(struct link_table *table, struct span *values);

/* The row just read, the headings counting as row 1 of CSV; NDJSON counts lines from 1. */
uint64_t link_table_row(const struct link_table *table);
/* The rule the last row broke, e.g. "csv.quotes". */
const char *link_table_fault(const struct link_table *table);

#endif
