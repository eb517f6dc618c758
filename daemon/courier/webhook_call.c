/* Requests of webhooks; see webhook_call.h.
 * Trusts nothing of the answer but its status. */
#include "daemon/courier/webhook_call.h"

#include "daemon/common/key_file.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool webhook_endpoint_open(struct webhook_endpoint *endpoint, const struct webhook_target *target, const char *folder,
                           const char *keys_folder, char *error, size_t error_size)
{
    *endpoint = (struct webhook_endpoint){ .url = target->url };
    snprintf(endpoint->ca, sizeof endpoint->ca, "%s%s%s", target->ca[0] == '/' ? "" : folder,
             target->ca[0] == '/' ? "" : "/", target->ca);
    for (unsigned i = 0; i < target->secrets_count && i < WEBHOOK_KEYS_MAX; i++) {
        if (!key_file_read(keys_folder, target->secrets[i], endpoint->keys.keys[i], WEBHOOK_KEY_BYTES, error,
                           error_size))
            return false;
        endpoint->keys.count++;
    }
    return true;
}

/* An answer that does not end is cut off, and its message tried again. */
static size_t on_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct webhook_call *call = context;

    (void)bytes;
    call->answer_bytes += size * count;
    return call->answer_bytes <= WEBHOOK_ANSWER_BYTES_MAX ? size * count : 0;
}

static bool add_header(struct webhook_call *call, const char *name, const char *value)
{
    char text[512];

    snprintf(text, sizeof text, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(call->headers, text);
    if (longer != NULL)
        call->headers = longer;
    return longer != NULL;
}

static bool add_headers(struct webhook_call *call, const struct webhook_endpoint *endpoint, const char *id,
                        int64_t now_s)
{
    char timestamp[24], signature[WEBHOOK_SIGNATURE_BYTES];

    snprintf(timestamp, sizeof timestamp, "%lld", (long long)now_s);
    return webhook_sign(&endpoint->keys, id, now_s, span_from_text(call->body), signature) &&
           add_header(call, "content-type", "application/cloudevents+json; charset=UTF-8") &&
           add_header(call, "webhook-id", id) && add_header(call, "webhook-timestamp", timestamp) &&
           add_header(call, "webhook-signature", signature) && add_header(call, "expect", "");
}

/* The receiver's CA file alone vouches for it: the system's folder of certificates does not count. */
static bool set_options(struct webhook_call *call, const struct webhook_endpoint *endpoint)
{
    CURL *easy = call->easy;

    return curl_easy_setopt(easy, CURLOPT_URL, endpoint->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAINFO, endpoint->ca) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)WEBHOOK_CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)WEBHOOK_TOTAL_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(call->body)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK;
}

bool webhook_call_open(struct webhook_call *call, const struct webhook_endpoint *endpoint, const char *id, char *body,
                       int64_t now_s)
{
    *call = (struct webhook_call){ .easy = curl_easy_init(), .body = body };
    if (call->easy != NULL && body != NULL && add_headers(call, endpoint, id, now_s) && set_options(call, endpoint))
        return true;
    webhook_call_close(call);
    return false;
}

long webhook_call_status(const struct webhook_call *call, CURLcode result)
{
    long status = 0;

    if (result == CURLE_OK)
        curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

void webhook_call_close(struct webhook_call *call)
{
    if (call->easy != NULL)
        curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    if (call->body != NULL)
        OPENSSL_cleanse(call->body, strlen(call->body)); /* a notice names a phone */
    free(call->body);
    *call = (struct webhook_call){ .easy = NULL };
}
