/* Which day is a record's last; see ends.h.
 * Where nothing is stated a term is assumed, and each newer version of the record begins it anew. */
#include "daemon/engine/ends.h"

#include "daemon/common/clock.h"

enum {
    ASSUMED_YEARS          = 3,
    ASSUMED_CONCERN_YEARS  = 5,
    KEPT_AFTER_END_YEARS   = 1,  /* of a job, a paper, a team */
    WITHDRAWN_MARKER_YEARS = 1,  /* feeds keep seven days: no older version comes later */
    TAKEN_BACK_DAYS        = 30, /* a mistaken death or appeal can be taken back; the record counts no more meanwhile */
};

static const struct record_end no_end = { POLICY_DAY_UNKNOWN, NULL };

static struct record_end after_years(int32_t day, int32_t years, const char *rule)
{
    return (struct record_end){ policy_day_after_years(day, years), rule };
}

/* The earlier of two; an unknown one says nothing. */
static struct record_end earlier(struct record_end a, struct record_end b)
{
    if (a.day == POLICY_DAY_UNKNOWN)
        return b;
    return b.day != POLICY_DAY_UNKNOWN && b.day < a.day ? b : a;
}

static struct record_end assumed(const struct feed_record *read, int32_t years)
{
    return after_years(clock_day_of(read->time_us), years, "assumed");
}

static struct record_end or_assumed(struct record_end end, const struct feed_record *read, int32_t years)
{
    return end.day != POLICY_DAY_UNKNOWN ? end : assumed(read, years);
}

/* The day before the birthday is the last; of a birth date in doubt the latest reading counts. */
static struct record_end coming_of_age(const struct record_facts *facts, const struct policy *policy)
{
    if (facts->birth_latest_day == POLICY_DAY_UNKNOWN)
        return no_end;
    return (struct record_end){ policy_day_after_years(facts->birth_latest_day, policy->profile.age_below_years) - 1,
                                "birthday_18" };
}

/* To the 18th birthday, or the end of the status and a year. */
static struct record_end of_child(const struct feed_record *read, const struct record_facts *facts,
                                  const struct policy *policy)
{
    struct record_end status = no_end;

    if (facts->until_day != POLICY_DAY_UNKNOWN)
        status.day = facts->until_day;
    else if (facts->child_status == CHILD_ENDED)
        status.day = clock_day_of(read->time_us);
    if (status.day != POLICY_DAY_UNKNOWN)
        status = (struct record_end){ status.day + policy->minors.erase_after_profile_end_days, "status_end" };
    return or_assumed(earlier(coming_of_age(facts, policy), status), read, ASSUMED_YEARS);
}

/* What others say of a child ends with her age; what is said of others, a year after it is over. */
static struct record_end of_relation(const struct feed_record *read, const struct record_facts *facts,
                                     const struct policy *policy)
{
    const struct record_end over = after_years(facts->until_day, KEPT_AFTER_END_YEARS, "status_end");

    if (read->type == FEED_STAFF)
        return or_assumed(over, read, ASSUMED_YEARS);
    return or_assumed(earlier(coming_of_age(facts, policy), over), read, ASSUMED_YEARS);
}

/* ---- persons of concern ---- */

static struct record_end of_span(const struct policy *policy, enum policy_category_code category,
                                 const struct policy_concern_span *span)
{
    const int32_t day = policy_concern_end_day(policy, category, span);

    if (day == POLICY_DAY_UNKNOWN)
        return no_end;
    if (day == span->until_day)
        return (struct record_end){ day, category == CATEGORY_ORDER ? "order_end" : "until" };
    return (struct record_end){ day, span->released_day >= span->term_end_day ? "release" : "term" };
}

/* A row that was switched on for a time lends no basis after it; renewed, it does for longer. */
static struct record_end of_row(const struct policy_category *category)
{
    return (struct record_end){ category->expires_day, "row_end" };
}

static struct record_end of_risk(const struct feed_record *read, const struct record_facts *facts,
                                 const struct policy *policy)
{
    const enum policy_category_code  code     = (enum policy_category_code)facts->category;
    const struct policy_category    *category = &policy->categories[code];
    const struct policy_concern_span span     = { facts->until_day, facts->released_day, facts->term_end_day };
    struct record_end                end      = of_span(policy, code, &span);

    end = or_assumed(end, read, ASSUMED_CONCERN_YEARS);
    return earlier(end, of_row(category));
}

struct record_end ends_of_record(const struct feed_record *read, const struct record_facts *facts,
                                 const struct policy *policy)
{
    if (read->is_withdrawal)
        return after_years(clock_day_of(read->time_us), WITHDRAWN_MARKER_YEARS, "withdrawn");
    switch (read->type) {
    case FEED_CHILD:
        return of_child(read, facts, policy);
    case FEED_RISK:
    case FEED_ORDER:
        return of_risk(read, facts, policy);
    case FEED_RISK_STATUS:
        return after_years(facts->event_day, ASSUMED_CONCERN_YEARS, "assumed");
    case FEED_ENROLMENT:
    case FEED_GUARDIAN_DOCUMENT:
    case FEED_CARE_ASSIGNMENT:
    case FEED_STAFF:
        return of_relation(read, facts, policy);
    case FEED_OBJECTION:
    case FEED_CORRECTION:
    case FEED_POST_ROSTER:
        return assumed(read, ASSUMED_YEARS);
    default:
        return no_end;
    }
}

struct record_end ends_of_concern(const struct concerns *concerns, size_t i, const struct policy *policy)
{
    const struct record_facts    *record   = concerns->records[i];
    const struct policy_category *category = &policy->categories[record->category];
    struct policy_concern_span    span     = { record->until_day, record->released_day, record->term_end_day };
    struct record_end             over     = of_row(category);

    if (category->state != POLICY_ON) /* switched off since: what was noted before stands */
        return no_end;
    for (size_t e = 0; e < concerns->event_count; e++) {
        const struct record_facts *event = concerns->events[e];
        if (event->event == FEED_EVENT_DEATH)
            over = earlier(over, (struct record_end){ event->event_day + TAKEN_BACK_DAYS, "death" });
        else if (concerns_is_meant(event, record) && event->event == FEED_EVENT_APPEAL_UPHELD)
            over = earlier(over, (struct record_end){ event->event_day + TAKEN_BACK_DAYS, "appeal" });
    }
    concerns_span(concerns, record, INT32_MAX, &span);
    return earlier(over, of_span(policy, (enum policy_category_code)record->category, &span));
}

void ends_write(const struct concerns *concerns, const struct policy *policy, struct store_batch *rows)
{
    for (size_t i = 0; i < concerns->record_count; i++) {
        const struct record_end end = ends_of_concern(concerns, i, policy);
        if (end.day == POLICY_DAY_UNKNOWN)
            continue;
        store_add_number(rows, STORE_ENDS, concerns->records[i]->record_id);
        store_add_number(rows, STORE_ENDS, end.day);
        store_add_text(rows, STORE_ENDS, end.rule);
    }
}
