/* Plans the records; see plan.h.
 * Says who is named in which record, never how. */
#include "daemon/cli/synth/plan.h"

#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/plan_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAMILY_RECORDS_MAX = 40 };

static const struct {
    const char *name, *source;
} topics[SYNTH_TOPICS] = {
    [TOPIC_CHILDREN]    = {"hulei.feed.civil-affairs.children", "urn:hulei:500111004:civil-affairs:children"},
    [TOPIC_SCHOOLS]     = { "hulei.feed.education.schools",     "urn:hulei:500111004:education:schools"     },
    [TOPIC_CORRECTIONS] = { "hulei.feed.judicial.corrections",  "urn:hulei:500111004:judicial:corrections"  },
    [TOPIC_POLICE]      = { "hulei.feed.police.persons",        "urn:hulei:500111004:police:persons"        },
    [TOPIC_ADDRESSES]   = { "hulei.feed.police.addresses",      "urn:hulei:500111004:police:addresses"      },
};

const char *synth_topic_name(enum synth_topic topic)
{
    return topics[topic].name;
}

const char *synth_topic_source(enum synth_topic topic)
{
    return topics[topic].source;
}

const char *synth_type_word(enum synth_type type)
{
    static const char *const words[] = {
        "child",           "enrolment",        "risk", "school", "place", "seal", "staff", "order", "risk_status",
        "care_assignment", "guardian_document"
    };

    return words[type];
}

bool synth_type_is_of_concern(enum synth_type type)
{
    return type == TYPE_RISK || type == TYPE_STAFF || type == TYPE_ORDER || type == TYPE_RISK_STATUS;
}

void synth_subject(enum synth_type type, uint32_t number, char out[16])
{
    /* Odd factor and shifts: every number keeps a subject of its own. */
    uint32_t mixed = (number + 1) * 2654435761U;

    mixed ^= mixed >> 15;
    mixed *= 2246822519U;
    snprintf(out, 16, "%c-%08x", synth_type_word(type)[0], mixed ^ (mixed >> 13));
}

void plan_clear(struct plan *plan)
{
    free(plan->records);
    *plan = (struct plan){ 0 };
}

struct plan_record *plan_add(struct plan *plan, enum synth_type type, enum synth_topic topic, int32_t person)
{
    if (plan->count == plan->capacity) {
        const size_t        capacity = plan->capacity == 0 ? 4096 : plan->capacity * 2;
        struct plan_record *larger   = realloc(plan->records, capacity * sizeof larger[0]);
        if (larger == NULL)
            return NULL;
        plan->records  = larger;
        plan->capacity = capacity;
    }
    struct plan_record *record = &plan->records[plan->count++];
    memset(record, 0, sizeof *record);
    record->type   = (uint8_t)type;
    record->topic  = (uint8_t)topic;
    record->person = person;
    return record;
}

void plan_name_other(struct plan_record *record, int32_t person, enum other_role role)
{
    if (record->other_count == PLAN_OTHERS_MAX)
        return;
    record->others[record->other_count]  = person;
    record->roles[record->other_count++] = (uint8_t)role;
}

/* How many records a person has: two to five, three on average. */
size_t plan_draw_count(struct random_stream *random)
{
    const double at = random_unit(random);

    return at < 0.35 ? 2 : at < 0.70 ? 3 : at < 0.90 ? 4 : 5;
}

static int32_t school_of(const struct people *people, const struct land *land, int32_t child)
{
    const struct person        *person   = &people->persons[child];
    const struct land_dwelling *dwelling = &land->dwellings[people->households[person->household].dwelling];

    return land_school_for(land, dwelling->community, calendar_age(person->birth_day, people->today));
}

/* Children's records; the indexes of the child records go to `kept`. */
static bool plan_children(struct plan *plan, const struct people *people, const struct land *land,
                          const struct household *home, size_t kept[FAMILY_RECORDS_MAX], size_t *kept_count,
                          struct random_stream *random)
{
    size_t children = 0;

