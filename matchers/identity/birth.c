/* Birth dates; see birth.h.
 * Deliberately without lunar arithmetic of its own: month starts come from the language tables. */
#include "matchers/identity/birth.h"

#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

enum { DATE_DIGITS = 8, YEAR_MIN = 1850, YEAR_MAX = 2100 };

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

bool birth_day_exists(int year, int month, int day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

static bool is_default_date(const struct birth_date *date)
{
    if (date->year < YEAR_MIN || date->year > YEAR_MAX)
        return true;
    return (date->year == 1900 || date->year == 1970) && date->month <= 1 && date->day <= 1;
}

/* Numbers of the text: runs of digits; a run of 6 or 8 is a packed date. */
static size_t read_runs(struct span text, int values[3], size_t digits[3])
{
    size_t   count  = 0;
    bool     in_run = false;
    uint32_t character;

    while (utf8_next(&text, &character)) {
        const uint32_t folded = fold_width(character);

        if (folded < '0' || folded > '9') {
            in_run = false;
            continue;
        }
        if (!in_run) {
            if (count == 3)
                return 0;
            values[count]   = 0;
            digits[count++] = 0;
            in_run          = true;
        }
        if (digits[count - 1]++ == DATE_DIGITS)
            return 0;
        values[count - 1] = values[count - 1] * 10 + (int)(folded - '0');
    }
    return count;
}

bool birth_date_read(struct span text, struct birth_date *date)
{
    int               values[3] = { 0 };
    size_t            digits[3] = { 0 };
    const size_t      count     = read_runs(text, values, digits);
    struct birth_date read      = { 0 };

    if (count == 1 && digits[0] == DATE_DIGITS)
        read = (struct birth_date){ values[0] / 10000, values[0] / 100 % 100, values[0] % 100 };
    else if (count == 1 && digits[0] == 6)
        read = (struct birth_date){ values[0] / 100, values[0] % 100, 0 };
    else if (count >= 1 && digits[0] == 4)
        read = (struct birth_date){ values[0], values[1], values[2] };
    else
        return false;
    if (read.month > 12 || read.day > 31 || is_default_date(&read))
        return false;
    if (read.month == 0)
        read.day = 0;
    *date = read;
    return true;
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

static enum birth_level compare_written(const struct birth_date *a, const struct birth_date *b)
{
    if (a->year == 0 || b->year == 0)
        return BIRTH_NULL;
    if (a->month == 0 || b->month == 0)
        return a->year == b->year ? BIRTH_SAME_YEAR : BIRTH_DIFFERENT;
    if (a->day == 0 || b->day == 0)
        return a->year == b->year && a->month == b->month ? BIRTH_SAME_MONTH : BIRTH_DIFFERENT;
    if (a->year == b->year && a->month == b->day && a->day == b->month)
        return a->month == a->day ? BIRTH_EQUAL : BIRTH_SWAPPED;

    const int equal_parts = (a->year == b->year) + (a->month == b->month) + (a->day == b->day);
    if (equal_parts == 3)
        return BIRTH_EQUAL;
    const int differences = digit_differences(a->year, b->year, 4) + digit_differences(a->month, b->month, 2) +
                            digit_differences(a->day, b->day, 2);
    return equal_parts == 2 || differences == 1 ? BIRTH_SLIPPED : BIRTH_DIFFERENT;
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

enum birth_level birth_compare(const struct mention_features *a, const struct mention_features *b)
{
    if (days_meet(a, b, true))
        return BIRTH_EQUAL;
    if (days_meet(a, b, false))
        return BIRTH_OTHER_CALENDAR;

    const struct birth_date stated_a = written_of(a), stated_b = written_of(b);
    const struct birth_date number_a = written_of_number(a), number_b = written_of_number(b);
    enum birth_level        level = compare_written(&number_a, &number_b);

    level = better(level, compare_written(&stated_a, &stated_b));
    level = better(level, compare_written(&number_a, &stated_b));
    return better(level, compare_written(&stated_a, &number_b));
}

enum birth_level birth_compare_number(const struct mention_features *features, int32_t number_day)
{
    if (features->birth_year == 0 || number_day == MENTION_NO_DAY)
        return BIRTH_NULL;
    if (is_stated_day(features, number_day, true))
        return BIRTH_EQUAL;
    if (is_stated_day(features, number_day, false))
        return BIRTH_OTHER_CALENDAR;

    const struct birth_date stated = written_of(features);
    const struct birth_date number = written_of_number(features);
    return compare_written(&stated, &number);
}
