/* The two cipher suites of the vault; see vault_suite.h.
 * OpenSSL's SM4 looks up tables: choose it where the domestic evaluation asks for it, not for speed. */
#include "daemon/common/vault_suite.h"

#include <assert.h>
#include <endian.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdint.h>
#include <string.h>

bool vault_suite_from_word(const char *word, enum vault_suite *suite)
{
    if (word == NULL || strcmp(word, "aes-256-gcm") == 0) {
        *suite = VAULT_AES_256_GCM;
        return true;
    }
    if (strcmp(word, "sm4-ctr-hmac-sm3") != 0)
        return false;
    *suite = VAULT_SM4_CTR_HMAC_SM3;
    return true;
}

bool vault_ciphers_open(struct vault_ciphers *ciphers)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    ciphers->context = EVP_CIPHER_CTX_new();
    ciphers->gcm     = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    ciphers->ctr     = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    ciphers->mac     = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    return ciphers->context != NULL && ciphers->gcm != NULL && ciphers->ctr != NULL && ciphers->mac != NULL;
}

void vault_ciphers_close(struct vault_ciphers *ciphers)
{
    EVP_CIPHER_CTX_free(ciphers->context);
    EVP_CIPHER_free(ciphers->gcm);
    EVP_CIPHER_free(ciphers->ctr);
    EVP_MAC_CTX_free(ciphers->mac);
    *ciphers = (struct vault_ciphers){ 0 };
}

static const unsigned char *bytes_of(struct span span)
{
    return (const unsigned char *)span.bytes;
}

static bool gcm_encrypt(struct vault_ciphers *ciphers, const unsigned char *key, const unsigned char *nonce,
                        struct span aad, struct span plain, unsigned char *out, unsigned char *tag)
{
    EVP_CIPHER_CTX *context = ciphers->context;
    int             length  = 0;

    return EVP_EncryptInit_ex2(context, ciphers->gcm, key, nonce, NULL) == 1 &&
           EVP_EncryptUpdate(context, NULL, &length, bytes_of(aad), (int)aad.length) == 1 &&
           EVP_EncryptUpdate(context, out, &length, bytes_of(plain), (int)plain.length) == 1 &&
           EVP_EncryptFinal_ex(context, out + length, &length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, VAULT_TAG_BYTES, tag) == 1;
}

static bool gcm_decrypt(struct vault_ciphers *ciphers, const unsigned char *key, const unsigned char *nonce,
                        struct span aad, struct span sealed, unsigned char *out, const unsigned char *tag)
{
    EVP_CIPHER_CTX *context = ciphers->context;
    unsigned char   expected[VAULT_TAG_BYTES];
    int             length = 0;

    memcpy(expected, tag, sizeof expected);
    return EVP_DecryptInit_ex2(context, ciphers->gcm, key, nonce, NULL) == 1 &&
           EVP_DecryptUpdate(context, NULL, &length, bytes_of(aad), (int)aad.length) == 1 &&
           EVP_DecryptUpdate(context, out, &length, bytes_of(sealed), (int)sealed.length) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, VAULT_TAG_BYTES, expected) == 1 &&
           EVP_DecryptFinal_ex(context, out + length, &length) == 1;
}

bool vault_sm4_ctr(struct vault_ciphers *ciphers, const unsigned char key[VAULT_SM4_BYTES],
                   const unsigned char counter[VAULT_SM4_BYTES], struct span in, unsigned char *out)
{
    int length = 0;

    return EVP_EncryptInit_ex2(ciphers->context, ciphers->ctr, key, counter, NULL) == 1 &&
           EVP_EncryptUpdate(ciphers->context, out, &length, bytes_of(in), (int)in.length) == 1;
}

bool vault_hmac_sm3(struct vault_ciphers *ciphers, struct span key, const struct span *parts, size_t count,
                    unsigned char mac[VAULT_SM3_BYTES])
{
    char       digest[] = "SM3";
    size_t     length   = 0;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    bool is_done = EVP_MAC_init(ciphers->mac, bytes_of(key), key.length, params) == 1;

    for (size_t i = 0; i < count; i++)
        is_done = is_done && EVP_MAC_update(ciphers->mac, bytes_of(parts[i]), parts[i].length) == 1;
    return is_done && EVP_MAC_final(ciphers->mac, mac, &length, VAULT_SM3_BYTES) == 1;
}

/* The length of the AAD comes first, so that no byte moves between AAD, nonce and ciphertext. */
static bool sm_tag(struct vault_ciphers *ciphers, const unsigned char *key, const unsigned char *nonce, struct span aad,
                   struct span sealed, unsigned char mac[VAULT_SM3_BYTES])
{
    const uint64_t    length  = htobe64(aad.length);
    const struct span parts[] = { span_of((const char *)&length, sizeof length), aad,
                                  span_of((const char *)nonce, VAULT_NONCE_BYTES), sealed };

    return vault_hmac_sm3(ciphers, span_of((const char *)key + VAULT_SM4_BYTES, VAULT_SM4_BYTES), parts, 4, mac);
}

static bool sm_cipher(struct vault_ciphers *ciphers, const unsigned char *key, const unsigned char *nonce,
                      struct span in, unsigned char *out)
{
    unsigned char counter[VAULT_SM4_BYTES] = { 0 };

    memcpy(counter, nonce, VAULT_NONCE_BYTES);
    return vault_sm4_ctr(ciphers, key, counter, in, out);
}

bool vault_encrypt(struct vault_ciphers *ciphers, enum vault_suite suite, const unsigned char *key,
                   const unsigned char *nonce, struct span aad, struct span plain, unsigned char *out,
                   unsigned char *tag)
{
    unsigned char mac[VAULT_SM3_BYTES];

    if (suite == VAULT_AES_256_GCM)
        return gcm_encrypt(ciphers, key, nonce, aad, plain, out, tag);
    assert(suite == VAULT_SM4_CTR_HMAC_SM3);
    if (!sm_cipher(ciphers, key, nonce, plain, out) ||
        !sm_tag(ciphers, key, nonce, aad, span_of((const char *)out, plain.length), mac))
        return false;
    memcpy(tag, mac, VAULT_TAG_BYTES);
    return true;
}

bool vault_decrypt(struct vault_ciphers *ciphers, enum vault_suite suite, const unsigned char *key,
                   const unsigned char *nonce, struct span aad, struct span sealed, unsigned char *out,
                   const unsigned char *tag)
{
    unsigned char mac[VAULT_SM3_BYTES];

    if (suite == VAULT_AES_256_GCM)
        return gcm_decrypt(ciphers, key, nonce, aad, sealed, out, tag);
    assert(suite == VAULT_SM4_CTR_HMAC_SM3);
    return sm_tag(ciphers, key, nonce, aad, sealed, mac) && CRYPTO_memcmp(mac, tag, VAULT_TAG_BYTES) == 0 &&
           sm_cipher(ciphers, key, nonce, sealed, out);
}
