/* Fills the lunar years of the language tables; a part of language.c.
 * Deliberately not used by anyone else. */
#ifndef HULEI_DAEMON_COMMON_LANGUAGE_LUNAR_H
#define HULEI_DAEMON_COMMON_LANGUAGE_LUNAR_H

#include "matchers/text/language_tables.h"

#include <stdbool.h>
#include <stddef.h>

/* False with the reason in `error` when ICU has no Chinese calendar. */
bool language_fill_lunar(struct language_tables *tables, char *error, size_t error_size);

#endif
