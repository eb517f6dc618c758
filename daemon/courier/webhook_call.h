/* One HTTPS request to a receiver: verified by the receiver's own CA file, never redirected, bounded in time and size.
 * Knows no row of the database; whether to try again is the caller's business. */
#ifndef HULEI_DAEMON_COURIER_WEBHOOK_CALL_H
#define HULEI_DAEMON_COURIER_WEBHOOK_CALL_H

#include "daemon/courier/posts.h"
#include "daemon/courier/webhook_sign.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WEBHOOK_CONNECT_MS       = 5000,
    WEBHOOK_TOTAL_MS         = 10000,
    WEBHOOK_ANSWER_BYTES_MAX = 65536, /* of what nobody reads */
};

/* A receiver. */
struct webhook_endpoint {
    const char         *url; /* borrowed */
    char                ca[PATH_MAX];
    struct webhook_keys keys;
};

/* Reads the secrets, whose files stand in `keys_folder`; `ca` is relative to `folder`. False with `error` filled. */
bool webhook_endpoint_open(struct webhook_endpoint *endpoint, const struct webhook_target *target, const char *folder,
                           const char *keys_folder, char *error, size_t error_size);

struct webhook_call {
    CURL              *easy; /* NULL: free */
    struct curl_slist *headers;
    char              *body; /* owned */
    size_t             answer_bytes;
};

/*
 * Makes call->easy ready for curl_multi_add_handle(). Takes `body`, which malloc() gave, whatever comes of it. `id` is
 * the message's own and the same at every try. False without memory; the call is then free.
 */
bool webhook_call_open(struct webhook_call *call, const struct webhook_endpoint *endpoint, const char *id, char *body,
                       int64_t now_s);

/* The status of the answer, 0 when there was none: only 200 to 299 means that the message has arrived. */
long webhook_call_status(const struct webhook_call *call, CURLcode result);

/* Closing a free call does nothing. The handle must have left its multi handle. */
void webhook_call_close(struct webhook_call *call);

#endif
