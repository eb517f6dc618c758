/* Sub-keys of a master key; see key_derive.h.
 * Reads no file and keeps nothing. */
#include "daemon/common/key_derive.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool key_derive(const unsigned char master[KEY_MASTER_BYTES], const char *digest, const char *purpose,
                unsigned char *key, size_t key_bytes)
{
    char         info[64], digest_name[16];
    EVP_KDF     *kdf     = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    bool         is_done = false;

    snprintf(info, sizeof info, "hulei/%s", purpose);
    snprintf(digest_name, sizeof digest_name, "%s", digest);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", digest_name, 0),
        OSSL_PARAM_construct_octet_string("key", (void *)(uintptr_t)master, KEY_MASTER_BYTES),
        OSSL_PARAM_construct_octet_string("info", info, strlen(info)),
        OSSL_PARAM_construct_end(),
    };
    if (context != NULL)
        is_done = EVP_KDF_derive(context, key, key_bytes, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return is_done;
}
