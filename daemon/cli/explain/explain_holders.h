/* How many live records hold the values that two records share: the engine's own index, filled from the database.
 * Deliberately only when they share a phone, a booklet or a dwelling: nothing else is too common to count. */
#ifndef HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_HOLDERS_H
#define HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_HOLDERS_H

#include "daemon/cli/admin.h"
#include "matchers/identity/compare.h"

/* Whether counting can change anything for these two. */
bool explain_holders_matter(const struct mention_features *a, const struct mention_features *b);

struct explain_holders;

/* Reads the features of every live mention. NULL on failure, `error` says why. Tables and model are borrowed. */
struct explain_holders *explain_holders_open(struct admin *admin, const struct language_tables *language,
                                             const struct identity_model *model, char *error, size_t error_size);
/* Closing NULL does nothing. */
void explain_holders_close(struct explain_holders *holders);

/* For identity_compare(); NULL of NULL. */
const struct comparison_holders *explain_holders_of(struct explain_holders *holders);

#endif
