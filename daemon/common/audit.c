/* The audit chain; see audit.h.
 * Does not know where entries come from. */
#include "daemon/common/audit.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

const char *audit_fault_word(enum audit_fault fault)
{
    switch (fault) {
    case AUDIT_SOUND:
        return "sound";
    case AUDIT_MISSING_BEFORE:
        return "entries are missing before it";
    case AUDIT_CHANGED:
        return "the entry was changed";
    case AUDIT_MISSING_AFTER:
        return "entries are missing after it";
    case AUDIT_FORGED:
        return "its keyed hash is not that of its hour's key";
    case AUDIT_FORKED:
        return "a signed statement has another entry in its place";
    case AUDIT_CUT:
        return "what is before it was cut where no signed statement stands";
    }
    return "?";
}

static bool hash_field(EVP_MD_CTX *context, struct span field, bool is_first)
{
    char         prefix[32];
    const size_t length = field.bytes == NULL
                              ? (size_t)snprintf(prefix, sizeof prefix, "%s-", is_first ? "" : ",")
                              : (size_t)snprintf(prefix, sizeof prefix, "%s%zu:", is_first ? "" : ",", field.length);

    return EVP_DigestUpdate(context, prefix, length) == 1 &&
           (field.length == 0 || EVP_DigestUpdate(context, field.bytes, field.length) == 1);
}

bool audit_hash(struct span previous, const struct audit_entry *entry, unsigned char hash[AUDIT_HASH_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool        is_done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                   (previous.length == 0 || EVP_DigestUpdate(context, previous.bytes, previous.length) == 1);

    for (int i = 0; i < AUDIT_FIELD_COUNT; i++)
        is_done = is_done && hash_field(context, entry->fields[i], i == 0);
    is_done = is_done && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_done;
}

enum audit_fault audit_walk_next(struct audit_walk *walk, int64_t seq, const struct audit_entry *entry,
                                 struct span hash)
{
    const struct span previous = span_of((const char *)walk->hash, walk->seq > 0 ? AUDIT_HASH_BYTES : 0);
    unsigned char     computed[AUDIT_HASH_BYTES];

    if (seq != walk->seq + 1)
        return AUDIT_MISSING_BEFORE;
    if (!audit_hash(previous, entry, computed) || !span_equals(hash, span_of((const char *)computed, sizeof computed)))
        return AUDIT_CHANGED;
    walk->seq = seq;
    memcpy(walk->hash, computed, sizeof walk->hash);
    return AUDIT_SOUND;
}

enum audit_fault audit_walk_end(const struct audit_walk *walk, int64_t head_seq, struct span head_hash)
{
    if (walk->seq < head_seq)
        return AUDIT_MISSING_AFTER;
    if (head_seq > 0 && !span_equals(head_hash, span_of((const char *)walk->hash, sizeof walk->hash)))
        return AUDIT_CHANGED;
    return AUDIT_SOUND;
}

bool audit_mac(const unsigned char key[AUDIT_HASH_BYTES], struct span hash, unsigned char mac[AUDIT_HASH_BYTES])
{
    unsigned int length = AUDIT_HASH_BYTES;

    return HMAC(EVP_sha256(), key, AUDIT_HASH_BYTES, (const unsigned char *)hash.bytes, hash.length, mac, &length) !=
           NULL;
}

bool audit_next_key(unsigned char key[AUDIT_HASH_BYTES])
{
    static const char word[] = "hulei/audit/next";
    unsigned char     text[sizeof word - 1 + AUDIT_HASH_BYTES];

    memcpy(text, word, sizeof word - 1);
    memcpy(text + sizeof word - 1, key, AUDIT_HASH_BYTES);
    const bool is_done = EVP_Digest(text, sizeof text, key, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_cleanse(text, sizeof text);
    return is_done;
}
