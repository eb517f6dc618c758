/* The rules of what cannot wait (DOMAIN.md E.3): E1, E2, E3 and L1, from one decoded message.
 * Pure: no database, no clock, and nothing about any person of concern. In doubt the child's side counts. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_RULES_H
#define HULEI_DAEMON_COURIER_EMERGENCY_RULES_H

#include "daemon/common/feed/feed.h"

#include <stdbool.h>
#include <stdint.h>

enum { EMERGENCY_REASONS_MAX = 4 };

struct emergency_judgement {
    const char *rule; /* "E1" "E2" "E3" "L1"; NULL: nothing that calls for an alert */
    int         tier; /* 1 red, 3 yellow */
    const char *reasons[EMERGENCY_REASONS_MAX];
    int         reason_count;
};

/* `record` is a sos, report or lodging of feed_decode(). */
struct emergency_judgement emergency_judge(const struct feed_record *record);

/* Whole years at the time; -1 when the birth date is not known to the day. A valid citizen number tells it, too. */
int emergency_age_years(const struct person_block *person, int64_t at_us);

#endif
