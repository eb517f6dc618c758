/* Records of any table in bits: a comparison is a list of levels, a level a list of tests on columns (Fellegi-Sunter).
 * Deliberately blind to what a column means; Chinese persons have their own comparison in matchers/identity. */
#ifndef HULEI_MATCHERS_LINKAGE_LINKAGE_H
#define HULEI_MATCHERS_LINKAGE_LINKAGE_H

#include "matchers/linkage/pattern.h"
#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINKAGE_COLUMNS_MAX = 32,
    LINKAGE_TESTS_MAX   = 4,
    LINKAGE_ITEMS_MAX   = 16 /* of a set; what goes beyond is left out */
};

enum linkage_kind {
    LINKAGE_TEXT = 0,
    LINKAGE_DATE,   /* text is YYYYMMDD, unknown parts 00; need not exist in the calendar */
    LINKAGE_NUMBER, /* decimal */
    LINKAGE_SET     /* items between single separators */
};

/* One distinct value of a column. The text is borrowed. */
struct linkage_value {
    const char *text; /* UTF-8 */
    uint32_t    length;
    uint32_t    records; /* that hold it */
    double      number;  /* of LINKAGE_NUMBER; of LINKAGE_DATE the day number, NaN when there is no such day */
};

/* Equal values have equal numbers: a record is one number per column. */
struct linkage_column {
    enum linkage_kind           kind;
    char                        separator; /* of LINKAGE_SET */
    const struct linkage_value *values;    /* [0] is unused: number 0 is the missing value */
    size_t                      value_count;
    uint64_t                    records; /* that hold any value */
};

enum linkage_test_kind {
    LINKAGE_EXACT = 0,
    LINKAGE_EDITS,        /* edit distance at most `limit` */
    LINKAGE_JARO_WINKLER, /* at least `limit` */
    LINKAGE_BIGRAMS,      /* Dice coefficient at least `limit` */
    LINKAGE_PREFIX,       /* the first `limit` characters are equal; shorter texts are equal as a whole */
    LINKAGE_BEGINS,       /* one text begins with the other: an initial, a short form */
    LINKAGE_SWAPPED,      /* column and other column changed places */
    LINKAGE_CROSSED,      /* column of one equals the other column of the other */
    LINKAGE_SHARED,       /* at least `limit` items in common */
    LINKAGE_OVERLAP,      /* common items are at least `limit` of the smaller set */
    LINKAGE_DAYS,         /* dates at most `limit` days apart */
    LINKAGE_DAY_MONTH,    /* day and month changed places */
    LINKAGE_SAME_MONTH,   /* year and month equal */
    LINKAGE_SAME_YEAR,
    LINKAGE_SAME_DAY, /* month and day equal, whatever the year */
    LINKAGE_WITHIN,   /* numbers at most `limit` apart */
    LINKAGE_RATIO     /* the smaller number is at least `limit` of the larger */
};

struct linkage_test {
    enum linkage_test_kind kind;
    uint8_t                column, other_column; /* other: of SWAPPED and CROSSED */
    double                 limit;
};

/* All tests must hold; without any it always applies. */
struct linkage_level {
    struct linkage_test tests[LINKAGE_TESTS_MAX];
    size_t              test_count;
    bool                has_frequency; /* rare values of frequency_column weigh more */
    uint8_t             frequency_column;
    double              frequency_weight; /* 0 to 1 */
    bool                is_veto;          /* the pair is no match, whatever else agrees */
};

/* The first level that applies counts. Where none applies but a missing value leaves one open, there is nothing to
 * compare: level 0. */
struct linkage_comparison {
    struct linkage_level levels[PATTERN_LEVELS_MAX]; /* from [1] on; the last one has no tests */
    uint8_t              level_count;
};

struct linkage_model {
    struct linkage_column     columns[LINKAGE_COLUMNS_MAX];
    size_t                    column_count;
    struct linkage_comparison comparisons[PATTERN_COMPARISONS_MAX];
    size_t                    comparison_count;
    double                    bits[PATTERN_COMPARISONS_MAX][PATTERN_LEVELS_MAX];
    double                    u[PATTERN_COMPARISONS_MAX][PATTERN_LEVELS_MAX]; /* what the bits rest on */
    double                    prior_bits;
    double                    mates; /* records of the same entity that a record is expected to have */
};

struct linkage_pair {
    uint64_t pattern;
    double   bits[PATTERN_COMPARISONS_MAX];
    double   weight_bits; /* their sum */
    bool     is_vetoed;
};

/* The levels of all comparisons; symmetric. A record is an array of column_count value numbers. */
uint64_t linkage_pattern(const struct linkage_model *model, const uint32_t *a, const uint32_t *b);

/* Levels and bits; symmetric. */
void linkage_compare(const struct linkage_model *model, const uint32_t *a, const uint32_t *b,
                     struct linkage_pair *pair);

/* Probability of a match, prior included. */
double linkage_probability(const struct linkage_model *model, double weight_bits);

/* The next item of a set; false at the end. Empty items are skipped. */
bool linkage_next_item(struct span *rest, char separator, struct span *item);

#endif
