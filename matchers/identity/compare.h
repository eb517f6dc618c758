/* Two mentions in bits: Fellegi-Sunter over levels made for Chinese records, and what forbids to join them at all.
 * Deliberately pairwise: clusters are cluster.c's matter. */
#ifndef HULEI_MATCHERS_IDENTITY_COMPARE_H
#define HULEI_MATCHERS_IDENTITY_COMPARE_H

#include "matchers/identity/birth.h"
#include "matchers/identity/keys.h"
#include "matchers/identity/mention.h"
#include "matchers/identity/model.h"
#include "matchers/identity/name.h"

enum number_level {
    NUMBER_NULL = 0,
    NUMBER_EQUAL,
    NUMBER_BROKEN_EQUAL,
    NUMBER_OTHER_EQUAL, /* passport, birth certificate */
    NUMBER_EDIT,        /* one edit or transposition, a broken check on a side */
    NUMBER_TWO_EDITS,
    NUMBER_FAR,       /* a broken one like no other */
    NUMBER_DIFFERENT, /* both valid */
};

enum identity_veto {
    VETO_NONE = 0,
    VETO_NUMBERS, /* two different valid numbers */
    VETO_SEX,
    VETO_NAMES, /* nothing in common */
    VETO_BIRTH,
    VETO_TWINS,         /* one birth date and surname or household, another given name */
    VETO_FOREIGN_NUMBER /* a number that its own record contradicts, and a name that hardly agrees */
};

/* Every part of the sum, for explanations: bits = part_bits[0] + ... + excess_bits. */
struct comparison {
    uint8_t            levels[IDENTITY_PARTS]; /* 0: null, which is 0 bits */
    enum number_level  number;
    enum birth_level   birth;
    enum name_level    name; /* = levels[PART_NAME] */
    bool               same_phone, same_household, is_contradicted;
    bool               has_generic_value; /* a shared phone, booklet or dwelling that too many hold was left out */
    enum identity_veto veto;
    double             part_bits[IDENTITY_PARTS]; /* of the name: with its rarity */
    double             rarity_bits;               /* of the commoner name, when a level used it; else 0 */
    double             excess_bits; /* 0 or negative: what surroundings weigh beyond model->surroundings_bits */
    double             bits;        /* the sum */
};

/* What is too common to mean anything; all false when in doubt. */
struct comparison_holders {
    /* `kind`: KEY_PHONE, KEY_HOUSEHOLD or KEY_DWELLING. */
    bool (*is_generic)(const void *context, enum key_kind kind, uint64_t value);
    const void *context;
};

/*
 * Symmetric, and never more than either mention has against itself. `holders` may be NULL: nothing is generic. Two
 * different valid numbers end the comparison: its other levels are null then.
 */
struct comparison identity_compare(const struct language_tables *tables, const struct identity_model *model,
                                   const struct comparison_holders *holders, const struct mention_features *a,
                                   const struct mention_features *b);

/* The same with every level, for training and explanations. */
struct comparison identity_compare_fully(const struct language_tables *tables, const struct identity_model *model,
                                         const struct comparison_holders *holders, const struct mention_features *a,
                                         const struct mention_features *b);

/*
 * The bits of identity_compare(), or 0 when it has a veto or they are below `least_bits`. `name_bits_most` is that of
 * the model: most strangers are told apart before their names are read.
 */
double identity_bits_from(const struct language_tables *tables, const struct identity_model *model,
                          const struct comparison_holders *holders, const struct mention_features *a,
                          const struct mention_features *b, double name_bits_most, double least_bits);
/* What a name adds at most. */
double identity_name_bits_most(const struct identity_model *model);

/* Bits of a name level; `rarity_bits` is the commoner name's, and is held between floor and ceiling. */
double identity_name_bits(const struct identity_model *model, enum name_level level, double rarity_bits);

/* The levels as matchers/linkage/pattern.h packs them: comparison number = enum identity_part. */
uint64_t identity_pattern(const struct comparison *comparison);

/* "", "numbers", ... */
const char *identity_veto_word(enum identity_veto veto);

#endif
