/* Two mentions in bits; see compare.h.
 * Deliberately without thresholds: what a sum means is cluster.c's matter. */
#include "matchers/identity/compare.h"

#include "matchers/identity/citizen_id.h"

const char *identity_veto_word(enum identity_veto veto)
{
    static const char *const words[] = { "", "numbers", "sex", "names", "birth", "twins", "foreign_number" };

    return words[veto];
}

static struct span number_of(const struct mention_features *features)
{
    return span_of(features->number, strnlen(features->number, MENTION_DIGITS));
}

static enum number_level compare_numbers(const struct mention_features *a, const struct mention_features *b)
{
    if (a->number_kind == MENTION_NUMBER_NONE || b->number_kind == MENTION_NUMBER_NONE)
        return NUMBER_NULL;
    if (a->number_kind == MENTION_NUMBER_OTHER || b->number_kind == MENTION_NUMBER_OTHER)
        return a->other_number != 0 && a->other_number == b->other_number ? NUMBER_OTHER_EQUAL : NUMBER_NULL;

    const bool is_equal  = memcmp(a->number, b->number, MENTION_DIGITS) == 0;
    const bool are_valid = a->number_kind == MENTION_NUMBER_VALID && b->number_kind == MENTION_NUMBER_VALID;

    if (are_valid)
        return is_equal ? NUMBER_EQUAL : NUMBER_DIFFERENT;
    if (is_equal)
        return NUMBER_BROKEN_EQUAL;
    switch (citizen_id_distance(number_of(a), number_of(b), 2)) {
    case 1:
        return NUMBER_EDIT;
    case 2:
        return NUMBER_TWO_EDITS;
    default:
        return NUMBER_FAR;
    }
}

/* The birth date or the sex that a record states speaks against the valid number it shares. */
static bool contradicts(const struct mention_features *features)
{
    if (features->number_kind != MENTION_NUMBER_VALID)
        return false;
    if (features->stated_sex != PERSON_SEX_UNKNOWN && features->stated_sex != features->sex)
        return true;
    return birth_compare_number(features, features->number_day) == BIRTH_DIFFERENT;
}

static double birth_bits(const struct identity_model *model, enum birth_level level)
{
    switch (level) {
    case BIRTH_NULL:
        return 0;
    case BIRTH_EQUAL:
        return model->birth_equal;
    case BIRTH_OTHER_CALENDAR:
        return model->birth_lunar;
    case BIRTH_SWAPPED:
        return model->birth_swap;
    case BIRTH_SLIPPED:
        return model->birth_slip;
    case BIRTH_SAME_MONTH:
        return model->birth_month;
    case BIRTH_SAME_YEAR:
        return model->birth_year;
    case BIRTH_DIFFERENT:
        return model->birth_differ;
    }
    return 0;
}

static bool sexes_differ(const struct mention_features *a, const struct mention_features *b)
{
    return a->sex != PERSON_SEX_UNKNOWN && b->sex != PERSON_SEX_UNKNOWN && a->sex != b->sex;
}

static double fallback_bits(const struct identity_model *model, const struct comparison *comparison,
                            const struct mention_features *a, const struct mention_features *b)
{
    double bits = birth_bits(model, comparison->birth);

    if (a->sex != PERSON_SEX_UNKNOWN && b->sex != PERSON_SEX_UNKNOWN)
        bits += a->sex == b->sex ? model->sex_equal : model->sex_differ;
    return bits;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Number, birth date and sex state one fact three times: the best level counts, once. */
static double number_bits(const struct identity_model *model, const struct comparison *comparison,
                          const struct mention_features *a, const struct mention_features *b)
{
    const double fallback = fallback_bits(model, comparison, a, b);

    switch (comparison->number) {
    case NUMBER_EQUAL:
        return model->number_equal + (comparison->is_contradicted ? model->number_contradicted : 0);
    case NUMBER_BROKEN_EQUAL:
        return larger(model->number_invalid_equal, fallback);
    case NUMBER_OTHER_EQUAL:
        return larger(model->other_id_equal, fallback);
    case NUMBER_EDIT:
        return larger(model->number_edit, fallback) +
               (comparison->birth == BIRTH_DIFFERENT ? model->number_contradicted : 0);
    case NUMBER_TWO_EDITS:
        return larger(model->number_two_edits, fallback) +
               (comparison->birth == BIRTH_DIFFERENT ? model->number_contradicted : 0);
    case NUMBER_FAR:
        return fallback + model->number_far;
    case NUMBER_DIFFERENT:
        return model->number_differ;
    case NUMBER_NULL:
        break;
    }
    return fallback;
}

static size_t unpack_names(const struct mention_features *features, struct name names[MENTION_NAMES])
{
    size_t at = 0;

    for (size_t i = 0; i < features->name_count; i++) {
        names[i].length         = features->name_length[i];
        names[i].surname_length = features->surname_length[i];
        names[i].is_latin       = (features->name_is_latin >> i & 1) != 0;
        memcpy(names[i].characters, features->characters + at, names[i].length * sizeof names[i].characters[0]);
        at += names[i].length;
    }
    return features->name_count;
}

double identity_name_bits(const struct identity_model *model, enum name_level level, double rarity)
{
    if (rarity < model->name_rarity_floor)
        rarity = model->name_rarity_floor;
    if (rarity > model->name_rarity_ceiling)
        rarity = model->name_rarity_ceiling;
    switch (level) {
    case NAME_NULL:
        return 0;
    case NAME_EXACT:
        return rarity;
    case NAME_VARIANT:
        return rarity - model->name_variant;
    case NAME_HOMOPHONE:
        return rarity - model->name_homophone;
    case NAME_SHAPE:
        return rarity - model->name_shape;
    case NAME_CHARACTER:
        return rarity - model->name_character;
    case NAME_WEAK:
        return model->name_weak;
    case NAME_TRACE:
        return model->name_trace;
    case NAME_DIFFERENT:
        return model->name_differ;
    }
    return 0;
}

/* Every name of a against every name of b; the best counts, with the commoner one's rarity. */
static void compare_names(const struct language_tables *tables, const struct identity_model *model,
                          const struct mention_features *a, const struct mention_features *b,
                          struct comparison *comparison)
{
    struct name  names_a[MENTION_NAMES], names_b[MENTION_NAMES];
    const size_t count_a = unpack_names(a, names_a);
    const size_t count_b = unpack_names(b, names_b);
    bool         is_any  = false;

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b; j++) {
            const enum name_level level = name_compare(tables, &names_a[i], &names_b[j]);
            const uint8_t rarity        = a->name_rarity[i] < b->name_rarity[j] ? a->name_rarity[i] : b->name_rarity[j];
            const double  bits          = identity_name_bits(model, level, rarity / 8.0);

            if (is_any && bits <= comparison->name_bits)
                continue;
            is_any                = true;
            comparison->name      = level;
            comparison->name_bits = bits;
        }
    }
}

