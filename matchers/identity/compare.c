/* Two mentions in bits; see compare.h.
 * Deliberately without thresholds: what a sum means is cluster.c's matter. */
#include "matchers/identity/compare.h"

#include "matchers/identity/citizen_id.h"
#include "matchers/identity/surroundings.h"
#include "matchers/linkage/pattern.h"

#include <math.h>

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

static bool sexes_differ(const struct mention_features *a, const struct mention_features *b)
{
    return a->sex != PERSON_SEX_UNKNOWN && b->sex != PERSON_SEX_UNKNOWN && a->sex != b->sex;
}

static enum civil_level level_of_birth(const struct comparison *comparison, bool do_sexes_differ)
{
    static const enum civil_level levels[] = {
        [BIRTH_NULL]           = CIVIL_NULL,
        [BIRTH_EQUAL]          = CIVIL_BIRTH_EQUAL,
        [BIRTH_OTHER_CALENDAR] = CIVIL_BIRTH_OTHER_CALENDAR,
        [BIRTH_NEW_YEAR]       = CIVIL_BIRTH_MONTH,
        [BIRTH_SWAPPED]        = CIVIL_BIRTH_SWAPPED,
        [BIRTH_SLIPPED]        = CIVIL_BIRTH_SLIPPED,
        [BIRTH_SAME_MONTH]     = CIVIL_BIRTH_MONTH,
        [BIRTH_SAME_YEAR]      = CIVIL_BIRTH_YEAR,
        [BIRTH_DIFFERENT]      = CIVIL_DIFFERENT,
    };

    return do_sexes_differ ? CIVIL_DIFFERENT : levels[comparison->birth];
}

/* Levels stand in order of strength, null apart. */
static enum civil_level stronger(enum civil_level a, enum civil_level b)
{
    if (a == CIVIL_NULL || b == CIVIL_NULL)
        return a > b ? a : b;
    return a < b ? a : b;
}

/* Number, birth date and sex state one fact three times: the best level counts, once. */
static enum civil_level civil_level_of(const struct comparison *comparison, bool do_sexes_differ)
{
    const enum civil_level by_birth     = level_of_birth(comparison, do_sexes_differ);
    const bool             is_birth_off = comparison->birth == BIRTH_DIFFERENT;

    switch (comparison->number) {
    case NUMBER_EQUAL:
        return comparison->is_contradicted ? CIVIL_NUMBER_DISPUTED : CIVIL_NUMBER_EQUAL;
    case NUMBER_BROKEN_EQUAL:
        return CIVIL_NUMBER_BROKEN_EQUAL;
    case NUMBER_OTHER_EQUAL:
        return CIVIL_DOCUMENT_EQUAL;
    case NUMBER_EDIT:
        return is_birth_off ? CIVIL_NUMBER_TWO_EDITS : CIVIL_NUMBER_EDIT;
    case NUMBER_TWO_EDITS:
        return is_birth_off ? CIVIL_DIFFERENT : stronger(CIVIL_NUMBER_TWO_EDITS, by_birth);
    case NUMBER_FAR:
        return by_birth == CIVIL_BIRTH_EQUAL || by_birth == CIVIL_BIRTH_OTHER_CALENDAR ? CIVIL_NUMBER_FAR : by_birth;
    case NUMBER_DIFFERENT:
        return CIVIL_NUMBER_DIFFERENT;
    case NUMBER_NULL:
        break;
    }
    return by_birth;
}

static size_t unpack_names(const struct mention_features *features, struct name names[MENTION_NAMES])
{
    size_t at = 0;

    for (size_t i = 0; i < features->name_count; i++) {
        names[i].length         = features->name_length[i];
        names[i].surname_length = features->surname_length[i];
        names[i].is_latin       = (features->name_is_latin >> i & 1) != 0;
        names[i].given_part     = features->name_parts >> (4 * i) & 15;
        memcpy(names[i].characters, features->characters + at, names[i].length * sizeof names[i].characters[0]);
        at += names[i].length;
    }
    return features->name_count;
}

double identity_name_bits(const struct identity_model *model, enum name_level level, double rarity_bits)
{
    const struct identity_level *entry = &model->levels[PART_NAME][level];
    const double                 held  = fmin(fmax(rarity_bits, model->rarity_floor_bits), model->rarity_ceiling_bits);

    return level == NAME_NULL ? 0 : entry->bits + entry->rarity_weight * (held - model->rarity_usual_bits);
}

static double rarity_of(const struct identity_model *model, const struct name *name, uint8_t eighths)
{
    return identity_rarity_bits(model, name->characters, name->length, eighths / 8.0);
}

/* Every name of a against every name of b; the best counts, with the commoner one's rarity. */
static void compare_names(const struct language_tables *tables, const struct identity_model *model,
                          const struct mention_features *a, const struct mention_features *b,
                          struct comparison *comparison)
{
    struct name  names_a[MENTION_NAMES], names_b[MENTION_NAMES];
    const size_t count_a = unpack_names(a, names_a);
    const size_t count_b = unpack_names(b, names_b);

