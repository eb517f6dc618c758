/* Fills the lunar years from ICU's Chinese calendar; see language_lunar.h.
 * Deliberately asks ICU once or twice a month of 201 years, at start, and never again. */
#include "daemon/common/language_lunar.h"

#include <stdio.h>

#include <unicode/ucal.h>

enum { DAY_MS = 86400000 };

static void set_day(UCalendar *calendar, int32_t day)
{
    UErrorCode status = U_ZERO_ERROR;

    ucal_setMillis(calendar, (double)day * DAY_MS + DAY_MS / 6.0, &status); /* noon in China */
}

static int32_t lunar_field(UCalendar *calendar, UCalendarDateFields field)
{
    UErrorCode    status = U_ZERO_ERROR;
    const int32_t value  = ucal_get(calendar, field, &status);

    return U_SUCCESS(status) ? value : -1;
}

/* Walks from one new moon to the next. 1900-01-31 was the first day of the lunar year 1900. */
static bool walk_lunar_years(struct language_tables *tables, UCalendar *calendar)
{
    int32_t day = -25537;

    for (int year = 0; year < LANGUAGE_LUNAR_YEARS; year++) {
        struct language_lunar_year *entry = &tables->lunar[year];

        entry->first_day = day;
        for (int month = 0; month < 13; month++) {
            set_day(calendar, day + 29);
            const bool is_long = lunar_field(calendar, UCAL_DATE) != 1;

            if (is_long) {
                entry->long_months = (uint16_t)(entry->long_months | 1u << month);
                set_day(calendar, day + 30);
            }
            day += is_long ? 30 : 29;
            if (lunar_field(calendar, UCAL_DATE) != 1)
                return false;
            const int32_t next    = lunar_field(calendar, UCAL_MONTH) + 1;
            const bool    is_leap = lunar_field(calendar, UCAL_IS_LEAP_MONTH) == 1;

            if (is_leap)
                entry->leap_month = (uint8_t)next;
            else if (next == 1)
                break;
        }
    }
    return true;
}

/* Day number of the first day of the month at `position` (0: the first) of the year. */
static int32_t month_start(const struct language_lunar_year *year, unsigned position)
{
    int32_t day = year->first_day;

    for (unsigned i = 0; i < position; i++)
        day += (year->long_months >> i & 1) != 0 ? 30 : 29;
    return day;
}

/* Moves the start of one month by a day: the month before has one day more or less, this one one less or more. */
static void move_month(struct language_tables *tables, unsigned index, unsigned position, bool is_later)
{
    struct language_lunar_year *year     = &tables->lunar[index];
    struct language_lunar_year *earlier  = position > 0 ? year : year - 1;
    const unsigned              previous = position > 0 ? position - 1 : earlier->leap_month != 0 ? 12 : 11;

    earlier->long_months = (uint16_t)(earlier->long_months ^ 1u << previous);
    year->long_months    = (uint16_t)(year->long_months ^ 1u << position);
    if (position == 0)
        year->first_day += is_later ? 1 : -1;
}

/*
 * Where ICU 72 differs from the almanac that was in force: leap months placed one too late, new moons just before or
 * after midnight. What a later ICU has right is left alone.
 */
static void correct_months(struct language_tables *tables)
{
    static const struct {
        int     year;
        uint8_t leap_month;
    } leaps[] = {
        {1917,  2},
        { 1922, 5},
        { 1987, 6},
    };
    static const struct {
        int      year;
        unsigned position;
        int32_t  day;
    } starts[] = {
        {1954,  0,  -5811},
        { 1955, 1,  -5427},
        { 1998, 12, 10608},
        { 2012, 7,  15569},
        { 2018, 9,  17843},
        { 2027, 0,  20855},
        { 2030, 0,  21948},
        { 2070, 1,  36595},
    };

    for (size_t i = 0; i < sizeof leaps / sizeof leaps[0]; i++)
        tables->lunar[leaps[i].year - LANGUAGE_LUNAR_FIRST_YEAR].leap_month = leaps[i].leap_month;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const unsigned index = (unsigned)(starts[i].year - LANGUAGE_LUNAR_FIRST_YEAR);
        const int32_t  day   = month_start(&tables->lunar[index], starts[i].position);

        if (day == starts[i].day - 1 || day == starts[i].day + 1)
            move_month(tables, index, starts[i].position, day < starts[i].day);
    }
}

bool language_fill_lunar(struct language_tables *tables, char *error, size_t error_size)
{
    static const UChar zone[]   = u"Asia/Shanghai";
    UErrorCode         status   = U_ZERO_ERROR;
    UCalendar         *calendar = ucal_open(zone, -1, "zh@calendar=chinese", UCAL_DEFAULT, &status);

    if (U_FAILURE(status)) {
        snprintf(error, error_size, "ICU has no Chinese calendar: %s", u_errorName(status));
        return false;
    }
    const bool is_filled = walk_lunar_years(tables, calendar);

    ucal_close(calendar);
    correct_months(tables);
    if (!is_filled)
        snprintf(error, error_size, "ICU's Chinese calendar does not begin its months where expected");
    return is_filled;
}
