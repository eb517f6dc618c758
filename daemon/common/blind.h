/* Keyed hashes of values that must be compared but never read: one sub-key per purpose, outside the database.
 * HMAC-SHA-256 with keys derived by HKDF from index.key; truncated by the caller's choice of length. */
#ifndef HULEI_DAEMON_COMMON_BLIND_H
#define HULEI_DAEMON_COMMON_BLIND_H

#include "matchers/span.h"

#include <stddef.h>
#include <stdint.h>

enum blind_purpose {
    BLIND_EVENT = 0,
    BLIND_DIGEST,
    BLIND_TOMBSTONE,
    BLIND_HOUSEHOLD,
    BLIND_SUBJECT,
    BLIND_PSEUDONYM,
    BLIND_PLACE,
    BLIND_ANCHOR,
    BLIND_CANONICAL,
    BLIND_NUMBER,
    BLIND_PHONE,
    BLIND_NAME_YEAR,
    BLIND_PURPOSE_COUNT
};

struct blind;

/* Reads `directory`/index.key (rules of key_file.h). NULL on failure, with `error` filled. */
struct blind *blind_open_directory(const char *directory, char *error, size_t error_size);

/* Keyed by nobody's key: for work that stores nothing. NULL on failure, with `error` filled. */
struct blind *blind_open_random(char *error, size_t error_size);

/* Wipes and frees; NULL does nothing. */
void blind_close(struct blind *blind);

/*
 * Writes the first `out_bytes` (at most 32) of the hash of `parts`, each preceded by its length, so that no two lists
 * of parts run together. An absent part differs from an empty one. Not thread-safe on one handle.
 */
void blind_hash(const struct blind *blind, enum blind_purpose purpose, const struct span *parts, size_t count,
                unsigned char *out, size_t out_bytes);

/* The same as a number; 0 is never returned. */
uint64_t blind_number(const struct blind *blind, enum blind_purpose purpose, const struct span *parts, size_t count);

#endif
