/* Sealing of personal columns: one data key per record, wrapped by a key-encryption key of the role's key folder.
 * A value is bound to table, column, row, data key and format, so that swapped ciphertexts do not open. */
#ifndef HULEI_DAEMON_COMMON_VAULT_H
#define HULEI_DAEMON_COMMON_VAULT_H

#include "daemon/common/vault_suite.h"
#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VAULT_OVERHEAD_BYTES = 1 + 8 + VAULT_NONCE_BYTES + VAULT_TAG_BYTES, /* suite, data key id, nonce, tag */
    VAULT_WRAPPED_BYTES  = 2 + 4 + VAULT_NONCE_BYTES + VAULT_KEY_BYTES + VAULT_TAG_BYTES,
};

enum vault_status {
    VAULT_OK = 0,
    VAULT_TAMPERED,    /* the tag, the key id or the place does not fit */
    VAULT_UNKNOWN_KEY, /* wrapped by a key-encryption key this process does not have */
    VAULT_NO_MEMORY,
};

/* An open data key; wipe with vault_key_wipe(). Its suite is that of all it seals, for life. */
struct vault_key {
    int64_t          id;
    enum vault_suite suite;
    unsigned char    bytes[VAULT_KEY_BYTES];
};

/* What is stored in data_key.wrapped. */
struct vault_wrapped {
    unsigned char bytes[VAULT_WRAPPED_BYTES];
    size_t        length;
};

struct vault;

/*
 * Reads the kek-<n>.key files of `directory`; the highest number wraps. While the vault is open it reads the folder
 * again when that changes. New data keys are of AES-256-GCM. NULL on failure; `error` names the file and the rule.
 */
struct vault *vault_open_directory(const char *directory, char *error, size_t error_size);

/*
 * Data keys created from now on, and their wrapping, are of the suite that `word` names (config.h: vault.suite; it
 * must be one); older ones of either suite still open.
 */
void vault_use_suite(struct vault *vault, const char *word);

/* The same vault for another thread: one handle serves one. NULL: no memory. */
struct vault *vault_share(const struct vault *vault);

/* Wipes and frees; NULL does nothing. */
void vault_close(struct vault *vault);

/* A new random data key and its wrapped form, both bound to `id`. */
enum vault_status vault_data_key_create(struct vault *vault, int64_t id, struct vault_key *key,
                                        struct vault_wrapped *wrapped);

/* Opens a stored data key. On failure *key is wiped. */
enum vault_status vault_data_key_open(struct vault *vault, int64_t id, struct span wrapped, struct vault_key *key);

/* The same data key under the newest key-encryption key, in the vault's suite. */
enum vault_status vault_data_key_rewrap(struct vault *vault, int64_t id, struct span wrapped,
                                        struct vault_wrapped *renewed);

void vault_key_wipe(struct vault_key *key);

static inline size_t vault_sealed_size(size_t plain_length)
{
    return plain_length + VAULT_OVERHEAD_BYTES;
}

/* Writes vault_sealed_size(plain.length) bytes to `sealed`. `row` is the row's own id. */
enum vault_status vault_seal(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span plain, unsigned char *sealed);

/* Writes sealed.length - VAULT_OVERHEAD_BYTES bytes to `plain`; on failure `plain` is wiped. */
enum vault_status vault_open(struct vault *vault, const struct vault_key *key, const char *table, const char *column,
                             int64_t row, struct span sealed, unsigned char *plain);

#endif
