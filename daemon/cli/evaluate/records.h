/* Clusters a folder of feed records by itself, without Kafka and PostgreSQL: the engine's decoder, features and index.
 * Keeps nothing on disk; what it says afterwards are numbers and opaque ids. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_RECORDS_H
#define HULEI_DAEMON_CLI_EVALUATE_RECORDS_H

#include "daemon/cli/evaluate/evaluate.h"
#include "matchers/identity/blocking.h"

enum { RECORDS_KEY_LOADS = 10 };

struct record_options {
    const char *directory; /* *.ndjson, structured CloudEvents */
    const char *config;    /* names feeds, policy and model; NULL: $HULEI_CONFIG */
};

/* What the index itself has to say. */
struct record_figures {
    size_t                     lines, refused, records;
    int64_t                    read_ms, match_ms; /* decoding and features; clustering */
    struct identity_statistics index;
    size_t                     clusters_with_two_numbers; /* valid and different: never by the machine */
    uint64_t                   frozen;                    /* events */
    size_t                     grades[3];                 /* persons by enum identity_grade */

    /* Blocking: pairs of contents that meet, of all; pairs of mentions of one person that meet, of all. */
    uint64_t                 candidates;
    double                   reduction, completeness;
    uint64_t                 unblocked_pairs;          /* of one person, never compared */
    struct identity_key_load loads[RECORDS_KEY_LOADS]; /* hashes keyed by this run */
    size_t                   load_count;
};

/* Reads and clusters; the findings go to `evaluation`, whose truth must be read already. False with `fault` filled. */
bool evaluation_read_records(struct evaluation *evaluation, const struct record_options *options,
                             struct record_figures *figures, char *fault, size_t fault_size);

#endif