    for (int32_t i = 0; i < home->person_count; i++)
        children += people->persons[home->first_person + i].kind == PERSON_CHILD;
    for (int32_t i = 0; i < home->person_count; i++) {
        const int32_t child = home->first_person + i;
        if (people->persons[child].kind != PERSON_CHILD)
            continue;

        const size_t count  = plan_draw_count(random);
        const bool   pupils = calendar_age(people->persons[child].birth_day, people->today) >= 3;
        size_t       own    = pupils ? (count + (random_chance(random, 0.5) ? 1 : 0)) / 2 : count;
        if (own < 2 && children == 1)
            own = 2; /* the grown-ups are named in these, at least twice */
        for (size_t k = 0; k < count; k++) {
            const bool          is_own = k < own;
            struct plan_record *record =
                plan_add(plan, is_own ? TYPE_CHILD : TYPE_ENROLMENT, is_own ? TOPIC_CHILDREN : TOPIC_SCHOOLS, child);
            if (record == NULL)
                return false;
            record->school = school_of(people, land, child);
            if (is_own && *kept_count < FAMILY_RECORDS_MAX)
                kept[(*kept_count)++] = plan->count - 1;
        }
    }
    return true;
}

static void name_adult(struct plan *plan, const struct person *adult, int32_t index, const size_t *kept,
                       size_t kept_count, struct random_stream *random)
{
    const bool   is_entrusted = adult->kind == PERSON_GRANDPARENT;
    const size_t drawn        = plan_draw_count(random);
    size_t       wanted       = drawn < kept_count ? drawn : kept_count;

    for (size_t i = 0; i < kept_count && wanted > 0; i++) {
        /* Each record with the chance that leaves exactly `wanted` of the rest. */
        if (random_below(random, (uint32_t)(kept_count - i)) < wanted) {
            plan_name_other(&plan->records[kept[i]], index, is_entrusted ? ROLE_OTHER_ENTRUSTED : ROLE_OTHER_PARENT);
            wanted--;
        }
    }
}

static bool plan_family(struct plan *plan, const struct people *people, const struct land *land,
                        const struct household *home, struct random_stream *random)
{
    size_t kept[FAMILY_RECORDS_MAX];
    size_t kept_count = 0;

    if (!plan_children(plan, people, land, home, kept, &kept_count, random))
        return false;
    for (int32_t i = 0; i < home->person_count; i++) {
        const int32_t        index = home->first_person + i;
        const struct person *adult = &people->persons[index];
        if (adult->kind == PERSON_PARENT || adult->kind == PERSON_GRANDPARENT)
            name_adult(plan, adult, index, kept, kept_count, random);
    }
    return true;
}

/* Spreads each teacher's two to five namings evenly over the enrolments. */
static void plan_teachers(struct plan *plan, const struct people *people, size_t first_record, int32_t first_person,
                          struct random_stream *random)
{
    size_t enrolments = 0, namings = 0, at = 0;

    for (size_t i = first_record; i < plan->count; i++)
        enrolments += plan->records[i].type == TYPE_ENROLMENT;
    for (size_t p = (size_t)first_person; p < people->person_count; p++)
        namings += people->persons[p].kind == PERSON_TEACHER ? 4 : 0;
    if (namings == 0)
        return;

    int32_t teacher = first_person;
    size_t  left = 0, seen = 0;
    for (size_t i = first_record; i < plan->count; i++) {
        if (plan->records[i].type != TYPE_ENROLMENT || seen++ * namings / enrolments < at ||
            plan->records[i].other_count > 0)
            continue;
        while (left == 0) {
            while ((size_t)teacher < people->person_count && people->persons[teacher].kind != PERSON_TEACHER)
                teacher++;
            if ((size_t)teacher >= people->person_count)
                return;
            left = plan_draw_count(random);
            teacher++;
        }
        plan_name_other(&plan->records[i], teacher - 1, ROLE_OTHER_TEACHER);
        left--;
        at++;
    }
}

bool plan_households(struct plan *plan, const struct people *people, const struct land *land, size_t first,
                     struct random_stream *random)
{
    const size_t  first_record = plan->count;
    const int32_t first_person = first < people->household_count ? people->households[first].first_person : 0;

    for (size_t h = first; h < people->household_count; h++) {
        const struct household *home  = &people->households[h];
        const struct person    *owner = &people->persons[home->first_person];
        const bool is_ok = owner->kind == PERSON_CONCERN ? plan_concern(plan, &people->concerns[owner->concern], random)
                           : owner->kind == PERSON_CHILD ? plan_family(plan, people, land, home, random)
                                                         : true;
        if (!is_ok)
            return false;
    }
    plan_teachers(plan, people, first_record, first_person, random);
    return true;
}
