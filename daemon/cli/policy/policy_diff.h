/* Two policies in words: what one says and the other does not.
 * Deliberately of what they mean, not of their files' lines. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_DIFF_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_DIFF_H

#include "matchers/tier/policy.h"

#include <stddef.h>
#include <stdio.h>

/* A line for each difference; how many. */
size_t policy_diff_print(FILE *stream, const struct policy *before, const struct policy *after);

#endif
