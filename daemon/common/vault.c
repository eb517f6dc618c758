/* Sealing of personal columns; see vault.h.
 * Rotation and the SM4 suite come later: the version byte and the key id are their places. */
#include "daemon/common/vault.h"

#include "daemon/common/key_file.h"

#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { FORMAT_VERSION = 1, NONCE_BYTES = 12, TAG_BYTES = 16, KEK_ID = 1, AAD_BYTES_MAX = 128 };

struct vault {
    unsigned char   kek[VAULT_KEY_BYTES]; /* the whole struct lies in locked memory */
    EVP_CIPHER_CTX *context;
    EVP_CIPHER     *cipher;
};

static bool open_cipher(struct vault *vault)
{
    vault->context = EVP_CIPHER_CTX_new();
    vault->cipher  = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    return vault->context != NULL && vault->cipher != NULL;
}

struct vault *vault_open_directory(const char *directory, char *error, size_t error_size)
{
    if (sodium_init() < 0) {
        snprintf(error, error_size, "libsodium does not start");
        return NULL;
    }
    struct vault *vault = sodium_malloc(sizeof *vault);
    if (vault == NULL) {
        snprintf(error, error_size, "no locked memory for keys: raise RLIMIT_MEMLOCK");
        return NULL;
    }
    memset(vault, 0, sizeof *vault);
    if (!key_file_read(directory, "kek.key", vault->kek, sizeof vault->kek, error, error_size))
        goto fail;
    if (!open_cipher(vault)) {
        snprintf(error, error_size, "OpenSSL has no AES-256-GCM");
        goto fail;
    }
    return vault;

fail:
    vault_close(vault);
    return NULL;
}

struct vault *vault_share(const struct vault *vault)
{
    struct vault *share = sodium_malloc(sizeof *share);

    if (share == NULL)
        return NULL;
    memset(share, 0, sizeof *share);
    memcpy(share->kek, vault->kek, sizeof share->kek);
    if (open_cipher(share))
        return share;
    vault_close(share);
    return NULL;
}

void vault_close(struct vault *vault)
{
    if (vault == NULL)
        return;
    EVP_CIPHER_CTX_free(vault->context);
    EVP_CIPHER_free(vault->cipher);
    sodium_free(vault); /* wipes */
}

int32_t vault_kek_id(const struct vault *vault)
{
    (void)vault;
    return KEK_ID;
}

void vault_key_wipe(struct vault_key *key)
{
    OPENSSL_cleanse(key, sizeof *key);
}

static bool encrypt(struct vault *vault, const unsigned char *key, const unsigned char *nonce, struct span aad,
                    struct span plain, unsigned char *out, unsigned char *tag)
{
    int length = 0;

    return EVP_EncryptInit_ex2(vault->context, vault->cipher, key, nonce, NULL) == 1 &&
           EVP_EncryptUpdate(vault->context, NULL, &length, (const unsigned char *)aad.bytes, (int)aad.length) == 1 &&
           EVP_EncryptUpdate(vault->context, out, &length, (const unsigned char *)plain.bytes, (int)plain.length) ==
               1 &&
           EVP_EncryptFinal_ex(vault->context, out + length, &length) == 1 &&
           EVP_CIPHER_CTX_ctrl(vault->context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) == 1;
}

static bool decrypt(struct vault *vault, const unsigned char *key, const unsigned char *nonce, struct span aad,
                    struct span sealed, unsigned char *out, const unsigned char *tag)
{
    unsigned char expected[TAG_BYTES];
    int           length = 0;

    memcpy(expected, tag, sizeof expected);
    return EVP_DecryptInit_ex2(vault->context, vault->cipher, key, nonce, NULL) == 1 &&
           EVP_DecryptUpdate(vault->context, NULL, &length, (const unsigned char *)aad.bytes, (int)aad.length) == 1 &&
           EVP_DecryptUpdate(vault->context, out, &length, (const unsigned char *)sealed.bytes, (int)sealed.length) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(vault->context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, expected) == 1 &&
           EVP_DecryptFinal_ex(vault->context, out + length, &length) == 1;
}

static struct span make_aad(char aad[AAD_BYTES_MAX], const char *table, const char *column, int64_t row)
{
    const int length =
        snprintf(aad, AAD_BYTES_MAX, "hulei/%d/%s/%s/%lld", FORMAT_VERSION, table, column, (long long)row);

