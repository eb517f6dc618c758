/* The weights of identity: bits per level, thresholds, limits. Data, loaded from config/model/identity.yaml.
 * Deliberately without any way to train or read them. */
#ifndef HULEI_MATCHERS_IDENTITY_MODEL_H
#define HULEI_MATCHERS_IDENTITY_MODEL_H

#include <stdint.h>

/* All weights are log2 Bayes factors (bits); a null comparison has 0 bits. */
struct identity_model {
    /* All weights are log2 Bayes factors (bits); a null comparison has 0 bits.
     * Number + birth date + sex are one comparison: the best level counts. */
    double number_equal;         /* both valid and equal */
    double number_invalid_equal; /* equal as written, check character broken on both */
    double number_edit;          /* one edit or transposition, a broken check on at least one side */
    double number_two_edits;
    double number_far;          /* added when a broken number is like the other in nothing */
    double number_differ;       /* both valid and different; also a veto */
    double number_contradicted; /* added to a number level when birth date or sex say otherwise */
    double other_id_equal;      /* passport, birth certificate */
    double birth_equal;         /* same day */
    double birth_lunar;         /* same day when one side is read in the other calendar */
    double birth_swap;          /* day and month swapped */
    double birth_slip;          /* one digit off */
    double birth_month;         /* same year and month, day unknown on a side */
    double birth_year;          /* same year, the rest unknown on a side */
    double birth_differ;
    double sex_equal, sex_differ;

    /* Names: whole-name rarity between floor and ceiling, less the penalty of the level. */
    double name_rarity_floor, name_rarity_ceiling;
    double name_variant, name_homophone, name_shape, name_character; /* penalties, positive */
    double name_weak;                                                /* bits: something in common */
    double name_trace;                                               /* bits: hardly anything in common */
    double name_differ;                                              /* bits */

    double phone_equal, household_equal, household_differ, community_equal, community_differ, context_equal;

    double  join_bits;        /* an edge */
    double  cluster_bits;     /* what a link may fall to when a new model is activated */
    int32_t generic_holders;  /* a phone or household held by more profiles than this says nothing */
    int32_t hot_key_holders;  /* a blocking key with more holders gives no candidates */
    int32_t cluster_profiles; /* a cluster never grows beyond */
};

#endif
