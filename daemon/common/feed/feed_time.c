/* Times and dates; see feed_time.h.
 * The day arithmetic is the policy's; only the reading is here. */
#include "daemon/common/feed/feed_time.h"

/* `count` digits at *at, stepped over; -1 when they are not there. */
static int32_t take_digits(struct span text, size_t *at, size_t count)
{
    int32_t value = 0;

    if (text.length - *at < count)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const char c = text.bytes[*at + i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += count;
    return value;
}

static bool take_character(struct span text, size_t *at, char lower, char upper)
{
    if (*at >= text.length || (text.bytes[*at] != lower && text.bytes[*at] != upper))
        return false;
    (*at)++;
    return true;
}

static int32_t days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[]  = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool          is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

static bool day_exists(int32_t year, int32_t month, int32_t day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/* ".123456789": microseconds, further digits cut. */
static bool take_fraction(struct span text, size_t *at, int64_t *fraction_us)
{
    int64_t unit  = 100000;
    size_t  count = 0;

    *fraction_us = 0;
    if (!take_character(text, at, '.', '.'))
        return true;
    for (; *at < text.length && text.bytes[*at] >= '0' && text.bytes[*at] <= '9'; (*at)++, count++) {
        *fraction_us += (text.bytes[*at] - '0') * unit;
        unit /= 10;
    }
    return count > 0 && count <= 12;
}

static bool take_offset(struct span text, size_t *at, int64_t *offset_s)
{
    *offset_s = 0;
    if (take_character(text, at, 'z', 'Z'))
        return true;
    if (*at >= text.length || (text.bytes[*at] != '+' && text.bytes[*at] != '-'))
        return false;

    const int64_t sign    = text.bytes[(*at)++] == '-' ? -1 : 1;
    const int32_t hours   = take_digits(text, at, 2);
    const bool    colon   = take_character(text, at, ':', ':');
    const int32_t minutes = colon ? take_digits(text, at, 2) : -1;
    if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > 14 * 60)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool take_date(struct span text, size_t *at, int32_t *year, int32_t *month, int32_t *day)
{
    *year = take_digits(text, at, 4);
    if (*year < 0 || !take_character(text, at, '-', '-'))
        return false;
    *month = take_digits(text, at, 2);
    if (*month < 0 || !take_character(text, at, '-', '-'))
        return false;
    *day = take_digits(text, at, 2);
    return *day >= 0;
}

bool feed_time_parse(struct span text, int64_t *time_us)
{
    size_t  at   = 0;
    int32_t year = 0, month = 0, day = 0;
    int64_t fraction_us = 0, offset_s = 0;

    if (!take_date(text, &at, &year, &month, &day) || year < 1900 || !day_exists(year, month, day) ||
        !take_character(text, &at, 't', 'T'))
        return false;

    const int32_t hour   = take_digits(text, &at, 2);
    const int32_t minute = take_character(text, &at, ':', ':') ? take_digits(text, &at, 2) : -1;
    const int32_t second = take_character(text, &at, ':', ':') ? take_digits(text, &at, 2) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    if (!take_fraction(text, &at, &fraction_us) || !take_offset(text, &at, &offset_s) || at != text.length)
        return false;

    const int64_t day_number = policy_day_of_date(year, month, day);
    *time_us = ((day_number * 24 + hour) * 3600 + minute * 60 + second - offset_s) * 1000000 + fraction_us;
    return true;
}

/* Year, and month and day where they are written; -1 in *year when the form is none of the four. */
static void split_date(struct span text, int32_t *year, int32_t *month, int32_t *day)
{
    size_t at = 0;

    *year  = take_digits(text, &at, 4);
    *month = 0;
    *day   = 0;
    if (*year < 0 || text.length == 4)
        return;
    const bool is_compact = text.length == 8 && text.bytes[4] != '-';
    if (is_compact || take_character(text, &at, '-', '-'))
        *month = take_digits(text, &at, 2);
    if (is_compact || (text.length == 10 && take_character(text, &at, '-', '-')))
        *day = take_digits(text, &at, 2);
    const bool has_length = is_compact || text.length == 7 || text.length == 10;
    if (*month < 0 || *day < 0 || at != text.length || !has_length)
        *year = -1;
}

bool feed_date_parse(struct span text, bool is_lunar, struct feed_date *date)
{
    int32_t year = 0, month = 0, day = 0;

    split_date(text, &year, &month, &day);
    if (year < 1850 || year > 2200)
        return false;
    if (text.length > 4 && (month < 1 || month > 12))
        return false;
    if (text.length > 7) {
        const bool exists = is_lunar ? day >= 1 && day <= 30 : day_exists(year, month, day);
        if (!exists)
            return false;
    }
    *date = (struct feed_date){ (int16_t)year, (int8_t)month, (int8_t)day };
    return true;
}

bool feed_date_is_placeholder(struct span text)
{
    int32_t year = 0, month = 0, day = 0;

    split_date(text, &year, &month, &day);
    if (year < 0)
        return false;
    if (year <= 1111 || year >= 9999)
        return true;
    if (month == 0 || day == 0)
        return year == 1900;
    return (year == 1900 && month == 1 && day == 1) || (year == 1899 && month == 12 && day >= 30) ||
           (year == 1970 && month == 1 && day == 1);
}

struct policy_date feed_date_range(struct feed_date date)
{
    if (date.year == 0)
        return (struct policy_date){ POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN };
    if (date.month == 0)
        return (struct policy_date){ policy_day_of_date(date.year, 1, 1), policy_day_of_date(date.year, 12, 31) };

    const int32_t last = days_in_month(date.year, date.month);
    if (date.day == 0)
        return (struct policy_date){ policy_day_of_date(date.year, date.month, 1),
                                     policy_day_of_date(date.year, date.month, last) };
    const int32_t day = policy_day_of_date(date.year, date.month, date.day <= last ? date.day : last);
    return (struct policy_date){ day, day };
}
