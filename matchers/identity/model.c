/* Words, soundness and arithmetic of the model; see model.h.
 * Knows no number of its own: every m and u is the model file's. */
#include "matchers/identity/model.h"

#include "matchers/identity/name.h"

#include <math.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { HOLDERS_MAX = 10000 };

/* What numbers lose when they are written with seven digits. */
static const double order_slack_bits = 1e-4;

static const char *const civil_words[CIVIL_LEVELS] = {
    "null",
    "number_equal",
    "number_broken_equal",
    "number_edit",
    "number_disputed",
    "document_equal",
    "number_two_edits",
    "birth_equal",
    "birth_other_calendar",
    "number_far",
    "birth_swapped",
    "birth_month",
    "birth_year",
    "birth_slipped",
    "different",
    "number_different",
};
static const char *const phone_words[PHONE_LEVELS]     = { "null", "equal", "different" };
static const char *const place_words[PLACE_LEVELS]     = { "null",     "household", "dwelling",
                                                           "building", "community", "different" };
static const char *const context_words[CONTEXT_LEVELS] = { "null", "guardian", "school", "different" };

_Static_assert((int)CIVIL_LEVELS <= (int)IDENTITY_LEVELS_MAX, "a pattern has four bits for a level");

size_t identity_level_count(enum identity_part part)
{
    static const size_t counts[IDENTITY_PARTS] = {
        [PART_CIVIL] = CIVIL_LEVELS,   [PART_NAME] = NAME_DIFFERENT + 1, [PART_PHONE] = PHONE_LEVELS,
        [PART_ADDRESS] = PLACE_LEVELS, [PART_CONTEXT] = CONTEXT_LEVELS,
    };

    return counts[part];
}

const char *identity_part_word(enum identity_part part)
{
    static const char *const words[IDENTITY_PARTS] = { "number_birth_sex", "name", "phone", "address", "context" };

    return words[part];
}

const char *identity_level_word(enum identity_part part, unsigned level)
{
    switch (part) {
    case PART_CIVIL:
        return civil_words[level];
    case PART_NAME:
        return name_level_word((enum name_level)level);
    case PART_PHONE:
        return phone_words[level];
    case PART_ADDRESS:
        return place_words[level];
    case PART_CONTEXT:
        return context_words[level];
    case IDENTITY_PARTS:
        break;
    }
    return "";
}

void identity_model_finish(struct identity_model *model)
{
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        for (size_t i = 1; i < identity_level_count((enum identity_part)part); i++) {
            struct identity_level *level = &model->levels[part][i];

            level->bits = log2(level->m / level->u);
        }
    }
    model->rarity_usual_bits = -log2(model->levels[PART_NAME][NAME_EXACT].u);
}

static double level_bits(const struct identity_model *model, enum identity_part part, unsigned level,
                         double rarity_bits)
{
    const struct identity_level *entry = &model->levels[part][level];

    return entry->bits + entry->rarity_weight * (rarity_bits - model->rarity_usual_bits);
}

#define ABOVE(level) (uint16_t)(1U << (level))

/* The levels that a level must not outweigh. Others are of different kinds and may weigh either way. */
static uint16_t levels_above(enum identity_part part, unsigned level)
{
    static const uint16_t civil[CIVIL_LEVELS] = {
        [CIVIL_NUMBER_BROKEN_EQUAL]  = ABOVE(CIVIL_NUMBER_EQUAL),
        [CIVIL_NUMBER_EDIT]          = ABOVE(CIVIL_NUMBER_BROKEN_EQUAL),
        [CIVIL_NUMBER_DISPUTED]      = ABOVE(CIVIL_NUMBER_EQUAL),
        [CIVIL_DOCUMENT_EQUAL]       = ABOVE(CIVIL_NUMBER_EQUAL),
        [CIVIL_NUMBER_TWO_EDITS]     = ABOVE(CIVIL_NUMBER_EDIT),
        [CIVIL_BIRTH_EQUAL]          = ABOVE(CIVIL_NUMBER_EQUAL),
        [CIVIL_BIRTH_OTHER_CALENDAR] = ABOVE(CIVIL_BIRTH_EQUAL),
        [CIVIL_NUMBER_FAR]           = ABOVE(CIVIL_BIRTH_EQUAL),
        [CIVIL_BIRTH_SWAPPED]        = ABOVE(CIVIL_BIRTH_EQUAL),
        [CIVIL_BIRTH_MONTH]          = ABOVE(CIVIL_BIRTH_EQUAL),
        [CIVIL_BIRTH_YEAR]           = ABOVE(CIVIL_BIRTH_MONTH),
        [CIVIL_BIRTH_SLIPPED]        = ABOVE(CIVIL_BIRTH_EQUAL),
        [CIVIL_DIFFERENT]            = ABOVE(CIVIL_BIRTH_SLIPPED) | ABOVE(CIVIL_BIRTH_YEAR) | ABOVE(CIVIL_NUMBER_FAR) |
                            ABOVE(CIVIL_BIRTH_SWAPPED) | ABOVE(CIVIL_NUMBER_TWO_EDITS) | ABOVE(CIVIL_NUMBER_DISPUTED),
        [CIVIL_NUMBER_DIFFERENT] = ABOVE(CIVIL_DIFFERENT),
    };
    static const uint16_t names[NAME_DIFFERENT + 1] = {
        [NAME_VARIANT]   = ABOVE(NAME_EXACT),
        [NAME_HOMOPHONE] = ABOVE(NAME_VARIANT),
        [NAME_SHAPE]     = ABOVE(NAME_VARIANT),
        [NAME_CHARACTER] = ABOVE(NAME_VARIANT),
        [NAME_WEAK]      = ABOVE(NAME_HOMOPHONE) | ABOVE(NAME_SHAPE) | ABOVE(NAME_CHARACTER),
        [NAME_TRACE]     = ABOVE(NAME_WEAK),
        [NAME_DIFFERENT] = ABOVE(NAME_TRACE),
    };
    static const uint16_t contexts[CONTEXT_LEVELS] = { [CONTEXT_DIFFERENT] =
                                                           ABOVE(CONTEXT_GUARDIAN) | ABOVE(CONTEXT_SCHOOL) };

    if (part == PART_CIVIL)
        return civil[level];
    if (part == PART_NAME)
        return names[level];
    if (part == PART_CONTEXT)
        return contexts[level];
    return level > 1 ? ABOVE(level - 1) : 0;
}

