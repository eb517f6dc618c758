/* CMS with the recovery key; see recovery_key.h.
 * Keeps nothing of the key. */
#include "daemon/cli/backup/recovery_key.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CMS_ContentInfo *read_message(const char *text)
{
    const size_t     length  = strlen(text);
    unsigned char   *der     = malloc(length / 4 * 3 + 3);
    CMS_ContentInfo *message = NULL;

    if (der != NULL && length % 4 == 0 && length > 0) {
        const int            size = EVP_DecodeBlock(der, (const unsigned char *)text, (int)length);
        const unsigned char *at   = der; /* DER knows its own length: the padding's zeros behind it do no harm */
        message                   = size > 0 ? d2i_CMS_ContentInfo(NULL, &at, size) : NULL;
    }
    free(der);
    return message;
}

static EVP_PKEY *read_key(const char *path)
{
    FILE     *file = fopen(path, "re");
    EVP_PKEY *key  = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;

    if (file != NULL)
        fclose(file);
    return key;
}

static X509 *read_certificate(const char *path)
{
    FILE *file        = fopen(path, "re");
    X509 *certificate = file != NULL ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

    if (file != NULL)
        fclose(file);
    return certificate;
}

bool recovery_key_open(const char *text, const char *key_path, const char *certificate_path, unsigned char *plain,
                       size_t size)
{
    CMS_ContentInfo *message     = read_message(text);
    EVP_PKEY        *key         = read_key(key_path);
    X509            *certificate = read_certificate(certificate_path);
    BIO             *sink        = BIO_new(BIO_s_secmem());
    char            *bytes       = NULL;
    bool             is_open     = false;

    if (message != NULL && key != NULL && certificate != NULL && sink != NULL &&
        CMS_decrypt(message, key, certificate, NULL, sink, CMS_BINARY) == 1)
        is_open = BIO_get_mem_data(sink, &bytes) == (long)size;
    if (is_open)
        memcpy(plain, bytes, size);
    else
        OPENSSL_cleanse(plain, size);
    BIO_free(sink);
    X509_free(certificate);
    EVP_PKEY_free(key);
    CMS_ContentInfo_free(message);
    return is_open;
}
