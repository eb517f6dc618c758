/* Area codes of GB/T 2260 with the years they were in force: tells what a code was called, and when.
 * Deliberately only classifies; it never makes an 18-digit number invalid. */
#ifndef HULEI_DAEMON_COMMON_AREA_CODES_H
#define HULEI_DAEMON_COMMON_AREA_CODES_H

#include <stdbool.h>
#include <stddef.h>

struct area_codes;

/* Reads share/names/address_code_timeline.csv. NULL on failure, with the reason in `error`. */
struct area_codes *area_codes_open(char *error, size_t error_size);
/* Closing NULL does nothing. */
void area_codes_close(struct area_codes *codes);

struct area_name {
    const char *province, *name; /* "" when unknown; of the year asked for, or of the nearest one */
    bool        is_known;        /* the code was in force at some time */
    bool        was_in_force;    /* in that year */
    bool        is_in_force;     /* it still is */
    bool        was_renamed;     /* it stood for another name at another time */
};

struct area_name area_codes_find(const struct area_codes *codes, int area_code, int year);

#endif
