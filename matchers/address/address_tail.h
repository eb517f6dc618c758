/* What follows the divisions: community, group, road, number, estate, building, unit, floor, room.
 * Not for others: address_parse() is the entry. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_TAIL_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_TAIL_H

#include "matchers/address/address_text.h"

enum { TAIL_SEGMENTS_MAX = 64 };

/* Characters [from, to) are one thing. */
struct tail_segment {
    size_t             from, to;
    enum address_label label;
};

struct tail {
    const struct address_text *text;
    struct arena              *arena;
    struct address            *address;
    unsigned                   level; /* digits of the division read before: tells whether a town may still come */
    size_t                     segment_count;
    struct tail_segment        segments[TAIL_SEGMENTS_MAX];
    bool                       no_memory;
};

/* Reads characters from `from` to the end, filling the address's tail fields and the segments. */
void tail_read(struct tail *tail, size_t from);

/* A keyword list's longest match at `at`; words tables are shared by the grammar's parts. */
enum tail_word {
    TAIL_WORD_NONE = 0,
    TAIL_WORD_TOWN,
    TAIL_WORD_COMMUNITY,
    TAIL_WORD_GROUP,
    TAIL_WORD_ROAD,
    TAIL_WORD_ESTATE,
    TAIL_WORD_DEVZONE,
    TAIL_WORD_ASSIST
};

/* The word that ends a name at `at`, and its length in characters. */
enum tail_word tail_name_word(const struct address_text *text, size_t at, size_t *length);

enum tail_unit {
    TAIL_UNIT_NONE = 0,
    TAIL_UNIT_GROUP,
    TAIL_UNIT_BUILDING,
    TAIL_UNIT_CELL,
    TAIL_UNIT_FLOOR,
    TAIL_UNIT_ROOM,
    TAIL_UNIT_NUMBER,
    TAIL_UNIT_LANE,
    TAIL_UNIT_YARD,
    TAIL_UNIT_PART,
    TAIL_UNIT_ROAD
};

/* The word that follows a number at `at`, and its length in characters. */
enum tail_unit tail_number_unit(const struct address_text *text, size_t at, size_t *length);

#endif
