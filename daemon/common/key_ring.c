/* The key-encryption keys of one role's folder; see key_ring.h.
 * Writes no file: `hulei rotate-keys` does. */
#include "daemon/common/key_ring.h"

#include "daemon/common/clock.h"
#include "daemon/common/key_derive.h"
#include "daemon/common/key_file.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOK_EVERY_MS = 1000 };

int32_t key_ring_number(const char *name, bool *wraps)
{
    int number = 0, end = 0;

    if (sscanf(name, "kek-%9d.%n", &number, &end) != 1 || end == 0 || number < 1 || name[4] < '1' || name[4] > '9')
        return 0;
    *wraps = strcmp(name + end, "key") == 0;
    return *wraps || strcmp(name + end, "next") == 0 ? number : 0;
}

static bool read_key(struct key_ring *ring, const char *name, int32_t number, bool wraps, char *error,
                     size_t error_size)
{
    unsigned char master[KEY_MASTER_BYTES];

    if (ring->count == KEY_RING_KEYS_MAX) {
        snprintf(error, error_size, "%s holds more than %d keys", ring->directory, KEY_RING_KEYS_MAX);
        return false;
    }
    struct key_ring_key *key = &ring->keys[ring->count];
    if (!key_file_read(ring->directory, name, master, sizeof master, error, error_size))
        return false;
    const bool is_done = key_derive(master, "SHA256", "kek/aes-256-gcm", key->aes, sizeof key->aes) &&
                         key_derive(master, "SM3", "kek/sm4-ctr-hmac-sm3", key->sm, sizeof key->sm);
    sodium_memzero(master, sizeof master);
    if (!is_done) {
        snprintf(error, error_size, "OpenSSL has no HKDF with SHA-256 and SM3");
        return false;
    }
    key->number = number;
    key->wraps  = wraps;
    ring->count++;
    return true;
}

static bool read_folder(struct key_ring *ring, DIR *folder, char *error, size_t error_size)
{
    const struct dirent *entry;
    bool                 wraps, is_done = true;

    while (is_done && (entry = readdir(folder)) != NULL) {
        const int32_t number = key_ring_number(entry->d_name, &wraps);
        if (number > 0)
            is_done = read_key(ring, entry->d_name, number, wraps, error, error_size);
    }
    if (is_done && key_ring_current(ring) == NULL) {
        snprintf(error, error_size, "key file %s/kek-1.key cannot be opened", ring->directory);
        return false;
    }
    return is_done;
}

bool key_ring_read(struct key_ring *ring, const char *directory, char *error, size_t error_size)
{
    struct key_ring *fresh  = sodium_malloc(sizeof *fresh);
    DIR             *folder = opendir(directory);
    struct stat      facts;
    bool             is_done = false;

    if (fresh == NULL) {
        snprintf(error, error_size, "no locked memory for keys: raise RLIMIT_MEMLOCK");
    } else if (folder == NULL || fstat(dirfd(folder), &facts) != 0) {
        snprintf(error, error_size, "key folder %s cannot be opened", directory);
    } else {
        memset(fresh, 0, sizeof *fresh);
        snprintf(fresh->directory, sizeof fresh->directory, "%s", directory);
        fresh->changed   = facts.st_mtim;
        fresh->looked_ms = clock_monotonic_ms();
        is_done          = read_folder(fresh, folder, error, error_size);
        if (is_done)
            memcpy(ring, fresh, sizeof *ring);
    }
    if (folder != NULL)
        closedir(folder);
    sodium_free(fresh); /* wipes */
    return is_done;
}

void key_ring_refresh(struct key_ring *ring)
{
    char        directory[PATH_MAX], error[PATH_MAX + 64];
    struct stat facts;

    ring->looked_ms = clock_monotonic_ms();
    if (stat(ring->directory, &facts) != 0 ||
        (facts.st_mtim.tv_sec == ring->changed.tv_sec && facts.st_mtim.tv_nsec == ring->changed.tv_nsec))
        return;
    memcpy(directory, ring->directory, sizeof directory);
    key_ring_read(ring, directory, error, sizeof error);
}

void key_ring_refresh_lazily(struct key_ring *ring)
{
    if (clock_monotonic_ms() - ring->looked_ms >= LOOK_EVERY_MS)
        key_ring_refresh(ring);
}

const struct key_ring_key *key_ring_find(const struct key_ring *ring, int32_t number)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (ring->keys[i].number == number)
            return &ring->keys[i];
    }
    return NULL;
}

const struct key_ring_key *key_ring_current(const struct key_ring *ring)
{
    const struct key_ring_key *current = NULL;

    for (size_t i = 0; i < ring->count; i++) {
        if (ring->keys[i].wraps && (current == NULL || ring->keys[i].number > current->number))
            current = &ring->keys[i];
    }
    return current;
}
