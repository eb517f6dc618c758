/* The fields of what holds the feeds together: totals, working days, grids and posts.
 * Reads nothing; feed_field.c walks the tables. */
#include "daemon/common/feed/feed_tables_shared.h"

/* clang-format off */
static const struct field_word day_kind_words[] = {
    { "term",     FEED_DAY_TERM     },
    { "vacation", FEED_DAY_VACATION },
    { "holiday",  FEED_DAY_HOLIDAY  },
    { "workday",  FEED_DAY_WORKDAY  }, /* a Saturday or Sunday that is worked */
    { NULL,       0                 },
};

static const struct field_word duty_words[] = {
    { "officer",  FEED_DUTY_OFFICER  },
    { "lead",     FEED_DUTY_LEAD     },
    { "reviewer", FEED_DUTY_REVIEWER },
    { NULL,       0                  },
};

/* ---- control totals ---- */

#define AT(member) .offset = offsetof(struct feed_total, member)
static const struct field total_fields[] = {
    { "type",  FIELD_WORD,  true,  AT(type), .words = feed_type_words                                               },
    { "count", FIELD_WHOLE, true,  AT(count), .minimum = 0, .maximum = 100000000, .rule = "0 to 100000000"          },
    { "hash",  FIELD_HASH,  false, AT(hash)                                                                         },
};
#undef AT

static const struct field_table total_table = { FIELDS(total_fields), sizeof(struct feed_total), NULL, NO_PRESENCE,
                                                NULL };

#define AT(member) .offset = offsetof(struct feed_record, member)
static const struct field control_fields[] = {
    { "totals",          FIELD_LIST,  true, AT(control.totals), .table = &total_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, control.total_count)                                             },
    { "silence_minutes", FIELD_WHOLE, true, AT(control.silence_minutes), .minimum = 5, .maximum = 527040,
      .rule = "5 to 527040"                                                                                         },
};

/* ---- days ---- */

static const struct field days_fields[] = {
    { "kind", FIELD_WORD, true,  .offset = offsetof(struct feed_days, kind), .words = day_kind_words                },
    { "from", FIELD_DATE, true,  .offset = offsetof(struct feed_days, from)                                         },
    { "to",   FIELD_DATE, false, .offset = offsetof(struct feed_days, to)                                           },
    { "name", FIELD_TEXT, false, .offset = offsetof(struct feed_days, name), .limit = 50,
      .rule = "at most 50 characters"                                                                               },
};
/* clang-format on */

static bool is_whole_date(struct feed_date date)
{
    return date.year == 0 || date.day != 0;
}

static bool check_days(struct field_reading *reading, const void *target)
{
    const struct feed_days *days = target;

    if (!is_whole_date(days->from))
        return field_fault(reading, "bad_date", "from", "a whole day");
    if (!is_whole_date(days->to))
        return field_fault(reading, "bad_date", "to", "a whole day");
    return feed_check_order(reading, days->from, days->to, "to");
}

static const struct field_table days_table = { FIELDS(days_fields), sizeof(struct feed_days), NULL, NO_PRESENCE,
                                               check_days };

/* clang-format off */
static const struct field calendar_fields[] = {
    { "days", FIELD_LIST, true, AT(calendar.days), .table = &days_table, .maximum = 200, .rule = "at most 200 items",
      .count_offset = offsetof(struct feed_record, calendar.count)                                                  },
};

/* ---- posts ---- */

static const struct field grid_fields[] = {
    { "grid",      FIELD_REFERENCE, true,  AT(grid_map.grid), .limit = 64, .rule = "at most 64 bytes"               },
    { "area_code", FIELD_AREA_CODE, true,  AT(grid_map.area_code), .limit = 12                                      },
    { "post",      FIELD_REFERENCE, true,  AT(grid_map.post), .limit = 64, .rule = "at most 64 bytes"               },
    { "from",      FIELD_DATE,      true,  AT(grid_map.from)                                                        },
    { "to",        FIELD_DATE,      false, AT(grid_map.to)                                                          },
};

#define TURN(member) .offset = offsetof(struct feed_duty_turn, member)
static const struct field turn_fields[] = {
    { "account", FIELD_REFERENCE, true,  TURN(account), .limit = 64, .rule = "at most 64 bytes"                     },
    { "phone",   FIELD_TEXT,      false, TURN(phone), .limit = 32, .rule = "at most 32 characters"                  },
    { "duty",    FIELD_WORD,      true,  TURN(duty), .words = duty_words                                            },
    { "from",    FIELD_TIME,      true,  TURN(from_us)                                                              },
    { "to",      FIELD_TIME,      true,  TURN(to_us)                                                                },
};
#undef TURN
/* clang-format on */

static bool check_grid(struct field_reading *reading, const void *target)
{
    const struct feed_grid_map *map = &((const struct feed_record *)target)->grid_map;

    return feed_check_order(reading, map->from, map->to, "to");
}

static bool check_turn(struct field_reading *reading, const void *target)
{
    const struct feed_duty_turn *turn = target;

    return turn->to_us > turn->from_us || field_fault(reading, "dates_reversed", "to", "after the beginning");
}

static const struct field_table turn_table = { FIELDS(turn_fields), sizeof(struct feed_duty_turn), NULL, NO_PRESENCE,
                                               check_turn };

/* clang-format off */
static const struct field roster_fields[] = {
    { "post",      FIELD_REFERENCE, true,  AT(post_roster.post), .limit = 64, .rule = "at most 64 bytes"            },
    { "lead_post", FIELD_REFERENCE, false, AT(post_roster.lead_post), .limit = 64, .rule = "at most 64 bytes"       },
    { "turns",     FIELD_LIST,      true,  AT(post_roster.turns), .table = &turn_table, .maximum = 200, .rule = "at most 200 items",
      .count_offset = offsetof(struct feed_record, post_roster.turn_count)                                          },
};

static const struct field_table tables[FEED_TYPE_COUNT] = {
    [FEED_CONTROL]     = { FIELDS(control_fields),  sizeof(struct feed_record), NULL, NO_PRESENCE, NULL       },
    [FEED_CALENDAR]    = { FIELDS(calendar_fields), sizeof(struct feed_record), NULL, NO_PRESENCE, NULL       },
    [FEED_GRID_MAP]    = { FIELDS(grid_fields),     sizeof(struct feed_record), NULL, NO_PRESENCE, check_grid },
    [FEED_POST_ROSTER] = { FIELDS(roster_fields),   sizeof(struct feed_record), NULL, NO_PRESENCE, NULL       },
};
#undef AT
/* clang-format on */

const struct field_table *feed_table_of_frame(enum feed_type type)
{
    return tables[type].fields != NULL ? &tables[type] : NULL;
}
