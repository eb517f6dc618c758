/* Towns with one wrong character. Not for others: address_parse() is the entry.
 * Deliberately no general spelling correction: one wrong guess is a wrong place. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_REPAIR_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_REPAIR_H

#include "matchers/address/address_division.h"

/* Extends a reading that ends at a county by town and village, when exactly one village bears the town out. */
void address_repair_town(const struct gazetteer *gazetteer, const struct address_text *text,
                         struct division_path *path);

#endif
