/* Why, and until when, a person is of concern: risk records, court orders, and what happened since.
 * Deliberately a function of all of a person's live records at once: their order does not matter. */
#ifndef HULEI_DAEMON_ENGINE_CONCERNS_H
#define HULEI_DAEMON_ENGINE_CONCERNS_H

#include "daemon/engine/facts.h"
#include "matchers/tier/exposure.h"

enum { CONCERNS_MAX = 32 };

/* Facts are borrowed. Of more than CONCERNS_MAX records of one person the lowest record ids stay. */
struct concerns {
    const struct record_facts *records[CONCERNS_MAX]; /* risk and order */
    size_t                     record_count;
    const struct record_facts *events[CONCERNS_MAX]; /* risk_status */
    size_t                     event_count;
};

void concerns_begin(struct concerns *concerns);

/* Takes records that say something of concern; others do nothing. */
void concerns_add(struct concerns *concerns, const struct record_facts *facts);

/* An event speaks of the record it names, else of the case it names, else of every record of the person. */
bool concerns_is_meant(const struct record_facts *event, const struct record_facts *record);

/* Moves release and end of term by the events up to `today`. False when the record is done with: the person is dead, or
 * was cleared. */
bool concerns_span(const struct concerns *concerns, const struct record_facts *record, int32_t today,
                   struct policy_concern_span *span);

/*
 * Fills situation->concerns with what counts on `today`: the category is on, the order has begun, no appeal was
 * upheld, the person lives. What
 * orders in force say counts for every concern of their holder. Ends are those of policy_concern_end_day(). At most
 * EXPOSURE_CONCERNS, by record id.
 */
void concerns_settle(const struct concerns *concerns, const struct policy *policy, int32_t today,
                     struct person_situation *situation);

/* The newest move that an event tells of, up to today; POLICY_DAY_UNKNOWN: none. */
int32_t concerns_moved_day(const struct concerns *concerns, int32_t today);

#endif
