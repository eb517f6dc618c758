/* Birth dates; see birth.h.
 * Deliberately without lunar arithmetic of its own: month starts come from the language tables. */
#include "matchers/identity/birth.h"

enum { YEAR_DIGITS = 4, LUNAR_MONTHS_LATE = 2 };

int32_t birth_day_number(int year, int month, int day)
{
    const int shifted     = month <= 2 ? year - 1 : year;
    const int era         = shifted / 400; /* years are positive here */
    const int year_of_era = shifted - era * 400;
    const int month_index = month > 2 ? month - 3 : month + 9;
    const int day_of_year = (153 * month_index + 2) / 5 + day - 1;
    const int day_of_era  = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * 146097 + day_of_era - 719468);
}

static struct birth_date date_of_day(int32_t day)
{
    if (day == MENTION_NO_DAY)
        return (struct birth_date){ 0 };

    const int shifted     = day + 719468; /* days since 0000-03-01; positive here */
    const int era         = shifted / 146097;
    const int day_of_era  = shifted - era * 146097;
    const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_index = (5 * day_of_year + 2) / 153;
    const int month       = month_index < 10 ? month_index + 3 : month_index - 9;

    return (struct birth_date){ year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
                                day_of_year - (153 * month_index + 2) / 5 + 1 };
}

