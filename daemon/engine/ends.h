/* The last day a record is kept (DOMAIN.md C.1, C.3; PIPL 19, 47): what law, source and the child's age say.
 * Deliberately pure: the record, its facts, the policy; the engine erases what is past its day. */
#ifndef HULEI_DAEMON_ENGINE_ENDS_H
#define HULEI_DAEMON_ENGINE_ENDS_H

#include "daemon/common/feed/feed.h"
#include "daemon/engine/concerns.h"
#include "daemon/engine/facts.h"
#include "daemon/engine/store.h"

/* Words of record.ends_rule; those of record_end_is_stated() in SQL move later only on a new basis. */
struct record_end {
    int32_t     day;  /* POLICY_DAY_UNKNOWN: it names nobody and has no end */
    const char *rule; /* until, release, term, order_end, death, appeal; birthday_18, status_end, row_end; assumed,
                       withdrawn */
};

/* Of an accepted record as its own version says; `facts` are made of it. */
struct record_end ends_of_record(const struct feed_record *read, const struct record_facts *facts,
                                 const struct policy *policy);

/* Of one record of concern as all records of its person say together; POLICY_DAY_UNKNOWN: they say nothing. */
struct record_end ends_of_concern(const struct concerns *concerns, size_t i, const struct policy *policy);

/* Adds what is known of the ends of all concerns to the rows. */
void ends_write(const struct concerns *concerns, const struct policy *policy, struct store_batch *rows);

#endif
