/* Any bytes as the sealed head of a backup or as a recipient's certificate: opened only when it is what was sealed. The
 * first byte says which; a key pair of our own is made at the start. */
#include "daemon/cli/backup/recovery_key.h"
#include "daemon/courier/cms.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEY_BYTES = 32, TEXT_BYTES_MAX = 8192 };

static char key_path[] = "/tmp/hulei-fuzz-key.XXXXXX", certificate_path[] = "/tmp/hulei-fuzz-pem.XXXXXX",
            given_path[] = "/tmp/hulei-fuzz-given.XXXXXX";
static char *genuine; /* 32 bytes of 7, sealed to our certificate */

static void remove_files(void)
{
    unlink(key_path);
    unlink(certificate_path);
    unlink(given_path);
    free(genuine);
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();

    assert(certificate != NULL && X509_set_version(certificate, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const unsigned char *)"fuzz",
                               -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    assert(X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

static FILE *create(char *path)
{
    const int file   = mkstemp(path);
    FILE     *stream = file >= 0 ? fdopen(file, "w") : NULL;

    assert(stream != NULL);
    return stream;
}

static void prepare(void)
{
    const unsigned char   plain[KEY_BYTES] = { 7, 7, 7 };
    struct cms_recipient *recipient        = NULL;
    EVP_PKEY             *key              = EVP_EC_gen("P-256");
    FILE                 *key_file = create(key_path), *certificate_file = create(certificate_path);

    fclose(create(given_path));
    atexit(remove_files);
    assert(key != NULL);
    X509 *certificate = make_certificate(key);
    assert(PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL) == 1);
    assert(PEM_write_X509(certificate_file, certificate) == 1);
    fclose(key_file);
    fclose(certificate_file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    assert(cms_recipient_load(certificate_path, 0, &recipient) == CMS_NOT_VALID_YET);
    assert(cms_recipient_load(certificate_path, (int64_t)time(NULL), &recipient) == CMS_OK);
    genuine = cms_seal(recipient, span_of((const char *)plain, sizeof plain));
    cms_recipient_free(recipient);
    assert(genuine != NULL);
}

static bool opens(const char *text)
{
    unsigned char plain[KEY_BYTES];

    return recovery_key_open(text, key_path, certificate_path, plain, sizeof plain);
}

/* The genuine text with one character of it replaced; the last ones may be the same bytes in other words. */
static void check_flip(size_t at, char other)
{
    char  *text   = strdup(genuine);
    size_t length = strlen(text);

    assert(text != NULL && opens(genuine));
    const bool is_same = text[at % length] == other;
    text[at % length]  = other;
    if (!is_same && at % length + 4 < length &&
        strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", other))
        (void)opens(text); /* algorithm names may be written in two ways; no crash is what counts */
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cms_recipient *recipient = NULL;

    if (genuine == NULL)
        prepare();
    if (size < 4 || size > TEXT_BYTES_MAX)
        return 0;
    if (data[0] % 3 == 0) {
        char *text = strndup((const char *)data + 1, size - 1);
        assert(text != NULL && !opens(text));
        free(text);
    } else if (data[0] % 3 == 1) {
        check_flip((size_t)data[1] << 8 | data[2], (char)data[3]);
    } else {
        FILE *file = fopen(given_path, "w");
        assert(file != NULL && fwrite(data + 1, size - 1, 1, file) == 1);
        fclose(file);
        if (cms_recipient_load(given_path, (int64_t)time(NULL), &recipient) == CMS_OK) {
            char *text = cms_seal(recipient, span_of((const char *)data, size));
            free(text);
            cms_recipient_free(recipient);
        }
    }
    return 0;
}
