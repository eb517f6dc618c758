/* What plan.c and plan_concern.c share.
 * Private to the two. */
#ifndef HULEI_DAEMON_CLI_SYNTH_PLAN_PARTS_H
#define HULEI_DAEMON_CLI_SYNTH_PLAN_PARTS_H

#include "daemon/cli/synth/plan.h"

/* NULL when memory is out. */
struct plan_record *plan_add(struct plan *plan, enum synth_type type, enum synth_topic topic, int32_t person);
void                plan_name_other(struct plan_record *record, int32_t person, enum other_role role);
/* How many records a person has: two to five, three on average. */
size_t plan_draw_count(struct random_stream *random);

/* All records of one person of concern. */
bool plan_concern(struct plan *plan, const struct concern *concern, struct random_stream *random);

#endif
