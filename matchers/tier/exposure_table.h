/* The stored form of situations with every way to find them again; private to exposure*.c.
 * Deliberately without pairs and batches: the index and a batch's overlay each hold one such table. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_TABLE_H
#define HULEI_MATCHERS_TIER_EXPOSURE_TABLE_H

#include "matchers/tier/exposure.h"

enum { EXPOSURE_SIZE_STEP = 64, EXPOSURE_SIZE_CLASSES = 34 };

enum exposure_role { EXPOSURE_CHILD = 0, EXPOSURE_RISK = 1 };

struct exposure_table {
    struct keymap         persons;  /* person id -> packed situation */
    struct keymap         postings; /* shared key -> person id */
    struct proximity_grid grids[2]; /* by role */
    struct proximity_grid gates;    /* of the schools of children: the child is found there */
    struct pool           packed[EXPOSURE_SIZE_CLASSES];
    size_t                role_counts[2];
};

void exposure_table_init(struct exposure_table *table, struct pool_memory *memory);
void exposure_table_clear(struct exposure_table *table);

/* Replaces the person's situation. False when memory is out; the table is unchanged then. */
bool exposure_table_put(struct exposure_table *table, const struct person_situation *situation);
void exposure_table_remove(struct exposure_table *table, int64_t person_id);
bool exposure_table_find(const struct exposure_table *table, int64_t person_id, struct person_situation *situation);

/* Makes sure that everything in `source` can be put here. */
bool exposure_table_reserve(struct exposure_table *table, const struct exposure_table *source);

/* False stops the search. The same id may come several times. */
typedef bool (*exposure_visit)(void *context, int64_t person_id);

/* How far a pair may reach; 0: such a pair is not asked for. */
struct exposure_reach {
    double home_m;       /* between homes */
    double gate_m;       /* between a home and a gate */
    bool   by_community; /* and whoever lives in the same community */
};

/* Everyone in `role` who could form a pair with `situation`: shares a key or lies within reach. */
bool exposure_table_search(const struct exposure_table *table, const struct person_situation *situation,
                           enum exposure_role role, const struct exposure_reach *reach, exposure_visit visit,
                           void *context);

/* Everyone in `role` who lives in the community. */
bool exposure_table_community(const struct exposure_table *table, uint64_t community_code, enum exposure_role role,
                              exposure_visit visit, void *context);

/* Everyone in `role` whose home may be within `radius_m` of the point. */
bool exposure_table_around(const struct exposure_table *table, const struct exposure_residence *home,
                           enum exposure_role role, double radius_m, exposure_visit visit, void *context);

/* Whether the person is in the role. */
bool exposure_has_role(const struct person_situation *situation, enum exposure_role role);

/* The finest level both addresses state, and whether they agree on it; PRECISION_NONE: no level in common. */
enum proximity_precision exposure_agreed_level(const struct exposure_residence *a, const struct exposure_residence *b);

/* Children around one address, for Y3. */
struct exposure_group {
    int32_t graded; /* whose identity is confirmed or strong */
    int32_t all;    /* with those whose identity is only probable */
};

/* Counts the child when she is in the profile, not disputed, and placed well and lately enough near `home`. */
void exposure_count_in_group(const struct policy *policy, const struct person_situation *child,
                             const struct exposure_residence *home, int32_t today, struct exposure_group *group);

/* Decides one pair over all its addresses and records (exposure_facts.c). False when no rule applies. */
bool exposure_decide_pair(const struct policy *policy, const struct person_situation *child,
                          const struct person_situation *risk, int32_t today, struct exposure_pair *pair);

/* The same of exposures that name no child (exposure_alone.c). `unit` is an index of risk->units; `groups` says per
 * residence who of the profile lives around it: with probable ones alone it stays in review. */
bool exposure_decide_unit(const struct policy *policy, const struct person_situation *risk, size_t unit, int32_t today,
                          struct exposure_pair *pair);
bool exposure_decide_person(const struct policy *policy, const struct person_situation *risk, int32_t today,
                            struct exposure_pair *pair);
bool exposure_decide_group(const struct policy *policy, const struct person_situation *risk,
                           const struct exposure_group *groups, int32_t today, struct exposure_pair *pair);

#endif
