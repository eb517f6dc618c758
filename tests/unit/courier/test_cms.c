/* The encrypted part: which certificates are good, and that what was sealed opens with the post's key and no other way.
 */
#include "daemon/courier/certificates.h"

#include "matchers/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "cms-XXXXXX";

static const struct {
    const char     *name, *curve; /* curve NULL: RSA */
    long            from_s, to_s; /* from now */
    const char     *usage;        /* NULL: without the extension */
    enum cms_status status;
} certificates[] = {
    {"good",          "P-256", -60,   3600, "critical,keyAgreement",     CMS_OK               },
    { "usage-free",   "P-256", -60,   3600, NULL,                        CMS_OK               },
    { "expired",      "P-256", -7200, -60,  "critical,keyAgreement",     CMS_EXPIRED          },
    { "early",        "P-256", 60,    3600, "critical,keyAgreement",     CMS_NOT_VALID_YET    },
    { "signing-only", "P-256", -60,   3600, "critical,digitalSignature", CMS_NOT_FOR_AGREEMENT},
    { "other-curve",  "P-384", -60,   3600, "critical,keyAgreement",     CMS_NOT_P256         },
    { "rsa",          NULL,    -60,   3600, "critical,keyEncipherment",  CMS_NOT_P256         },
};

enum { CERTIFICATES = sizeof certificates / sizeof certificates[0] };

static EVP_PKEY *keys[CERTIFICATES];
static X509     *made[CERTIFICATES];

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s.pem", folder, name);
    return path;
}

static void make_certificate(int i)
{
    X509 *certificate = X509_new();

    keys[i] = certificates[i].curve != NULL ? EVP_EC_gen(certificates[i].curve) : EVP_RSA_gen(2048);
    assert_non_null(keys[i]);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), i + 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), certificates[i].from_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate), certificates[i].to_s);
    X509_set_pubkey(certificate, keys[i]);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               (const unsigned char *)certificates[i].name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    if (certificates[i].usage != NULL) {
        X509_EXTENSION *usage = X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, certificates[i].usage);
        X509_add_ext(certificate, usage, -1);
        X509_EXTENSION_free(usage);
    }
    assert_true(X509_sign(certificate, keys[i], EVP_sha256()) > 0);
    FILE *file = fopen(path_of(certificates[i].name), "we");
    assert_non_null(file);
    PEM_write_X509(file, certificate);
    fclose(file);
    made[i] = certificate;
}

static int make_all(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    for (int i = 0; i < CERTIFICATES; i++)
        make_certificate(i);
    FILE *file = fopen(path_of("garbage"), "we");
    fputs("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", file);
    return fclose(file);
}

static int remove_all(void **state)
{
    (void)state;
    for (int i = 0; i < CERTIFICATES; i++) {
        unlink(path_of(certificates[i].name));
        X509_free(made[i]);
        EVP_PKEY_free(keys[i]);
    }
    unlink(path_of("garbage"));
    return rmdir(folder);
}

static void knows_good_certificates(void **state)
{
    (void)state;
    for (int i = 0; i < CERTIFICATES; i++) {
        struct cms_recipient *recipient = NULL;
        const enum cms_status status    = cms_recipient_load(path_of(certificates[i].name), time(NULL), &recipient);
        if (status != certificates[i].status)
            fail_msg("%s: %s", certificates[i].name, cms_status_word(status));
        assert_int_equal(recipient != NULL, status == CMS_OK);
        cms_recipient_free(recipient);
    }
    struct cms_recipient *none = NULL;
    assert_int_equal(cms_recipient_load(path_of("garbage"), time(NULL), &none), CMS_UNREADABLE);
    assert_int_equal(cms_recipient_load(path_of("nobody"), time(NULL), &none), CMS_NO_CERTIFICATE);
}

/* A certificate that was good at start may have run out since. */
static void notices_the_last_second(void **state)
{
    struct cms_recipient *recipient = NULL;
    const time_t          now       = time(NULL);

    (void)state;
    assert_int_equal(cms_recipient_load(path_of("good"), now, &recipient), CMS_OK);
    assert_int_equal(cms_recipient_check(recipient, now + 3590), CMS_OK);
    assert_int_equal(cms_recipient_check(recipient, now + 3610), CMS_EXPIRED);
    assert_int_equal(cms_recipient_check(recipient, now - 120), CMS_NOT_VALID_YET);
    cms_recipient_free(recipient);
}

