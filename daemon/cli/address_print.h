/* Answers of `hulei address` as JSON lines, written straight out: a hundred thousand a second are printed.
 * Deliberately no JSON tree. */
#ifndef HULEI_DAEMON_CLI_ADDRESS_PRINT_H
#define HULEI_DAEMON_CLI_ADDRESS_PRINT_H

#include "matchers/address/address.h"

#include <stdio.h>

/* {"segments":[{"text","label"}],"code","level","standard","ambiguous":[code]} and a newline; broken bytes of the text
 * become U+FFFD. */
void address_print_parse(FILE *stream, const struct address *address, struct span standard);

/* {"relation","level","reason"} and a newline. */
void address_print_relation(FILE *stream, enum address_relation relation, enum address_level level, const char *reason);

#endif
