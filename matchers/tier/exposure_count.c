/* What rule B1 counts: the children near a person of concern whom no other rule ties to her or him.
 * Deliberately never kept as pairs: a digest shows their number, and only a human opens them. */
#include "matchers/tier/exposure_ids.h"
#include "matchers/tier/exposure_index.h"

struct counting {
    struct exposure_id_list children;
    struct arena           *arena;
};

static bool take(void *context, int64_t child_id)
{
    struct counting *counting = context;

    return exposure_ids_add(&counting->children, counting->arena, SUBJECT_CHILD, child_id, 0);
}

bool exposure_index_count(const struct exposure_index *index, const struct policy *policy, int32_t today,
                          int64_t risk_id, struct arena *arena, exposure_count visit, void *context)
{
    const struct exposure_reach reach    = { .home_m = policy->radii.counted_m, .by_community = true };
    struct counting             counting = { .arena = arena };
    struct person_situation     child, risk;
    struct exposure_pair        pair;

    if (!policy->rules[RULE_B1] || !exposure_table_find(&index->table, risk_id, &risk))
        return true;
    if (!exposure_table_search(&index->table, &risk, EXPOSURE_CHILD, &reach, take, &counting))
        return false;
    exposure_ids_settle(&counting.children);
    for (size_t i = 0; i < counting.children.count; i++) {
        if (!exposure_table_find(&index->table, counting.children.items[i].subject_id, &child) ||
            !exposure_decide_pair(policy, &child, &risk, today, &pair) || pair.decision.rule != RULE_B1 ||
            exposure_index_pair(index, &pair.ids) != NULL)
            continue;
        if (!visit(context, pair.child_community_code))
            return false;
    }
    return true;
}
