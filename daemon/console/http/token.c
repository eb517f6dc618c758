/* Session tokens; see token.h.
 * The cookie's name binds it to this host, to TLS and to the path / (__Host-). */
#include "daemon/console/http/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char csrf_label[] = "hulei console csrf 1";

bool token_make(char token[WEB_TOKEN_HEX + 1])
{
    unsigned char bytes[WEB_TOKEN_HEX / 2];

    if (sodium_init() < 0)
        return false;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(token, WEB_TOKEN_HEX + 1, bytes, sizeof bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return true;
}

bool token_is_formed(const char *text)
{
    return strlen(text) == WEB_TOKEN_HEX && strspn(text, "0123456789abcdef") == WEB_TOKEN_HEX;
}

void token_hash(const char *token, unsigned char hash[32])
{
    SHA256((const unsigned char *)token, strlen(token), hash);
}

void token_csrf(const char *token, char csrf[WEB_TOKEN_HEX + 1])
{
    char          text[sizeof csrf_label + WEB_TOKEN_HEX + 1];
    unsigned char hash[32];

    snprintf(text, sizeof text, "%s:%s", csrf_label, token);
    token_hash(text, hash);
    sodium_bin2hex(csrf, WEB_TOKEN_HEX + 1, hash, sizeof hash);
    OPENSSL_cleanse(text, sizeof text);
}

bool token_csrf_fits(const char *csrf, const char *given)
{
    return given != NULL && strlen(given) == WEB_TOKEN_HEX && CRYPTO_memcmp(csrf, given, WEB_TOKEN_HEX) == 0;
}

void token_cookie(const char *token, char cookie[WEB_COOKIE_BYTES])
{
    snprintf(cookie, WEB_COOKIE_BYTES, TOKEN_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s", token,
             token[0] == '\0' ? "; Max-Age=0" : "");
}
