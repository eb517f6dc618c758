/* The key-encryption keys of one role's folder, by number: kek-<n>.key, and kek-<n>.next while a rotation brings it.
 * A .next key opens and does not wrap: every role can read with it before the first one writes with it. */
#ifndef HULEI_DAEMON_COMMON_KEY_RING_H
#define HULEI_DAEMON_COMMON_KEY_RING_H

#include "daemon/common/vault_suite.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { KEY_RING_KEYS_MAX = 8 };

struct key_ring_key {
    int32_t       number; /* from 1 */
    bool          wraps;
    unsigned char aes[VAULT_KEY_BYTES], sm[VAULT_KEY_BYTES]; /* derived: no key serves two ciphers */
};

/* Belongs into locked memory. Zero it before reading. */
struct key_ring {
    struct key_ring_key keys[KEY_RING_KEYS_MAX];
    size_t              count;
    char                directory[PATH_MAX];
    struct timespec     changed; /* of the folder, when it was read */
    int64_t             looked_ms;
};

/* Reads the whole folder. On failure the ring is as before, and `error` names the file and the rule. */
bool key_ring_read(struct key_ring *ring, const char *directory, char *error, size_t error_size);

/* Reads again when the folder has changed. */
void key_ring_refresh(struct key_ring *ring);

/* The same, but looks once a second at most. */
void key_ring_refresh_lazily(struct key_ring *ring);

/* NULL: no such key. */
const struct key_ring_key *key_ring_find(const struct key_ring *ring, int32_t number);

/* The highest key that wraps; never NULL after a successful read. */
const struct key_ring_key *key_ring_current(const struct key_ring *ring);

/* Reads <n> of "kek-<n>.key" (`wraps`) or "kek-<n>.next"; 0: another name. */
int32_t key_ring_number(const char *name, bool *wraps);

#endif
