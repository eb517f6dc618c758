/* What the records of a person say of each other, in words: the levels of the identity comparison.
 * Shows no value: neither a number nor a date, only how two of them relate. */
#ifndef HULEI_DAEMON_CONSOLE_LEVELS_H
#define HULEI_DAEMON_CONSOLE_LEVELS_H

#include "matchers/identity/compare.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record's person block as it is compared. */
struct levels_mention {
    int64_t                 mention_id;
    int                     group; /* of an identity task: 0 the first person, 1 the second; otherwise all alike */
    bool                    is_readable;
    struct mention_features features;
};

/* All borrowed. */
struct levels {
    const struct language_tables *tables;
    const struct identity_model  *model;
    const struct levels_mention  *mentions;
    size_t                        count;
    bool                          is_across; /* compare with the other group only: are these two persons one? */
};

/*
 * Adds to `record` (an object) of mention `at`: "number" (valid, broken, other, none), and where there is another
 * record, "closest" {ref, number, birth, name, phone, household, bits, waterfall} and "conflict" {ref, veto, bits,
 * waterfall} with the one that contradicts it most; waterfall as in common/waterfall.h. Unreadable mentions are left
 * out.
 */
void levels_describe(const struct levels *levels, size_t at, json_t *record);

#endif
