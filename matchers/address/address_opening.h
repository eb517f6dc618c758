/* What stands before the divisions: labels, postal codes, notes; and divisions that stand further back.
 * Not for others: address_parse() is the entry. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_OPENING_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_OPENING_H

#include "matchers/address/address_division.h"

/* The end of what says nothing of the place: 户籍地址:, (400900), 中国. */
size_t address_opening_end(const struct address_text *text);

/* Looks for a province or city with its suffix behind `from`: 总部位于重庆市渝中区. Leaves *path alone when there is
 * none. `hint` as in division_search(). */
void address_division_within(const struct gazetteer *gazetteer, const struct address_text *text, size_t from,
                             uint64_t hint, struct division_path *path);

#endif
