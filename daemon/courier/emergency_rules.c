/* The rules of emergencies; see emergency_rules.h.
 * An unknown age may be a child's, an unknown sex either. */
#include "daemon/courier/emergency_rules.h"

#include "daemon/common/clock.h"
#include "matchers/identity/citizen_id.h"

enum { ADULT_YEARS = 18, GIRL_YEARS = 14, LUNAR_SLACK_DAYS = 60, YEARS_MAX = 130 };

/* What is known of somebody; the earliest and the latest day of birth that it can be. */
struct traits {
    enum policy_sex    sex;
    struct policy_date birth;
};

static struct feed_date date_of_number(const struct citizen_id *id)
{
    return (struct feed_date){ (int16_t)id->year, (int8_t)id->month, (int8_t)id->day };
}

static struct traits traits_of(const struct person_block *person)
{
    struct traits     traits = { person->sex, feed_date_range(person->birth) };
    struct citizen_id id;

    if (traits.birth.latest_day != POLICY_DAY_UNKNOWN && person->birth_calendar == FEED_CALENDAR_LUNAR)
        traits.birth.latest_day += LUNAR_SLACK_DAYS;
    if (person->id_number.bytes == NULL || citizen_id_parse(person->id_number, INT32_MAX, &id) != CITIZEN_ID_OK)
        return traits;
    if (traits.sex == SEX_UNKNOWN && id.sex != PERSON_SEX_UNKNOWN)
        traits.sex = id.sex == PERSON_MALE ? SEX_MALE : SEX_FEMALE;
    if (traits.birth.earliest_day != traits.birth.latest_day || traits.birth.latest_day == POLICY_DAY_UNKNOWN)
        traits.birth = feed_date_range(date_of_number(&id));
    return traits;
}

/* Full years count from the day after the birthday. */
static bool may_be_under(const struct traits *traits, int32_t years, int32_t day)
{
    return traits->birth.latest_day == POLICY_DAY_UNKNOWN ||
           day <= policy_day_after_years(traits->birth.latest_day, years);
}

static bool is_surely_under(const struct traits *traits, int32_t years, int32_t day)
{
    return traits->birth.earliest_day != POLICY_DAY_UNKNOWN &&
           day <= policy_day_after_years(traits->birth.earliest_day, years);
}

int emergency_age_years(const struct person_block *person, int64_t at_us)
{
    const struct traits traits = traits_of(person);
    const int32_t       day    = clock_day_of(at_us);
    int                 years  = 0;

    if (traits.birth.earliest_day == POLICY_DAY_UNKNOWN || traits.birth.earliest_day != traits.birth.latest_day ||
        day < traits.birth.latest_day)
        return -1;
    while (years < YEARS_MAX && policy_day_after_years(traits.birth.latest_day, years + 1) <= day)
        years++;
    return years;
}

static void give(struct emergency_judgement *judgement, const char *reason)
{
    if (judgement->reason_count < EMERGENCY_REASONS_MAX)
        judgement->reasons[judgement->reason_count++] = reason;
}

static struct emergency_judgement judge_sos(const struct feed_sos *sos)
{
    struct emergency_judgement judgement = { 0 };

    if (sos->signal == FEED_SOS_HEARTBEAT)
        return judgement;
    judgement.rule = "E1";
    judgement.tier = 1;
    give(&judgement, "SOS");
    if (sos->child_ref.bytes == NULL)
        give(&judgement, "CHILD_UNKNOWN");
    return judgement;
}

/* A report is of a minor at risk unless it says that she is none, or that there is no risk. */
static struct emergency_judgement judge_report(const struct feed_report *report)
{
    struct emergency_judgement judgement = { 0 };
    const struct traits        traits    = traits_of(&report->child);

    if (report->at_risk == ANSWER_NO ||
        (report->child.is_present && !may_be_under(&traits, ADULT_YEARS, clock_day_of(report->reported_at_us))))
        return judgement;
    judgement.rule = "E2";
    judgement.tier = 1;
    give(&judgement, "MANDATORY_REPORT");
    if (!report->child.is_present)
        give(&judgement, "CHILD_UNKNOWN");
    return judgement;
}

static bool is_guardian(enum feed_kin relation)
{
    return relation == FEED_KIN_PARENT || relation == FEED_KIN_GUARDIAN;
}

static bool is_kin(enum feed_kin relation)
{
    return is_guardian(relation) || relation == FEED_KIN_GRANDPARENT || relation == FEED_KIN_SIBLING ||
           relation == FEED_KIN_OTHER;
}

static const char *reason_of_condition(enum feed_condition condition)
{
    switch (condition) {
    case FEED_CONDITION_NORMAL:
        return NULL;
    case FEED_CONDITION_INTOXICATED:
        return "INTOXICATED";
    case FEED_CONDITION_UNCONSCIOUS:
        return "UNCONSCIOUS";
    case FEED_CONDITION_HURT:
        return "HURT";
    }
    return NULL;
}

static bool has_male_non_guardian(const struct feed_lodging *lodging)
{
    for (size_t i = 0; i < lodging->companion_count; i++) {
        const struct traits traits = traits_of(&lodging->companions[i].person);
        if (traits.sex != SEX_FEMALE && !is_guardian(lodging->companions[i].relation))
            return true;
    }
    return false;
}

/* NULL: an adult of her kin is there, and no other. */
static const char *reason_of_company(const struct feed_lodging *lodging, int32_t day)
{
    bool has_adult_kin = false;

    for (size_t i = 0; i < lodging->companion_count; i++) {
        const struct traits traits = traits_of(&lodging->companions[i].person);
        if (is_surely_under(&traits, ADULT_YEARS, day))
            continue;
        if (!is_kin(lodging->companions[i].relation))
            return "ADULT_NOT_KIN";
        has_adult_kin = true;
    }
    if (has_adult_kin)
        return NULL;
    return lodging->companion_count == 0 ? "MINOR_ALONE" : "MINORS_ONLY";
}

/* The rules in order; the first that applies decides. */
static struct emergency_judgement judge_lodging(const struct feed_lodging *lodging)
{
    struct emergency_judgement judgement = { 0 };
    const struct traits        traits    = traits_of(&lodging->minor);
    const int32_t              day       = clock_day_of(lodging->at_us);
    const char                *condition = reason_of_condition(lodging->condition);

    /* 1. No minor: nothing of ours. */
    if (!may_be_under(&traits, ADULT_YEARS, day))
        return judgement;

    /* 2. E3: a girl under 14 with a male who is no guardian, or a minor in a bad state. */
    if (traits.sex != SEX_MALE && may_be_under(&traits, GIRL_YEARS, day) && has_male_non_guardian(lodging))
        give(&judgement, "GIRL_WITH_MALE_NON_GUARDIAN");
    if (condition != NULL)
        give(&judgement, condition);
    if (judgement.reason_count > 0) {
        judgement.rule = "E3";
        judgement.tier = 1;
        return judgement;
    }

    /* 3. L1: without an adult of her kin, or with another. */
    const char *company = reason_of_company(lodging, day);
    if (company == NULL)
        return judgement;
    judgement.rule = "L1";
    judgement.tier = 3;
    give(&judgement, company);
    return judgement;
}

struct emergency_judgement emergency_judge(const struct feed_record *record)
{
    switch (record->type) {
    case FEED_SOS:
        return judge_sos(&record->sos);
    case FEED_REPORT:
        return judge_report(&record->report);
    case FEED_LODGING:
        return judge_lodging(&record->lodging);
    default:
        return (struct emergency_judgement){ 0 };
    }
}
