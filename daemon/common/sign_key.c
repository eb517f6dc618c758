/* Signatures; see sign_key.h.
 * Judges no text: what a statement says is audit_root.c's. */
#include "daemon/common/sign_key.h"

#include "daemon/common/key_file.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_BYTES = 32, ED25519_BYTES = 32, POINT_BYTES = 65 };

/* GB/T 35276: the identity of a signer who has none of his own. */
static const char sm2_identity[] = "1234567812345678";

struct sign_key {
    EVP_PKEY        *key;
    enum vault_suite suite;
    char             public_hex[SIGN_PUBLIC_HEX];
};

/* ---- keys ---- */

static EVP_PKEY *sm2_from(const BIGNUM *scalar, const unsigned char *point)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX   *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    OSSL_PARAM     *params  = NULL;
    EVP_PKEY       *key     = NULL;

    if (builder != NULL && context != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES) == 1 &&
        (scalar == NULL || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1) &&
        (params = OSSL_PARAM_BLD_to_param(builder)) != NULL && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, scalar != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* The scalar is the seed modulo the group's order less one, plus one: never zero. */
static EVP_PKEY *sm2_from_seed(const unsigned char seed[SEED_BYTES])
{
    unsigned char point[POINT_BYTES];
    BN_CTX       *context = BN_CTX_secure_new();
    EC_GROUP     *group   = EC_GROUP_new_by_curve_name(NID_sm2);
    EC_POINT *public      = group != NULL ? EC_POINT_new(group) : NULL;
    BIGNUM   *scalar = BN_secure_new(), *limit = BN_new();
    EVP_PKEY *key = NULL;

    if (context != NULL && public != NULL && scalar != NULL && limit != NULL &&
        BN_bin2bn(seed, SEED_BYTES, scalar) != NULL && EC_GROUP_get_order(group, limit, context) == 1 &&
        BN_sub_word(limit, 2) == 1 && BN_mod(scalar, scalar, limit, context) == 1 && BN_add_word(scalar, 1) == 1 &&
        EC_POINT_mul(group, public, scalar, NULL, NULL, context) == 1 &&
        EC_POINT_point2oct(group, public, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, context) == sizeof point)
        key = sm2_from(scalar, point);
    BN_clear_free(scalar);
    BN_free(limit);
    EC_POINT_free(public);
    EC_GROUP_free(group);
    BN_CTX_free(context);
    return key;
}

static bool write_public(struct sign_key *key)
{
    unsigned char bytes[POINT_BYTES];
    size_t        length = sizeof bytes;

    const bool is_done =
        key->suite == VAULT_AES_256_GCM
            ? EVP_PKEY_get_raw_public_key(key->key, bytes, &length) == 1
            : EVP_PKEY_get_octet_string_param(key->key, OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof bytes, &length) == 1;
    if (is_done)
        sodium_bin2hex(key->public_hex, sizeof key->public_hex, bytes, length);
    return is_done;
}

struct sign_key *sign_key_open(const char *directory, enum vault_suite suite, char *error, size_t error_size)
{
    unsigned char    seed[SEED_BYTES];
    struct sign_key *key = calloc(1, sizeof *key);

    if (key == NULL || !key_file_read(directory, "audit.key", seed, sizeof seed, error, error_size)) {
        free(key);
        return NULL;
    }
    key->suite = suite;
    key->key   = suite == VAULT_AES_256_GCM ? EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, sizeof seed)
                                            : sm2_from_seed(seed);
    OPENSSL_cleanse(seed, sizeof seed);
    if (key->key != NULL && write_public(key))
        return key;
    snprintf(error, error_size, "OpenSSL has no Ed25519 or SM2");
    sign_key_close(key);
    return NULL;
}

void sign_key_close(struct sign_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->key);
    free(key);
}

const char *sign_key_algorithm(const struct sign_key *key)
{
    return key->suite == VAULT_AES_256_GCM ? "ed25519" : "sm2";
}

const char *sign_key_public(const struct sign_key *key)
{
    return key->public_hex;
}

/* ---- signing and verifying ---- */

/* A context for one signature; *key_context lives as long as it, and is NULL for Ed25519. */
static EVP_MD_CTX *make_context(EVP_PKEY *key, bool is_sm2, EVP_PKEY_CTX **key_context)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    *key_context = NULL;
    if (context == NULL || !is_sm2)
        return context;
    *key_context = EVP_PKEY_CTX_new(key, NULL);
    if (*key_context == NULL || EVP_PKEY_CTX_set1_id(*key_context, sm2_identity, sizeof sm2_identity - 1) != 1) {
        EVP_PKEY_CTX_free(*key_context);
        *key_context = NULL;
        EVP_MD_CTX_free(context);
        return NULL;
    }
    EVP_MD_CTX_set_pkey_ctx(context, *key_context);
    return context;
}

bool sign_key_sign(struct sign_key *key, struct span text, unsigned char signature[SIGN_SIGNATURE_MAX], size_t *length)
{
    const bool    is_sm2 = key->suite != VAULT_AES_256_GCM;
    EVP_PKEY_CTX *key_context;
    EVP_MD_CTX   *context = make_context(key->key, is_sm2, &key_context);

    *length = SIGN_SIGNATURE_MAX;
    const bool is_done =
        context != NULL && EVP_DigestSignInit(context, NULL, is_sm2 ? EVP_sm3() : NULL, NULL, key->key) == 1 &&
        EVP_DigestSign(context, signature, length, (const unsigned char *)text.bytes, text.length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(key_context);
    return is_done;
}

static EVP_PKEY *read_public(bool is_sm2, const char *hex)
{
    unsigned char bytes[POINT_BYTES];
    size_t        length = 0;

    if (sodium_hex2bin(bytes, sizeof bytes, hex, strlen(hex), NULL, &length, NULL) != 0 ||
        length != (is_sm2 ? POINT_BYTES : ED25519_BYTES))
        return NULL;
    return is_sm2 ? sm2_from(NULL, bytes) : EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, bytes, length);
}

bool sign_verify(const char *algorithm, const char *public_hex, struct span text, struct span signature)
{
    const bool    is_sm2      = strcmp(algorithm, "sm2") == 0;
    EVP_PKEY     *key         = is_sm2 || strcmp(algorithm, "ed25519") == 0 ? read_public(is_sm2, public_hex) : NULL;
    EVP_PKEY_CTX *key_context = NULL;
    EVP_MD_CTX   *context     = key != NULL ? make_context(key, is_sm2, &key_context) : NULL;

    const bool is_sound = context != NULL &&
                          EVP_DigestVerifyInit(context, NULL, is_sm2 ? EVP_sm3() : NULL, NULL, key) == 1 &&
                          EVP_DigestVerify(context, (const unsigned char *)signature.bytes, signature.length,
                                           (const unsigned char *)text.bytes, text.length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(key_context);
    EVP_PKEY_free(key);
    return is_sound;
}
