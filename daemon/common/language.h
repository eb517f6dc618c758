/* Fills the language tables at start: ICU's readings, simplified forms and Chinese calendar, and the name tables.
 * ICU is never asked again afterwards. */
#ifndef HULEI_DAEMON_COMMON_LANGUAGE_H
#define HULEI_DAEMON_COMMON_LANGUAGE_H

#include "matchers/text/language_tables.h"

#include <stddef.h>

/* Reads the files of share/names. NULL on failure, and `error` says which file and what is wrong. */
struct language_tables *language_open(char *error, size_t error_size);
/* Closing NULL does nothing. */
void language_close(struct language_tables *tables);

#endif
