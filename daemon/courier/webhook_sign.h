/* The signature of Standard Webhooks 1.0: HMAC-SHA256 over "id.timestamp.body", version v1.
 * Pure: reads no clock and no file. */
#ifndef HULEI_DAEMON_COURIER_WEBHOOK_SIGN_H
#define HULEI_DAEMON_COURIER_WEBHOOK_SIGN_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WEBHOOK_KEY_BYTES       = 32,
    WEBHOOK_KEYS_MAX        = 2,
    WEBHOOK_SIGNATURE_BYTES = WEBHOOK_KEYS_MAX * (3 + 44 + 1) + 1, /* text, with its NUL */
};

struct webhook_keys {
    unsigned char keys[WEBHOOK_KEYS_MAX][WEBHOOK_KEY_BYTES];
    size_t        count; /* at least 1; with two a receiver that knows either is content */
};

/* The value of the header webhook-signature. False when the library fails; `signature` is then "". */
bool webhook_sign(const struct webhook_keys *keys, const char *id, int64_t timestamp_s, struct span body,
                  char signature[WEBHOOK_SIGNATURE_BYTES]);

#endif
