/* What a perfect matcher would find: clusters, and the exposures of every rule with their tiers.
 * By brute force over the invented facts and what the records state of addresses; no grid, no policy file. */
#ifndef HULEI_DAEMON_CLI_SYNTH_TRUTH_H
#define HULEI_DAEMON_CLI_SYNTH_TRUTH_H

#include "daemon/cli/synth/mention.h"
#include "daemon/cli/synth/plan.h"
#include "daemon/cli/synth/truth_rules.h"

#include <stdio.h>

enum { TRUTH_ADDRESSES = 16, TRUTH_UNIT_BYTES = 16 };

/* An address that some live record states of a person. */
struct truth_address {
    int32_t               dwelling;
    int32_t               as_of_day;
    enum stated_precision precision;
};

/* What the records tell of a girl of the profile, or of a person of concern. */
struct truth_party {
    int32_t              person;
    bool                 is_registered; /* some record states the booklet */
    int32_t              school;        /* of her enrolments; -1 */
    size_t               address_count;
    struct truth_address addresses[TRUTH_ADDRESSES];
};

/* A person of concern is with a child, or works in a unit. */
struct truth_tie {
    int32_t risk, child;            /* -1: no child, but the unit */
    char    unit[TRUTH_UNIT_BYTES]; /* subject of the record that speaks for it */
};

struct truth {
    const struct land   *land;
    const struct people *people;
    int32_t             *party_of; /* by person; -1: neither */
    struct truth_party  *parties;
    size_t               party_count;
    struct truth_tie    *ties;
    size_t               tie_count, tie_capacity;
    FILE                *clusters; /* person,source,type,subject,slot */
    FILE                *errors;   /* source,type,subject,slot,kinds */
    int32_t              today;
    bool                 is_out_of_memory;
};

/* False when memory is out; truth_close() in any case. The files are the caller's. */
bool truth_open(struct truth *truth, const struct land *land, const struct people *people, int32_t today);
void truth_close(struct truth *truth);

/* The listener of record.h. */
void truth_told(void *listener, const struct plan_record *record, uint32_t number, int slot, int32_t person,
                const struct mention *mention);

/* Writes who is whose twin; false when the file cannot be written. */
bool truth_write_twins(const struct truth *truth, FILE *twins);

struct truth_files {
    FILE *pairs, *hidden; /* child_person,risk_person,tier,rule,distance_m,hidden,subject,unit */
    FILE *counted;        /* area_code,pairs: what rule B1 counts */
};

/* counts: by tier 1 to 4; 0: hidden. False when memory is out or a file cannot be written. */
bool truth_write_pairs(const struct truth *truth, const struct truth_files *files, size_t counts[5]);

#endif
