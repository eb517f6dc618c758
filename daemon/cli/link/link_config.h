/* What `hulei link` is told by its YAML file: columns, comparisons, blocking, training, clusters.
 * Names are resolved to numbers here; no data file is opened. */
#ifndef HULEI_DAEMON_CLI_LINK_CONFIG_H
#define HULEI_DAEMON_CLI_LINK_CONFIG_H

#include "matchers/linkage/block.h"
#include "matchers/linkage/linkage.h"

#include <stdbool.h>
#include <stddef.h>

enum { LINK_RULES_MAX = 32 };

/* How a value is cleaned, in this order. Blanks at the ends and double ones always go. */
enum link_clean {
    LINK_LOWER   = 1, /* letters to lower case, full width to half width */
    LINK_LETTERS = 2, /* everything but letters and digits becomes a blank */
    LINK_DIGITS  = 4, /* everything but digits goes */
    LINK_JOINED  = 8, /* blanks go */
    LINK_SORTED  = 16 /* words in alphabetical order */
};

struct link_column {
    char             *name;
    enum linkage_kind kind;
    char            **from; /* headings; several are joined by a blank. None: the column's own name */
    unsigned          from_count;
    unsigned          clean; /* enum link_clean */
    char             *separator;
    char            **missing; /* values that mean nothing, after cleaning */
    unsigned          missing_count;
};

struct link_test {
    enum linkage_test_kind kind;
    char                  *column, *other;
    double                 limit;
};

struct link_level {
    char             *name;
    struct link_test *tests;
    unsigned          tests_count;
    char             *frequency;
    double            frequency_weight; /* 0: not stated, 1 */
    bool              is_veto;
};

struct link_comparison {
    char              *name;
    struct link_level *levels;
    unsigned           levels_count;
    bool               is_unordered; /* weights need not fall from level to level */
};

struct link_part {
    char                  *column;
    enum linkage_part_kind part;
    unsigned               count;
};

struct link_rule {
    char             *name;
    struct link_part *parts;
    unsigned          parts_count;
    bool              in_any_order;
    unsigned          hot; /* a key with more holders gives no candidates; 0: 1000 */
};

struct link_training {
    struct link_rule *strict; /* pairs that share such a key are matches, nearly all */
    unsigned          strict_count;
    double            recall; /* the share of all matches they are thought to be */
    char            **rules;  /* blocking rules to train m on in turn; none: all of them */
    unsigned          rules_count;
    unsigned          random_pairs; /* 0: 2,000,000 */
    unsigned          rule_pairs;   /* most pairs per rule, by hash; 0: 2,000,000 */
};

struct link_clusters {
    double   join_probability; /* pairs from here on may join clusters */
    double   mean_bits;        /* match bits, prior included, that two clusters need on average over all their pairs */
    double   size_bits;        /* more of them for each doubling beyond two records */
    double   clip_bits;        /* one pair speaks with at most so many bits for or against; 0: 20 */
    unsigned size_max;         /* records; 0: 200 */
    bool     one_per_source;   /* sources hold nobody twice */
};

/* Headings of the roles of a Chinese person record; NULL: the files have none. */
struct link_person {
    char *name, *former_names, *id_type, *id_number, *sex, *birth_date, *birth_calendar, *phones, *household, *address,
        *area_code, *school, *guardians;
    char *model; /* file of the identity model, from the configuration's folder on */
};

struct link_config {
    unsigned                version;
    char                   *id;     /* heading of the record's id */
    char                   *source; /* heading of the source; NULL: the file's name without folder and ending */
    bool                    between_sources;    /* only records of different sources are compared */
    double                  report_probability; /* pairs.csv holds pairs from here on */
    struct link_column     *columns;
    unsigned                columns_count;
    struct link_comparison *comparisons;
    unsigned                comparisons_count;
    struct link_rule       *blocking;
    unsigned                blocking_count;
    struct link_training   *training;
    struct link_clusters   *clusters;
    struct link_person     *person;

    /* What the names above mean, filled by link_config_load(). */
    struct linkage_model *model; /* columns without values, comparisons; no bits */
    struct linkage_rule   rules[LINK_RULES_MAX], strict_rules[LINK_RULES_MAX];
    uint32_t              training_rules; /* bit r: blocking rule r trains m */
};

/* NULL on failure; `error` then says file, line and reason. Free with link_config_free(). */
struct link_config *link_config_load(const char *path, char *error, size_t error_size);
/* Freeing NULL does nothing. */
void link_config_free(struct link_config *config);

#endif
