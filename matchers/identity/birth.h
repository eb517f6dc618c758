/* Birth dates: reading what departments write, solar and lunar days, and how two dates resemble each other.
 * Deliberately without a clock: what lies in the future is the caller's question. */
#ifndef HULEI_MATCHERS_IDENTITY_BIRTH_H
#define HULEI_MATCHERS_IDENTITY_BIRTH_H

#include "matchers/identity/mention.h"

/* As written; 0: that part is unknown. A lunar date may be 30 February. */
struct birth_date {
    int year, month, day;
};

/*
 * Year, month, day in digits or Chinese numerals with anything between them, packed, or with a time behind; 正月, 冬月
 * and 腊月; the year alone or with the month; 00, XX and the like for an unknown part; the year last where the order is
 * certain. False for what is no date; default dates (1900-01-01, 1970-01-01, 9999-...) count as none.
 */
bool birth_date_read(struct span text, struct birth_date *date);

/* Days since 1970-01-01 in the Gregorian calendar. */
int32_t birth_day_number(int year, int month, int day);
/* False for 31 April and the like. */
bool birth_day_exists(int year, int month, int day);

/* Day number of a lunar date, of the leap month with `in_leap_month`; MENTION_NO_DAY when there is none. */
int32_t birth_day_of_lunar(const struct language_tables *tables, const struct birth_date *date, bool in_leap_month);

enum birth_level {
    BIRTH_NULL = 0, /* unknown on a side */
    BIRTH_EQUAL,
    BIRTH_OTHER_CALENDAR,
    BIRTH_NEW_YEAR, /* equal, on 1 January, which also stands for an unknown day */
    BIRTH_SWAPPED,  /* day and month */
    BIRTH_SLIPPED,  /* year, month or day off */
    BIRTH_SAME_MONTH,
    BIRTH_SAME_YEAR,
    BIRTH_DIFFERENT,
};

/* Symmetric. A valid number's date stands beside the stated one. */
enum birth_level birth_compare(const struct mention_features *a, const struct mention_features *b);

/* Whether the date a source states fits the day in its citizen number; BIRTH_NULL without both. */
enum birth_level birth_compare_number(const struct mention_features *features, int32_t number_day);

#endif
