/* What was found against what is true: clusters of mentions, and pairs.
 * Reads files of opaque ids (or PostgreSQL, evaluate_db.h); prints nothing, judges nothing but numbers. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_EVALUATE_H
#define HULEI_DAEMON_CLI_EVALUATE_EVALUATE_H

#include "daemon/cli/evaluate/score.h"
#include "daemon/cli/evaluate/words.h"

enum { EVALUATE_KINDS_MAX = 32, EVALUATE_TIERS = 5, EVALUATE_RULES = 16, EVALUATE_EXAMPLES = 10, RULE_BYTES = 8 };

/* What a person of concern is tied to. */
enum pair_subject { PAIR_CHILD, PAIR_UNIT, PAIR_PERSON, PAIR_GROUP };

struct evaluated_pair {
    uint8_t  subject;     /* enum pair_subject */
    uint32_t child, risk; /* persons of the truth, or clusters found; of a unit its number among the units; else 0 */
    uint8_t  tier;
    bool     is_hidden;
    char     rule[RULE_BYTES];
};

struct pair_list {
    struct evaluated_pair *pairs;
    size_t                 count, capacity;
};

/* Truth and findings, all of them opaque numbers. Zero to begin with; free with evaluation_clear(). */
struct evaluation {
    struct words mentions; /* "source|type|subject|slot", those of the truth only */
    struct words persons, clusters, kinds;
    uint32_t (*twins)[2]; /* persons of the truth */
    size_t           twin_count, twin_capacity;
    uint32_t        *truth;  /* person by mention */
    uint32_t        *found;  /* cluster by mention, WORDS_NONE: not there */
    uint32_t        *errors; /* kinds by mention, as bits */
    size_t           capacity;
    struct pair_list truth_pairs, found_pairs;
    struct words     units, areas;
    size_t          *counted_truth, *counted_found; /* pairs that are only counted, by area */
    size_t           counted_capacity;
    bool             has_found_pairs;
    size_t           strangers; /* mentions found that the truth does not know */
};

void evaluation_clear(struct evaluation *evaluation);

/* Each is false with a text in `fault` that names file and line, never a value. */
bool evaluation_read_truth(struct evaluation *evaluation, const char *directory, char *fault, size_t fault_size);
bool evaluation_read_clusters(struct evaluation *evaluation, const char *path, char *fault, size_t fault_size);
bool evaluation_read_pairs(struct evaluation *evaluation, const char *path, char *fault, size_t fault_size);

/* One finding; false when memory is out. */
bool evaluation_put_found(struct evaluation *evaluation, const char *cluster, const char *source, const char *type,
                          const char *subject, const char *slot);
/* The same with the mention as one word, "source|type|subject|slot". */
bool evaluation_put_found_key(struct evaluation *evaluation, const char *cluster, const char *mention);

/* `subject` is child, unit, person or group; `unit` the subject of the unit's record. */
struct found_pair {
    const char *child, *risk, *rule, *subject, *unit;
    int         tier;
};
bool evaluation_put_found_pair(struct evaluation *evaluation, const struct found_pair *pair);
bool evaluation_put_found_count(struct evaluation *evaluation, const char *area, size_t pairs);

/* Of the pairs of mentions of which at least one holds an error of the kind. */
struct kind_figures {
    const char           *kind;
    size_t                mentions;
    struct cluster_scores scores;
};

struct pair_figures {
    char   name[RULE_BYTES]; /* a tier's colour or a rule */
    size_t truth, found, same_tier;
    size_t claimed, confirmed; /* found under this rule, and of these true under whatever rule */
};

struct example {
    uint32_t a, b; /* mentions */
    uint32_t person_a, person_b, cluster_a, cluster_b;
};

struct evaluation_figures {
    size_t                mentions, persons, clusters, missing;
    size_t                twins, merged_twins; /* pairs of twins; those with a cluster in common */
    struct cluster_scores scores;
    struct cluster_scores numbered; /* of the mentions whose number is present, right or damaged */
    struct kind_figures   kinds[EVALUATE_KINDS_MAX];
    size_t                kind_count;
    struct example        wrong_links[EVALUATE_EXAMPLES], missed_links[EVALUATE_EXAMPLES];
    size_t                wrong_link_count, missed_link_count;

    /* Pairs: red, orange and yellow count; blue is no review task and stands in the tables only. */
    size_t       pairs_true, pairs_found, pairs_both, pairs_true_found, pairs_hidden_found;
    struct score pairs;
    size_t       right_true, right_found, right_both, right_true_found; /* of persons whose mentions are one cluster */
    struct score right_pairs;
    size_t       counted_true, counted_found, counted_both; /* of rule B1, by community */
    struct pair_figures rules[EVALUATE_RULES];
    size_t              rule_count;
    size_t              tiers[EVALUATE_TIERS][EVALUATE_TIERS]; /* truth by found; 0: none */
};

/* False when memory is out. */
bool evaluation_measure(struct evaluation *evaluation, struct evaluation_figures *figures);

#endif
