/* Agreement patterns of pairs of trainees: pairs taken at random, and pairs under one kind of blocking key.
 * Counts only; the same population gives the same counts. */
#ifndef HULEI_DAEMON_CLI_TRAIN_PAIRS_H
#define HULEI_DAEMON_CLI_TRAIN_PAIRS_H

#include "daemon/cli/train/population.h"
#include "matchers/identity/keys.h"
#include "matchers/linkage/pattern.h"

/* What comparing takes. The model only chooses between several names of one person. */
struct pair_tools {
    const struct language_tables *language;
    const struct identity_model  *model;
    const struct population      *population;
};

/* The patterns of a set of pairs. */
struct pair_counts {
    struct pattern_table *table;
    uint64_t              pairs;
    uint64_t              strict; /* of them, by a strict rule; see pairs_count_block() */
    void                 *memory;
};

/* False when memory is out, here and below; call pair_counts_close() either way. */
bool pair_counts_open(struct pair_counts *counts);
void pair_counts_close(struct pair_counts *counts);

/* About `wanted` different pairs, or all there are. */
bool pairs_count_random(const struct pair_tools *tools, uint64_t wanted, struct pair_counts *counts);

/*
 * Every pair that shares a key of this kind, once; keys with more holders than the model's hot_key_holders are left
 * out, and so are pairs with a veto: rules, not weights, say that they are strangers, and relatives would pass for
 * matches otherwise. Strict pairs: under KEY_NUMBER an equal valid number and one written name; under KEY_PHONE or
 * KEY_HOUSEHOLD one birth date and one written name, and no equal number; in a household without a phone in common. So
 * no pair is counted as strict under two kinds.
 */
bool pairs_count_block(const struct pair_tools *tools, enum key_kind kind, struct pair_counts *counts);

#endif
