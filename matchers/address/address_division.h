/* The divisions an address begins with: all readings are scored over the whole string, never the first hit taken.
 * Not for others: address_parse() is the entry. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_DIVISION_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_DIVISION_H

#include "matchers/address/address_text.h"
#include "matchers/address/gazetteer_format.h"

enum { DIVISION_HITS_MAX = 12, DIVISION_SET_MAX = 128 };

/* Characters [from, to) name a division. */
struct division_hit {
    uint16_t           from, to;
    enum address_label label;
};

/* One reading: the names it used and the divisions that fit all of them. */
struct division_path {
    int                 score;
    size_t              end; /* characters read */
    size_t              hit_count, set_count;
    unsigned            level;          /* digits of the codes in the set; 0: nothing said yet */
    bool                is_old;         /* the last name is one of former times */
    bool                is_virtual;     /* the set is the hint's, not the text's */
    bool                is_provisional; /* ends in a name without suffix that only more text would confirm */
    struct division_hit hits[DIVISION_HITS_MAX];
    uint64_t            set[DIVISION_SET_MAX]; /* codes; all of one level, except where readings tie */
};

/* The best reading from character `from`; score 0 and no hits when there is none. `hint` is zero padded or 0. */
void division_search(const struct gazetteer *gazetteer, const struct address_text *text, size_t from, uint64_t hint,
                     struct division_path *best);

#endif
