/* How long a post may take, by tier (DOMAIN.md E.4). Wall clock for now; working time comes with the calendar.
 * An operator changes it by rows of `setting`; it is never compiled into a statement. */
#ifndef HULEI_DAEMON_COURIER_SLA_H
#define HULEI_DAEMON_COURIER_SLA_H

#include "daemon/common/db.h"

enum { SLA_TIERS = 4, SLA_ARRAY_BYTES = 64 };

/* PostgreSQL int[] literals of seconds, index 1 = red ... 4 = blue; 0 is no deadline. */
struct sla {
    char police_ack[SLA_ARRAY_BYTES], others_ack[SLA_ARRAY_BYTES], act[SLA_ARRAY_BYTES];
};

/* The defaults, overlaid with the rows sla.police.<tier>, sla.others.<tier> and sla.act.<tier>. */
enum db_status sla_load(struct sla *sla, struct db *db);

#endif
