/* What a perfect matcher would find: clusters, and the pairs in range with their tiers.
 * Rules of DOMAIN.md E.3 on true coordinates, written without a look at the matchers and sharing nothing with them. */
#ifndef HULEI_DAEMON_CLI_SYNTH_TRUTH_H
#define HULEI_DAEMON_CLI_SYNTH_TRUTH_H

#include "daemon/cli/synth/mention.h"
#include "daemon/cli/synth/plan.h"

#include <stdio.h>

/* The newest address that some live record states of a person. */
struct truth_address {
    int32_t               dwelling; /* -1: none stated */
    int32_t               as_of_day;
    enum stated_precision precision;
};

struct truth {
    const struct land    *land;
    const struct people  *people;
    struct truth_address *newest;   /* by person */
    FILE                 *clusters; /* person,source,type,subject,slot */
    FILE                 *errors;   /* source,type,subject,slot,kinds */
    int32_t               today;
};

enum { TRUTH_NO_TIER = 0, TRUTH_RED = 1, TRUTH_ORANGE, TRUTH_YELLOW, TRUTH_BLUE };

struct truth_pair {
    int         tier; /* TRUTH_NO_TIER: not in range */
    const char *rule; /* "R1", "R2", "O1", "Y1" */
    double      distance_m;
};

/* Facts of one pair, so that a test can state them by hand. */
struct truth_facts {
    bool                  is_class_a, is_abuse, is_carer, is_vulnerable, is_rural;
    bool                  same_dwelling, same_building, same_group;
    double                distance_m;
    enum stated_precision precision;           /* the worse of both */
    int32_t               child_age, risk_age; /* days since the addresses were true */
};

struct truth_pair truth_decide(const struct truth_facts *facts);

/* The listener of record.h. */
void truth_told(void *listener, const struct plan_record *record, uint32_t number, int slot, int32_t person,
                const struct mention *mention);

/* Writes who is whose twin; false when the file cannot be written. */
bool truth_write_twins(const struct truth *truth, FILE *twins);

/* Writes both pair files; false when an address table is missing or a file cannot be written. */
bool truth_write_pairs(const struct truth *truth, FILE *pairs, FILE *hidden, size_t counts[5]);

#endif
