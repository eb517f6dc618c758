/* The erasure ledger as it stands in its file (engine/ledger.h writes it): what was forgotten, last when and why.
 * In memory, sorted; a million lines are 48 MB. Asks no database. */
#ifndef HULEI_DAEMON_CLI_LEDGER_READ_H
#define HULEI_DAEMON_CLI_LEDGER_READ_H

#include "daemon/engine/batch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger_line {
    unsigned char tombstone[BATCH_TOMBSTONE_BYTES];
    int64_t       at_s; /* seconds since 1970 */
    char          reason[12];
};

struct ledger_lines {
    struct ledger_line *rows; /* by tombstone, one row each: its newest line */
    size_t              count, capacity;
};

/* False when the file cannot be read or a line is no line; a last line that a crash cut short is passed over. */
bool ledger_read(const char *path, struct ledger_lines *lines);

/* NULL when the tombstone stands in no line. */
const struct ledger_line *ledger_find(const struct ledger_lines *lines,
                                      const unsigned char        tombstone[BATCH_TOMBSTONE_BYTES]);

void ledger_free(struct ledger_lines *lines);

#endif
