/* Plans the records of persons of concern: the case, what came of it, where they work, whom they care for.
 * Says who is named in which record, never how. */
#include "daemon/cli/synth/plan_parts.h"

static bool add_risks(struct plan *plan, int32_t person, struct random_stream *random)
{
    const size_t count = plan_draw_count(random);

    for (size_t k = 0; k < count; k++) {
        if (plan_add(plan, TYPE_RISK, k % 2 == 0 ? TOPIC_CORRECTIONS : TOPIC_POLICE, person) == NULL)
            return false;
    }
    return true;
}

/* In two of the child's own records. */
static void name_as_entrusted(struct plan *plan, const struct concern *concern)
{
    size_t named = 0;

    for (size_t i = 0; i < plan->count && named < 2; i++) {
        struct plan_record *record = &plan->records[i];
        if (record->type == TYPE_CHILD && record->person == concern->child) {
            plan_name_other(record, concern->person, ROLE_OTHER_ENTRUSTED);
            named++;
        }
    }
}

/* In one enrolment of hers, when she has one. */
static void name_at_school(struct plan *plan, const struct concern *concern, enum other_role role)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_record *record = &plan->records[i];
        if (record->type == TYPE_ENROLMENT && record->person == concern->child && record->other_count == 0) {
            plan_name_other(record, concern->person, role);
            return;
        }
    }
}

static bool name_in(struct plan *plan, const struct concern *concern, enum synth_type type, enum other_role role)
{
    struct plan_record *record = plan_add(plan, type, TOPIC_CHILDREN, concern->child);

    if (record != NULL)
        plan_name_other(record, concern->person, role);
    return record != NULL;
}

static bool add_care(struct plan *plan, const struct concern *concern)
{
    switch (concern->child >= 0 ? concern->care : CARE_NONE) {
    case CARE_ENTRUSTED:
        name_as_entrusted(plan, concern);
        return true;
    case CARE_TEACHER:
        name_at_school(plan, concern, ROLE_OTHER_TEACHER);
        return true;
    case CARE_MENTOR:
        name_at_school(plan, concern, ROLE_OTHER_MENTOR);
        return true;
    case CARE_TEAM:
    case CARE_FORMER_TEAM:
        return name_in(plan, concern, TYPE_CARE_ASSIGNMENT, ROLE_OTHER_VOLUNTEER);
    case CARE_PAPER:
        return name_in(plan, concern, TYPE_GUARDIAN_DOCUMENT, ROLE_OTHER_ENTRUSTED);
    case CARE_NONE:
        break;
    }
    return true;
}

bool plan_concern(struct plan *plan, const struct concern *concern, struct random_stream *random)
{
    const int32_t          person = concern->person;
    const enum synth_topic employer =
        concern->work == WORK_SCHOOL || concern->work == WORK_FORMER_SCHOOL ? TOPIC_SCHOOLS : TOPIC_POLICE;
    const bool has_event = concern->is_dead || concern->is_cleared || concern->has_moved;

    return add_risks(plan, person, random) && add_care(plan, concern) &&
           (concern->work == WORK_NONE || plan_add(plan, TYPE_STAFF, employer, person) != NULL) &&
           (concern->order == ORDER_NONE || plan_add(plan, TYPE_ORDER, TOPIC_CORRECTIONS, person) != NULL) &&
           (!has_event || plan_add(plan, TYPE_RISK_STATUS, TOPIC_CORRECTIONS, person) != NULL);
}
