/* The error model; see mention.h.
 * Shares no table and no normaliser with the matchers: it only spoils. */
#include "daemon/cli/synth/mention.h"

#include "daemon/cli/synth/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const error_words[] = {
#define MENTION_ERROR_WORD(code, word) word,
    MENTION_ERRORS(MENTION_ERROR_WORD)
#undef MENTION_ERROR_WORD
};

const char *mention_error_word(enum mention_error error)
{
    return error_words[error];
}

struct error_rates error_rates_of(double factor)
{
    struct error_rates rates = { .rate = {
                                     [ERROR_NUMBER_MISSING]   = 0.08,
                                     [ERROR_NUMBER_TYPO]      = 0.03,
                                     [ERROR_NUMBER_15]        = 0.01,
                                     [ERROR_NUMBER_OTHER]     = 0.003,
                                     [ERROR_NAME_HOMOPHONE]   = 0.02,
                                     [ERROR_NAME_LOOKALIKE]   = 0.015,
                                     [ERROR_NAME_LENGTH]      = 0.01,
                                     [ERROR_NAME_VARIANT]     = 0.02,
                                     [ERROR_BIRTH_PARTIAL]    = 0.02,
                                     [ERROR_BIRTH_SLIP]       = 0.02,
                                     [ERROR_BIRTH_LUNAR]      = 0.03,
                                     [ERROR_PHONE_MISSING]    = 0.30,
                                     [ERROR_PHONE_SHARED]     = 0.10,
                                     [ERROR_ADDRESS_STALE]    = 0.15,
                                     [ERROR_ADDRESS_SPELLING] = 0.60,
                                     [ERROR_ADDRESS_COARSE]   = 0.03,
                                 } };

    for (int i = 0; i < MENTION_ERROR_COUNT; i++) {
        rates.rate[i] *= factor;
        if (rates.rate[i] > 0.95)
            rates.rate[i] = 0.95;
    }
    return rates;
}

/* One draw decides which of several errors of a field happens, so that their rates hold side by side. */
static int draw_error(const struct error_rates *rates, int first, int last, struct random_stream *random)
{
    double at = random_unit(random);

    for (int error = first; error <= last; error++) {
        if (at < rates->rate[error])
            return error;
        at -= rates->rate[error];
    }
    return -1;
}

/* ---- name ---- */

/* Replaces the character at `at`, `length` bytes long. */
static void replace(char *name, size_t size, size_t at, size_t length, const char *with)
{
    char changed[64];

    snprintf(changed, sizeof changed, "%.*s%s%s", (int)at, name, with, name + at + length);
    snprintf(name, size, "%s", changed);
}

static bool confuse(char *name, size_t size, const struct confusion_table *table, struct random_stream *random)
{
    size_t starts[16];
    size_t count = 0;

    for (size_t at = 0; name[at] != '\0' && count < 16; at += character_length(name + at))
        starts[count++] = at;
    /* From a random place on, the first character the table knows; the surname is hit least. */
    const size_t from = random_chance(random, 0.85) && count > 1 ? 1 + random_below(random, (uint32_t)count - 1) : 0;
    for (size_t i = 0; i < count; i++) {
        const size_t at     = starts[(from + i) % count];
        const size_t length = character_length(name + at);
        char         other[TEXT_CHARACTER_BYTES];
        if (confusion_draw(table, name + at, length, random, other)) {
            replace(name, size, at, length, other);
            return true;
        }
    }
    return false;
}

static bool change_length(char *name, size_t size, size_t surname_bytes, const struct synth_tables *tables, int sex,
                          struct random_stream *random)
{
    const size_t given   = strlen(name + surname_bytes);
    const size_t first   = character_length(name + surname_bytes);
    const bool   is_long = given > first;
    const size_t kept    = random_chance(random, 0.5) ? surname_bytes : surname_bytes + first;
    const char  *added   = words_draw(&tables->second[sex], random);

    if (!is_long)
        replace(name, size, surname_bytes + given, 0, added);
    else
        replace(name, size, kept, character_length(name + kept), "");
    return true;
}

static void spoil_name(const struct mention_context *context, const struct person *person, struct random_stream *random,
                       struct mention *out)
{
    const int error   = draw_error(&context->rates, ERROR_NAME_HOMOPHONE, ERROR_NAME_VARIANT, random);
    bool      is_done = false;

