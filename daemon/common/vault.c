/* Sealing of personal columns; see vault.h.
 * Which rows there are, and whose data keys they use, it does not know. */
#include "daemon/common/vault.h"

#include "daemon/common/key_ring.h"

#include <assert.h>
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { SCHEMA_VERSION = 2, AAD_BYTES_MAX = 160 };

/* Bytes of a wrapped key, of which data_key.kek_id reads the third to sixth: suite of the wrapping, suite of the key,
 * kek id (big endian), nonce, key, tag. */
enum {
    WRAPPED_SUITE = 0,
    WRAPPED_KEY_SUITE,
    WRAPPED_KEK,
    WRAPPED_NONCE = WRAPPED_KEK + 4,
    WRAPPED_KEY   = WRAPPED_NONCE + VAULT_NONCE_BYTES,
    WRAPPED_TAG   = WRAPPED_KEY + VAULT_KEY_BYTES,
};

/* Bytes of a value: suite, data key id (big endian), nonce, ciphertext, tag. */
enum { SEALED_SUITE = 0, SEALED_KEY, SEALED_NONCE = SEALED_KEY + 8, SEALED_BODY = SEALED_NONCE + VAULT_NONCE_BYTES };

/* The whole struct lies in locked memory. */
struct vault {
    struct key_ring      ring;
    struct vault_ciphers ciphers;
    enum vault_suite     suite; /* of new keys */
};

static struct vault *make(void)
{
    struct vault *vault = sodium_malloc(sizeof *vault);

    if (vault != NULL) {
        memset(vault, 0, sizeof *vault);
        vault->suite = VAULT_AES_256_GCM;
    }
    return vault;
}

struct vault *vault_open_directory(const char *directory, char *error, size_t error_size)
{
    if (sodium_init() < 0) {
        snprintf(error, error_size, "libsodium does not start");
        return NULL;
    }
    struct vault *vault = make();
    if (vault == NULL) {
        snprintf(error, error_size, "no locked memory for keys: raise RLIMIT_MEMLOCK");
        return NULL;
    }
    if (!key_ring_read(&vault->ring, directory, error, error_size))
        goto fail;
    if (!vault_ciphers_open(&vault->ciphers)) {
        snprintf(error, error_size, "OpenSSL has no AES-256-GCM, SM4-CTR or HMAC");
        goto fail;
    }
    return vault;

fail:
    vault_close(vault);
    return NULL;
}

void vault_use_suite(struct vault *vault, const char *word)
{
    const bool is_known = vault_suite_from_word(word, &vault->suite);

    assert(is_known);
    (void)is_known;
}

struct vault *vault_share(const struct vault *vault)
{
    struct vault *share = make();

    if (share == NULL)
        return NULL;
    memcpy(&share->ring, &vault->ring, sizeof share->ring);
    share->suite = vault->suite;
    if (vault_ciphers_open(&share->ciphers))
        return share;
    vault_close(share);
    return NULL;
}

void vault_close(struct vault *vault)
{
    if (vault == NULL)
        return;
    vault_ciphers_close(&vault->ciphers);
    sodium_free(vault); /* wipes */
}

void vault_key_wipe(struct vault_key *key)
{
    OPENSSL_cleanse(key, sizeof *key);
}

static bool is_suite(unsigned char byte)
{
    return byte == VAULT_AES_256_GCM || byte == VAULT_SM4_CTR_HMAC_SM3;
}

static struct span make_aad(char aad[AAD_BYTES_MAX], const char *table, const char *column, int64_t row, int64_t key)
{
    const int length = snprintf(aad, AAD_BYTES_MAX, "hulei/%d/%s/%s/%lld/%lld", SCHEMA_VERSION, table, column,
                                (long long)row, (long long)key);

    return span_of(aad, (size_t)length);
}

/* What a wrapped key is bound to: its own id, the key that wraps it, and both suites. */
static struct span wrapping_aad(char aad[AAD_BYTES_MAX], int64_t id, int32_t kek, const unsigned char *place)
{
    const int length = snprintf(aad, AAD_BYTES_MAX, "hulei/%d/data_key/wrapped/%lld/%d/%d/%d", SCHEMA_VERSION,
                                (long long)id, kek, place[WRAPPED_SUITE], place[WRAPPED_KEY_SUITE]);

    return span_of(aad, (size_t)length);
}

static const unsigned char *kek_bytes(const struct key_ring_key *kek, enum vault_suite suite)
{
    return suite == VAULT_AES_256_GCM ? kek->aes : kek->sm;
}

static enum vault_status wrap(struct vault *vault, const struct vault_key *key, struct vault_wrapped *wrapped)
{
    key_ring_refresh_lazily(&vault->ring);

    char                       aad[AAD_BYTES_MAX];
    unsigned char             *place  = wrapped->bytes;
    const struct key_ring_key *kek    = key_ring_current(&vault->ring);
    const uint32_t             number = htobe32((uint32_t)kek->number);
    const struct span          plain  = span_of((const char *)key->bytes, sizeof key->bytes);

