/* Reads birth dates as departments write them; see birth.h.
 * Deliberately guesses no century and no order of day and month: what is not certain is unknown. */
#include "matchers/identity/birth.h"

#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

enum {
    PARTS        = 3,
    DATE_DIGITS  = 8,
    TIME_DIGITS  = 6,
    MONTH_DIGITS = 6,
    YEAR_DIGITS  = 4,
    YEAR_MIN     = 1850,
    YEAR_MAX     = 2100
};

/* One number of the text: a run of digits, or a month or day in words. */
struct run {
    int    value;
    size_t digits; /* as typed; 0: the part is marked as unknown */
};

struct runs {
    struct run items[PARTS];
    size_t     count;
    bool       is_open;     /* the last one is still being read */
    bool       is_chinese;  /* it is in Chinese numerals */
    bool       has_ten;     /* and holds 十, so that it counts by tens */
    bool       is_overlong; /* a run had too many digits */
};

/* 0 to 9 for a digit of any kind, 10 for 十, 20 and 30 for 廿 and 卅, -1 otherwise. */
static int chinese_value(uint32_t character)
{
    static const struct {
        uint32_t character;
        int      value;
    } rows[] = {
        {0x3007,  0 },
        { 0x96F6, 0 },
        { 0x25CB, 0 },
        { 0x4E00, 1 },
        { 0x4E8C, 2 },
        { 0x4E09, 3 },
        { 0x56DB, 4 },
        { 0x4E94, 5 },
        { 0x516D, 6 },
        { 0x4E03, 7 },
        { 0x516B, 8 },
        { 0x4E5D, 9 },
        { 0x5341, 10},
        { 0x5EFF, 20},
        { 0x5345, 30},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].character == character)
            return rows[i].value;
    }
    return -1;
}

/* 正月, 冬月, 腊月: months with names of their own. 0 otherwise. */
static int month_value(uint32_t character)
{
    switch (character) {
    case 0x6B63:
        return 1;
    case 0x51AC:
        return 11;
    case 0x814A:
    case 0x81D8:
        return 12;
    default:
        return 0;
    }
}

static bool is_unknown_mark(uint32_t character)
{
    return character == 'x' || character == 'X' || character == '*' || character == '?' || character == 0xD7 ||
           character == 0x25A1 || character == 0x67D0 || character == '_';
}

/* The run to add to: the open one of the same kind, or a new one. NULL when there are three already. */
static struct run *run_for(struct runs *runs, bool is_chinese)
{
    if (runs->is_open && runs->is_chinese == is_chinese)
        return &runs->items[runs->count - 1];
    if (runs->count == PARTS)
        return NULL;
    runs->is_open            = true;
    runs->is_chinese         = is_chinese;
    runs->has_ten            = false;
    runs->items[runs->count] = (struct run){ 0 };
    return &runs->items[runs->count++];
}

static void add_digit(struct runs *runs, int digit)
{
    struct run *run = run_for(runs, false);

    if (run == NULL)
        return;
    if (run->digits == DATE_DIGITS + TIME_DIGITS) {
        runs->is_overlong = true;
        return;
    }
    /* The time behind a packed date is read and left out. */
    if (run->digits++ < DATE_DIGITS)
        run->value = run->value * 10 + digit;
}

/* 一九八五 digit by digit; 十五, 二十一, 廿三 by tens. */
static void add_chinese(struct runs *runs, int value)
{
    struct run *run = run_for(runs, true);

    if (run == NULL)
        return;
    if (run->digits == DATE_DIGITS) {
        runs->is_overlong = true;
        return;
    }
    run->digits++;
    if (value == 10)
        run->value = run->value == 0 ? 10 : run->value * 10;
    else if (value > 10 || runs->has_ten)
        run->value += value;
    else
        run->value = run->value * 10 + value;
    runs->has_ten = runs->has_ten || value >= 10;
}

static void add_unknown(struct runs *runs)
{
    if (runs->is_open && runs->items[runs->count - 1].digits == 0)
        return;
    runs->is_open = false;
    run_for(runs, false);
}

static struct runs read_runs(struct span text)
{
    struct runs runs = { 0 };
    uint32_t    character;

    while (utf8_next(&text, &character)) {
        const uint32_t folded  = fold_width(character);
        const int      chinese = chinese_value(folded);

        if (folded >= '0' && folded <= '9')
            add_digit(&runs, (int)(folded - '0'));
        else if (chinese >= 0)
            add_chinese(&runs, chinese);
        else if (month_value(folded) > 0 && runs.count == 1) {
            runs.items[runs.count++] = (struct run){ month_value(folded), 2 };
            runs.is_open             = false;
        } else if (is_unknown_mark(folded))
            add_unknown(&runs);
        else
            runs.is_open = false;
    }
    return runs;
}

/* Dates that programs write where none is known. */
static bool is_default_date(const struct birth_date *date)
{
    static const struct birth_date defaults[] = {
        {1900,  1,  1 },
        { 1970, 1,  1 },
        { 1900, 1,  0 },
        { 1900, 0,  0 },
        { 1899, 12, 30},
        { 1899, 12, 31},
        { 2099, 12, 31},
    };

    if (date->year < YEAR_MIN || date->year > YEAR_MAX)
        return true;
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        if (date->year == defaults[i].year && date->month == defaults[i].month && date->day == defaults[i].day)
            return true;
    }
    return false;
}

/* 5/3/1985: day and month are known only when one of them is no month, or both are one. */
static struct birth_date year_last(int first, int second, int year)
{
    if (first > 12 || first == second)
        return (struct birth_date){ year, second, first };
    return second > 12 ? (struct birth_date){ year, first, second } : (struct birth_date){ year, 0, 0 };
}

/* False when the runs are no date. */
static bool arrange(const struct runs *runs, struct birth_date *date)
{
    const struct run *items = runs->items;

    if (runs->count == 0 || runs->is_overlong)
        return false;
    if (items[0].digits == DATE_DIGITS || items[0].digits == DATE_DIGITS + TIME_DIGITS)
        *date = (struct birth_date){ items[0].value / 10000, items[0].value / 100 % 100, items[0].value % 100 };
    else if (runs->count == 1 && items[0].digits == MONTH_DIGITS)
        *date = (struct birth_date){ items[0].value / 100, items[0].value % 100, 0 };
    else if (items[0].digits == YEAR_DIGITS)
        *date = (struct birth_date){ items[0].value, items[1].value, items[2].value };
    else if (runs->count == PARTS && items[PARTS - 1].digits == YEAR_DIGITS && items[0].digits > 0)
        *date = year_last(items[0].value, items[1].value, items[PARTS - 1].value);
    else
        return false;
    return true;
}

bool birth_date_read(struct span text, struct birth_date *date)
{
    const struct runs runs = read_runs(text);
    struct birth_date read = { 0 };

    if (!arrange(&runs, &read) || read.month > 12 || read.day > 31)
        return false;
    if (read.month == 0)
        read.day = 0;
    if (is_default_date(&read))
        return false;
    *date = read;
    return true;
}
