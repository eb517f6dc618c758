/* Which child is exposed to which person of concern: an index over one situation per person, changed batch by batch.
 * Deliberately without records, identity or addresses: the engine reduces these to situations first. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_H
#define HULEI_MATCHERS_TIER_EXPOSURE_H

#include "matchers/proximity/proximity.h"
#include "matchers/tier/tier.h"

enum {
    EXPOSURE_RESIDENCES = 8,
    EXPOSURE_HOUSEHOLDS = 4,
    EXPOSURE_CAREGIVERS = 12,
    EXPOSURE_CONCERNS   = 6,
    EXPOSURE_UNITS      = 4,
    EXPOSURE_GATES      = 8,
    EXPOSURE_WORKPLACES = 2,
};

/* Where a person lives, by one record. Keys are any stable 64-bit hash; 0 means not known. */
struct exposure_residence {
    uint64_t                 dwelling_key;   /* building + unit + room */
    uint64_t                 building_key;   /* building, yard, or house number of a village */
    uint64_t                 group_key;      /* division + village group */
    uint64_t                 community_code; /* the 12 digits as a number */
    uint32_t                 town_code;      /* the first 9 digits */
    bool                     has_point;      /* only when placed well enough to measure from */
    bool                     in_barred_zone; /* an order bars this person from here, and it is no approved home */
    enum proximity_precision precision;
    float                    uncertainty_m;
    int32_t                  as_of_day; /* POLICY_DAY_UNKNOWN when not stated */
    double                   lon, lat;  /* CGCS2000, only with has_point */
    int64_t                  record_id;
};

/* One live record of concern. */
struct exposure_concern {
    enum policy_category_code category;
    enum policy_class class; /* of policy_risk_class() */
    int32_t  until_day;      /* POLICY_DAY_UNKNOWN: no end known */
    int32_t  released_day;   /* or POLICY_DAY_UNKNOWN */
    bool     victim_pupil;
    bool     occupation_ban;
    bool     order_names_schools;
    bool     is_prohibited; /* a prohibition order in force */
    bool     is_at_large;   /* neither in prison nor known to be elsewhere for good: an address is due (O5) */
    uint64_t orders_key;    /* of all the person's orders in force: another value means that one changed; 0: none */
    int64_t  record_id;
};

/* A school, or another place where somebody works or volunteers. */
struct exposure_unit {
    uint64_t key;
    uint64_t community_code;   /* 0: not known */
    int64_t  record_id;        /* who says so */
    int64_t  unit_record_id;   /* the school's own record; 0: none */
    bool     is_close_contact; /* works with minors (密切接触未成年人) */
};

/* A gate of a child's school. */
struct exposure_gate {
    double   lon, lat; /* CGCS2000 */
    uint64_t unit_key;
};

/* Everything that decides this person's pairs. A person may be both (a ward who turned 18 is not a child any more). */
struct person_situation {
    int64_t                  person_id;
    enum identity_grade_word grade;
    bool                     is_disputed;

    bool               is_child; /* in the policy's profile */
    bool               is_vulnerable;
    bool               is_shielded; /* alerts to police only */
    struct policy_date birth;
    uint8_t            caregiver_count; /* guardians, entrusted persons, teachers, mentors, volunteers */
    int64_t            caregivers[EXPOSURE_CAREGIVERS];

    uint8_t                 concern_count; /* > 0: a person of concern */
    struct exposure_concern concerns[EXPOSURE_CONCERNS];
    int32_t                 moved_day; /* newest change of address that has stood, or POLICY_DAY_UNKNOWN */

    uint8_t                   residence_count;
    struct exposure_residence residences[EXPOSURE_RESIDENCES];
    uint8_t                   household_count;
    uint64_t                  households[EXPOSURE_HOUSEHOLDS]; /* registration booklets (blind index) */
    uint8_t                   workplace_count;
    struct exposure_residence workplaces[EXPOSURE_WORKPLACES]; /* of a person of concern: for barred zones only */
    uint8_t                   unit_count;
    struct exposure_unit      units[EXPOSURE_UNITS]; /* child: schools; person of concern: where she or he works */
    uint8_t                   gate_count;
    struct exposure_gate      gates[EXPOSURE_GATES]; /* of a child's schools */
};

/* Adds one residence; when there are too many the oldest goes, of equals the coarsest, then the highest record id:
 * what is kept does not depend on the order of calls. */
void exposure_add_residence(struct person_situation *situation, const struct exposure_residence *residence);

/*
 * Keeps only where the person lives now: a residence is dropped when another one is newer, unless the newer one is
 * coarser and lies in the same community (an older, better spelled reading of the same place), or is known no finer
 * than its town, the town of the older one. Call before _put(). Returns the day of the newest move that this shows,
 * between two places of which both are known and dated, or POLICY_DAY_UNKNOWN.
 */
int32_t exposure_drop_superseded(struct person_situation *situation);

/* Both are known well enough to tell, and are not one place. */
bool exposure_is_elsewhere(const struct exposure_residence *a, const struct exposure_residence *b);

/* What is wrong with a person's addresses (rule B3). */
enum exposure_fault {
    FAULT_ADDRESS_OLD       = 1 << 0, /* none is within its cycle */
    FAULT_ADDRESS_UNLOCATED = 1 << 1, /* none is placed better than its community */
};
uint32_t exposure_address_faults(const struct policy *policy, const struct person_situation *situation, int32_t today);

/* Class A, at large, and no address that is located and within its cycle (rule O5). */
bool exposure_is_unlocatable(const struct policy *policy, const struct person_situation *situation, int32_t today);

struct exposure_index; /* made in memory of the caller */

