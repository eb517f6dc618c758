/* Chinese addresses: parse, standard form, compare, locate. Rural ones (community, group, number) come first.
 * Deliberately without I/O and without learning: a gazetteer, a tail grammar and scores over the whole string. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_H

#include "matchers/address/coordinate.h"
#include "matchers/address/gazetteer.h"
#include "matchers/address/place_index.h"
#include "matchers/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a part of the text is; the words (address_label_word()) are those of the public label sets. */
enum address_label {
    ADDRESS_LABEL_PROVINCE = 0, /* prov; municipalities too */
    ADDRESS_LABEL_CITY,
    ADDRESS_LABEL_DISTRICT,
    ADDRESS_LABEL_DEVZONE,
    ADDRESS_LABEL_TOWN,
    ADDRESS_LABEL_COMMUNITY,
    ADDRESS_LABEL_GROUP,
    ADDRESS_LABEL_ROAD,
    ADDRESS_LABEL_ROADNO,
    ADDRESS_LABEL_SUBROAD,
    ADDRESS_LABEL_SUBROADNO,
    ADDRESS_LABEL_POI,
    ADDRESS_LABEL_SUBPOI,
    ADDRESS_LABEL_HOUSENO,
    ADDRESS_LABEL_CELLNO,
    ADDRESS_LABEL_FLOORNO,
    ADDRESS_LABEL_ROOMNO,
    ADDRESS_LABEL_ASSIST,
    ADDRESS_LABEL_REDUNDANT,
    ADDRESS_LABEL_OTHER, /* O: spaces, punctuation */
    ADDRESS_LABEL_COUNT
};

enum {
    ADDRESS_CHARACTERS_MAX = 256, /* longer texts are read up to here */
    ADDRESS_CANDIDATES_MAX = 20
};

/* A part of the text as it was written. */
struct address_segment {
    struct span        text;
    enum address_label label;
};

/* A parsed address. Spans point into the text or the arena; both must outlive it. Tail fields are absent when not
 * stated, and normalised: digits ASCII without leading zeros, affixes dropped ("第十二居民小组" is "12"). */
struct address {
    uint64_t                code;  /* 12 digits, zero padded on the right: the finest sure division; 0 when none */
    unsigned                level; /* how many digits of `code` are sure: 0, 2, 4, 6, 9, 12 */
    struct address_segment *segments;
    size_t                  segment_count;
    uint64_t candidates[ADDRESS_CANDIDATES_MAX]; /* when ambiguous: all that fit; `code` is their common part */
    size_t   candidate_count;                    /* 0 when not ambiguous */
    bool     is_placeholder;                     /* 不详, 同上 and the like: says nothing */
    bool     is_beside;                          /* 对面, 旁: near what it names, not there */
    bool     code_is_from_hint;                  /* the text alone was ambiguous or silent */

    struct span town, community; /* only when named but not in the gazetteer */
    struct span group, road, number, subroad, sub_number, poi, sub_poi, building, unit, floor, room;
};

enum address_status {
    ADDRESS_OK = 0,    /* something was understood */
    ADDRESS_AMBIGUOUS, /* more than one division fits; what is common is in `code` */
    ADDRESS_EMPTY,     /* empty, placeholder or nothing understood */
    ADDRESS_NO_MEMORY  /* the arena is full; `out` says nothing */
};

/*
 * Parses `text` (UTF-8; broken bytes count as unknown characters). `area_code_hint` is a division code of 2 to 12
 * digits, short or zero padded, or 0: it decides between candidates and stands in when the text names no division.
 */
enum address_status address_parse(const struct gazetteer *gazetteer, struct span text, uint64_t area_code_hint,
                                  struct arena *arena, struct address *out);

/* "prov", "city", …, "O". */
const char *address_label_word(enum address_label label);

/* The standard form (full names of today's divisions, then the tail) in the arena; absent when the arena is full. */
struct span address_standard_form(const struct gazetteer *gazetteer, const struct address *address,
                                  struct arena *arena);

enum { ADDRESS_FEATURES_VERSION = 2 };

enum address_flag {
    ADDRESS_HAS_RURAL_NUMBER = 1, /* the number stands under a group or community without road or estate */
    ADDRESS_IS_AMBIGUOUS     = 2,
    ADDRESS_IS_PLACEHOLDER   = 4,
    ADDRESS_IS_BESIDE        = 8
};

/* What comparing and locating need: plain values, no pointers, no padding. Fields are hashes of the normalised
 * text, 0 when not stated. Personal data: keep it sealed when stored. */
struct address_features {
    uint64_t code;  /* finest division, 12 digits, 0 unknown */
    uint32_t place; /* name of a town or community that the gazetteer does not know */
    uint32_t group;
    uint32_t road;
    uint32_t number;
    uint32_t sub_number;
    uint32_t poi;
    uint32_t building;
    uint32_t unit;
    uint32_t floor; /* 0 when the room says it */
    uint32_t room;
    uint8_t  level; /* digits of code that are sure */
    uint8_t  flags; /* enum address_flag */
    uint16_t version;
    uint32_t unused;
};

_Static_assert(sizeof(struct address_features) == 56, "stored as bytes");

void address_features_make(const struct address *address, struct address_features *features);

/* How near two addresses are, best first. */
enum address_level {
    ADDRESS_SAME_ROOM = 0,
    ADDRESS_SAME_UNIT,
    ADDRESS_SAME_BUILDING,
    ADDRESS_SAME_NUMBER,
    ADDRESS_SAME_GROUP,
    ADDRESS_SAME_ROAD,
    ADDRESS_SAME_COMMUNITY,
    ADDRESS_SAME_TOWN,
    ADDRESS_DIFFERENT,
    ADDRESS_UNKNOWN /* one of them says too little */
};

/* Symmetric. */
enum address_level address_compare(const struct address_features *a, const struct address_features *b);

/* "same_room", …, "unknown". */
const char *address_level_word(enum address_level level);

/* Whether two addresses are one: the question of de-duplication, not of nearness. */
enum address_relation {
    ADDRESS_EXACT = 0, /* one address */
    ADDRESS_PARTIAL,   /* one contains the other, or they cannot be told apart */
    ADDRESS_APART      /* two addresses, or a placeholder */
};

/* `reason`, if not NULL, gets a constant word: the first field that differs or is missing ("number", "town", "same").
 */
enum address_relation address_relate(const struct address_features *a, const struct address_features *b,
                                     const char **reason);

/* Equal for two texts of the same dwelling (building + unit + room, or the numbered house of a village); 0 when the
 * address is not that precise. */
uint64_t address_dwelling_key(const struct address_features *features);

/* Equal for the same building or yard (in a village: the numbered house); 0 when not that precise. */
uint64_t address_building_key(const struct address_features *features);

#endif