    return span_of(aad, (size_t)length);
}

/* wrapped: version, kek id (4, big endian), nonce, ciphertext of the key, tag */
enum vault_status vault_data_key_create(struct vault *vault, int64_t id, struct vault_key *key,
                                        struct vault_wrapped *wrapped)
{
    char           aad[AAD_BYTES_MAX];
    unsigned char *place = wrapped->bytes;
    const uint32_t kek   = htobe32(KEK_ID);

    key->id = id;
    if (RAND_bytes(key->bytes, sizeof key->bytes) != 1 || RAND_bytes(place + 5, NONCE_BYTES) != 1)
        return VAULT_NO_MEMORY;
    place[0] = FORMAT_VERSION;
    memcpy(place + 1, &kek, sizeof kek);
    const struct span plain = span_of((const char *)key->bytes, sizeof key->bytes);
    if (!encrypt(vault, vault->kek, place + 5, make_aad(aad, "data_key", "wrapped", id), plain, place + 5 + NONCE_BYTES,
                 place + 5 + NONCE_BYTES + VAULT_KEY_BYTES))
        return VAULT_NO_MEMORY;
    wrapped->length = VAULT_WRAPPED_BYTES;
    return VAULT_OK;
}

enum vault_status vault_data_key_open(struct vault *vault, int64_t id, struct span wrapped, struct vault_key *key)
{
    const unsigned char *place = (const unsigned char *)wrapped.bytes;
    char                 aad[AAD_BYTES_MAX];
    uint32_t             kek = 0;

    if (wrapped.length != VAULT_WRAPPED_BYTES || place[0] != FORMAT_VERSION)
        return VAULT_TAMPERED;
    memcpy(&kek, place + 1, sizeof kek);
    if (be32toh(kek) != KEK_ID)
        return VAULT_UNKNOWN_KEY;
    const struct span sealed = span_of(wrapped.bytes + 5 + NONCE_BYTES, VAULT_KEY_BYTES);
    if (!decrypt(vault, vault->kek, place + 5, make_aad(aad, "data_key", "wrapped", id), sealed, key->bytes,
                 place + 5 + NONCE_BYTES + VAULT_KEY_BYTES)) {
        vault_key_wipe(key);
        return VAULT_TAMPERED;
    }
    key->id = id;
    return VAULT_OK;
}

/* sealed: version, data key id (8, big endian), nonce, ciphertext, tag */
enum vault_status vault_seal(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span plain, unsigned char *sealed)
{
    char           aad[AAD_BYTES_MAX];
    const uint64_t id = htobe64((uint64_t)key->id);

    sealed[0] = FORMAT_VERSION;
    memcpy(sealed + 1, &id, sizeof id);
    if (RAND_bytes(sealed + 9, NONCE_BYTES) != 1)
        return VAULT_NO_MEMORY;
    unsigned char *out = sealed + 9 + NONCE_BYTES;
    return encrypt(vault, key->bytes, sealed + 9, make_aad(aad, table, column, row), plain, out, out + plain.length)
               ? VAULT_OK
               : VAULT_NO_MEMORY;
}

enum vault_status vault_open(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span sealed, unsigned char *plain)
{
    const unsigned char *place = (const unsigned char *)sealed.bytes;
    char                 aad[AAD_BYTES_MAX];
    uint64_t             id = 0;

    if (sealed.length < VAULT_OVERHEAD_BYTES || place[0] != FORMAT_VERSION)
        return VAULT_TAMPERED;
    memcpy(&id, place + 1, sizeof id);
    if ((int64_t)be64toh(id) != key->id)
        return VAULT_TAMPERED;
    const size_t      length = sealed.length - VAULT_OVERHEAD_BYTES;
    const struct span body   = span_of(sealed.bytes + 9 + NONCE_BYTES, length);
    if (!decrypt(vault, key->bytes, place + 9, make_aad(aad, table, column, row), body, plain,
                 place + 9 + NONCE_BYTES + length)) {
        OPENSSL_cleanse(plain, length);
        return VAULT_TAMPERED;
    }
    return VAULT_OK;
}

void vault_harden_process(void)
{
    const struct rlimit none = { 0, 0 };

    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
}
