/* Blocking keys of a record: only records that share a key are compared.
 * Deliberately hashes only; who shares a key is the caller's matter. */
#ifndef HULEI_MATCHERS_LINKAGE_BLOCK_H
#define HULEI_MATCHERS_LINKAGE_BLOCK_H

#include "matchers/linkage/linkage.h"

enum { LINKAGE_PARTS_MAX = 6, LINKAGE_KEYS_MAX = LINKAGE_ITEMS_MAX };

enum linkage_part_kind {
    LINKAGE_WHOLE = 0,
    LINKAGE_FIRST, /* the first `count` characters; a shorter value counts as missing */
    LINKAGE_LAST,  /* the last `count` characters; the same */
    LINKAGE_EACH   /* each item of a set gives a key of its own; at most one part of a rule */
};

struct linkage_part {
    uint8_t                column;
    enum linkage_part_kind kind;
    uint32_t               count;
};

struct linkage_rule {
    struct linkage_part parts[LINKAGE_PARTS_MAX];
    size_t              part_count;
    bool                in_any_order; /* values may have changed places among the parts */
};

/* The record's different keys under the rule, sorted; none when a part is missing. */
size_t linkage_keys(const struct linkage_column *columns, const struct linkage_rule *rule, const uint32_t *record,
                    uint64_t keys[LINKAGE_KEYS_MAX]);

#endif
