/* The mentions a model is trained on: the newest version of each record, in an order that arrival does not decide.
 * Holds features only; names, numbers and subjects themselves are gone. */
#ifndef HULEI_DAEMON_CLI_TRAIN_POPULATION_H
#define HULEI_DAEMON_CLI_TRAIN_POPULATION_H

#include "daemon/cli/record_reader.h"
#include "matchers/identity/compare.h"

/* One person block. */
struct trainee {
    uint64_t                record;  /* hash of source, type, subject */
    uint64_t                version; /* hash of the content: decides between versions of one time */
    int64_t                 time_us;
    uint64_t                order; /* hash of record and slot: the order of sampling */
    struct mention_features features;
};

/* A value that too many hold, with the hash of its kind (blocking_key_hash). */
struct population {
    struct trainee *trainees; /* sorted by order, after population_settle() */
    size_t          count, capacity;
    size_t          records;
    uint64_t       *generic; /* sorted hashes of values held by too many */
    size_t          generic_count;
};

/* For record_reader_run(); `context` is the population. False when memory is out. */
bool population_take(void *context, const struct read_record *record);

/*
 * Keeps the newest version of each record, sorts, and finds the phones, booklets and dwellings that more than
 * `generic_holders` different contents hold. False when memory is out.
 */
bool population_settle(struct population *population, int32_t generic_holders);

void population_clear(struct population *population);

/* What identity_compare() asks; valid as long as the population. */
struct comparison_holders population_holders(const struct population *population);

#endif
