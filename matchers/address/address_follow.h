/* What comes next in an address: whether a bare name before it can be a division.
 * Not for others: part of the division search and the tail grammar. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_FOLLOW_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_FOLLOW_H

#include "matchers/address/address_text.h"

/* Whether the character is in the NUL-ended set; 0 never is. */
bool follow_is_one_of(uint32_t character, const char16_t *set);

/* Whether a road name begins right here: directions or numerals, then 路, 街, 大道, 巷. */
bool follow_is_road(const struct address_text *text, size_t from);

/* Whether the coming Han run holds a road name of its own, which makes a bare town before it likely. */
bool follow_has_named_road(const struct address_text *text, size_t from);

/* Whether the coming Han run holds a village's name with its suffix. */
bool follow_has_named_village(const struct address_text *text, size_t from);

/* A number or nothing comes: what makes a town without suffix likely. */
bool follow_is_number(const struct address_text *text, size_t from);

/* A group, a house's number or nothing comes, not a building's: what makes a village without suffix likely. */
bool follow_is_house(const struct address_text *text, size_t from);

/* A group's number comes: 双北路1组 is a village, 天山路600弄 a road. */
bool follow_is_group(const struct address_text *text, size_t from);

#endif
