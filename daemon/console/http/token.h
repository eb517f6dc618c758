/* Session tokens: 32 random bytes in hexadecimal, in a cookie no script reads; and the CSRF token that belongs to one.
 * Holds no session: the database does, by the token's hash. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_TOKEN_H
#define HULEI_DAEMON_CONSOLE_HTTP_TOKEN_H

#include "daemon/console/http/web.h"

#include <stdbool.h>

#define TOKEN_COOKIE "__Host-hulei"

/* A new token. False when there is no randomness. */
bool token_make(char token[WEB_TOKEN_HEX + 1]);

/* True for text of a token's form. */
bool token_is_formed(const char *text);

void token_hash(const char *token, unsigned char hash[32]);

/* A page that can read answers of this server gets it, a foreign one does not: a keyed hash of the token. */
void token_csrf(const char *token, char csrf[WEB_TOKEN_HEX + 1]);

/* In constant time; false for NULL. */
bool token_csrf_fits(const char *csrf, const char *given);

/* The Set-Cookie that gives the token to the browser; an empty token takes it away. */
void token_cookie(const char *token, char cookie[WEB_COOKIE_BYTES]);

#endif
