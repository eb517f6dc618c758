/* Code points out of UTF-8 and back.
 * Deliberately without normalisation; broken bytes read as U+FFFD, one at a time. */
#ifndef HULEI_MATCHERS_TEXT_UTF8_H
#define HULEI_MATCHERS_TEXT_UTF8_H

#include "matchers/span.h"

#include <stdint.h>

enum { UTF8_BYTES_MAX = 4, UTF8_BROKEN = 0xFFFD };

/* Takes the first code point off `rest`; false at the end. */
bool utf8_next(struct span *rest, uint32_t *code_point);

/* Writes the code point and returns its length in bytes (1-4). */
size_t utf8_put(uint32_t code_point, char out[UTF8_BYTES_MAX]);

#endif
