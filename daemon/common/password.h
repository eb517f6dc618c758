/* Passwords: what is made of one (argon2id), and which are good enough.
 * Keeps none: callers wipe what they typed. */
#ifndef HULEI_DAEMON_COMMON_PASSWORD_H
#define HULEI_DAEMON_COMMON_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PASSWORD_SALT_BYTES      = 16,
    PASSWORD_PROOF_BYTES     = 32,
    PASSWORD_CHARACTERS_MIN  = 12,
    PASSWORD_DIFFERENT_MIN   = 8,
    PASSWORD_BYTES_MAX       = 1024,
    PASSWORD_GENERATED_BYTES = 25, /* with the NUL */
};

/* Cost and salt; stored beside the verifier. */
struct password_parameters {
    unsigned char salt[PASSWORD_SALT_BYTES];
    int32_t       ops;
    int64_t       memory_bytes;
};

/* New salt, and the costs in force: 64 MiB, 2 passes (about a tenth of a second). False when libsodium fails. */
bool password_parameters_make(struct password_parameters *parameters);

/* argon2id of the password: the proof that it is known. The database stores only its SHA-256. */
bool password_prove(const char *password, const struct password_parameters *parameters,
                    unsigned char proof[PASSWORD_PROOF_BYTES]);

/* NULL, or the rule a new password breaks: too_short, too_plain, holds_name. */
const char *password_fault(const char *password, const char *account);

/* A random first password, 24 characters that no one mistakes for another. */
bool password_generate(char text[PASSWORD_GENERATED_BYTES]);

#endif
