/* Sub-keys of a master key, one per purpose: HKDF of OpenSSL. */
#ifndef HULEI_DAEMON_COMMON_KEY_DERIVE_H
#define HULEI_DAEMON_COMMON_KEY_DERIVE_H

#include <stdbool.h>
#include <stddef.h>

enum { KEY_MASTER_BYTES = 32 };

/* `digest`: "SHA256" or "SM3". False, with `key` untouched, when OpenSSL has no HKDF or not that digest. */
bool key_derive(const unsigned char master[KEY_MASTER_BYTES], const char *digest, const char *purpose,
                unsigned char *key, size_t key_bytes);

#endif
