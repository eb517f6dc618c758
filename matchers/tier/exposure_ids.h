/* A growing list of pair names in an arena, sorted and made unique; private to exposure*.c. */
#ifndef HULEI_MATCHERS_TIER_EXPOSURE_IDS_H
#define HULEI_MATCHERS_TIER_EXPOSURE_IDS_H

#include "matchers/tier/exposure.h"

struct exposure_id_list {
    struct exposure_ids *items;
    size_t               count, capacity;
};

/* False when the arena is full. */
bool exposure_ids_add(struct exposure_id_list *list, struct arena *arena, enum tier_subject subject, int64_t subject_id,
                      int64_t risk_id);

/* Sorts by exposure_compare_ids() and drops repetitions. */
void exposure_ids_settle(struct exposure_id_list *list);

#endif
