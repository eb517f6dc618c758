/* What follows the divisions: community, group, road, number, estate, building, unit, floor, room.
 * Not for others: address_parse() is the entry. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_TAIL_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_TAIL_H

#include "matchers/address/address_division.h"

enum { TAIL_SEGMENTS_MAX = 64 };

/* Characters [from, to) are one thing. */
struct tail_segment {
    size_t             from, to;
    enum address_label label;
};

struct tail {
    const struct address_text  *text;
    const struct division_path *path; /* the divisions; their hits become segments, too */
    struct arena               *arena;
    struct address             *address;
    unsigned                    level; /* digits of the division: tells whether a town may still come */
    size_t                      segment_count;
    struct tail_segment         segments[TAIL_SEGMENTS_MAX];
    bool                        no_memory;
};

/* Reads characters from `from` to the end, divisions among them, filling the tail fields and the segments. */
void tail_read(struct tail *tail, size_t from);

/* ---- for the parts of the grammar ---- */

/* The character, 0 behind the end. */
uint32_t tail_character(const struct tail *tail, size_t at);

void tail_add_segment(struct tail *tail, size_t from, size_t to, enum address_label label);

/* What the segment that ends at `at` is; ADDRESS_LABEL_OTHER when none ends there. */
enum address_label tail_label_before(const struct tail *tail, size_t at);

/* Fill a field that is still absent: with these bytes, with the normalised number, with the folded text. */
void tail_keep(struct tail *tail, struct span *field, const char *bytes, size_t length);
void tail_keep_number(struct tail *tail, struct span *field, size_t from, size_t to);
void tail_keep_name(struct tail *tail, struct span *field, size_t from, size_t to);

/* The name of an estate or of a part of one: the first is `poi`, what follows is put together as `sub_poi`. Returns the
 * label. */
enum address_label tail_keep_place(struct tail *tail, struct span name);

bool tail_is_letter(uint32_t character);
bool tail_is_joint(uint32_t character);

/* ---- words ---- */

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
    TAIL_UNIT_VILLAGE,
    TAIL_UNIT_TOWN,
    TAIL_UNIT_BUILDING,
    TAIL_UNIT_CELL,
    TAIL_UNIT_FLOOR,
    TAIL_UNIT_ROOM,
    TAIL_UNIT_NUMBER,
    TAIL_UNIT_LANE,
    TAIL_UNIT_SUBLANE,
    TAIL_UNIT_YARD,
    TAIL_UNIT_PART,
    TAIL_UNIT_DISTANCE,
    TAIL_UNIT_NAME /* the number belongs to a name: 105国道, 1号线 */
};

/* The word that follows a number at `at`, and its length in characters. */
enum tail_unit tail_number_unit(const struct address_text *text, size_t at, size_t *length);

#endif
