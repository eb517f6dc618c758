/* The audit chain, recomputed outside the database: each lane is a list of entries, each hash covers the one before.
 * Entries are written only by the SQL function audit_append(); nothing here writes. */
#ifndef HULEI_DAEMON_COMMON_AUDIT_H
#define HULEI_DAEMON_COMMON_AUDIT_H

#include "daemon/common/db.h"
#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AUDIT_HASH_BYTES = 32, AUDIT_LANE_BYTES = 64 };

/* Fields of an entry in the order in which its hash covers them, each as the database writes it as text. */
enum audit_field {
    AUDIT_LANE,
    AUDIT_SEQ,
    AUDIT_AT, /* 2026-03-01T00:00:00.000000Z */
    AUDIT_ACTOR,
    AUDIT_ROLE,
    AUDIT_ACTION,
    AUDIT_PURPOSE,
    AUDIT_SUBJECT, /* lower-case hex of a blinded id */
    AUDIT_ALERT,
    AUDIT_DETAIL,
    AUDIT_FIELD_COUNT
};

struct audit_entry {
    struct span fields[AUDIT_FIELD_COUNT]; /* the absent span is SQL NULL */
};

enum audit_fault {
    AUDIT_SOUND = 0,
    AUDIT_MISSING_BEFORE, /* an entry before this one is gone, or they changed places */
    AUDIT_CHANGED,        /* the entry is not what was hashed */
    AUDIT_MISSING_AFTER,  /* the lane's head says that more was written */
};

/* A sentence for people; never NULL. */
const char *audit_fault_word(enum audit_fault fault);

/*
 * Hash of an entry: SHA-256 of the previous hash (no bytes for the first entry of a lane) and the entry's canonical
 * bytes, each field as <length>:<bytes>, an absent one as -, joined by commas. False when OpenSSL fails.
 */
bool audit_hash(struct span previous, const struct audit_entry *entry, unsigned char hash[AUDIT_HASH_BYTES]);

/* Where a walk along one lane stands. Zero it before the first entry. */
struct audit_walk {
    int64_t       seq; /* of the last entry */
    unsigned char hash[AUDIT_HASH_BYTES];
};

/* Takes the next entry. After a fault the walk must end. */
enum audit_fault audit_walk_next(struct audit_walk *walk, int64_t seq, const struct audit_entry *entry,
                                 struct span hash);

/* Compares the end of the walk with the lane's head. */
enum audit_fault audit_walk_end(const struct audit_walk *walk, int64_t head_seq, struct span head_hash);

/* What became of one lane. */
struct audit_lane_report {
    char             lane[AUDIT_LANE_BYTES];
    int64_t          entries; /* found sound */
    int64_t          seq;     /* of the first fault; meaningless when sound */
    enum audit_fault fault;
};

/*
 * Walks every lane from its first entry to the head it had when the walk began, and calls `tell` once per lane. The
 * reading role needs SELECT on audit_lane and audit_entry and no more. On anything but DB_OK some lanes were not told.
 */
enum db_status audit_verify(struct db *db, void (*tell)(void *context, const struct audit_lane_report *report),
                            void      *context);

#endif
