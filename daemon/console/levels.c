/* Comparison levels in words; see levels.h.
 * Counts no phone as generic: a reviewer sees who shares what. */
#include "daemon/console/levels.h"

#include "daemon/common/waterfall.h"

static const char *number_kind_word(uint8_t kind)
{
    switch ((enum mention_number)kind) {
    case MENTION_NUMBER_NONE:
        break;
    case MENTION_NUMBER_VALID:
        return "valid";
    case MENTION_NUMBER_BROKEN:
        return "broken";
    case MENTION_NUMBER_OTHER:
        return "other";
    }
    return "none";
}

static const char *number_word(enum number_level level)
{
    switch (level) {
    case NUMBER_NULL:
        break;
    case NUMBER_EQUAL:
        return "equal";
    case NUMBER_BROKEN_EQUAL:
        return "equal_broken";
    case NUMBER_OTHER_EQUAL:
        return "equal_other";
    case NUMBER_EDIT:
        return "one_edit";
    case NUMBER_TWO_EDITS:
        return "two_edits";
    case NUMBER_FAR:
        return "unlike";
    case NUMBER_DIFFERENT:
        return "different";
    }
    return "null";
}

static const char *birth_word(enum birth_level level)
{
    switch (level) {
    case BIRTH_NULL:
        break;
    case BIRTH_EQUAL:
        return "equal";
    case BIRTH_OTHER_CALENDAR:
        return "other_calendar";
    case BIRTH_SWAPPED:
        return "swapped";
    case BIRTH_SLIPPED:
        return "slipped";
    case BIRTH_SAME_MONTH:
        return "same_month";
    case BIRTH_SAME_YEAR:
        return "same_year";
    case BIRTH_NEW_YEAR:
        return "new_year";
    case BIRTH_DIFFERENT:
        return "different";
    }
    return "null";
}

static bool may_compare(const struct levels *levels, size_t at, size_t other)
{
    const struct levels_mention *a = &levels->mentions[at], *b = &levels->mentions[other];

    return at != other && a->is_readable && b->is_readable && (!levels->is_across || a->group != b->group);
}

/* Two records in full: every level, and where its bits come from. */
static json_t *describe_bits(const struct levels *levels, size_t at, size_t other)
{
    const struct mention_features *a = &levels->mentions[at].features, *b = &levels->mentions[other].features;
    const struct comparison        comparison = identity_compare_fully(levels->tables, levels->model, NULL, a, b);
    const struct waterfall         waterfall  = { .model = levels->model, .comparison = &comparison };

    return json_pack("{s:I, s:f, s:o}", "ref", (json_int_t)levels->mentions[other].mention_id, "bits", comparison.bits,
                     "waterfall", waterfall_list(&waterfall));
}

static void describe_closest(json_t *closest, const struct comparison *comparison)
{
    json_t *levels = json_pack("{s:s, s:s, s:s, s:b, s:b}", "number", number_word(comparison->number), "birth",
                               birth_word(comparison->birth), "name", name_level_word(comparison->name), "phone",
                               comparison->same_phone, "household", comparison->same_household);

    json_object_update(closest, levels);
    json_decref(levels);
}

void levels_describe(const struct levels *levels, size_t at, json_t *record)
{
    const struct levels_mention *mention = &levels->mentions[at];
    struct comparison            closest = { .bits = 0 }, worst = { .bits = 0 };
    size_t                       closest_at = SIZE_MAX, worst_at = SIZE_MAX;

    if (mention->is_readable)
        json_object_set_new(record, "number", json_string(number_kind_word(mention->features.number_kind)));
    for (size_t i = 0; i < levels->count; i++) {
        if (!may_compare(levels, at, i))
            continue;
        const struct comparison found =
            identity_compare(levels->tables, levels->model, NULL, &mention->features, &levels->mentions[i].features);
        if (closest_at == SIZE_MAX || found.bits > closest.bits) {
            closest    = found;
            closest_at = i;
        }
        if (found.veto != VETO_NONE && (worst_at == SIZE_MAX || found.bits < worst.bits)) {
            worst    = found;
            worst_at = i;
        }
    }
    if (closest_at != SIZE_MAX) {
        json_object_set_new(record, "closest", describe_bits(levels, at, closest_at));
        describe_closest(json_object_get(record, "closest"), &closest);
    }
    if (worst_at != SIZE_MAX) {
        json_object_set_new(record, "conflict", describe_bits(levels, at, worst_at));
        json_object_set_new(json_object_get(record, "conflict"), "veto", json_string(identity_veto_word(worst.veto)));
    }
}
