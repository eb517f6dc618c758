/* A trained identity model out of a population: lambda, u, m and the common names, upon a model that gives the rest.
 * Deliberately without truth: no label is read. */
#ifndef HULEI_DAEMON_CLI_TRAIN_LEARN_H
#define HULEI_DAEMON_CLI_TRAIN_LEARN_H

#include "daemon/cli/train/pairs.h"
#include "matchers/linkage/train.h"

enum { LEARN_BLOCKS = 5 };

struct learn_options {
    double   recall;       /* share of the true matches that the strict rules are thought to find: 0 to 1 */
    uint64_t random_pairs; /* at most */
    uint32_t common_name;  /* a name held by at least so many mentions is listed with its frequency */
    bool     is_fresh;     /* a level that was not met enough is untrained instead of the base model's */
};

/* What training saw, for the report. */
struct learn_figures {
    uint64_t            random_pairs;
    enum key_kind       kinds[LEARN_BLOCKS];
    uint64_t            pairs[LEARN_BLOCKS], strict[LEARN_BLOCKS];
    uint32_t            blocked[LEARN_BLOCKS]; /* bit: enum identity_part that the block says nothing about */
    struct train_report report;
    double              drawn[IDENTITY_PARTS][IDENTITY_LEVELS_MAX]; /* random pairs by level */
    double   strangers[IDENTITY_PARTS][IDENTITY_LEVELS_MAX];        /* of these, less the matches expected among them */
    double   expected[IDENTITY_PARTS][IDENTITY_LEVELS_MAX];         /* matches by level, of all blocks */
    unsigned lowered; /* levels that weighed more than the one above and were brought down to it */
};

/*
 * Fills *model, whose common names lie in *names: free() it. `base` gives limits, rarity weights and, unless is_fresh,
 * the levels that were seldom met. False when memory is out.
 */
bool learn_model(const struct language_tables *language, const struct population *population,
                 const struct identity_model *base, const struct learn_options *options, struct identity_model *model,
                 struct common_name **names, struct learn_figures *figures);

#endif