    place[WRAPPED_SUITE]     = (unsigned char)vault->suite;
    place[WRAPPED_KEY_SUITE] = (unsigned char)key->suite;
    memcpy(place + WRAPPED_KEK, &number, sizeof number);
    if (RAND_bytes(place + WRAPPED_NONCE, VAULT_NONCE_BYTES) != 1 ||
        !vault_encrypt(&vault->ciphers, vault->suite, kek_bytes(kek, vault->suite), place + WRAPPED_NONCE,
                       wrapping_aad(aad, key->id, kek->number, place), plain, place + WRAPPED_KEY, place + WRAPPED_TAG))
        return VAULT_NO_MEMORY;
    wrapped->length = VAULT_WRAPPED_BYTES;
    return VAULT_OK;
}

enum vault_status vault_data_key_create(struct vault *vault, int64_t id, struct vault_key *key,
                                        struct vault_wrapped *wrapped)
{
    key->id    = id;
    key->suite = vault->suite;
    if (RAND_bytes(key->bytes, sizeof key->bytes) != 1)
        return VAULT_NO_MEMORY;
    return wrap(vault, key, wrapped);
}

/* A key that came while this process ran is looked for once more. */
static const struct key_ring_key *find_kek(struct vault *vault, int32_t number)
{
    const struct key_ring_key *kek = key_ring_find(&vault->ring, number);

    if (kek != NULL)
        return kek;
    key_ring_refresh(&vault->ring);
    return key_ring_find(&vault->ring, number);
}

enum vault_status vault_data_key_open(struct vault *vault, int64_t id, struct span wrapped, struct vault_key *key)
{
    const unsigned char *place = (const unsigned char *)wrapped.bytes;
    char                 aad[AAD_BYTES_MAX];
    uint32_t             number = 0;

    vault_key_wipe(key);
    if (wrapped.length != VAULT_WRAPPED_BYTES || !is_suite(place[WRAPPED_SUITE]) || !is_suite(place[WRAPPED_KEY_SUITE]))
        return VAULT_TAMPERED;
    memcpy(&number, place + WRAPPED_KEK, sizeof number);
    const struct key_ring_key *kek = find_kek(vault, (int32_t)be32toh(number));
    if (kek == NULL)
        return VAULT_UNKNOWN_KEY;
    const struct span sealed = span_of(wrapped.bytes + WRAPPED_KEY, VAULT_KEY_BYTES);
    if (!vault_decrypt(&vault->ciphers, place[WRAPPED_SUITE], kek_bytes(kek, place[WRAPPED_SUITE]),
                       place + WRAPPED_NONCE, wrapping_aad(aad, id, kek->number, place), sealed, key->bytes,
                       place + WRAPPED_TAG)) {
        vault_key_wipe(key);
        return VAULT_TAMPERED;
    }
    key->id    = id;
    key->suite = place[WRAPPED_KEY_SUITE];
    return VAULT_OK;
}

enum vault_status vault_data_key_rewrap(struct vault *vault, int64_t id, struct span wrapped,
                                        struct vault_wrapped *renewed)
{
    struct vault_key  key;
    enum vault_status status = vault_data_key_open(vault, id, wrapped, &key);

    if (status == VAULT_OK)
        status = wrap(vault, &key, renewed);
    vault_key_wipe(&key);
    return status;
}

enum vault_status vault_seal(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span plain, unsigned char *sealed)
{
    char           aad[AAD_BYTES_MAX];
    const uint64_t id = htobe64((uint64_t)key->id);

    sealed[SEALED_SUITE] = (unsigned char)key->suite;
    memcpy(sealed + SEALED_KEY, &id, sizeof id);
    if (RAND_bytes(sealed + SEALED_NONCE, VAULT_NONCE_BYTES) != 1)
        return VAULT_NO_MEMORY;
    unsigned char *out = sealed + SEALED_BODY;
    return vault_encrypt(&vault->ciphers, key->suite, key->bytes, sealed + SEALED_NONCE,
                         make_aad(aad, table, column, row, key->id), plain, out, out + plain.length)
               ? VAULT_OK
               : VAULT_NO_MEMORY;
}

enum vault_status vault_open(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span sealed, unsigned char *plain)
{
    const unsigned char *place = (const unsigned char *)sealed.bytes;
    char                 aad[AAD_BYTES_MAX];
    uint64_t             id = 0;

    if (sealed.length < VAULT_OVERHEAD_BYTES || place[SEALED_SUITE] != key->suite)
        return VAULT_TAMPERED;
    memcpy(&id, place + SEALED_KEY, sizeof id);
    if ((int64_t)be64toh(id) != key->id)
        return VAULT_TAMPERED;
    const size_t      length = sealed.length - VAULT_OVERHEAD_BYTES;
    const struct span body   = span_of(sealed.bytes + SEALED_BODY, length);
    if (!vault_decrypt(&vault->ciphers, key->suite, key->bytes, place + SEALED_NONCE,
                       make_aad(aad, table, column, row, key->id), body, plain, place + SEALED_BODY + length)) {
        OPENSSL_cleanse(plain, length);
        return VAULT_TAMPERED;
    }
    return VAULT_OK;
}
