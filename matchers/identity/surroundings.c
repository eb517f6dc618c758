/* Phone, address and context of two mentions in levels; see surroundings.h.
 * Deliberately without bits: what a level weighs is the model's. */
#include "matchers/identity/surroundings.h"

static enum phone_level compare_phones(const struct comparison_holders *holders, const struct mention_features *a,
                                       const struct mention_features *b, struct comparison *comparison)
{
    if (a->phone_count == 0 || b->phone_count == 0)
        return PHONE_NULL;
    for (size_t i = 0; i < a->phone_count; i++) {
        for (size_t j = 0; j < b->phone_count; j++) {
            if (a->phones[i] != b->phones[j])
                continue;
            if (!holders->is_generic(holders->context, KEY_PHONE, a->phones[i]))
                return PHONE_EQUAL;
            comparison->has_generic_value = true;
        }
    }
    return comparison->has_generic_value ? PHONE_NULL : PHONE_DIFFERENT;
}

enum { VILLAGES_PER_TOWN = 1000, TOWNS_PER_COUNTY = 1000 };

/* Codes of 12 digits, zeros at the end where a source says less. */
static enum place_level compare_communities(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0)
        return PLACE_NULL;
    if (a % VILLAGES_PER_TOWN != 0 && b % VILLAGES_PER_TOWN != 0)
        return a == b ? PLACE_COMMUNITY : PLACE_DIFFERENT;
    const uint64_t town_a = a / VILLAGES_PER_TOWN, town_b = b / VILLAGES_PER_TOWN;

    return town_a % TOWNS_PER_COUNTY != 0 && town_b % TOWNS_PER_COUNTY != 0 && town_a != town_b ? PLACE_DIFFERENT
                                                                                                : PLACE_NULL;
}

static enum place_level compare_places(const struct comparison_holders *holders, const struct mention_features *a,
                                       const struct mention_features *b, struct comparison *comparison)
{
    const bool is_one_dwelling = a->dwelling != 0 && a->dwelling == b->dwelling;

    comparison->same_household = a->household != 0 && a->household == b->household;
    if (comparison->same_household) {
        if (!holders->is_generic(holders->context, KEY_HOUSEHOLD, a->household))
            return PLACE_HOUSEHOLD;
        comparison->has_generic_value = true;
    }
    if (is_one_dwelling) {
        if (!holders->is_generic(holders->context, KEY_DWELLING, a->dwelling))
            return PLACE_DWELLING;
        comparison->has_generic_value = true;
        return PLACE_NULL;
    }
    if (a->building != 0 && a->building == b->building)
        return PLACE_BUILDING;

    const enum place_level level = compare_communities(a->community, b->community);
    if (level != PLACE_NULL)
        return level;
    return a->household != 0 && b->household != 0 && !comparison->same_household ? PLACE_DIFFERENT : PLACE_NULL;
}

static bool share_guardian(const struct mention_features *a, const struct mention_features *b)
{
    for (size_t i = 0; i < MENTION_GUARDIANS && a->guardians[i] != 0; i++) {
        for (size_t j = 0; j < MENTION_GUARDIANS; j++) {
            if (a->guardians[i] == b->guardians[j])
                return true;
        }
    }
    return false;
}

static enum context_level compare_contexts(const struct mention_features *a, const struct mention_features *b)
{
    const bool have_guardians = a->guardians[0] != 0 && b->guardians[0] != 0;
    const bool have_schools   = a->context != 0 && b->context != 0;

    if (share_guardian(a, b))
        return CONTEXT_GUARDIAN;
    if (have_schools && a->context == b->context)
        return CONTEXT_SCHOOL;
    return have_guardians || have_schools ? CONTEXT_DIFFERENT : CONTEXT_NULL;
}

static bool is_never_generic(const void *context, enum key_kind kind, uint64_t value)
{
    (void)context;
    (void)kind;
    (void)value;
    return false;
}

void surroundings_compare(const struct comparison_holders *holders, const struct mention_features *a,
                          const struct mention_features *b, struct comparison *comparison)
{
    static const struct comparison_holders nobody = { is_never_generic, NULL };
    const struct comparison_holders       *asked  = holders != NULL ? holders : &nobody;

    comparison->levels[PART_PHONE]   = (uint8_t)compare_phones(asked, a, b, comparison);
    comparison->levels[PART_ADDRESS] = (uint8_t)compare_places(asked, a, b, comparison);
    comparison->levels[PART_CONTEXT] = (uint8_t)compare_contexts(a, b);
    comparison->same_phone           = comparison->levels[PART_PHONE] == PHONE_EQUAL;
}