    snprintf(out->name, sizeof out->name, "%s", person->name);
    if (error == ERROR_NAME_HOMOPHONE)
        is_done = confuse(out->name, sizeof out->name, &context->tables->homophones, random);
    else if (error == ERROR_NAME_LOOKALIKE)
        is_done = confuse(out->name, sizeof out->name, &context->tables->lookalikes, random);
    else if (error == ERROR_NAME_LENGTH)
        is_done =
            change_length(out->name, sizeof out->name, person->surname_bytes, context->tables, person->sex, random);
    else if (error == ERROR_NAME_VARIANT)
        is_done = confuse(out->name, sizeof out->name, &context->tables->variants, random);
    if (is_done)
        out->errors |= 1U << error;
}

/* ---- citizen number ---- */

static void mistype(char *number, struct random_stream *random)
{
    const uint32_t at = random_below(random, 16);

    if (random_chance(random, 0.35) && number[at] != number[at + 1]) {
        const char swapped = number[at];
        number[at]         = number[at + 1];
        number[at + 1]     = swapped;
        return;
    }
    for (int slips = random_chance(random, 0.3) ? 2 : 1; slips > 0; slips--) {
        const uint32_t place = random_below(random, 17);
        number[place]        = (char)('0' + (number[place] - '0' + 1 + (int)random_below(random, 9)) % 10);
    }
}

static const struct person *draw_other(const struct mention_context *context, const struct person *person,
                                       struct random_stream *random)
{
    const struct people *people = context->people;

    if (person->household >= 0 && random_chance(random, 0.5)) {
        const struct household *home = &people->households[person->household];
        return &people->persons[home->first_person + (int32_t)random_below(random, (uint32_t)home->person_count)];
    }
    return &people->persons[random_below(random, (uint32_t)people->person_count)];
}

/* The year inside the number, 0 when it has no 18 digits. */
static int32_t year_in(const char *number)
{
    char year[5] = "";

    if (strlen(number) != 18)
        return 0;
    memcpy(year, number + 6, 4);
    return (int32_t)strtol(year, NULL, 10);
}

static void spoil_number(const struct mention_context *context, const struct mention_wish *wish,
                         struct random_stream *random, struct mention *out)
{
    const struct person *person = wish->person;
    const int32_t        born   = calendar_date(person->birth_day).year;
    const int            error  = draw_error(&context->rates, ERROR_NUMBER_MISSING, ERROR_NUMBER_OTHER, random);

    snprintf(out->number, sizeof out->number, "%s", person->number);
    if (error == ERROR_NUMBER_MISSING)
        out->number[0] = '\0';
    else if (error == ERROR_NUMBER_TYPO)
        mistype(out->number, random);
    else if (error == ERROR_NUMBER_15 && born < 2000)
        snprintf(out->number, sizeof out->number, "%.6s%.9s", person->number, person->number + 8);
    else if (error == ERROR_NUMBER_OTHER)
        snprintf(out->number, sizeof out->number, "%s", draw_other(context, person, random)->number);
    /* A record of concern that looks like a juvenile's would be sealed: another test has those. */
    if (wish->must_stay_adult && year_in(out->number) > born + 2)
        snprintf(out->number, sizeof out->number, "%s", person->number);
    if (strcmp(out->number, person->number) != 0)
        out->errors |= 1U << error;
}

/* ---- birth date ---- */

static void write_date(char out[12], struct civil_date date, bool is_compact)
{
    snprintf(out, 12, is_compact ? "%04d%02d%02d" : "%04d-%02d-%02d", date.year % 10000, date.month % 100,
             date.day % 100);
}

static struct civil_date slipped(struct civil_date date, struct random_stream *random)
{
    const struct civil_date swapped = { date.year, date.day, date.month };

    switch (random_below(random, 4)) {
    case 0:
        date.year += random_chance(random, 0.5) ? 1 : -1;
        break;
    case 1:
        date.month = date.month == 12 ? 1 : date.month + 1;
        break;
    case 2:
        if (date.day <= 12 && date.day != date.month)
            return swapped;
        date.day = date.day > 10 ? date.day - 10 : date.day + 10;
        break;
    default:
        date.day = date.day > 1 ? date.day - 1 : 2;
    }
    /* A day that the calendar does not have would be refused. */
    return calendar_date(calendar_day(date)).day == date.day ? date : (struct civil_date){ date.year, date.month, 28 };
}

