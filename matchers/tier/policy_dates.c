/* Ages, the profile of a girl at risk and the sealing rule: everything of the policy that compares dates.
 * Deliberately without a clock: every day is an argument. */
#include "matchers/tier/policy.h"

/* Days from civil, proleptic Gregorian, valid for every year the feeds may hold. */
int32_t policy_day_of_date(int32_t year, int32_t month, int32_t day)
{
    const int32_t y   = month <= 2 ? year - 1 : year;
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t yoe = y - era * 400;
    const int32_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of_day(int32_t day, int32_t *year, int32_t *month, int32_t *day_of_month)
{
    const int32_t z   = day + 719468;
    const int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int32_t doe = z - era * 146097;
    const int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int32_t mp  = (5 * doy + 2) / 153;

    *day_of_month = doy - (153 * mp + 2) / 5 + 1;
    *month        = mp < 10 ? mp + 3 : mp - 9;
    *year         = yoe + era * 400 + (*month <= 2);
}

static bool is_known(struct policy_date date)
{
    return date.earliest_day != POLICY_DAY_UNKNOWN && date.latest_day != POLICY_DAY_UNKNOWN;
}

/* A birthday of 29 February falls on 1 March of other years. */
static int32_t birthday(int32_t birth_day, int32_t years)
{
    int32_t year, month, day;

    date_of_day(birth_day, &year, &month, &day);
    return policy_day_of_date(year + years, month, day);
}

int32_t policy_day_after_years(int32_t day, int32_t years)
{
    return day == POLICY_DAY_UNKNOWN ? day : birthday(day, years);
}

int32_t policy_concern_end_day(const struct policy *policy, enum policy_category_code code,
                               const struct policy_concern_span *span)
{
    const int32_t free_since = span->released_day > span->term_end_day ? span->released_day : span->term_end_day;
    const int32_t retained   = policy_day_after_years(free_since, policy->categories[code].retention_years);

    if (span->until_day == POLICY_DAY_UNKNOWN || (retained != POLICY_DAY_UNKNOWN && retained < span->until_day))
        return retained;
    return span->until_day;
}

static int32_t full_years(int32_t birth_day, int32_t day)
{
    int32_t birth_year, year, month, day_of_month;

    date_of_day(birth_day, &birth_year, &month, &day_of_month);
    date_of_day(day, &year, &month, &day_of_month);
    const int32_t years = year - birth_year;
    return day >= birthday(birth_day, years) ? years : years - 1;
}

int32_t policy_age_years(struct policy_date birth, int32_t day)
{
    if (!is_known(birth) || day == POLICY_DAY_UNKNOWN || day < birth.earliest_day)
        return -1;
    return full_years(birth.earliest_day, day);
}

bool policy_child_in_profile(const struct policy *policy, enum policy_sex sex, struct policy_date birth,
                             uint32_t circumstances, enum policy_child_status status, int32_t today, bool *ask_owner)
{
    if (ask_owner != NULL)
        *ask_owner = false;
    if ((policy->profile.sexes & sex) == 0 || (policy->profile.statuses & status) == 0)
        return false;
    if ((policy->profile.circumstances & circumstances) == 0)
        return false;
    if (!is_known(birth)) {
        if (ask_owner != NULL)
            *ask_owner = true;
        return true;
    }
    return today < birthday(birth.latest_day, policy->profile.age_below_years);
}

/* The last day on which an offence was a juvenile's, for one reading of the birth date. Chinese criminal law counts
 * full years from the day after the birthday, so the birthday itself still belongs to the age before. */
static int32_t last_juvenile_day(const struct policy_sealing *sealing, int32_t birth_day)
{
    return birthday(birth_day, sealing->juvenile_below_years) - (sealing->birthday_is_juvenile ? 0 : 1);
}

static enum policy_seal seal_by_offence(const struct policy_sealing *sealing, const struct policy_seal_facts *facts)
{
    if (facts->offence.latest_day <= last_juvenile_day(sealing, facts->birth.earliest_day))
        return SEAL_SEALED;
    if (facts->offence.earliest_day <= last_juvenile_day(sealing, facts->birth.latest_day))
        return SEAL_ASK_OWNER;
    return SEAL_NOT_SEALED;
}

enum policy_seal policy_seal_check(const struct policy *policy, const struct policy_seal_facts *facts)
{
    const struct policy_sealing *sealing = &policy->sealing;

    /* 1. The feed says so, or the record holds sealed parts. */
    if (facts->says_sealed)
        return SEAL_SEALED;

    /* 2. Administrative penalties are sealed for everybody (治安管理处罚法 136). */
    if (facts->disposition == DISPOSITION_ADMINISTRATIVE_PENALTY)
        return SEAL_SEALED;

    /* 3. A longer sentence is never sealed, whatever the age. */
    if (facts->disposition == DISPOSITION_CONVICTION && facts->sentence_months > sealing->sentence_at_most_months)
        return SEAL_NOT_SEALED;

    /* 4. Without a birth date nothing can be computed. */
    if (!is_known(facts->birth))
        return SEAL_ASK_OWNER;

    /* 5. The offence date decides; a partial date that could fall on either side goes to the owner. */
    if (is_known(facts->offence))
        return seal_by_offence(sealing, facts);

    /* 6. Judged so young that the offence may be a juvenile's; without a judgment date nobody can tell. */
    if (!is_known(facts->judgment) ||
        facts->judgment.earliest_day < birthday(facts->birth.latest_day, sealing->ask_owner_below_years))
        return SEAL_ASK_OWNER;
    return SEAL_NOT_SEALED;
}
