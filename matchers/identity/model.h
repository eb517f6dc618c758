/* The model of identity: comparisons with levels, how often each occurs among matches (m) and strangers (u), limits.
 * Data, loaded from config/model/identity.yaml; deliberately without any way to train or read it. */
#ifndef HULEI_MATCHERS_IDENTITY_MODEL_H
#define HULEI_MATCHERS_IDENTITY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is compared. Fields that state one fact are one comparison, so that nothing counts twice. */
enum identity_part {
    PART_CIVIL = 0, /* citizen number, birth date and sex */
    PART_NAME,      /* levels: enum name_level */
    PART_PHONE,
    PART_ADDRESS, /* registration booklet and dwelling */
    PART_CONTEXT, /* guardians and school */
    IDENTITY_PARTS
};

/* Each list of levels: 0 is null, then from the strongest agreement down; neighbours may be of different kinds. */
enum civil_level {
    CIVIL_NULL = 0,
    CIVIL_NUMBER_EQUAL,        /* both valid, and no record speaks against its own number */
    CIVIL_NUMBER_BROKEN_EQUAL, /* equal as written, the check character broken */
    CIVIL_NUMBER_EDIT,         /* one edit or transposition, a broken check on a side */
    CIVIL_NUMBER_DISPUTED,     /* equal, but birth date or sex of a record say otherwise */
    CIVIL_DOCUMENT_EQUAL,      /* passport, birth certificate */
    CIVIL_NUMBER_TWO_EDITS,
    CIVIL_BIRTH_EQUAL,
    CIVIL_BIRTH_OTHER_CALENDAR, /* one day when one side is read in the other calendar */
    CIVIL_NUMBER_FAR,           /* one birth date, but a broken number is like the other in nothing */
    CIVIL_BIRTH_SWAPPED,        /* day and month */
    CIVIL_BIRTH_MONTH,          /* year and month; the day unknown on a side */
    CIVIL_BIRTH_YEAR,
    CIVIL_BIRTH_SLIPPED, /* one part or one digit off */
    CIVIL_DIFFERENT,     /* another birth date or sex */
    CIVIL_NUMBER_DIFFERENT,
    CIVIL_LEVELS
};

enum phone_level { PHONE_NULL = 0 /* unknown, or held by too many */, PHONE_EQUAL, PHONE_DIFFERENT, PHONE_LEVELS };

enum place_level {
    PLACE_NULL = 0,
    PLACE_HOUSEHOLD, /* one registration booklet */
    PLACE_DWELLING,
    PLACE_BUILDING,
    PLACE_COMMUNITY,
    PLACE_DIFFERENT,
    PLACE_LEVELS
};

enum context_level {
    CONTEXT_NULL = 0,
    CONTEXT_GUARDIAN, /* a guardian of one name's sound */
    CONTEXT_SCHOOL,
    CONTEXT_DIFFERENT,
    CONTEXT_LEVELS
};

enum { IDENTITY_LEVELS_MAX = 16 };

/* Where a level's numbers come from. */
enum level_basis {
    LEVEL_UNTRAINED = 0, /* never met in training: no model with such a level is used */
    LEVEL_STATED,        /* by a person's judgement, or by the model trained upon */
    LEVEL_TRAINED
};

struct identity_level {
    double           m, u;          /* shares of matches and of strangers; above 0 */
    double           bits;          /* log2(m / u) */
    double           rarity_weight; /* of names: how much of the name's rarity counts, 0 to 1 */
    enum level_basis m_basis, u_basis;
};

/* A name commoner than its characters tell. */
struct common_name {
    uint64_t hash; /* common_name_hash() */
    double   rarity_bits;
};

struct identity_model {
    struct identity_level levels[IDENTITY_PARTS][IDENTITY_LEVELS_MAX]; /* [0]: null, 0 bits */

    /* Whole-name rarity, log2(1 / frequency), is held between these; `usual` is what level bits already contain. */
    double                    rarity_floor_bits, rarity_ceiling_bits, rarity_usual_bits;
    const struct common_name *common_names; /* sorted by hash; owned by whoever loaded the model */
    size_t                    common_name_count;

    double lambda; /* probability that two records taken at random are of one person */

    double  join_bits;         /* an edge */
    double  cluster_bits;      /* what a link may fall to when a new model is activated */
    double  surroundings_bits; /* phone, address and context together never weigh more: relatives share them all */
    int32_t generic_holders;   /* a phone or household held by more profiles than this says nothing */
    int32_t hot_key_holders;   /* a blocking key with more holders gives no candidates */
    int32_t cluster_profiles;  /* a cluster never grows beyond */
};

/* Levels of a part, null included. */
size_t identity_level_count(enum identity_part part);
/* "number_birth_sex", "name", ...; the words of the model file. */
const char *identity_part_word(enum identity_part part);
/* "number_equal", ...; "null" for level 0. */
const char *identity_level_word(enum identity_part part, unsigned level);

/* Computes bits and rarity_usual_bits from m and u. */
void identity_model_finish(struct identity_model *model);

/*
 * Whether more agreement never weighs less and every limit makes sense. When not, *part and *level say where the first
 * fault is (level 0: the limits), and the result is what rule it breaks; NULL for a sound model.
 */
const char *identity_model_fault(const struct identity_model *model, enum identity_part *part, unsigned *level);

/*
 * Lowers m of each level that weighs more than a stronger agreement, until it weighs as much. Call after
 * identity_model_finish(). Returns how many were lowered.
 */
unsigned identity_model_put_in_order(struct identity_model *model);

/* log2 of the odds that two records taken at random are of one person. */
double identity_prior_bits(const struct identity_model *model);
/* Probability that two records are of one person, given the bits of their comparison. */
double identity_probability(const struct identity_model *model, double bits);

/* The hash of a folded name, by which common names are found. */
uint64_t common_name_hash(const uint32_t *characters, size_t count);
/* The rarity to reckon with: that of the characters, or less for a common name; between floor and ceiling. */
double identity_rarity_bits(const struct identity_model *model, const uint32_t *characters, size_t count,
                            double of_characters_bits);

#endif
