/* Risk records, orders and events into concerns; see concerns.h.
 * Deliberately pure: facts and the day in, concerns out. */
#include "daemon/engine/concerns.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

void concerns_begin(struct concerns *concerns)
{
    concerns->record_count = 0;
    concerns->event_count  = 0;
}

/* Ascending by record id, so that what is kept does not depend on the order of calls. */
static void insert(const struct record_facts **list, size_t *count, const struct record_facts *facts)
{
    size_t at = *count;

    if (*count == CONCERNS_MAX && list[CONCERNS_MAX - 1]->record_id < facts->record_id)
        return;
    if (*count < CONCERNS_MAX)
        (*count)++;
    else
        at--;
    for (; at > 0 && list[at - 1]->record_id > facts->record_id; at--)
        list[at] = list[at - 1];
    list[at] = facts;
}

void concerns_add(struct concerns *concerns, const struct record_facts *facts)
{
    if (facts->type == FEED_RISK || facts->type == FEED_ORDER)
        insert(concerns->records, &concerns->record_count, facts);
    else if (facts->type == FEED_RISK_STATUS)
        insert(concerns->events, &concerns->event_count, facts);
}

bool concerns_is_meant(const struct record_facts *event, const struct record_facts *record)
{
    if (event->target != 0)
        return event->target == record->self;
    return event->case_key == 0 || event->case_key == record->case_key;
}

static int32_t later_of(int32_t a, int32_t b)
{
    return a > b ? a : b; /* POLICY_DAY_UNKNOWN is below every day */
}

bool concerns_span(const struct concerns *concerns, const struct record_facts *record, int32_t today,
                   struct policy_concern_span *span)
{
    for (size_t i = 0; i < concerns->event_count; i++) {
        const struct record_facts *event = concerns->events[i];
        if (event->event_day > today)
            continue;
        if (event->event == FEED_EVENT_DEATH)
            return false;
        if (!concerns_is_meant(event, record))
            continue;
        if (event->event == FEED_EVENT_APPEAL_UPHELD)
            return false;
        if (event->event == FEED_EVENT_RELEASE)
            span->released_day = later_of(span->released_day, event->event_day);
        if (event->event == FEED_EVENT_TERM_END)
            span->term_end_day = later_of(span->term_end_day, event->event_day);
    }
    return true;
}

/* An order that names schools sharpens every offence of its holder (rule O3). */
static bool has_school_order(const struct concerns *concerns, int32_t today)
{
    for (size_t i = 0; i < concerns->record_count; i++) {
        const struct record_facts *record = concerns->records[i];
        if (record->type == FEED_ORDER && record->names_schools && facts_count_on(record, today))
            return true;
    }
    return false;
}

/* ---- has an order changed? ---- */

/* Of the value in an order of bytes that outlives the machine, upon what came before. */
static uint64_t mix(uint64_t key, uint64_t value)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    return XXH3_64bits_withSeed(bytes, sizeof bytes, key);
}

/* As stated: what the library knows of the place is no part of the order. */
static uint64_t mix_place(uint64_t key, const struct facts_residence *place)
{
    const struct address_features *address = &place->address;
    const uint64_t                 words[] = {
                        place->use,
                        place->radius_m,
                        address->code,
                        address->place,
                        address->group,
                        address->road,
                        address->number,
                        address->sub_number,
                        address->poi,
                        address->building,
                        address->unit,
                        address->room,
        place->has_point ? (uint64_t)(place->lon * 100000 + 0.5) : 0,
        place->has_point ? (uint64_t)(place->lat * 100000 + 0.5) : 0,
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        key = mix(key, words[i]);
    return key;
}

static uint64_t order_key(const struct record_facts *order)
{
    const uint64_t is  = (uint64_t)(order->is_prohibition | order->bans_work << 1 | order->names_schools << 2);
    uint64_t       key = mix(mix(mix(0, is), (uint32_t)order->from_day), (uint32_t)order->until_day);

    for (unsigned i = 0; i < order->residence_count; i++) {
        if (order->residences[i].use == FACTS_BARRED || order->residences[i].use == FACTS_APPROVED)
            key = mix_place(key, &order->residences[i]);
    }
    return key;
}

/* The sum does not depend on their order. */
static uint64_t orders_key(const struct concerns *concerns, int32_t today)
{
    uint64_t key = 0;

    for (size_t i = 0; i < concerns->record_count; i++) {
        if (concerns->records[i]->type == FEED_ORDER && facts_count_on(concerns->records[i], today))
            key += order_key(concerns->records[i]);
    }
    return key;
}

/* Out of prison, as far as the record tells: released, or serving in the community. Others have no address to be due.
 */
static bool is_at_large(enum policy_category_code category, const struct policy_concern_span *span, int32_t today)
{
    return category == CATEGORY_CORR_SEXOFF ||
           (span->released_day != POLICY_DAY_UNKNOWN && span->released_day <= today);
}

int32_t concerns_moved_day(const struct concerns *concerns, int32_t today)
{
    int32_t moved_day = POLICY_DAY_UNKNOWN;

    for (size_t i = 0; i < concerns->event_count; i++) {
        const struct record_facts *event = concerns->events[i];
        if (event->event == FEED_EVENT_MOVE && event->event_day <= today)
            moved_day = later_of(moved_day, event->event_day);
    }
    return moved_day;
}

void concerns_settle(const struct concerns *concerns, const struct policy *policy, int32_t today,
                     struct person_situation *situation)
{
    const bool     names_schools = has_school_order(concerns, today);
    const uint64_t orders        = orders_key(concerns, today);

    situation->concern_count = 0;
    for (size_t i = 0; i < concerns->record_count && situation->concern_count < EXPOSURE_CONCERNS; i++) {
        const struct record_facts      *record   = concerns->records[i];
        const enum policy_category_code category = (enum policy_category_code)record->category;
        struct policy_concern_span      span     = { record->until_day, record->released_day, record->term_end_day };

        if (policy_category_state(policy, category, today) != POLICY_ON || record->from_day > today ||
            !concerns_span(concerns, record, today, &span))
            continue;
        situation->concerns[situation->concern_count++] = (struct exposure_concern){
            .category            = category,
            .class               = policy_risk_class(policy, category, (enum policy_answer)record->victim_minor, NULL),
            .until_day           = policy_concern_end_day(policy, category, &span),
            .released_day        = span.released_day,
            .victim_pupil        = record->victim_pupil,
            .occupation_ban      = record->bans_work,
            .order_names_schools = names_schools,
            .is_prohibited       = record->is_prohibition && facts_count_on(record, today),
            .is_at_large         = is_at_large(category, &span, today),
            .orders_key          = orders,
            .record_id           = record->record_id,
        };
    }
}
