/* Client certificates; see certificate.h.
 * Trust, dates and revocation are the TLS front's matter. */
#include "daemon/console/http/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPED_BYTES_MAX = 16384 };

/* In place of `text`, which holds the escaped form. False for a broken escape. */
static bool unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; to++) {
        if (*from != '%') {
            *to = *from++;
            continue;
        }
        char  digits[3] = { from[1], from[1] != '\0' ? from[2] : '\0', '\0' };
        char *end;
        *to = (char)strtoul(digits, &end, 16);
        if (end != digits + 2 || *to == '\0')
            return false;
        from += 3;
    }
    *to = '\0';
    return true;
}

bool certificate_fingerprint(const char *escaped, unsigned char fingerprint[32])
{
    char    *text        = strnlen(escaped, ESCAPED_BYTES_MAX) < ESCAPED_BYTES_MAX ? strdup(escaped) : NULL;
    BIO     *bio         = text != NULL && unescape(text) ? BIO_new_mem_buf(text, -1) : NULL;
    X509    *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    unsigned length      = 0;

    const bool is_read = certificate != NULL && X509_digest(certificate, EVP_sha256(), fingerprint, &length) == 1;
    X509_free(certificate);
    BIO_free(bio);
    free(text);
    return is_read;
}
