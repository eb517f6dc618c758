/* Spells addresses; see address.h.
 * Deliberately knows no gazetteer: it writes what it is told stands there. */
#include "daemon/cli/synth/address.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct spelling {
    char                 *out;
    size_t                used;
    struct random_stream *random;  /* NULL: the standard form */
    bool                  is_wide; /* full-width digits */
};

__attribute__((format(printf, 2, 3))) static void put(struct spelling *spelling, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int written = vsnprintf(spelling->out + spelling->used, ADDRESS_BYTES - spelling->used, format, arguments);
    va_end(arguments);
    if (written > 0 && spelling->used + (size_t)written < ADDRESS_BYTES)
        spelling->used += (size_t)written;
}

static bool chance(const struct spelling *spelling, double probability)
{
    return spelling->random != NULL && random_chance(spelling->random, probability);
}

static uint32_t choose(const struct spelling *spelling, uint32_t count)
{
    return spelling->random == NULL ? 0 : random_below(spelling->random, count);
}

static void put_number(struct spelling *spelling, int32_t number)
{
    char digits[12];

    snprintf(digits, sizeof digits, "%d", number);
    for (const char *at = digits; *at != '\0'; at++) {
        if (spelling->is_wide)
            put(spelling, "\xef\xbc%c", 0x90 + (*at - '0'));
        else
            put(spelling, "%c", *at);
    }
}

/* 1 to 99 in Chinese numerals. */
static void put_han_number(struct spelling *spelling, int32_t number)
{
    static const char *const digits[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九" };

    if (number >= 20)
        put(spelling, "%s", digits[number / 10 % 10]);
    if (number >= 10)
        put(spelling, "十");
    put(spelling, "%s", digits[number % 10]);
}

static void put_county(struct spelling *spelling)
{
    static const char *const forms[] = { "重庆市大足区", "重庆市大足区",       "重庆市大足区",
                                         "大足区",       "重庆大足区",         "重庆大足",
                                         "重庆市大足县", "重庆市市辖区大足区", "",
                                         "大足",         "四川省大足县",       "重庆市重庆市大足区" };

    put(spelling, "%s", forms[choose(spelling, 12)]);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), tail = strlen(ending);

    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static void put_town(struct spelling *spelling, const char *town)
{
    const bool is_street = ends_with(town, "街道");

    if (chance(spelling, 0.10))
        put(spelling, "%.*s", (int)(strlen(town) - strlen(is_street ? "街道" : "镇")), town);
    else if (is_street && chance(spelling, 0.12))
        put(spelling, "%s办事处", town);
    else
        put(spelling, "%s", town);
}

static void put_community(struct spelling *spelling, const struct land_community *community)
{
    const bool has_word = ends_with(community->base, "社区");

    if (chance(spelling, 0.10))
        put(spelling, "%s", community->row->name);
    else if (chance(spelling, 0.10))
        put(spelling, "%s%s", community->base, community->is_village ? "委会" : "居委会");
    else if (has_word && chance(spelling, 0.08))
        put(spelling, "%.*s", (int)(strlen(community->base) - strlen("社区")), community->base);
    else
        put(spelling, "%s", community->base);
}

static void put_group(struct spelling *spelling, int32_t group)
{
    switch (choose(spelling, 7)) {
    case 1:
        put_number(spelling, group);
        put(spelling, "社");
        return;
    case 2:
        put_han_number(spelling, group);
        put(spelling, "组");
        return;
    case 3:
        put(spelling, "第");
        put_number(spelling, group);
        put(spelling, "居民小组");
        return;
    case 4:
        put_number(spelling, group);
        put(spelling, "队");
        return;
    case 5:
        put(spelling, "第");
        put_han_number(spelling, group);
        put(spelling, "村民小组");
        return;
    default:
        put_number(spelling, group);
        put(spelling, "组");
    }
}

static void put_house(struct spelling *spelling, const struct land_dwelling *dwelling, enum stated_precision precision)
{
    if (precision >= STATED_GROUP)
        put_group(spelling, dwelling->group);
    if (precision < STATED_NUMBER)
        return;
    if (chance(spelling, 0.06))
        put(spelling, " ");
    put_number(spelling, dwelling->number);
    put(spelling, chance(spelling, 0.05) ? "" : "号");
}

static void put_flat(struct spelling *spelling, const struct land_dwelling *dwelling, enum stated_precision precision)
{
    static const char *const buildings[] = { "幢", "栋", "号楼", "幢" };
    const bool               is_dashed   = precision == STATED_DWELLING && chance(spelling, 0.25);

    put_number(spelling, dwelling->building);
    if (is_dashed) {
        put(spelling, "-%d-%d-%d", dwelling->unit, dwelling->floor, dwelling->room);
        return;
    }
    put(spelling, "%s", buildings[choose(spelling, 4)]);
    if (precision < STATED_DWELLING)
        return;
    put_number(spelling, dwelling->unit);
    put(spelling, "单元");
    switch (choose(spelling, 4)) {
    case 1:
        put(spelling, "%d楼%d号", dwelling->floor, dwelling->room);
        return;
    case 2:
        put(spelling, "%d%02d室", dwelling->floor, dwelling->room);
        return;
    default:
        put(spelling, "%d-%d", dwelling->floor, dwelling->room);
    }
}

static void put_estate(struct spelling *spelling, const struct land_estate *estate,
                       const struct land_dwelling *dwelling, enum stated_precision precision)
{
    const bool has_road = !chance(spelling, 0.25);

    if (precision < STATED_NUMBER)
        return;
    if (has_road) {
        put(spelling, "%s", estate->road);
        put_number(spelling, estate->road_number);
        put(spelling, "号");
    }
    if (!has_road || !chance(spelling, 0.10))
        put(spelling, "%s", estate->name);
    if (precision >= STATED_BUILDING)
        put_flat(spelling, dwelling, precision);
}

static void write_all(struct spelling *spelling, const struct land *land, const struct land_dwelling *dwelling,
                      enum stated_precision precision)
{
    const struct land_community *community = &land->communities[dwelling->community];

    spelling->out[0] = '\0';
    put_county(spelling);
    put_town(spelling, community->row->town);
    /* A flat is known by its road and estate, so the community may be missing. */
    if (dwelling->estate < 0 || precision < STATED_NUMBER || !chance(spelling, 0.15))
        put_community(spelling, community);
    if (dwelling->estate >= 0)
        put_estate(spelling, &community->estates[dwelling->estate], dwelling, precision);
    else
        put_house(spelling, dwelling, precision);
}

void address_write(const struct land *land, const struct land_dwelling *dwelling, enum stated_precision precision,
                   char out[ADDRESS_BYTES])
{
    struct spelling spelling = { out, 0, NULL, false };

    write_all(&spelling, land, dwelling, precision);
}

void address_write_otherwise(const struct land *land, const struct land_dwelling *dwelling,
                             enum stated_precision precision, struct random_stream *random, char out[ADDRESS_BYTES])
{
    struct spelling spelling = { out, 0, random, random_chance(random, 0.08) };

    write_all(&spelling, land, dwelling, precision);
}

enum stated_precision address_coarser(const struct land_dwelling *dwelling, struct random_stream *random)
{
    if (dwelling->estate < 0)
        return random_chance(random, 0.75) ? STATED_GROUP : STATED_COMMUNITY;
    return random_chance(random, 0.75) ? STATED_BUILDING : STATED_NUMBER;
}
