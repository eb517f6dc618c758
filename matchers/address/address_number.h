/* Numbers of an address and what they number: group, house, building, unit, floor, room.
 * Not for others: part of the tail grammar. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_NUMBER_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_NUMBER_H

#include "matchers/address/address_tail.h"

/* A number as it stands: optional 第, 附 or 负, the body, the unit word. */
struct tail_number {
    size_t         body, body_end, to;
    enum tail_unit unit;
    bool           is_sub;   /* 附3号, 之三 */
    bool           is_below; /* 负一楼 */
    bool           is_chinese;
};

/* Whether a number that means something stands at `at`. Chinese numerals need their unit word: 三角村 is a name. */
bool tail_number_read(const struct tail *tail, size_t at, struct tail_number *number);

/* Stores the number that tail_number_read() found at `at`; returns its end. */
size_t tail_number_take(struct tail *tail, size_t at, const struct tail_number *number);

#endif