static void spoil_birth(const struct mention_context *context, const struct mention_wish *wish,
                        const struct mention_style *style, struct random_stream *random, struct mention *out)
{
    struct civil_date         date  = calendar_date(wish->person->birth_day);
    const struct lunar_month *month = tables_lunar_month(context->tables, wish->person->birth_day);
    const int                 error = draw_error(&context->rates, ERROR_BIRTH_PARTIAL, ERROR_BIRTH_LUNAR, random);

    if (error == ERROR_BIRTH_PARTIAL) {
        if (random_chance(random, 0.6))
            snprintf(out->birth, sizeof out->birth, "%04d-%02d", date.year % 10000, date.month % 100);
        else
            snprintf(out->birth, sizeof out->birth, "%04d", date.year % 10000);
        out->errors |= 1U << error;
        return;
    }
    if (error == ERROR_BIRTH_SLIP) {
        date = slipped(date, random);
        out->errors |= 1U << error;
    }
    if (error == ERROR_BIRTH_LUNAR && month != NULL && wish->person->birth_day - month->first_day < 29) {
        date = (struct civil_date){ month->year, month->month, wish->person->birth_day - month->first_day + 1 };
        out->is_marked_lunar = random_chance(random, 0.5);
        /* The solar calendar has no 30 February: clerks mark what would not pass. */
        if (calendar_date(calendar_day(date)).day != date.day)
            out->is_marked_lunar = true;
        out->errors |= 1U << error;
    }
    write_date(out->birth, date, style->is_birth_compact);
}

/* ---- phone, address ---- */

static void spoil_phone(const struct mention_context *context, const struct person *person,
                        struct random_stream *random, struct mention *out)
{
    const int   error = draw_error(&context->rates, ERROR_PHONE_MISSING, ERROR_PHONE_SHARED, random);
    const char *phone = person->phone;

    if (error == ERROR_PHONE_MISSING)
        phone = "";
    if (error == ERROR_PHONE_SHARED && person->household >= 0) {
        const struct household     *home      = &context->people->households[person->household];
        const struct land_dwelling *dwelling  = &context->land->dwellings[home->dwelling];
        const bool                  is_family = random_chance(random, 0.7);
        phone = is_family ? context->people->persons[home->first_person + home->person_count - 1].phone
                          : context->land->communities[dwelling->community].contact_phone;
    }
    snprintf(out->phone, sizeof out->phone, "%s", phone);
    if (error >= 0 && strcmp(phone, person->phone) != 0)
        out->errors |= 1U << error;
}

static void spoil_address(const struct mention_context *context, const struct mention_wish *wish,
                          struct random_stream *random, struct mention *out)
{
    const struct household *home      = &context->people->households[wish->person->household];
    const bool              is_stale  = random_chance(random, context->rates.rate[ERROR_ADDRESS_STALE]);
    const bool              is_coarse = random_chance(random, context->rates.rate[ERROR_ADDRESS_COARSE]);
    const bool              is_other  = random_chance(random, context->rates.rate[ERROR_ADDRESS_SPELLING]);

    out->dwelling  = is_stale || wish->as_of_day < home->moved_day ? home->previous : home->dwelling;
    out->as_of_day = is_stale ? home->moved_day - random_between(random, 10, 300) : wish->as_of_day;

    const struct land_dwelling *dwelling = &context->land->dwellings[out->dwelling];
    out->precision                       = is_coarse ? address_coarser(dwelling, random) : STATED_DWELLING;
    if (is_other)
        address_write_otherwise(context->land, dwelling, out->precision, random, out->address);
    else
        address_write(context->land, dwelling, out->precision, out->address);
    out->errors |= (is_stale ? 1U << ERROR_ADDRESS_STALE : 0) | (is_coarse ? 1U << ERROR_ADDRESS_COARSE : 0) |
                   (is_other ? 1U << ERROR_ADDRESS_SPELLING : 0);
}

void mention_make(const struct mention_context *context, const struct mention_wish *wish,
                  const struct mention_style *style, struct random_stream *random, struct mention *out)
{
    memset(out, 0, sizeof *out);
    out->dwelling = -1;
    spoil_name(context, wish->person, random, out);
    spoil_number(context, wish, random, out);
    spoil_birth(context, wish, style, random, out);
    spoil_phone(context, wish->person, random, out);
    if (wish->has_address && wish->person->household >= 0)
        spoil_address(context, wish, random, out);
}