/* Makes an index in memory of `memory`, which must outlive it; NULL when memory is out. */
struct exposure_index *exposure_index_make(struct pool_memory *memory);
/* Gives all memory back; NULL does nothing. */
void exposure_index_drop(struct exposure_index *index);

struct exposure_counts {
    size_t children, risks, pairs;
    size_t used_bytes;
};
struct exposure_counts exposure_index_counts(const struct exposure_index *index);

/* Loading at start, without a batch: replaces the person's situation. False when memory is out. */
bool exposure_index_put(struct exposure_index *index, const struct person_situation *situation);
/* The name of a pair: whom or what it ties to whom. */
struct exposure_ids {
    enum tier_subject subject;
    int64_t           subject_id; /* the child; the key of the unit; 0 */
    int64_t           risk_id;
};

/* Tells the index a pair that is live in the database with the hash it was stored with; `is_opened`: of rule B1, which
 * a human had opened. False: memory is out. */
bool exposure_index_remember_pair(struct exposure_index *index, const struct exposure_ids *ids, uint64_t hash,
                                  bool is_opened);
/* Forgets one pair (it was retracted or closed elsewhere); unknown ones do nothing. */
void exposure_index_forget_pair(struct exposure_index *index, const struct exposure_ids *ids);
/* Tells the index which faults of a person are open in the database (enum exposure_fault). False: memory is out. */
bool exposure_index_remember_faults(struct exposure_index *index, int64_t person_id, uint32_t faults);
/* The stored situation; false when the person is in no role. */
bool exposure_index_find(const struct exposure_index *index, int64_t person_id, struct person_situation *situation);

/* One pair as the batch leaves it. */
struct exposure_pair {
    struct exposure_ids  ids;
    struct tier_decision decision;
    uint64_t             evidence_hash[2]; /* same evidence, same hash: no metres, no days, no record ids; the second
                                              half leaves tier and rule out: the ground they rest on */
    bool is_known;                         /* the index holds the pair already */
    bool is_unchanged;                     /* and with this very evidence */
    /* facts for the review sheet and the alert; nothing personal */
    enum policy_category_code category;
    enum policy_class class;
    enum proximity_precision precision;
    double                   distance_m; /* -1: no distance */
    enum identity_grade_word child_grade, risk_grade;
    int32_t                  child_address_age_days, risk_address_age_days;      /* -1: not known */
    int64_t                  child_record_id, risk_record_id, concern_record_id; /* 0: none */
    uint64_t                 child_community_code, risk_community_code;          /* 0: not known */
    bool                     is_vulnerable;
    bool                     is_shielded;
    int32_t                  child_age_years; /* -1: not known */
    int32_t                  children;        /* of a group; -1: not counted */
    int64_t                  unit_record_id;  /* 0: none */
};

/* A pair that the index knows and that no longer holds. */
struct exposure_gone {
    struct exposure_ids ids;
};

/* The faults of one person that come and go with the batch. */
struct exposure_fault_change {
    int64_t  person_id;
    uint32_t opened, closed; /* enum exposure_fault */
};

/* A batch's changes, in the batch arena; the index itself is only read until exposure_batch_merge(). */
struct exposure_batch;

/* NULL when the arena is full. */
struct exposure_batch *exposure_batch_begin(struct exposure_index *index, struct arena *arena);

/* The person's situation after the batch; the last call per person wins. A situation that is neither child nor of
 * concern is a removal. False when the arena is full. */
bool exposure_batch_put(struct exposure_batch *batch, const struct person_situation *situation);
bool exposure_batch_remove(struct exposure_batch *batch, int64_t person_id);
/* Decides the person's pairs again without a change (a day has passed, a policy was activated). */
bool exposure_batch_touch(struct exposure_batch *batch, int64_t person_id);
/* A human opens what B1 counts in this community: its pairs become pairs like others. */
bool exposure_batch_open_counted(struct exposure_batch *batch, uint64_t community_code);

struct exposure_result {
    const struct exposure_pair         *pairs; /* in the arena, sorted by exposure_compare_ids() */
    size_t                              pair_count;
    const struct exposure_gone         *gone; /* sorted likewise */
    size_t                              gone_count;
    const struct exposure_fault_change *faults; /* by person */
    size_t                              fault_count;
};

/* By subject, then its id, then the person of concern. */
int exposure_compare_ids(const struct exposure_ids *a, const struct exposure_ids *b);

enum exposure_status {
    EXPOSURE_OK = 0,
    EXPOSURE_ARENA_FULL,
    EXPOSURE_INDEX_FULL, /* the index's byte limit: nothing was changed, do not commit */
};

/* All pairs of the persons this batch touched, and those they had and lost. Reserves what the merge will need, so that
 * exposure_batch_merge() cannot fail. May be called again after more changes. */
enum exposure_status exposure_batch_pairs(struct exposure_batch *batch, const struct policy *policy, int32_t today,
                                          struct exposure_result *result);

/* After COMMIT, and after exposure_batch_pairs(): the index takes the batch's situations and pairs. */
void exposure_batch_merge(struct exposure_batch *batch);
/* There is no discard: forget the batch (reset the arena) and the index is as before. */

/* Called for every pair that rule B1 counts; false stops. */
typedef bool (*exposure_count)(void *context, uint64_t child_community_code);

/*
 * The pairs of one person of concern that rule B1 counts and nobody opened. `arena` takes what is needed on the way.
 * False when it is full or a call stopped the count.
 */
bool exposure_index_count(const struct exposure_index *index, const struct policy *policy, int32_t today,
                          int64_t risk_id, struct arena *arena, exposure_count visit, void *context);

#endif
