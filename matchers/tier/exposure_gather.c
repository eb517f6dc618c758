/* Which pairs a batch may have made or unmade, and the children around a person of concern; see exposure_batch.h.
 * Deliberately decides nothing: too many candidates cost time, one too few would be a missed link. */
#include "matchers/tier/exposure_batch.h"

/* One search for the other side of a situation. */
struct gathering {
    const struct exposure_batch *batch;
    struct exposure_id_list     *candidates;
    int64_t                      person_id;
    enum tier_subject            subject;
    enum exposure_role           role; /* of the person searched for */
    bool                         skips_touched;
};

static bool gather(void *context, int64_t other_id)
{
    const struct gathering *g     = context;
    struct arena           *arena = g->batch->arena;

    if (g->skips_touched && exposure_batch_is_touched(g->batch, other_id))
        return true;
    if (g->subject == SUBJECT_GROUP)
        return exposure_ids_add(g->candidates, arena, SUBJECT_GROUP, 0, other_id);
    if (g->role == EXPOSURE_RISK)
        return exposure_ids_add(g->candidates, arena, SUBJECT_CHILD, g->person_id, other_id);
    return exposure_ids_add(g->candidates, arena, SUBJECT_CHILD, other_id, g->person_id);
}

static struct exposure_reach reach_of(const struct exposure_batch *batch, const struct policy *policy)
{
    struct exposure_reach reach = { .home_m = policy_search_radius_m(policy),
                                    .gate_m = policy->rules[RULE_O3] ? policy->radii.school_zone_m : 0 };

    if (batch->opened_count > 0) {
        reach.home_m       = policy->radii.counted_m > reach.home_m ? policy->radii.counted_m : reach.home_m;
        reach.by_community = true;
    }
    return reach;
}

static bool gather_pairs(const struct exposure_batch *batch, const struct person_situation *situation,
                         const struct exposure_reach *reach, struct exposure_id_list *candidates)
{
    for (int role = EXPOSURE_CHILD; role <= EXPOSURE_RISK; role++) {
        const enum exposure_role other = (enum exposure_role)role;
        struct gathering         g     = { batch, candidates, situation->person_id, SUBJECT_CHILD, other, true };

        if (!exposure_has_role(situation, other == EXPOSURE_CHILD ? EXPOSURE_RISK : EXPOSURE_CHILD))
            continue;
        if (!exposure_table_search(&batch->index->table, situation, other, reach, gather, &g))
            return false;
        g.skips_touched = false;
        if (!exposure_table_search(&batch->overlay, situation, other, reach, gather, &g))
            return false;
    }
    return true;
}

/* What a touched person of concern may be part of without a child. */
static bool gather_alone(const struct exposure_batch *batch, const struct person_situation *risk,
                         struct exposure_id_list *candidates)
{
    bool is_ok = exposure_ids_add(candidates, batch->arena, SUBJECT_PERSON, 0, risk->person_id) &&
                 exposure_ids_add(candidates, batch->arena, SUBJECT_GROUP, 0, risk->person_id);

    for (size_t i = 0; is_ok && i < risk->unit_count; i++)
        is_ok = exposure_ids_add(candidates, batch->arena, SUBJECT_UNIT, (int64_t)risk->units[i].key, risk->person_id);
    return is_ok;
}

/* A child that comes or goes changes the groups around her. */
static bool gather_groups(const struct exposure_batch *batch, const struct person_situation *child, double radius_m,
                          struct exposure_id_list *candidates)
{
    struct gathering g = { batch, candidates, child->person_id, SUBJECT_GROUP, EXPOSURE_RISK, true };

    for (size_t i = 0; i < child->residence_count; i++) {
        const struct exposure_residence *home = &child->residences[i];
        if (!exposure_table_around(&batch->index->table, home, EXPOSURE_RISK, radius_m, gather, &g))
            return false;
        g.skips_touched = false;
        if (!exposure_table_around(&batch->overlay, home, EXPOSURE_RISK, radius_m, gather, &g))
            return false;
        g.skips_touched = true;
    }
    return true;
}

/* Pairs that stand are looked at again, however far apart their two are. */
static bool gather_known(const struct exposure_batch *batch, int64_t person_id, struct exposure_id_list *candidates)
{
    for (uint32_t side = 0; side < SIDES; side++) {
        const struct known_pair *known = exposure_index_first(batch->index, side, person_id);
        for (; known != NULL; known = known->next[side]) {
            const struct exposure_ids *ids = &known->ids;
            if (ids->subject == SUBJECT_CHILD &&
                !exposure_ids_add(candidates, batch->arena, ids->subject, ids->subject_id, ids->risk_id))
                return false;
        }
    }
    return true;
}

static bool gather_of(const struct exposure_batch *batch, const struct policy *policy, int64_t person_id,
                      struct exposure_id_list *candidates)
{
    const struct exposure_reach reach    = reach_of(batch, policy);
    const double                radius_m = policy->rules[RULE_Y3] ? policy->radii.cluster_m : 0;
    struct person_situation     situation;

    if (exposure_table_find(&batch->index->table, person_id, &situation) && situation.is_child &&
        !gather_groups(batch, &situation, radius_m, candidates))
        return false;
    if (!exposure_table_find(&batch->overlay, person_id, &situation))
        return true;
    if (situation.is_child && !gather_groups(batch, &situation, radius_m, candidates))
        return false;
    if (situation.concern_count > 0 && !gather_alone(batch, &situation, candidates))
        return false;
    return gather_pairs(batch, &situation, &reach, candidates) && gather_known(batch, person_id, candidates);
}

bool exposure_batch_gather(const struct exposure_batch *batch, const struct policy *policy,
                           struct exposure_id_list *candidates)
{
    for (size_t i = 0; i < batch->touched_ids.count; i++) {
        if (!gather_of(batch, policy, batch->touched_ids.items[i].subject_id, candidates))
            return false;
    }
    exposure_ids_settle(candidates);
    return true;
}

/* ---- children around a person of concern ---- */

static bool count_around(const struct exposure_batch *batch, const struct policy *policy, int32_t today,
                         const struct exposure_residence *home, struct exposure_group *group)
{
    struct exposure_id_list children = { 0 };
    struct gathering        g        = { batch, &children, 0, SUBJECT_CHILD, EXPOSURE_CHILD, true };
    const double            radius_m = policy->radii.cluster_m;
    struct person_situation child;

    *group = (struct exposure_group){ 0 };
    if (!exposure_table_around(&batch->index->table, home, EXPOSURE_CHILD, radius_m, gather, &g))
        return false;
    g.skips_touched = false;
    if (!exposure_table_around(&batch->overlay, home, EXPOSURE_CHILD, radius_m, gather, &g))
        return false;
    exposure_ids_settle(&children);
    for (size_t i = 0; i < children.count; i++) {
        if (exposure_batch_find(batch, children.items[i].subject_id, &child))
            exposure_count_in_group(policy, &child, home, today, group);
    }
    return true;
}

bool exposure_batch_count_children(const struct exposure_batch *batch, const struct policy *policy, int32_t today,
                                   const struct person_situation *risk,
                                   struct exposure_group          groups[EXPOSURE_RESIDENCES])
{
    bool is_ok = true;

    for (size_t i = 0; is_ok && i < risk->residence_count; i++) {
        groups[i] = (struct exposure_group){ 0 };
        if (policy->rules[RULE_Y3])
            is_ok = count_around(batch, policy, today, &risk->residences[i], &groups[i]);
    }
    return is_ok;
}
