/* Days since 1970-01-01 and civil dates, both ways, in the generator's own arithmetic.
 * No time zones: records carry +08:00. */
#ifndef HULEI_DAEMON_CLI_SYNTH_CALENDAR_H
#define HULEI_DAEMON_CLI_SYNTH_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

struct civil_date {
    int32_t year;
    int32_t month, day; /* from 1 */
};

int32_t           calendar_day(struct civil_date date);
struct civil_date calendar_date(int32_t day);

/* "2026-11-25"; false when it is no date. */
bool calendar_parse(const char *text, int32_t *day);

/* Full years between birth and `today`. */
int32_t calendar_age(int32_t birth_day, int32_t today);

#endif
