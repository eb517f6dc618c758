/* A synthetic county in files: feeds as NDJSON, truth as CSV.
 * Same options, same bytes; the clock is read by the command only. */
#ifndef HULEI_DAEMON_CLI_SYNTH_SYNTH_H
#define HULEI_DAEMON_CLI_SYNTH_SYNTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct synth_options {
    size_t      persons;
    size_t      changes; /* records of a change stream beside the base; 0: none */
    uint64_t    seed;
    double      error_factor; /* 1 default rates, 2 doubled */
    int32_t     today;        /* days since 1970-01-01 */
    const char *directory;    /* must exist */
};

struct synth_figures {
    size_t   persons, households, births, twin_pairs, girls, concerns, mentions_records;
    size_t   pairs[5]; /* by tier 1 to 4; 0: hidden */
    uint64_t written, changes_written;
};

/* False with a text in `fault` (no values) when a table is missing, memory is out or a file cannot be written. */
bool synth_run(const struct synth_options *options, struct synth_figures *figures, char *fault, size_t fault_size);

#endif
