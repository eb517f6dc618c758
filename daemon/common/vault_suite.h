/* The two cipher suites of the vault: AES-256-GCM, and SM4-CTR with HMAC-SM3 over the ciphertext (encrypt-then-MAC).
 * Knows nothing of rows, files or key numbers; both suites add the same number of bytes. */
#ifndef HULEI_DAEMON_COMMON_VAULT_SUITE_H
#define HULEI_DAEMON_COMMON_VAULT_SUITE_H

#include "matchers/span.h"

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Stored as the first byte of every sealed value: never renumber. */
enum vault_suite {
    VAULT_AES_256_GCM      = 1,
    VAULT_SM4_CTR_HMAC_SM3 = 2,
};

enum {
    VAULT_KEY_BYTES   = 32, /* SM: the first half encrypts, the second half authenticates */
    VAULT_NONCE_BYTES = 12,
    VAULT_TAG_BYTES   = 16, /* of HMAC-SM3's 32, as RFC 2104 section 5 allows */
    VAULT_SM4_BYTES   = 16, /* key and block */
    VAULT_SM3_BYTES   = 32,
};

/* "aes-256-gcm" or "sm4-ctr-hmac-sm3"; NULL means the first. False: another word. */
bool vault_suite_from_word(const char *word, enum vault_suite *suite);

/* Of one thread. Zero it before opening. */
struct vault_ciphers {
    EVP_CIPHER_CTX *context;
    EVP_CIPHER     *gcm, *ctr;
    EVP_MAC_CTX    *mac;
};

/* False when OpenSSL lacks one of them; close in any case. */
bool vault_ciphers_open(struct vault_ciphers *ciphers);

void vault_ciphers_close(struct vault_ciphers *ciphers);

/* Writes plain.length bytes to `out` and the tag. False: OpenSSL failed. */
bool vault_encrypt(struct vault_ciphers *ciphers, enum vault_suite suite, const unsigned char *key,
                   const unsigned char *nonce, struct span aad, struct span plain, unsigned char *out,
                   unsigned char *tag);

/* Writes sealed.length bytes to `out`. False when the tag does not fit; `out` then holds nothing to be used. */
bool vault_decrypt(struct vault_ciphers *ciphers, enum vault_suite suite, const unsigned char *key,
                   const unsigned char *nonce, struct span aad, struct span sealed, unsigned char *out,
                   const unsigned char *tag);

/* The parts of the SM suite, for its standards' examples: GB/T 32907 in counter mode, GB/T 32905 under RFC 2104. */
bool vault_sm4_ctr(struct vault_ciphers *ciphers, const unsigned char key[VAULT_SM4_BYTES],
                   const unsigned char counter[VAULT_SM4_BYTES], struct span in, unsigned char *out);
bool vault_hmac_sm3(struct vault_ciphers *ciphers, struct span key, const struct span *parts, size_t count,
                    unsigned char mac[VAULT_SM3_BYTES]);

#endif
