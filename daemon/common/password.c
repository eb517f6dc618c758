/* Passwords; see password.h.
 * The rules are length and variety: rules about kinds of characters make people write them down. */
#include "daemon/common/password.h"

#include <sodium.h>
#include <string.h>

enum { OPS = 2 };
static const int64_t memory_bytes = 64 * 1024 * 1024;

bool password_parameters_make(struct password_parameters *parameters)
{
    if (sodium_init() < 0)
        return false;
    randombytes_buf(parameters->salt, sizeof parameters->salt);
    parameters->ops          = OPS;
    parameters->memory_bytes = memory_bytes;
    return true;
}

bool password_prove(const char *password, const struct password_parameters *parameters,
                    unsigned char proof[PASSWORD_PROOF_BYTES])
{
    return sodium_init() >= 0 && parameters->ops > 0 && parameters->memory_bytes > 0 &&
           crypto_pwhash(proof, PASSWORD_PROOF_BYTES, password, strlen(password), parameters->salt,
                         (unsigned long long)parameters->ops, (size_t)parameters->memory_bytes,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* Characters of UTF-8 text, and how many of them are not a repeat of an earlier one (by their bytes). */
static void count_characters(const char *text, size_t *count, size_t *different)
{
    *count = *different = 0;
    for (const char *at = text; *at != '\0';) {
        size_t length = 1;
        while (((unsigned char)at[length] & 0xc0) == 0x80)
            length++;
        bool is_new = true;
        for (const char *seen = text; seen < at && is_new; seen++)
            is_new = memcmp(seen, at, length) != 0;
        *count += 1;
        *different += is_new;
        at += length;
    }
}

const char *password_fault(const char *password, const char *account)
{
    size_t count, different;

    count_characters(password, &count, &different);
    if (count < PASSWORD_CHARACTERS_MIN)
        return "too_short";
    if (different < PASSWORD_DIFFERENT_MIN)
        return "too_plain";
    return strcasestr(password, account) != NULL ? "holds_name" : NULL;
}

bool password_generate(char text[PASSWORD_GENERATED_BYTES])
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

    if (sodium_init() < 0)
        return false;
    for (size_t i = 0; i + 1 < PASSWORD_GENERATED_BYTES; i++)
        text[i] = i % 5 == 4 ? '-' : alphabet[randombytes_uniform(sizeof alphabet - 1)];
    text[PASSWORD_GENERATED_BYTES - 1] = '\0';
    return true;
}
