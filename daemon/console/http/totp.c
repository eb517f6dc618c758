/* One-time codes; see totp.h.
 * SHA-1 is what every authenticator has; its weakness is collisions, which an HMAC does not rest on. */
#include "daemon/console/http/totp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

enum { SHA1_BYTES = 20 };

bool totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char code[TOTP_DIGITS + 1])
{
    unsigned char counter[8], mac[SHA1_BYTES];

    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, NULL) == NULL)
        return false;
    const unsigned char *at    = mac + (mac[SHA1_BYTES - 1] & 0x0f);
    const uint32_t       value = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    snprintf(code, TOTP_DIGITS + 1, "%06u", (unsigned)(value % 1000000));
    return true;
}

int64_t totp_match(const unsigned char secret[TOTP_SECRET_BYTES], int64_t now_s, const char *code)
{
    const int64_t now   = now_s / TOTP_STEP_S;
    int64_t       match = 0;

    if (strlen(code) != TOTP_DIGITS)
        return 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char expected[TOTP_DIGITS + 1];
        if (totp_code(secret, step, expected) && CRYPTO_memcmp(expected, code, TOTP_DIGITS) == 0)
            match = step;
    }
    return match;
}

void totp_base32(const unsigned char secret[TOTP_SECRET_BYTES], char text[TOTP_BASE32_BYTES])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t          bits       = 0;
    int               held       = 0;
    size_t            used       = 0;

    for (size_t i = 0; i < TOTP_SECRET_BYTES; i++) {
        bits = bits << 8 | secret[i];
        for (held += 8; held >= 5; held -= 5)
            text[used++] = alphabet[bits >> (held - 5) & 31];
        bits &= (1u << held) - 1;
    }
    text[used] = '\0';
}
