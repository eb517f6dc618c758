/* Time-based one-time codes (RFC 6238: HMAC-SHA-1, 30 s, six digits) and base32 (RFC 4648).
 * Pure: time is an argument; which codes were used, the caller knows. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_TOTP_H
#define HULEI_DAEMON_CONSOLE_HTTP_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30, TOTP_BASE32_BYTES = 33 };

/* The code of a time step, NUL-terminated. False when OpenSSL fails. */
bool totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char code[TOTP_DIGITS + 1]);

/* The step whose code this is, at most one beside that of `now_s`; 0: it is none. Compares in constant time. */
int64_t totp_match(const unsigned char secret[TOTP_SECRET_BYTES], int64_t now_s, const char *code);

/* What authenticators read; 20 bytes need no padding. */
void totp_base32(const unsigned char secret[TOTP_SECRET_BYTES], char text[TOTP_BASE32_BYTES]);

#endif
