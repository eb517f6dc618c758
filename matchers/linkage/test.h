/* One test of a level on two records.
 * Knows no bits. */
#ifndef HULEI_MATCHERS_LINKAGE_TEST_H
#define HULEI_MATCHERS_LINKAGE_TEST_H

#include "matchers/linkage/linkage.h"

enum linkage_answer { LINKAGE_NO = 0, LINKAGE_YES, LINKAGE_OPEN /* a value is missing */ };

enum linkage_answer linkage_test_run(const struct linkage_column *columns, const struct linkage_test *test,
                                     const uint32_t *a, const uint32_t *b);

#endif
