/* The encrypted part of an emergency message: CMS AuthEnvelopedData for one post's own certificate.
 * AES-256-GCM, ECDH on P-256 with its key derivation over SHA-256. Reads no configuration and keeps no plain text. */
#ifndef HULEI_DAEMON_COURIER_CMS_H
#define HULEI_DAEMON_COURIER_CMS_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cms_status {
    CMS_OK = 0,
    CMS_NO_CERTIFICATE, /* there is no such file */
    CMS_UNREADABLE,     /* not one PEM certificate */
    CMS_NOT_P256,
    CMS_NOT_VALID_YET,
    CMS_EXPIRED,
    CMS_NOT_FOR_AGREEMENT, /* its key usage does not allow key agreement */
    CMS_FAILED,
};

/* "expired" and the like. */
const char *cms_status_word(enum cms_status status);

struct cms_recipient;

/* On CMS_OK *recipient is the caller's, freed with cms_recipient_free(). `now_s`: seconds since 1970. */
enum cms_status cms_recipient_load(const char *path, int64_t now_s, struct cms_recipient **recipient);

/* CMS_OK, CMS_NOT_VALID_YET or CMS_EXPIRED. */
enum cms_status cms_recipient_check(const struct cms_recipient *recipient, int64_t now_s);

/* Freeing NULL does nothing. */
void cms_recipient_free(struct cms_recipient *recipient);

/* Base64 without line breaks of the DER form, freed by the caller; NULL on failure. */
char *cms_seal(const struct cms_recipient *recipient, struct span plain);

#endif
