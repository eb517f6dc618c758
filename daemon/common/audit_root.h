/* Signed statements of where every audit lane stood: one line of JSON an hour, kept outside. Each names the hash of the
 * one before, so that none can be left out or told twice in two ways. Neither database nor file: lines in, lines out.
 */
#ifndef HULEI_DAEMON_COMMON_AUDIT_ROOT_H
#define HULEI_DAEMON_COMMON_AUDIT_ROOT_H

#include "daemon/common/audit.h"
#include "daemon/common/sign_key.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_root_draft {
    const char   *shard;
    int64_t       number;   /* from 1 */
    const char   *at;       /* 2026-03-01T00:00:00Z */
    int64_t       epoch;    /* of the MACs of the entries before it */
    const char   *previous; /* hex of SHA-256 of the line before; of nothing for the first */
    const json_t *lanes;    /* [{"lane", "seq", "hash"}] in the lanes' order */
};

/*
 * The signed line, without an end of line: the draft's members, the Merkle root over the lanes, algorithm, public key
 * and signature over all of it. malloc'd; NULL when memory or OpenSSL fails.
 */
char *audit_root_sign(const struct audit_root_draft *draft, struct sign_key *key);

/* SHA-256 over a tree as in RFC 6962: 00 before a leaf ("lane:seq:hash"), 01 before a pair of nodes. */
bool audit_root_merkle(const json_t *lanes, unsigned char root[AUDIT_HASH_BYTES]);

enum audit_root_fault {
    AUDIT_ROOT_SOUND = 0,
    AUDIT_ROOT_NOT_ONE,   /* no statement of this form, or its lanes do not make its root */
    AUDIT_ROOT_SIGNATURE, /* not signed by a key that is trusted */
    AUDIT_ROOT_MISSING,   /* the line before it is not the one it names */
    AUDIT_ROOT_TWO,       /* another statement of the same number */
};

const char *audit_root_fault_word(enum audit_root_fault fault);

/* All statements of a file, read line by line. Zero it before the first. */
struct audit_roots {
    struct audit_root_point {
        char          lane[AUDIT_LANE_BYTES];
        int64_t       seq;
        int64_t       number; /* of the statement */
        unsigned char hash[AUDIT_HASH_BYTES];
    } * points; /* of all statements, sorted by lane and seq once audit_roots_sort() was called */
    size_t        count, capacity;
    int64_t       first, last; /* numbers of statements; 0: none */
    int64_t       statements;
    unsigned char last_hash[AUDIT_HASH_BYTES];
};

/*
 * Takes the next line. `trusted`: public keys in hex, ended by NULL. The same line again is sound and changes nothing.
 */
enum audit_root_fault audit_roots_add(struct audit_roots *roots, struct span line, const char *const *trusted);

void audit_roots_sort(struct audit_roots *roots);

/* The points of one lane: *count of them; NULL: none. */
const struct audit_root_point *audit_roots_of_lane(const struct audit_roots *roots, const char *lane, size_t *count);

void audit_roots_clear(struct audit_roots *roots);

#endif