/* By how much a level outweighs one above it, at worst; bits are linear in the rarity, so its ends suffice. */
static double excess_over_stronger(const struct identity_model *model, enum identity_part part, unsigned level)
{
    const double   rarities[2] = { model->rarity_floor_bits, model->rarity_ceiling_bits };
    const uint16_t above       = levels_above(part, level);
    double         excess      = 0;

    for (unsigned i = 1; i < level; i++) {
        for (size_t j = 0; j < 2 && (above & ABOVE(i)) != 0; j++)
            excess =
                fmax(excess, level_bits(model, part, level, rarities[j]) - level_bits(model, part, i, rarities[j]));
    }
    return excess;
}

unsigned identity_model_put_in_order(struct identity_model *model)
{
    unsigned lowered = 0;

    for (int part = 0; part < IDENTITY_PARTS; part++) {
        for (unsigned i = 2; i < identity_level_count((enum identity_part)part); i++) {
            const double excess = excess_over_stronger(model, (enum identity_part)part, i);

            if (!(excess > order_slack_bits))
                continue;
            model->levels[part][i].m *= exp2(-excess);
            model->levels[part][i].bits -= excess;
            lowered++;
        }
    }
    return lowered;
}

static const char *level_fault(const struct identity_model *model, enum identity_part part, unsigned level)
{
    const struct identity_level *entry = &model->levels[part][level];

    if (entry->m_basis == LEVEL_UNTRAINED || entry->u_basis == LEVEL_UNTRAINED)
        return "is untrained";
    if (!(entry->m > 0 && entry->m <= 1 && entry->u > 0 && entry->u <= 1))
        return "needs m and u above 0 and at most 1";
    if (!(entry->rarity_weight >= 0 && entry->rarity_weight <= 1) || (part != PART_NAME && entry->rarity_weight > 0))
        return "has a rarity weight outside 0 to 1, or that is no name's";
    if (excess_over_stronger(model, part, level) > order_slack_bits)
        return "weighs more than a stronger agreement";
    return NULL;
}

static const char *limits_fault(const struct identity_model *model)
{
    if (!(model->rarity_floor_bits >= 0 && model->rarity_ceiling_bits >= model->rarity_floor_bits))
        return "the rarity's floor lies above its ceiling";
    if (!(model->lambda > 0 && model->lambda < 1))
        return "lambda is not between 0 and 1";
    if (!(model->cluster_bits > 0 && model->join_bits >= model->cluster_bits))
        return "join_bits must be at least cluster_bits, and these above 0";
    if (!(model->surroundings_bits >= 0 && model->surroundings_bits < model->join_bits))
        return "surroundings_bits must stay below join_bits: relatives share phone and address";
    if (model->generic_holders < 2 || model->hot_key_holders < 2 || model->cluster_profiles < 2)
        return "generic_holders, hot_key_holders and cluster_profiles are at least 2";
    if (model->generic_holders > HOLDERS_MAX || model->hot_key_holders > HOLDERS_MAX)
        return "generic_holders and hot_key_holders are at most 10000: all of them are compared with each other";
    return NULL;
}

const char *identity_model_fault(const struct identity_model *model, enum identity_part *part, unsigned *level)
{
    for (int p = 0; p < IDENTITY_PARTS; p++) {
        for (unsigned i = 1; i < identity_level_count((enum identity_part)p); i++) {
            const char *fault = level_fault(model, (enum identity_part)p, i);

            *part  = (enum identity_part)p;
            *level = i;
            if (fault != NULL)
                return fault;
        }
    }
    *level = 0;
    return limits_fault(model);
}

double identity_prior_bits(const struct identity_model *model)
{
    return log2(model->lambda / (1 - model->lambda));
}

double identity_probability(const struct identity_model *model, double bits)
{
    return 1 / (1 + exp2(-(identity_prior_bits(model) + bits)));
}

uint64_t common_name_hash(const uint32_t *characters, size_t count)
{
    return XXH3_64bits(characters, count * sizeof characters[0]);
}

/* The entry of a hash, or NULL. */
static const struct common_name *find_name(const struct identity_model *model, uint64_t hash)
{
    size_t low = 0, high = model->common_name_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (model->common_names[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < model->common_name_count && model->common_names[low].hash == hash ? &model->common_names[low] : NULL;
}

double identity_rarity_bits(const struct identity_model *model, const uint32_t *characters, size_t count,
                            double of_characters_bits)
{
    const struct common_name *common = find_name(model, common_name_hash(characters, count));
    double                    bits   = of_characters_bits;

    if (common != NULL && common->rarity_bits < bits)
        bits = common->rarity_bits;
    return fmin(fmax(bits, model->rarity_floor_bits), model->rarity_ceiling_bits);
}
