/* CMS for posts; see cms.h.
 * Only seals: what opens is the post's, with its own key. */
#include "daemon/courier/cms.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cms_recipient {
    X509 *certificate;
};

const char *cms_status_word(enum cms_status status)
{
    static const char *const words[] = {
        [CMS_OK]                = "ok",
        [CMS_NO_CERTIFICATE]    = "no_certificate",
        [CMS_UNREADABLE]        = "unreadable",
        [CMS_NOT_P256]          = "not_p256",
        [CMS_NOT_VALID_YET]     = "not_valid_yet",
        [CMS_EXPIRED]           = "expired",
        [CMS_NOT_FOR_AGREEMENT] = "not_for_key_agreement",
        [CMS_FAILED]            = "failed",
    };

    return words[status];
}

static bool is_p256(const X509 *certificate)
{
    char            group[32] = "";
    size_t          length    = 0;
    const EVP_PKEY *key       = X509_get0_pubkey(certificate);

    return key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name((EVP_PKEY *)key, group, sizeof group, &length) == 1 &&
           (strcmp(group, "prime256v1") == 0 || strcmp(group, "P-256") == 0);
}

static enum cms_status check_dates(const X509 *certificate, int64_t now_s)
{
    time_t now = (time_t)now_s;

    if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0)
        return CMS_NOT_VALID_YET;
    if (X509_cmp_time(X509_get0_notAfter(certificate), &now) <= 0)
        return CMS_EXPIRED;
    return CMS_OK;
}

static enum cms_status check(X509 *certificate, int64_t now_s)
{
    if (!is_p256(certificate))
        return CMS_NOT_P256;
    if ((X509_get_key_usage(certificate) & KU_KEY_AGREEMENT) == 0) /* without the extension every bit is set */
        return CMS_NOT_FOR_AGREEMENT;
    return check_dates(certificate, now_s);
}

enum cms_status cms_recipient_load(const char *path, int64_t now_s, struct cms_recipient **recipient)
{
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return CMS_NO_CERTIFICATE;
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (certificate == NULL)
        return CMS_UNREADABLE;
    enum cms_status       status = check(certificate, now_s);
    struct cms_recipient *made   = status == CMS_OK ? calloc(1, sizeof *made) : NULL;
    if (status == CMS_OK && made == NULL)
        status = CMS_FAILED;
    if (status != CMS_OK) {
        X509_free(certificate);
        return status;
    }
    made->certificate = certificate;
    *recipient        = made;
    return CMS_OK;
}

enum cms_status cms_recipient_check(const struct cms_recipient *recipient, int64_t now_s)
{
    return check_dates(recipient->certificate, now_s);
}

void cms_recipient_free(struct cms_recipient *recipient)
{
    if (recipient == NULL)
        return;
    X509_free(recipient->certificate);
    free(recipient);
}

/* The default derivation is over SHA-1. */
static bool add_recipient(CMS_ContentInfo *message, X509 *certificate)
{
    CMS_RecipientInfo *info    = CMS_add1_recipient_cert(message, certificate, CMS_KEY_PARAM);
    EVP_PKEY_CTX      *context = info != NULL ? CMS_RecipientInfo_get0_pkey_ctx(info) : NULL;

    return context != NULL && EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) == 1;
}

static char *write_base64(CMS_ContentInfo *message)
{
    unsigned char *der    = NULL;
    const int      length = i2d_CMS_ContentInfo(message, &der);
    char          *text   = length > 0 ? malloc((size_t)(length + 2) / 3 * 4 + 1) : NULL;

    if (text != NULL)
        EVP_EncodeBlock((unsigned char *)text, der, length);
    OPENSSL_free(der);
    return text;
}

char *cms_seal(const struct cms_recipient *recipient, struct span plain)
{
    const unsigned   flags   = CMS_BINARY | CMS_PARTIAL;
    CMS_ContentInfo *message = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), flags);
    BIO             *source  = BIO_new_mem_buf(plain.bytes, (int)plain.length);
    char            *text    = NULL;

    if (message != NULL && source != NULL && add_recipient(message, recipient->certificate) &&
        CMS_final(message, source, NULL, flags) == 1)
        text = write_base64(message);
    BIO_free(source);
    CMS_ContentInfo_free(message);
    return text;
}