static bool names_share_surname(const struct mention_features *a, const struct mention_features *b)
{
    const uint8_t length = a->surname_length[0];

    return length > 0 && length == b->surname_length[0] &&
           memcmp(a->characters, b->characters, length * sizeof a->characters[0]) == 0;
}

static bool is_shared_phone(const struct comparison_holders *holders, const struct mention_features *a,
                            const struct mention_features *b)
{
    for (size_t i = 0; i < a->phone_count; i++) {
        for (size_t j = 0; j < b->phone_count; j++) {
            if (a->phones[i] == b->phones[j] &&
                (holders == NULL || !holders->is_generic_phone(holders->context, a->phones[i])))
                return true;
        }
    }
    return false;
}

static void compare_surroundings(const struct identity_model *model, const struct comparison_holders *holders,
                                 const struct mention_features *a, const struct mention_features *b,
                                 struct comparison *comparison)
{
    comparison->same_phone = is_shared_phone(holders, a, b);
    if (comparison->same_phone)
        comparison->phone_bits = model->phone_equal;
    if (a->household != 0 && b->household != 0) {
        comparison->same_household = a->household == b->household;
        comparison->household_bits = comparison->same_household ? model->household_equal : model->household_differ;
        if (comparison->same_household && holders != NULL &&
            holders->is_generic_household(holders->context, a->household))
            comparison->household_bits = 0;
    }
    if (a->community != 0 && b->community != 0)
        comparison->community_bits = a->community == b->community ? model->community_equal : model->community_differ;
    if (a->context != 0 && a->context == b->context)
        comparison->context_bits = model->context_equal;
}

/* The rules in order; the first that applies decides. */
static enum identity_veto veto_of(const struct comparison *comparison, const struct mention_features *a,
                                  const struct mention_features *b)
{
    const bool is_number_shared = comparison->number == NUMBER_EQUAL;
    const bool is_name_poor     = comparison->name >= NAME_WEAK;

    /* 1. A citizen has one number. */
    if (comparison->number == NUMBER_DIFFERENT)
        return VETO_NUMBERS;
    /* 2. A parent's number on a child's record, and the like. */
    if (is_number_shared && comparison->is_contradicted && is_name_poor)
        return VETO_FOREIGN_NUMBER;
    /* 3. No number makes one person of two unrelated names: former names are in the sets. */
    if (comparison->name == NAME_DIFFERENT || (comparison->name == NAME_TRACE && !is_number_shared))
        return VETO_NAMES;
    if (is_number_shared)
        return VETO_NONE;
    /* 4. Without an equal number. */
    if (sexes_differ(a, b))
        return VETO_SEX;
    if (comparison->birth == BIRTH_DIFFERENT && comparison->number != NUMBER_EDIT &&
        comparison->number != NUMBER_BROKEN_EQUAL)
        return VETO_BIRTH;
    /* 5. Twins share all but the given name; their numbers are more than one edit apart. */
    if (is_name_poor && comparison->number != NUMBER_EDIT &&
        (comparison->birth == BIRTH_EQUAL || comparison->birth == BIRTH_OTHER_CALENDAR) &&
        (names_share_surname(a, b) || comparison->same_household ||
         (a->community != 0 && a->community == b->community)))
        return VETO_TWINS;
    return VETO_NONE;
}

struct comparison identity_compare(const struct language_tables *tables, const struct identity_model *model,
                                   const struct comparison_holders *holders, const struct mention_features *a,
                                   const struct mention_features *b)
{
    struct comparison comparison = { .number = compare_numbers(a, b) };

    if (comparison.number == NUMBER_DIFFERENT) {
        /* The commonest case among relatives: nothing else can matter. */
        comparison.veto = VETO_NUMBERS;
        comparison.bits = comparison.number_bits = model->number_differ;
        return comparison;
    }
    comparison.is_contradicted = comparison.number == NUMBER_EQUAL && (contradicts(a) || contradicts(b));
    comparison.birth           = birth_compare(a, b);
    comparison.number_bits     = number_bits(model, &comparison, a, b);
    compare_names(tables, model, a, b, &comparison);
    compare_surroundings(model, holders, a, b, &comparison);
    comparison.bits = comparison.number_bits + comparison.name_bits + comparison.phone_bits +
                      comparison.household_bits + comparison.community_bits + comparison.context_bits;
    comparison.veto = veto_of(&comparison, a, b);
    return comparison;
}
