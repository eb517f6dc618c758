/* Blocking keys of a mention: two mentions are compared only when they share one.
 * Deliberately several, so that an error in one field leaves others. */
#ifndef HULEI_MATCHERS_IDENTITY_KEYS_H
#define HULEI_MATCHERS_IDENTITY_KEYS_H

#include "matchers/identity/mention.h"

enum key_kind {
    KEY_NUMBER = 1,
    KEY_NUMBER_TAIL, /* last eight characters */
    KEY_DAY_FIRST,   /* birth day and surname reading */
    KEY_DAY_LAST,    /* birth day and reading of the last character */
    KEY_PHONE,
    KEY_HOUSEHOLD,
    KEY_DWELLING,
    KEY_NAME_YEAR,
    KEY_NAME_COMMUNITY,
    KEY_NAME_CONTEXT,
};

enum { KEYS_MAX = 32 };

struct blocking_key {
    uint64_t      hash; /* of kind and value */
    enum key_kind kind;
};

/* "number", "number_tail", ... */
const char *blocking_key_word(enum key_kind kind);

/* Distinct keys; how many. */
size_t blocking_keys(const struct mention_features *features, struct blocking_key keys[KEYS_MAX]);

/* The hash of one value, as blocking_keys() makes it. */
uint64_t blocking_key_hash(enum key_kind kind, uint64_t first, uint64_t second);

/* Hash of a valid or broken number. */
uint64_t blocking_number_hash(const struct mention_features *features);

#endif
