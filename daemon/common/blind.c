/* Keyed hashes; see blind.h.
 * xxHash must never do this job: it is unkeyed and invertible by dictionary. */
#include "daemon/common/blind.h"

#include "daemon/common/key_derive.h"
#include "daemon/common/key_file.h"

#include <assert.h>
#include <endian.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 32 };

static const char *const purposes[BLIND_PURPOSE_COUNT] = {
    [BLIND_EVENT] = "event",         [BLIND_DIGEST] = "digest",   [BLIND_TOMBSTONE] = "tombstone",
    [BLIND_HOUSEHOLD] = "household", [BLIND_SUBJECT] = "subject", [BLIND_PSEUDONYM] = "pseudonym",
    [BLIND_PLACE] = "place",         [BLIND_ANCHOR] = "anchor",   [BLIND_CANONICAL] = "canonical",
    [BLIND_NUMBER] = "number",       [BLIND_PHONE] = "phone",     [BLIND_NAME_YEAR] = "name_year",
};

/* Lies in locked memory. Each state is HMAC already keyed; it is copied per hash. */
struct blind {
    crypto_auth_hmacsha256_state keyed[BLIND_PURPOSE_COUNT];
};

/* Wipes the master key, whatever comes of it. */
static struct blind *open_with(unsigned char *master, char *error, size_t error_size)
{
    unsigned char key[HASH_BYTES];
    struct blind *blind = sodium_malloc(sizeof *blind);

    if (blind == NULL)
        snprintf(error, error_size, "no locked memory for keys: raise RLIMIT_MEMLOCK");
    for (int i = 0; blind != NULL && i < BLIND_PURPOSE_COUNT; i++) {
        char purpose[64];
        snprintf(purpose, sizeof purpose, "blind/1/%s", purposes[i]);
        if (!key_derive(master, "SHA256", purpose, key, sizeof key)) {
            snprintf(error, error_size, "OpenSSL has no HKDF");
            blind_close(blind);
            blind = NULL;
            break;
        }
        crypto_auth_hmacsha256_init(&blind->keyed[i], key, sizeof key);
    }
    sodium_memzero(master, HASH_BYTES);
    sodium_memzero(key, sizeof key);
    return blind;
}

static bool start_sodium(char *error, size_t error_size)
{
    if (sodium_init() >= 0)
        return true;
    snprintf(error, error_size, "libsodium does not start");
    return false;
}

struct blind *blind_open_directory(const char *directory, char *error, size_t error_size)
{
    unsigned char master[HASH_BYTES];

    if (!start_sodium(error, error_size) ||
        !key_file_read(directory, "index.key", master, sizeof master, error, error_size))
        return NULL;
    return open_with(master, error, error_size);
}

struct blind *blind_open_random(char *error, size_t error_size)
{
    unsigned char master[HASH_BYTES];

    if (!start_sodium(error, error_size))
        return NULL;
    randombytes_buf(master, sizeof master);
    return open_with(master, error, error_size);
}

void blind_close(struct blind *blind)
{
    sodium_free(blind); /* wipes; NULL is allowed */
}

void blind_hash(const struct blind *blind, enum blind_purpose purpose, const struct span *parts, size_t count,
                unsigned char *out, size_t out_bytes)
{
    crypto_auth_hmacsha256_state state = blind->keyed[purpose];
    unsigned char                hash[HASH_BYTES];

    assert(out_bytes <= sizeof hash);
    for (size_t i = 0; i < count; i++) {
        const uint64_t length = htobe64(parts[i].bytes != NULL ? parts[i].length : UINT64_MAX);
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)&length, sizeof length);
        if (parts[i].length > 0)
            crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].bytes, parts[i].length);
    }
    crypto_auth_hmacsha256_final(&state, hash);
    memcpy(out, hash, out_bytes);
    sodium_memzero(hash, sizeof hash);
    sodium_memzero(&state, sizeof state);
}

uint64_t blind_number(const struct blind *blind, enum blind_purpose purpose, const struct span *parts, size_t count)
{
    uint64_t number = 0;

    blind_hash(blind, purpose, parts, count, (unsigned char *)&number, sizeof number);
    return number != 0 ? number : 1;
}
