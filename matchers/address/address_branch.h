/* The divisions that one name at one place of the text can mean, sorted by how they follow what was read before.
 * Not for others: part of the division search. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_BRANCH_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_BRANCH_H

#include "matchers/address/address_division.h"

enum { BRANCHES_MAX = 10 };

/* How a division relates to what was read before. */
enum relation { UNRELATED, BELOW, REPEATED, OLD_PROVINCE, SIBLING };

/* Readings that share everything but the division. */
struct branch {
    size_t        to;
    size_t        set_count;
    enum relation relation;
    unsigned      level;
    int           form;
    bool          has_suffix, suffix_differs, is_doubtful; /* doubtful: stands only when a division follows */
    bool          is_district;                             /* ends in 区 */
    uint64_t      set[DIVISION_SET_MAX];                   /* last: branch_like() copies what stands before it */
};
/* What the search looks at, and where in the gazetteer the part of the country lies that it looked for last. */
struct branch_scene {
    const struct gazetteer    *gazetteer;
    const struct address_text *text;
    uint64_t                   part;                 /* a city or province; 0: none yet */
    uint32_t                   part_first, part_end; /* its divisions */
};

/* Sorts the divisions of one name, `length` characters at `at`, into at most BRANCHES_MAX branches behind `path`. */
void branch_postings(struct branch_scene *scene, const struct division_path *path, size_t at, size_t length,
                     const uint32_t *postings, struct branch *branches, size_t *count);

#endif
