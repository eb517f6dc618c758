/* What surrounds two mentions: phone, address, guardians and school, as levels.
 * A value that too many hold says nothing: the level is null, and has_generic_value tells so. */
#ifndef HULEI_MATCHERS_IDENTITY_SURROUNDINGS_H
#define HULEI_MATCHERS_IDENTITY_SURROUNDINGS_H

#include "matchers/identity/compare.h"

/* Fills the levels of phone, address and context, same_phone, same_household and has_generic_value. `holders` may be
 * NULL. Symmetric. */
void surroundings_compare(const struct comparison_holders *holders, const struct mention_features *a,
                          const struct mention_features *b, struct comparison *comparison);

#endif
