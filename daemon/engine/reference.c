/* Rows of the frame feeds; see reference.h.
 * A record's rows are replaced as a whole: two runs that cut batches differently end with the same rows. */
#include "daemon/engine/reference.h"

static bool is_reference(enum feed_type type)
{
    return type == FEED_CALENDAR || type == FEED_GRID_MAP || type == FEED_POST_ROSTER || type == FEED_CONTROL;
}

static void add_day(struct store_batch *rows, enum store_table table, int32_t day)
{
    if (day != POLICY_DAY_UNKNOWN)
        store_add_number(rows, table, day);
    else
        store_add_span(rows, table, (struct span){ NULL, 0 });
}

/* When the source said it; orders what several records say. */
static void add_version(struct store_batch *rows, enum store_table table, const struct batch_record *record)
{
    store_add_number(rows, table, record->version.time_us);
    store_add_number(rows, table, record->version.part);
    store_add_number(rows, table, record->version.off);
}

static const char *day_kind_word(enum feed_day_kind kind)
{
    static const char *const words[] = { "term", "vacation", "holiday", "workday" };

    return words[kind];
}

static void write_calendar(const struct batch_record *record, struct store_batch *rows)
{
    const struct feed_calendar_days *calendar = &record->winner->record.calendar;

    for (size_t i = 0; i < calendar->count; i++) {
        const struct feed_days *days = &calendar->days[i];
        const int32_t           from = feed_date_range(days->from).earliest_day;
        const int32_t           to   = feed_date_range(days->to).latest_day;
        store_add_number(rows, STORE_CALENDAR, record->record_id);
        store_add_number(rows, STORE_CALENDAR, (int64_t)i);
        store_add_text(rows, STORE_CALENDAR, day_kind_word(days->kind));
        add_day(rows, STORE_CALENDAR, from);
        add_day(rows, STORE_CALENDAR, to != POLICY_DAY_UNKNOWN ? to : from);
        store_add_span(rows, STORE_CALENDAR, days->name);
        add_version(rows, STORE_CALENDAR, record);
    }
}

static void write_grid(const struct batch_record *record, struct store_batch *rows)
{
    const struct feed_grid_map *map = &record->winner->record.grid_map;

    store_add_number(rows, STORE_GRID, record->record_id);
    store_add_span(rows, STORE_GRID, map->grid);
    store_add_span(rows, STORE_GRID, map->area_code);
    store_add_span(rows, STORE_GRID, map->post);
    add_day(rows, STORE_GRID, feed_date_range(map->from).earliest_day);
    add_day(rows, STORE_GRID, feed_date_range(map->to).latest_day);
}

static const char *duty_word(enum feed_duty duty)
{
    static const char *const words[] = { "officer", "lead", "reviewer" };

    return words[duty];
}

/* The absent span where no telephone was given; false when sealing failed. */
static bool seal_contact(const struct batch *batch, struct vault *vault, const struct batch_record *record, size_t line,
                         struct span phone, struct span *sealed)
{
    const int64_t row = record->record_id * REFERENCE_LINES_MAX + (int64_t)line;

    *sealed = (struct span){ NULL, 0 };
    if (phone.bytes == NULL)
        return true;
    unsigned char *bytes = arena_alloc(batch->arena, vault_sealed_size(phone.length), 1);
    if (bytes == NULL || vault_seal(vault, &record->key, "duty_turn", "contact", row, phone, bytes) != VAULT_OK)
        return false;
    *sealed = span_of((const char *)bytes, vault_sealed_size(phone.length));
    return true;
}

static bool write_roster(const struct batch *batch, struct vault *vault, const struct batch_record *record,
                         struct store_batch *rows)
{
    const struct feed_post_roster *roster = &record->winner->record.post_roster;

    store_add_number(rows, STORE_ROSTER, record->record_id);
    store_add_span(rows, STORE_ROSTER, roster->post);
    store_add_span(rows, STORE_ROSTER, roster->lead_post);
    add_version(rows, STORE_ROSTER, record);
    for (size_t i = 0; i < roster->turn_count && i < REFERENCE_LINES_MAX; i++) {
        const struct feed_duty_turn *turn = &roster->turns[i];
        struct span                  contact;
        if (!seal_contact(batch, vault, record, i, turn->phone, &contact))
            return false;
        store_add_number(rows, STORE_DUTY, record->record_id);
        store_add_number(rows, STORE_DUTY, (int64_t)i);
        store_add_span(rows, STORE_DUTY, turn->account);
        store_add_text(rows, STORE_DUTY, duty_word(turn->duty));
        store_add_number(rows, STORE_DUTY, turn->from_us);
        store_add_number(rows, STORE_DUTY, turn->to_us);
        store_add_span(rows, STORE_DUTY, contact);
    }
    return true;
}

static void write_promise(const struct batch_record *record, struct store_batch *rows)
{
    const struct feed_control *control = &record->winner->record.control;

    store_add_number(rows, STORE_PROMISE, record->record_id);
    store_add_number(rows, STORE_PROMISE, record->source_id);
    store_add_number(rows, STORE_PROMISE, control->silence_minutes);
    add_version(rows, STORE_PROMISE, record);
    for (size_t i = 0; i < control->total_count; i++) {
        const struct feed_total *total = &control->totals[i];
        store_add_number(rows, STORE_TOTALS, record->record_id);
        store_add_number(rows, STORE_TOTALS, total->type);
        store_add_number(rows, STORE_TOTALS, total->count);
        store_add_span(rows, STORE_TOTALS, total->hash);
    }
}

bool reference_write(const struct batch *batch, struct vault *vault, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct batch_record *record = &batch->records[i];

        if (!is_reference(record->type) || record->winner == NULL || record->is_sealed)
            continue; /* a sealed record's rows go with its own */
        store_add_number(rows, STORE_REFERENCE_GONE, record->record_id);
        if (record->is_withdrawn)
            continue;
        if (record->type == FEED_CALENDAR)
            write_calendar(record, rows);
        else if (record->type == FEED_GRID_MAP)
            write_grid(record, rows);
        else if (record->type == FEED_CONTROL)
            write_promise(record, rows);
        else if (!write_roster(batch, vault, record, rows))
            return false;
    }
    return true;
}
