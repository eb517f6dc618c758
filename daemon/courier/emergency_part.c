/* The encrypted part; see emergency_part.h.
 * Alert and post stand inside, so that a part moved to another message shows. */
#include "daemon/courier/emergency_part.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* The stored text as JSON; NULL when it does not open. */
static json_t *open_stored(const struct emergency_part_tools *tools, const struct emergency_part_source *source)
{
    struct vault_key key;
    json_t          *stored = NULL;

    if (source->body.length <= VAULT_OVERHEAD_BYTES ||
        vault_data_key_open(tools->vault, source->data_key_id, source->wrapped, &key) != VAULT_OK)
        return NULL;
    const size_t   length = source->body.length - VAULT_OVERHEAD_BYTES;
    unsigned char *plain  = malloc(length);
    if (plain != NULL) {
        if (vault_open(tools->vault, &key, "emergency", "body", source->data_key_id, source->body, plain) == VAULT_OK)
            stored = json_loadb((const char *)plain, length, 0, NULL);
        OPENSSL_cleanse(plain, length);
    }
    free(plain);
    vault_key_wipe(&key);
    return stored;
}

char *emergency_part_make(const struct emergency_part_tools *tools, const struct emergency_part_source *source,
                          const char *alert_id, const char *post_id, const char **missing)
{
    const struct cms_recipient *recipient = certificates_of(tools->certificates, post_id);
    char                       *sealed    = NULL;

    *missing = recipient == NULL ? "no_certificate" : "erased";
    if (recipient == NULL || source->body.bytes == NULL)
        return NULL;
    *missing       = "not_encrypted";
    json_t *stored = open_stored(tools, source);
    if (stored == NULL)
        return NULL;
    json_object_set_new(stored, "alert", json_string(alert_id));
    json_object_set_new(stored, "post", json_string(post_id));
    char *text = json_dumps(stored, JSON_COMPACT | JSON_SORT_KEYS);
    if (text != NULL) {
        sealed = cms_seal(recipient, span_from_text(text));
        OPENSSL_cleanse(text, strlen(text));
    }
    free(text);
    json_decref(stored);
    return sealed;
}