bool birth_day_exists(int year, int month, int day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

int32_t birth_day_of_lunar(const struct language_tables *tables, const struct birth_date *date, bool in_leap_month)
{
    const int index = date->year - LANGUAGE_LUNAR_FIRST_YEAR;

    if (index < 0 || index >= LANGUAGE_LUNAR_YEARS || date->month < 1 || date->day < 1 || date->day > 30)
        return MENTION_NO_DAY;

    const struct language_lunar_year *year = &tables->lunar[index];
    if (year->long_months == 0 || (in_leap_month && year->leap_month != date->month))
        return MENTION_NO_DAY;

    const bool is_behind_leap = year->leap_month != 0 && (date->month > year->leap_month || in_leap_month);
    const int  position       = date->month - 1 + (is_behind_leap ? 1 : 0);
    int32_t    day            = year->first_day;

    for (int i = 0; i < position; i++)
        day += (year->long_months >> i & 1) != 0 ? 30 : 29;
    if (date->day == 30 && (year->long_months >> position & 1) == 0)
        return MENTION_NO_DAY;
    return day + date->day - 1;
}

static bool is_stated_day(const struct mention_features *features, int32_t day, bool in_own_calendar)
{
    if (day == MENTION_NO_DAY)
        return false;
    if (in_own_calendar && features->is_lunar == 0)
        return features->birth_days[0] == day;
    for (size_t i = in_own_calendar ? 1 : 0; i < MENTION_BIRTH_DAYS; i++) {
        if (features->birth_days[i] == day)
            return true;
    }
    return false;
}

/* Whether a and b share a day, each read in its own calendar or in any. */
static bool days_meet(const struct mention_features *a, const struct mention_features *b, bool in_own_calendar)
{
    if (a->number_day != MENTION_NO_DAY && a->number_day == b->number_day)
        return true;
    if (is_stated_day(b, a->number_day, in_own_calendar) || is_stated_day(a, b->number_day, in_own_calendar))
        return true;
    for (size_t i = 0; i < MENTION_BIRTH_DAYS; i++) {
        if (is_stated_day(a, a->birth_days[i], in_own_calendar) && is_stated_day(b, a->birth_days[i], in_own_calendar))
            return true;
    }
    return false;
}

static int digit_differences(int a, int b, int digits)
{
    int differences = 0;

    for (int i = 0; i < digits; i++, a /= 10, b /= 10)
        differences += a % 10 != b % 10;
    return differences;
}

static bool is_new_year(const struct birth_date *date)
{
    return date->month == 1 && date->day == 1;
}

/* One digit off, two neighbours swapped, or a year too early or late. */
static bool is_year_slipped(int a, int b)
{
    const int  differences = digit_differences(a, b, YEAR_DIGITS);
    const bool are_swapped = differences == 2 && (a / 10 % 10 == b % 10 && b / 10 % 10 == a % 10);

    return differences == 1 || are_swapped || a - b == 1 || b - a == 1;
}

/* Months apart, `later` from `earlier`; their years and months are known. */
static int months_between(const struct birth_date *earlier, const struct birth_date *later)
{
    return (later->year - earlier->year) * 12 + later->month - earlier->month;
}

/* A part is unknown on a side, and one side counts lunar months: they begin none to two months after the solar one. */
static enum birth_level compare_partial_lunar(const struct birth_date *lunar, const struct birth_date *solar)
{
    if (lunar->month != 0 && solar->month != 0) {
        const int months = months_between(lunar, solar);

        return months >= 0 && months <= LUNAR_MONTHS_LATE ? BIRTH_SAME_YEAR : BIRTH_DIFFERENT;
    }
    const bool may_be_next_year = solar->year == lunar->year + 1 && solar->month <= LUNAR_MONTHS_LATE &&
                                  (lunar->month == 0 || lunar->month > 12 - LUNAR_MONTHS_LATE);
    return lunar->year == solar->year || may_be_next_year ? BIRTH_SAME_YEAR : BIRTH_DIFFERENT;
}

/* Two full dates of one calendar that are not equal. */
static enum birth_level compare_slips(const struct birth_date *a, const struct birth_date *b)
{
    const bool is_year_equal = a->year == b->year;

    if (is_year_equal && a->month == b->day && a->day == b->month)
        return BIRTH_SWAPPED;
    if (is_year_equal ? a->month == b->month || a->day == b->day
                      : a->month == b->month && a->day == b->day && is_year_slipped(a->year, b->year))
        return BIRTH_SLIPPED;
    /* 1 January is what a register writes that knows the year only. */
    return is_year_equal && (is_new_year(a) || is_new_year(b)) ? BIRTH_SAME_YEAR : BIRTH_DIFFERENT;
}

/* As written, in one calendar. */
static enum birth_level compare_written(const struct birth_date *a, const struct birth_date *b)
{
    if (a->year == 0 || b->year == 0)
        return BIRTH_NULL;
    if (a->month == 0 || b->month == 0)
        return a->year == b->year ? BIRTH_SAME_YEAR : BIRTH_DIFFERENT;
    if (a->day == 0 || b->day == 0) {
        if (a->year != b->year)
            return BIRTH_DIFFERENT;
        /* 1 January may be the year alone. */
        return a->month == b->month               ? BIRTH_SAME_MONTH
               : is_new_year(a) || is_new_year(b) ? BIRTH_SAME_YEAR
                                                  : BIRTH_DIFFERENT;
    }
    if (a->year == b->year && a->month == b->month && a->day == b->day)
        return is_new_year(a) ? BIRTH_NEW_YEAR : BIRTH_EQUAL;
    return compare_slips(a, b);
}

static struct birth_date written_of_number(const struct mention_features *features)
{
    struct birth_date date = { 0 };

    if (features->number_day == MENTION_NO_DAY)
        return date;
    for (int i = 6; i < 10; i++)
        date.year = date.year * 10 + (features->number[i] - '0');
    date.month = (features->number[10] - '0') * 10 + (features->number[11] - '0');
    date.day   = (features->number[12] - '0') * 10 + (features->number[13] - '0');
    return date;
}

static struct birth_date written_of(const struct mention_features *features)
{
    return (struct birth_date){ features->birth_year, features->birth_month, features->birth_day };
}

/* The likelier of two: levels are in order of likeness, but null is nothing. */
static enum birth_level better(enum birth_level a, enum birth_level b)
{
    if (a == BIRTH_NULL || b == BIRTH_NULL)
        return a > b ? a : b;
    return a < b ? a : b;
}

/* A date, and the days it means when it is lunar. */
struct dated {
    struct birth_date written;
    const int32_t    *lunar_days; /* two: of the ordinary and of the leap month; NULL: a solar date */
};

static struct dated stated_of(const struct mention_features *features)
{
    return (struct dated){ written_of(features), features->is_lunar != 0 ? features->birth_days + 1 : NULL };
}

/* A lunar date against a solar one, neither equal in any calendar: a slip is looked for in the solar form. */
static enum birth_level compare_lunar(const struct dated *lunar, const struct dated *solar)
{
    enum birth_level level = compare_written(&lunar->written, &solar->written);

    if (lunar->written.year == 0 || solar->written.year == 0)
        return BIRTH_NULL;
    if (lunar->written.day == 0 || solar->written.day == 0)
        return compare_partial_lunar(&lunar->written, &solar->written);
    for (size_t i = 0; i < 2; i++) {
        const struct birth_date converted = date_of_day(lunar->lunar_days[i]);

        level = better(level, compare_written(&converted, &solar->written));
    }
    return level;
}

static enum birth_level compare_dated(const struct dated *a, const struct dated *b)
{
    if ((a->lunar_days != NULL) == (b->lunar_days != NULL))
        return compare_written(&a->written, &b->written);
    return a->lunar_days != NULL ? compare_lunar(a, b) : compare_lunar(b, a);
}

/* Both sides wrote 1 January, and not in two equal numbers. */
static bool is_by_new_year(const struct mention_features *a, const struct mention_features *b)
{
    const struct birth_date stated_a = written_of(a), stated_b = written_of(b);
    const struct birth_date number_a = written_of_number(a), number_b = written_of_number(b);

    if (a->number_day != MENTION_NO_DAY && a->number_day == b->number_day)
        return false;
    return (is_new_year(&stated_a) || is_new_year(&number_a)) && (is_new_year(&stated_b) || is_new_year(&number_b));
}

enum birth_level birth_compare(const struct mention_features *a, const struct mention_features *b)
{
    if (days_meet(a, b, true))
        return is_by_new_year(a, b) ? BIRTH_NEW_YEAR : BIRTH_EQUAL;
    if (days_meet(a, b, false))
        return BIRTH_OTHER_CALENDAR;

    const struct dated stated_a = stated_of(a), stated_b = stated_of(b);
    const struct dated number_a = { written_of_number(a), NULL }, number_b = { written_of_number(b), NULL };
    enum birth_level   level = compare_dated(&number_a, &number_b);

    level = better(level, compare_dated(&stated_a, &stated_b));
    level = better(level, compare_dated(&number_a, &stated_b));
    return better(level, compare_dated(&stated_a, &number_b));
}

enum birth_level birth_compare_number(const struct mention_features *features, int32_t number_day)
{
    if (features->birth_year == 0 || number_day == MENTION_NO_DAY)
        return BIRTH_NULL;
    if (is_stated_day(features, number_day, true))
        return BIRTH_EQUAL;
    if (is_stated_day(features, number_day, false))
        return BIRTH_OTHER_CALENDAR;

    const struct dated stated = stated_of(features), number = { written_of_number(features), NULL };
    return compare_dated(&stated, &number);
}
