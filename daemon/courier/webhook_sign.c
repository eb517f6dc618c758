/* Standard Webhooks signatures; see webhook_sign.h.
 * Checks none: that is the receiver's part. */
#include "daemon/courier/webhook_sign.h"

#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <string.h>

enum { MAC_BYTES = 32 };

static bool make_mac(const unsigned char *key, const char *head, struct span body, unsigned char mac[MAC_BYTES])
{
    size_t       length   = 0;
    char         name[]   = "SHA256";
    OSSL_PARAM   params[] = { OSSL_PARAM_construct_utf8_string("digest", name, 0), OSSL_PARAM_construct_end() };
    EVP_MAC     *hmac     = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context  = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;

    const bool is_made = context != NULL && EVP_MAC_init(context, key, WEBHOOK_KEY_BYTES, params) == 1 &&
                         EVP_MAC_update(context, (const unsigned char *)head, strlen(head)) == 1 &&
                         EVP_MAC_update(context, (const unsigned char *)body.bytes, body.length) == 1 &&
                         EVP_MAC_final(context, mac, &length, MAC_BYTES) == 1 && length == MAC_BYTES;
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(hmac);
    return is_made;
}

bool webhook_sign(const struct webhook_keys *keys, const char *id, int64_t timestamp_s, struct span body,
                  char signature[WEBHOOK_SIGNATURE_BYTES])
{
    char head[256];
    int  used = 0;

    signature[0] = '\0';
    if (snprintf(head, sizeof head, "%s.%lld.", id, (long long)timestamp_s) >= (int)sizeof head)
        return false;
    for (size_t i = 0; i < keys->count && i < WEBHOOK_KEYS_MAX; i++) {
        unsigned char mac[MAC_BYTES], text[45];
        if (!make_mac(keys->keys[i], head, body, mac)) {
            signature[0] = '\0';
            return false;
        }
        EVP_EncodeBlock(text, mac, MAC_BYTES);
        used += snprintf(signature + used, WEBHOOK_SIGNATURE_BYTES - (size_t)used, "%sv1,%s", i > 0 ? " " : "", text);
    }
    return used > 0;
}
