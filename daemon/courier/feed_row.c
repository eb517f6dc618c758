/* Records of clerks; see feed_row.h.
 * Keeps no key: each row has its own. */
#include "daemon/courier/feed_row.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

bool feed_row_is(const struct due_row *due)
{
    return strcmp(due->kind, "feed") == 0;
}

char *feed_row_open(const struct due_row *due, struct vault *vault)
{
    struct vault_key key;

    if (due->payload_length < VAULT_OVERHEAD_BYTES ||
        vault_data_key_open(vault, due->key_id, due->wrapped, &key) != VAULT_OK)
        return NULL;
    const size_t length = due->payload_length - VAULT_OVERHEAD_BYTES;
    char        *text   = calloc(length + 1, 1);
    const bool   is_open =
        text != NULL && vault_open(vault, &key, "outbox", "payload", due->key_id,
                                   span_of(due->payload, due->payload_length), (unsigned char *)text) == VAULT_OK;
    vault_key_wipe(&key);
    if (is_open)
        return text;
    free(text);
    return NULL;
}

void feed_row_free(char *text)
{
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}