/* What the key opens of DER bytes; NULL when it does not. The caller frees. */
static char *open_der(const unsigned char *der, size_t length, int key)
{
    const unsigned char *at      = der;
    CMS_ContentInfo     *message = d2i_CMS_ContentInfo(NULL, &at, (long)length);
    BIO                 *out     = BIO_new(BIO_s_mem());
    char                *text    = NULL;

    if (message != NULL && CMS_decrypt(message, keys[key], made[key], NULL, out, CMS_BINARY) == 1) {
        char      *bytes = NULL;
        const long size  = BIO_get_mem_data(out, &bytes);
        text             = calloc(1, (size_t)size + 1);
        memcpy(text, bytes, (size_t)size);
    }
    BIO_free(out);
    CMS_ContentInfo_free(message);
    return text;
}

static const char plain[] = "{\"child\":{\"name\":\"nobody\"}}";

static unsigned char *seal_der(size_t *length)
{
    struct cms_recipient *recipient = NULL;

    assert_int_equal(cms_recipient_load(path_of("good"), time(NULL), &recipient), CMS_OK);
    char *text = cms_seal(recipient, span_from_text(plain));
    assert_non_null(text);
    const size_t   size = strlen(text);
    unsigned char *der  = malloc(size);
    const int      read = EVP_DecodeBlock(der, (const unsigned char *)text, (int)size);
    *length             = (size_t)read - (size_t)(text[size - 1] == '=') - (size_t)(text[size - 2] == '=');
    free(text);
    cms_recipient_free(recipient);
    return der;
}

static void opens_with_the_posts_key_only(void **state)
{
    size_t         length = 0;
    unsigned char *der    = seal_der(&length);
    char          *text   = open_der(der, length, 0);

    (void)state;
    assert_non_null(text);
    assert_string_equal(text, plain);
    free(text);
    assert_null(open_der(der, length, 1));
    free(der);
}

/* Whatever bit is turned: it does not open, or it opens to the very same text (some fields only describe). */
static void shows_tampering(void **state)
{
    size_t         length = 0, refused = 0;
    unsigned char *der = seal_der(&length);

    (void)state;
    for (size_t i = 0; i < length; i++) {
        der[i] ^= 1;
        char *text = open_der(der, length, 0);
        if (text != NULL)
            assert_string_equal(text, plain);
        refused += text == NULL;
        free(text);
        der[i] ^= 1;
    }
    assert_true(refused > length - 20);
    for (size_t i = length - 17 - strlen(plain); i < length; i++) { /* the text and its seal */
        der[i] ^= 1;
        assert_null(open_der(der, length, 0));
        der[i] ^= 1;
    }
    free(der);
}

/* ---- the certificates of all posts ---- */

static void counts_posts_without(void **state)
{
    static char  words[][12] = { "good", "expired", "nobody", "rsa", "usage-free", "police", "judicial" };
    struct post  list[5];
    struct posts posts = { .posts = list, .posts_count = 5 };
    char         error[256];

    (void)state;
    for (int i = 0; i < 5; i++)
        list[i] = (struct post){ .id = words[i], .view = words[i == 3 ? 6 : 5] };
    struct view_policy  *views = view_policy_load_folder(HULEI_SOURCE_DIR "/config/policy", error, sizeof error);
    struct certificates *all   = certificates_open(folder, &posts, views);
    assert_int_equal(certificates_load(all), 2); /* the judicial post needs none */
    assert_non_null(certificates_of(all, "good"));
    assert_null(certificates_of(all, "expired"));
    assert_null(certificates_of(all, "nobody"));
    assert_null(certificates_of(all, "rsa"));
    rename(path_of("good"), "cms-away.pem");
    assert_int_equal(certificates_load(all), 3);
    assert_null(certificates_of(all, "good"));
    rename("cms-away.pem", path_of("good"));
    assert_int_equal(certificates_load(all), 2); /* renewed without a restart */
    assert_non_null(certificates_of(all, "good"));
    certificates_close(all);
    view_policy_free(views);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_good_certificates),       cmocka_unit_test(notices_the_last_second),
        cmocka_unit_test(opens_with_the_posts_key_only), cmocka_unit_test(shows_tampering),
        cmocka_unit_test(counts_posts_without),
    };

    return cmocka_run_group_tests(tests, make_all, remove_all);
}
