/* Blocking keys of a mention; see keys.h.
 * Deliberately hashes only: the values themselves stay in the features. */
#include "matchers/identity/keys.h"

#include "matchers/identity/birth.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { TAIL_CHARACTERS = 8, NUMBER_LENGTH = 18 };

const char *blocking_key_word(enum key_kind kind)
{
    static const char *const words[] = {
        [KEY_NUMBER]         = "number",
        [KEY_NUMBER_TAIL]    = "number_tail",
        [KEY_DAY_FIRST]      = "day_surname",
        [KEY_DAY_LAST]       = "day_given",
        [KEY_PHONE]          = "phone",
        [KEY_HOUSEHOLD]      = "household",
        [KEY_DWELLING]       = "dwelling",
        [KEY_NAME_YEAR]      = "name_year",
        [KEY_NAME_COMMUNITY] = "name_community",
        [KEY_NAME_CONTEXT]   = "name_school",
    };

    return words[kind];
}

uint64_t blocking_key_hash(enum key_kind kind, uint64_t first, uint64_t second)
{
    const uint64_t values[2] = { first, second };

    return XXH3_64bits_withSeed(values, sizeof values, (XXH64_hash_t)kind);
}

uint64_t blocking_number_hash(const struct mention_features *features)
{
    return blocking_key_hash(KEY_NUMBER, XXH3_64bits(features->number, sizeof features->number), 0);
}

struct key_list {
    struct blocking_key *keys;
    size_t               count;
};

static void add(struct key_list *list, enum key_kind kind, uint64_t hash)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->keys[i].hash == hash)
            return;
    }
    if (list->count < KEYS_MAX)
        list->keys[list->count++] = (struct blocking_key){ hash, kind };
}

static void add_numbers(struct key_list *list, const struct mention_features *features)
{
    if (features->number_kind == MENTION_NUMBER_OTHER)
        add(list, KEY_NUMBER, blocking_key_hash(KEY_NUMBER, features->other_number, 1));
    if (features->number_kind != MENTION_NUMBER_VALID && features->number_kind != MENTION_NUMBER_BROKEN)
        return;
    add(list, KEY_NUMBER, blocking_number_hash(features));

    const size_t length = strlen(features->number);
    uint64_t     tail;
    _Static_assert(sizeof tail == TAIL_CHARACTERS, "the tail is copied as a number");
    if (length >= NUMBER_LENGTH - 1) {
        memcpy(&tail, features->number + length - TAIL_CHARACTERS, TAIL_CHARACTERS);
        add(list, KEY_NUMBER_TAIL, blocking_key_hash(KEY_NUMBER_TAIL, tail, 0));
    }
}

/* The birth day a broken number still seems to hold. */
static int32_t day_of_broken(const struct mention_features *features)
{
    int parts[8];

    if (features->number_kind != MENTION_NUMBER_BROKEN || strlen(features->number) != NUMBER_LENGTH)
        return MENTION_NO_DAY;
    for (int i = 0; i < 8; i++) {
        parts[i] = features->number[6 + i] - '0';
        if (parts[i] < 0 || parts[i] > 9)
            return MENTION_NO_DAY;
    }
    const int year  = parts[0] * 1000 + parts[1] * 100 + parts[2] * 10 + parts[3];
    const int month = parts[4] * 10 + parts[5];
    const int day   = parts[6] * 10 + parts[7];
    return birth_day_exists(year, month, day) ? birth_day_number(year, month, day) : MENTION_NO_DAY;
}

static void add_day(struct key_list *list, const struct mention_features *features, int32_t day, bool with_first)
{
    if (day == MENTION_NO_DAY)
        return;
    if (with_first)
        add(list, KEY_DAY_FIRST, blocking_key_hash(KEY_DAY_FIRST, (uint64_t)(uint32_t)day, features->reading_first));
    add(list, KEY_DAY_LAST, blocking_key_hash(KEY_DAY_LAST, (uint64_t)(uint32_t)day, features->reading_last));
}

static void add_days(struct key_list *list, const struct mention_features *features)
{
    const bool is_lunar = features->is_lunar != 0;

    add_day(list, features, features->number_day, true);
    add_day(list, features, features->birth_days[0], !is_lunar);
    add_day(list, features, features->birth_days[1], is_lunar);
    add_day(list, features, features->birth_days[2], is_lunar);
    add_day(list, features, day_of_broken(features), true);
}

static void add_names(struct key_list *list, const struct mention_features *features)
{
    int number_year = 0;

    if (features->number_day != MENTION_NO_DAY) {
        for (int i = 6; i < 10; i++)
            number_year = number_year * 10 + (features->number[i] - '0');
        add(list, KEY_NAME_YEAR, blocking_key_hash(KEY_NAME_YEAR, (uint64_t)number_year, features->reading_full));
    }
    if (features->birth_year != 0)
        add(list, KEY_NAME_YEAR,
            blocking_key_hash(KEY_NAME_YEAR, (uint64_t)features->birth_year, features->reading_full));
    if (features->community != 0)
        add(list, KEY_NAME_COMMUNITY,
            blocking_key_hash(KEY_NAME_COMMUNITY, features->community, features->reading_full));
    if (features->context != 0)
        add(list, KEY_NAME_CONTEXT, blocking_key_hash(KEY_NAME_CONTEXT, features->context, features->reading_full));
}

size_t blocking_keys(const struct mention_features *features, struct blocking_key keys[KEYS_MAX])
{
    struct key_list list = { keys, 0 };

    add_numbers(&list, features);
    for (size_t i = 0; i < features->phone_count; i++)
        add(&list, KEY_PHONE, blocking_key_hash(KEY_PHONE, features->phones[i], 0));
    if (features->household != 0)
        add(&list, KEY_HOUSEHOLD, blocking_key_hash(KEY_HOUSEHOLD, features->household, 0));
    if (features->dwelling != 0)
        add(&list, KEY_DWELLING, blocking_key_hash(KEY_DWELLING, features->dwelling, 0));
    if (features->reading_full != 0) {
        add_days(&list, features);
        add_names(&list, features);
    }
    return list.count;
}
