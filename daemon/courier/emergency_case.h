/* One emergency as the store takes it: whom it is about, where, and what is kept sealed.
 * Reads the child's record that an alarm names; writes nothing. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_CASE_H
#define HULEI_DAEMON_COURIER_EMERGENCY_CASE_H

#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "daemon/courier/emergency_rules.h"
#include "matchers/arena.h"
#include "matchers/tier/policy.h"

#include <stdint.h>

/* Texts lie in the arena. */
struct emergency_case {
    struct emergency_judgement judgement;
    int64_t                    child_person; /* 0: not known */
    struct span                evidence;     /* JSON of codes, for view.h */
    struct span                kept;         /* JSON of name and place, to be sealed */
    struct span                reporter;     /* to be sealed; absent: none */
};

/* *is_built false: the arena is full. Anything but DB_OK is of the look at the child's record. */
enum db_status emergency_case_build(const struct feed_record *record, const struct policy *policy, struct vault *vault,
                                    struct db *db, struct arena *arena, struct emergency_case *out, bool *is_built);

#endif
