/* Builds the gazetteer file out of the division tables; the other side of matchers/address/gazetteer.c.
 * Deliberately no network: the tables are part of the project. */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_BUILD_H
#define HULEI_DAEMON_COMMON_GAZETTEER_BUILD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads the tables in `folder` (see its NOTICE) and, when not NULL, the operator's `additions` (see
 * gazetteer_additions.h), and writes `output` by way of a temporary file beside it. False with
 * a sentence in `error`.
 */
bool gazetteer_build(const char *folder, const char *additions, const char *output, char *error, size_t size);

#endif
