/* Reads the files of share/names into the language tables; a part of language.c.
 * Deliberately not used by anyone else. */
#ifndef HULEI_DAEMON_COMMON_LANGUAGE_FILES_H
#define HULEI_DAEMON_COMMON_LANGUAGE_FILES_H

#include "matchers/text/language_tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { LANGUAGE_SYLLABLE_BYTES = 8, LANGUAGE_SYLLABLES_MAX = 2000 };

/* Syllables by number; [0] is "". */
struct language_strings {
    char **items;
    size_t count;
};

/* The syllable's number, added when it is new; 0 when memory is out or it is not one. */
uint16_t language_syllable(struct language_strings *strings, const char *syllable);

/* The entry to write to; NULL when memory is out. */
struct language_character *language_character_make(struct language_tables *tables, uint32_t code_point);

/* False with the file and line in `error`. */
bool language_read_files(struct language_tables *tables, struct language_strings *strings, char *error,
                         size_t error_size);

#endif
