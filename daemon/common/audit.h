/* The audit chain, recomputed outside the database: each lane is a list of entries, each hash covers the one before.
 * Asks no database: audit_verify.h does. Entries are written only by the SQL function audit_append(). */
#ifndef HULEI_DAEMON_COMMON_AUDIT_H
#define HULEI_DAEMON_COMMON_AUDIT_H

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
    AUDIT_MISSING_AFTER,  /* the lane's head, or a signed statement, says that more was written */
    AUDIT_FORGED,         /* its MAC is not of its epoch's key, or its epoch is older than the one before */
    AUDIT_FORKED,         /* a signed statement of that time has another hash */
    AUDIT_CUT,            /* the lane begins behind an entry that no signed statement covers */
};

/* A sentence for people; never NULL. */
const char *audit_fault_word(enum audit_fault fault);

/*
 * Hash of an entry: SHA-256 of the previous hash (no bytes for the first entry of a lane) and the entry's canonical
 * bytes, each field as <length>:<bytes>, an absent one as -, joined by commas. False when OpenSSL fails.
 */
bool audit_hash(struct span previous, const struct audit_entry *entry, unsigned char hash[AUDIT_HASH_BYTES]);

/* The MAC of an entry's hash under an epoch's key, and the key that follows it. False when OpenSSL fails. */
bool audit_mac(const unsigned char key[AUDIT_HASH_BYTES], struct span hash, unsigned char mac[AUDIT_HASH_BYTES]);
bool audit_next_key(unsigned char key[AUDIT_HASH_BYTES]);

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

#endif
