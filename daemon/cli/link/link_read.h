/* Reads the input files into the store, value by value cleaned.
 * A bad row or value is written to the reject file with row, field and rule; nothing stops. */
#ifndef HULEI_DAEMON_CLI_LINK_READ_H
#define HULEI_DAEMON_CLI_LINK_READ_H

#include "daemon/cli/link/link_config.h"
#include "daemon/cli/link/link_progress.h"
#include "daemon/cli/link/link_records.h"
#include "daemon/cli/link/link_table.h"

#include <stdio.h>

struct link_read_counts {
    uint64_t rows, bad_rows, bad_values;
};

/* The file's name without folder and ending: the source of its records where no heading tells it. */
struct span link_source_of(const char *path);

/* Writes a line of the reject file. */
void link_reject(FILE *rejects, const char *path, const struct link_table *table, const char *field, const char *rule);

/*
 * Appends all rows of the file. `rejects` gets lines of "file,row,field,rule". False when the file cannot be read or
 * memory is out; `error` says so.
 */
bool link_read_file(const struct link_config *config, const char *path, struct link_records *records, FILE *rejects,
                    struct link_progress *progress, struct link_read_counts *counts, char *error, size_t error_size);

#endif
