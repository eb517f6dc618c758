/* Signatures over what leaves for the outside auditor: Ed25519, or SM2 with SM3 where the deployment's suite is SM.
 * The private key is audit.key of a key folder (32 random bytes); whoever verifies needs the public key only. */
#ifndef HULEI_DAEMON_COMMON_SIGN_KEY_H
#define HULEI_DAEMON_COMMON_SIGN_KEY_H

#include "daemon/common/vault_suite.h"
#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SIGN_PUBLIC_HEX    = 2 * 65 + 1, /* SM2: an uncompressed point; Ed25519: 32 bytes. With the NUL */
    SIGN_SIGNATURE_MAX = 80,         /* bytes; SM2's is DER */
};

struct sign_key;

/* Rules of key_file.h. NULL on failure, with `error` filled. */
struct sign_key *sign_key_open(const char *directory, enum vault_suite suite, char *error, size_t error_size);

/* Wipes and frees; NULL does nothing. */
void sign_key_close(struct sign_key *key);

/* "ed25519" or "sm2". */
const char *sign_key_algorithm(const struct sign_key *key);

/* Lower-case hex. */
const char *sign_key_public(const struct sign_key *key);

/* False when OpenSSL fails. *length: of `signature`, in bytes. */
bool sign_key_sign(struct sign_key *key, struct span text, unsigned char signature[SIGN_SIGNATURE_MAX], size_t *length);

/* False for a wrong signature, and for an algorithm or public key that is none. */
bool sign_verify(const char *algorithm, const char *public_hex, struct span text, struct span signature);

#endif
