/* Sealing of personal columns: one data key per record, wrapped by a key-encryption key from a 0400 file.
 * AES-256-GCM; the value is bound to table, column and row, so that swapped ciphertexts do not open. */
#ifndef HULEI_DAEMON_COMMON_VAULT_H
#define HULEI_DAEMON_COMMON_VAULT_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VAULT_KEY_BYTES      = 32,
    VAULT_OVERHEAD_BYTES = 1 + 8 + 12 + 16, /* version, data key id, nonce, tag */
    VAULT_WRAPPED_BYTES  = VAULT_KEY_BYTES + 1 + 4 + 12 + 16,
};

enum vault_status {
    VAULT_OK = 0,
    VAULT_BAD_KEY_FILE, /* missing, not 32 bytes, not 0400, or owned by somebody else */
    VAULT_TAMPERED,     /* the tag, the key id or the place does not fit */
    VAULT_UNKNOWN_KEY,  /* wrapped by a key-encryption key this process does not have */
    VAULT_NO_MEMORY,
};

/* An open data key; wipe with vault_key_wipe(). */
struct vault_key {
    int64_t       id;
    unsigned char bytes[VAULT_KEY_BYTES];
};

/* What is stored in data_key.wrapped. */
struct vault_wrapped {
    unsigned char bytes[VAULT_WRAPPED_BYTES];
    size_t        length;
};

struct vault;

/* Reads `directory`/kek.key. NULL on failure; `error` names the file and the rule. */
struct vault *vault_open_directory(const char *directory, char *error, size_t error_size);

/* The same vault for another thread: one handle serves one. NULL: no memory. */
struct vault *vault_share(const struct vault *vault);

/* Wipes and frees; NULL does nothing. */
void vault_close(struct vault *vault);

/* Number of the key-encryption key in use. */
int32_t vault_kek_id(const struct vault *vault);

/* A new random data key and its wrapped form, both bound to `id`. */
enum vault_status vault_data_key_create(struct vault *vault, int64_t id, struct vault_key *key,
                                        struct vault_wrapped *wrapped);

/* Opens a stored data key. On failure *key is wiped. */
enum vault_status vault_data_key_open(struct vault *vault, int64_t id, struct span wrapped, struct vault_key *key);

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

/* No core dumps, not readable by a debugger. Call once at the start of a role that opens a vault. */
void vault_harden_process(void);

#endif
