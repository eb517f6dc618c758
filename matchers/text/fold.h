/* Width, case, interpuncts and invisible characters: what people type differently and mean alike.
 * Deliberately without tables; simplified forms and variants are in language_tables.h. */
#ifndef HULEI_MATCHERS_TEXT_FOLD_H
#define HULEI_MATCHERS_TEXT_FOLD_H

#include <stdbool.h>
#include <stdint.h>

enum { FOLD_INTERPUNCT = 0x00B7 };

/* Full width to half width, U+3000 to a space, every kind of name dot to U+00B7, Roman ten to X. Case stays. */
uint32_t fold_width(uint32_t code_point);

/* Spaces of all widths, zero-width characters, controls, variation selectors. Expects folded width. */
bool fold_is_ignorable(uint32_t code_point);

/* Lower case without marks; v for u umlaut. What is no Latin letter stays. */
uint32_t fold_latin(uint32_t code_point);

/* Combining marks over Latin letters. */
bool fold_is_mark(uint32_t code_point);

/* Han ideographs, radicals, extensions and private use (GB18030 bytes some decoders leave there). */
bool fold_is_han(uint32_t code_point);

#endif
