/* What was typed where a citizen number belongs: a number's characters, or what else; a part of citizen_id.c.
 * Deliberately without calendar, province or check character. */
#ifndef HULEI_MATCHERS_IDENTITY_CITIZEN_ID_TEXT_H
#define HULEI_MATCHERS_IDENTITY_CITIZEN_ID_TEXT_H

#include "matchers/identity/citizen_id.h"

/*
 * CITIZEN_ID_OK when the text has 18 or 15 characters that are digits (the 18th may be X); otherwise what it is
 * instead. `normal` is citizen_id_normalise() of `text`.
 */
enum citizen_id_status citizen_id_text_check(struct span text, const char *normal, size_t length);

#endif
