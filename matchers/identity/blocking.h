/* What blocking costs and what it hides: the commonest keys, the pairs it offers, whether it offers a given one.
 * Deliberately read only, and without the values behind the keys. */
#ifndef HULEI_MATCHERS_IDENTITY_BLOCKING_H
#define HULEI_MATCHERS_IDENTITY_BLOCKING_H

#include "matchers/identity/identity.h"

/* A key that many hold. */
struct identity_key_load {
    const char *kind;    /* "phone", ... */
    uint32_t    holders; /* distinct contents */
    bool        is_common;
    uint64_t    hash; /* without a key: never show it as it is */
};

/* Fills *loads with the up to `capacity` keys held most, the most first; how many. Looks at every key. */
size_t identity_key_loads(const struct identity_index *index, struct identity_key_load *loads, size_t capacity);

/* Whether two mentions meet: one content, or a key in common that is not too common. False when one is not there. */
bool identity_is_candidate(const struct identity_index *index, int64_t mention_a, int64_t mention_b);

/* How many pairs of contents meet; not with a batch open. Looks at every one. */
uint64_t identity_candidate_count(struct identity_index *index);

#endif
