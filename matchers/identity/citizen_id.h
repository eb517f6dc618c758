/* Citizen numbers of GB 11643, residence permits (81, 82, 83) and foreign permanent-resident cards (9).
 * Deliberately never repairs a number and holds no table of area codes. */
#ifndef HULEI_MATCHERS_IDENTITY_CITIZEN_ID_H
#define HULEI_MATCHERS_IDENTITY_CITIZEN_ID_H

#include "matchers/identity/mention.h"

enum { CITIZEN_ID_LENGTH = 18, CITIZEN_ID_OLD_LENGTH = 15, CITIZEN_ID_NATION_LETTERS = 3, CITIZEN_ID_TEXT = 32 };

#define CITIZEN_ID_STATUSES(X)                                                                                         \
    X(CITIZEN_ID_OK, "")                                                                                               \
    X(CITIZEN_ID_EMPTY, "empty")                                                                                       \
    X(CITIZEN_ID_MASKED, "masked")                                                                                     \
    X(CITIZEN_ID_PLACEHOLDER, "placeholder")                                                                           \
    X(CITIZEN_ID_OCR, "ocr")                                                                                           \
    X(CITIZEN_ID_OTHER_DOCUMENT, "other_document")                                                                     \
    X(CITIZEN_ID_BAD_CHARACTER, "character")                                                                           \
    X(CITIZEN_ID_BAD_LENGTH, "length")                                                                                 \
    X(CITIZEN_ID_BAD_AREA, "area")                                                                                     \
    X(CITIZEN_ID_BAD_DATE, "date")                                                                                     \
    X(CITIZEN_ID_BAD_CHECK, "check")

enum citizen_id_status {
#define CITIZEN_ID_ENUM(code, word) code,
    CITIZEN_ID_STATUSES(CITIZEN_ID_ENUM)
#undef CITIZEN_ID_ENUM
};

enum citizen_id_class { CITIZEN_ID_RESIDENT = 0, CITIZEN_ID_HMT_PERMIT, CITIZEN_ID_FOREIGN, CITIZEN_ID_OTHER };

/* digits are upper case without separators, 18 of them; not NUL-terminated. */
struct citizen_id {
    char digits[CITIZEN_ID_LENGTH];
    bool was_15; /* recomputed from 15 digits */
    enum citizen_id_class class;
    int      year, month, day;
    enum sex sex;
    int      area_code; /* first six digits */
};

/*
 * Upper case, half width, no spaces, hyphens or quotes; '*' for every mark that hides a digit, '.' for every dot, 'x'
 * for what only looks like X, '?' for what no number holds. NUL-terminated, cut at CITIZEN_ID_TEXT - 1. Returns its
 * length.
 */
size_t citizen_id_normalise(struct span text, char out[CITIZEN_ID_TEXT]);

/*
 * Reads 18 or 15 characters in any spelling. `latest_day` (days since 1970) is the last day that is not in the future;
 * INT32_MAX: not asked. On any status but CITIZEN_ID_OK, *id is left untouched.
 */
enum citizen_id_status citizen_id_parse(struct span text, int32_t latest_day, struct citizen_id *id);

/*
 * 15 digits have no check character: an area code that never was in force speaks for a made-up number. False for 18
 * digits, whose area code only explains, and for tables without area codes.
 */
bool citizen_id_area_is_impossible(const struct language_tables *tables, const struct citizen_id *id);

/*
 * Three letters of the nation and twelve digits: the foreign permanent-resident card before December 2023, whose check
 * digit nobody has published. `normal` is a normalised text. citizen_id_parse() calls it CITIZEN_ID_OTHER_DOCUMENT.
 */
bool citizen_id_is_old_foreign(const char *normal);

/* "" for CITIZEN_ID_OK. */
const char *citizen_id_status_word(enum citizen_id_status status);
/* "resident", "hmt_permit", "foreign", "other". */
const char *citizen_id_class_word(enum citizen_id_class class);

/* Check character of the first 17 digits. */
char citizen_id_check_character(const char digits[CITIZEN_ID_LENGTH]);

/* The digit that a letter is easily mistaken for by eye or machine ('O' gives '0'); any other character itself. */
char citizen_id_lookalike(char character);

/*
 * Insertions, deletions, substitutions and transpositions of neighbours between two normalised numbers of at most
 * CITIZEN_ID_TEXT characters, counted up to `limit` + 1. Symmetric. Letters that look like the digits count as one edit
 * together; 15 characters are compared with what 18 had been before.
 */
unsigned citizen_id_distance(struct span a, struct span b, unsigned limit);

#endif