    for (size_t i = 0; i < count_a; i++) {
        for (size_t j = 0; j < count_b; j++) {
            const enum name_level level  = name_compare(tables, &names_a[i], &names_b[j]);
            double                rarity = 0;

            if (model->levels[PART_NAME][level].rarity_weight > 0)
                rarity = fmin(rarity_of(model, &names_a[i], a->name_rarity[i]),
                              rarity_of(model, &names_b[j], b->name_rarity[j]));
            const double bits = identity_name_bits(model, level, rarity);

            if (comparison->name != NAME_NULL && bits <= comparison->part_bits[PART_NAME])
                continue;
            comparison->name                 = level;
            comparison->rarity_bits          = rarity;
            comparison->part_bits[PART_NAME] = bits;
        }
    }
}

static bool names_share_surname(const struct mention_features *a, const struct mention_features *b)
{
    const uint8_t length = a->surname_length[0];

    return length > 0 && length == b->surname_length[0] &&
           memcmp(a->characters, b->characters, length * sizeof a->characters[0]) == 0;
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
    if (is_name_poor && comparison->number != NUMBER_EDIT && comparison->birth >= BIRTH_EQUAL &&
        comparison->birth <= BIRTH_NEW_YEAR &&
        (names_share_surname(a, b) || comparison->same_household ||
         (a->community != 0 && a->community == b->community)))
        return VETO_TWINS;
    return VETO_NONE;
}

static void weigh(const struct identity_model *model, struct comparison *comparison)
{
    double *bits = comparison->part_bits;

    comparison->levels[PART_NAME] = (uint8_t)comparison->name;
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        if (part != PART_NAME)
            bits[part] = model->levels[part][comparison->levels[part]].bits;
    }
    /* Phone, address and context stand for one circle of people: together they say who belongs to it, no more. */
    const double surroundings = bits[PART_PHONE] + bits[PART_ADDRESS] + bits[PART_CONTEXT];
    const double counted      = fmin(surroundings, model->surroundings_bits);

    comparison->excess_bits = counted - surroundings;
    comparison->bits        = bits[PART_CIVIL] + bits[PART_NAME] + counted;
}

/* What number, birth date and sex say. */
static struct comparison compare_civil(const struct mention_features *a, const struct mention_features *b,
                                       enum number_level number)
{
    struct comparison comparison = { .number = number, .birth = birth_compare(a, b) };

    comparison.is_contradicted    = number == NUMBER_EQUAL && (contradicts(a) || contradicts(b));
    comparison.levels[PART_CIVIL] = (uint8_t)civil_level_of(&comparison, sexes_differ(a, b));
    return comparison;
}

struct comparison identity_compare_fully(const struct language_tables *tables, const struct identity_model *model,
                                         const struct comparison_holders *holders, const struct mention_features *a,
                                         const struct mention_features *b)
{
    struct comparison comparison = compare_civil(a, b, compare_numbers(a, b));

    compare_names(tables, model, a, b, &comparison);
    surroundings_compare(holders, a, b, &comparison);
    weigh(model, &comparison);
    comparison.veto = veto_of(&comparison, a, b);
    return comparison;
}

struct comparison identity_compare(const struct language_tables *tables, const struct identity_model *model,
                                   const struct comparison_holders *holders, const struct mention_features *a,
                                   const struct mention_features *b)
{
    if (compare_numbers(a, b) != NUMBER_DIFFERENT)
        return identity_compare_fully(tables, model, holders, a, b);

    /* The commonest case among relatives: nothing else can matter. */
    struct comparison comparison  = { .number = NUMBER_DIFFERENT, .veto = VETO_NUMBERS };
    comparison.levels[PART_CIVIL] = CIVIL_NUMBER_DIFFERENT;
    weigh(model, &comparison);
    return comparison;
}

double identity_name_bits_most(const struct identity_model *model)
{
    const double rarities[] = { model->rarity_floor_bits, model->rarity_ceiling_bits };
    double       most       = 0;

    for (int level = NAME_NULL; level <= NAME_DIFFERENT; level++) {
        for (size_t i = 0; i < sizeof rarities / sizeof rarities[0]; i++)
            most = fmax(most, identity_name_bits(model, (enum name_level)level, rarities[i]));
    }
    return most;
}

/* The sum when names and surroundings agree as well as they ever do: added in the order of weigh(), so that it is never
 * less than what that gives. */
static double most_bits(const struct identity_model *model, double name_bits_most, const struct comparison *comparison)
{
    return model->levels[PART_CIVIL][comparison->levels[PART_CIVIL]].bits + name_bits_most + model->surroundings_bits;
}

double identity_bits_from(const struct language_tables *tables, const struct identity_model *model,
                          const struct comparison_holders *holders, const struct mention_features *a,
                          const struct mention_features *b, double name_bits_most, double least_bits)
{
    const enum number_level number = compare_numbers(a, b);

    /* A veto, whatever else is compared. */
    if (number == NUMBER_DIFFERENT || (number != NUMBER_EQUAL && sexes_differ(a, b)))
        return 0;
    struct comparison comparison = compare_civil(a, b, number);

    if (!(most_bits(model, name_bits_most, &comparison) >= least_bits))
        return 0;
    compare_names(tables, model, a, b, &comparison);
    surroundings_compare(holders, a, b, &comparison);
    weigh(model, &comparison);
    return veto_of(&comparison, a, b) == VETO_NONE && comparison.bits >= least_bits ? comparison.bits : 0;
}

uint64_t identity_pattern(const struct comparison *comparison)
{
    uint64_t pattern = 0;

    for (size_t part = 0; part < IDENTITY_PARTS; part++)
        pattern = pattern_with(pattern, part, comparison->levels[part]);
    return pattern;
}
