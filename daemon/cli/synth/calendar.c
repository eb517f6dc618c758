/* Civil dates of the proleptic Gregorian calendar; see calendar.h.
 * The lunar calendar is a table (tables.h). */
#include "daemon/cli/synth/calendar.h"

int32_t calendar_day(struct civil_date date)
{
    const int32_t year    = date.month <= 2 ? date.year - 1 : date.year;
    const int32_t era     = (year >= 0 ? year : year - 399) / 400;
    const int32_t of_era  = year - era * 400;
    const int32_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil_date calendar_date(int32_t day)
{
    const int32_t shifted = day + 719468;
    const int32_t era     = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int32_t of_era  = shifted - era * 146097;
    const int32_t year    = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int32_t month   = (5 * of_year + 2) / 153;

    return (struct civil_date){ .year  = year + era * 400 + (month >= 10),
                                .month = month < 10 ? month + 3 : month - 9,
                                .day   = of_year - (153 * month + 2) / 5 + 1 };
}

/* One to `most` digits and the character `end` behind them, stepped over. */
static bool take_number(const char **text, int most, char end, int32_t *number)
{
    int count = 0;

    *number = 0;
    for (; count < most && **text >= '0' && **text <= '9'; (*text)++, count++)
        *number = *number * 10 + (**text - '0');
    if (count == 0 || **text != end)
        return false;
    if (end != '\0')
        (*text)++;
    return true;
}

bool calendar_parse(const char *text, int32_t *day)
{
    struct civil_date date;

    if (!take_number(&text, 4, '-', &date.year) || !take_number(&text, 2, '-', &date.month) ||
        !take_number(&text, 2, '\0', &date.day) || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31)
        return false;
    *day = calendar_day(date);
    return calendar_date(*day).day == date.day;
}

int32_t calendar_age(int32_t birth_day, int32_t today)
{
    const struct civil_date birth = calendar_date(birth_day), now = calendar_date(today);
    const bool is_before_birthday = now.month < birth.month || (now.month == birth.month && now.day < birth.day);

    return now.year - birth.year - (is_before_birthday ? 1 : 0);
}
