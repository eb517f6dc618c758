/* What a policy would lead to over the records a world holds, by the engine's own way from records to pairs.
 * Deliberately without a batch of messages, a transaction or a trace: nothing is written. */
#ifndef HULEI_DAEMON_ENGINE_PROJECTION_H
#define HULEI_DAEMON_ENGINE_PROJECTION_H

#include "daemon/engine/world.h"

/* One pair as the policy would open it; sorted by its ids. */
struct projected_pair {
    struct exposure_ids ids;
    enum tier           tier;
    enum policy_rule    rule;
    bool                is_held;
    uint32_t            recipients;            /* views that hear of it (enum policy_recipient) */
    uint64_t            child_area, risk_area; /* 12 digits; 0: not known */
    int64_t             record_ids[3];         /* the records it rests on; 0: none */
};

struct projection {
    struct projected_pair *pairs;
    size_t                 count;
};

/*
 * All pairs under `policy` on `today`. The world was made with these tools, whose policy is set to this one, and its
 * exposures are replaced. False when memory is out. Free with projection_clear() in any case.
 */
bool projection_make(struct projection *projection, struct world *world, struct world_tools *tools,
                     const struct policy *policy, int32_t today);
void projection_clear(struct projection *projection);

/* Negative, zero or positive by the ids. */
int projection_compare(const struct projected_pair *a, const struct projected_pair *b);

#endif
