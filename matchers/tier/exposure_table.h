/* The stored form of situations with every way to find them again; private to exposure*.c.
 * Deliberately without pairs and batches: the index and a batch's overlay each hold one such table. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_TABLE_H
#define HULEI_MATCHERS_TIER_EXPOSURE_TABLE_H

#include "matchers/tier/exposure.h"

enum { EXPOSURE_SIZE_STEP = 64, EXPOSURE_SIZE_CLASSES = 18 };

enum exposure_role { EXPOSURE_CHILD = 0, EXPOSURE_RISK = 1 };

struct exposure_table {
    struct keymap         persons;  /* person id -> packed situation */
    struct keymap         postings; /* shared key -> person id */
    struct proximity_grid grids[2]; /* by role */
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

/* Everyone in `role` who could form a pair with `situation`: shares a key or lies within `radius_m`. */
bool exposure_table_search(const struct exposure_table *table, const struct person_situation *situation,
                           enum exposure_role role, double radius_m, exposure_visit visit, void *context);

/* Whether the person is in the role. */
bool exposure_has_role(const struct person_situation *situation, enum exposure_role role);

/* Decides one pair over all its addresses and records (exposure_facts.c). False when no rule applies. */
bool exposure_decide_pair(const struct policy *policy, const struct person_situation *child,
                          const struct person_situation *risk, int32_t today, struct exposure_pair *pair);

#endif
