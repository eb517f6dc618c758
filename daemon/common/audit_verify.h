/* The audit chain as the database has it, held against itself and against what was kept outside. Writes nothing. */
#ifndef HULEI_DAEMON_COMMON_AUDIT_VERIFY_H
#define HULEI_DAEMON_COMMON_AUDIT_VERIFY_H

#include "daemon/common/audit.h"
#include "daemon/common/audit_root.h"
#include "daemon/common/db.h"

#include <stdbool.h>
#include <stdint.h>

/* What an auditor has who keeps things outside; all zero: nothing. */
struct audit_outside {
    const struct audit_roots *roots; /* sorted; NULL: none */
    int32_t                   epoch; /* of `key`; 0: no key. MACs of older entries are not judged */
    unsigned char             key[AUDIT_HASH_BYTES];
};

/* What became of one lane. */
struct audit_lane_report {
    char             lane[AUDIT_LANE_BYTES];
    int64_t          entries; /* found sound */
    int64_t          points;  /* of signed statements that fit */
    int64_t          macs;    /* that fit */
    int64_t          seq;     /* of the first fault; meaningless when sound */
    enum audit_fault fault;
};

/*
 * Walks every lane from its first entry to the head it had when the walk began, and calls `tell` once per lane, a lane
 * that only the signed statements know among them. The reading role needs SELECT on audit_lane, audit_entry and
 * audit_checkpoint and no more. On anything but DB_OK some lanes were not told.
 */
enum db_status audit_verify(struct db *db, const struct audit_outside                                 *outside,
                            void (*tell)(void *context, const struct audit_lane_report *report), void *context);

#endif
