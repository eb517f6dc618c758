/* The thread of webhooks; see webhooks.h.
 * One round: take what is due, let curl work, write down what landed. */
#include "daemon/courier/webhooks.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"
#include "daemon/courier/certificates.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/emergency_part.h"
#include "daemon/courier/heartbeat.h"
#include "daemon/courier/webhook_call.h"
#include "daemon/courier/webhook_rows.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TAKE_EVERY_MS = 200, POLL_MS = 100, REST_MS = 1000, CERTIFICATES_EVERY_MS = 60000 };

struct receiver {
    char                    topic[80]; /* "webhook:<post>" or "webhook:gateway" */
    const struct post      *post;      /* NULL: the gateway */
    struct webhook_endpoint endpoint;
};

struct webhooks {
    const struct config        *config;
    struct receiver            *receivers;
    size_t                      receiver_count;
    struct webhook_rows         rows;
    struct webhook_call         calls[WEBHOOK_FLIGHTS_MAX]; /* of the flight of the same place */
    CURLM                      *multi;
    int64_t                     take_at_ms, beat_at_ms; /* monotonic */
    pthread_t                   thread;
    bool                        has_thread;
    atomic_bool                 stop;
    struct certificates        *certificates;
    struct emergency_part_tools parts;
    int64_t                     certificates_at_ms; /* monotonic: next time */
};

bool webhooks_are_wanted(const struct posts *posts)
{
    bool is_wanted = posts->gateway != NULL;

    for (unsigned i = 0; i < posts->posts_count; i++)
        is_wanted = is_wanted || posts->posts[i].webhook != NULL;
    return is_wanted;
}

static const struct receiver *find_receiver(const struct webhooks *webhooks, const char *topic)
{
    for (size_t i = 0; i < webhooks->receiver_count; i++) {
        if (strcmp(webhooks->receivers[i].topic, topic) == 0)
            return &webhooks->receivers[i];
    }
    return NULL;
}

/* Gives new flights to curl. */
static void launch(struct webhooks *webhooks)
{
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        struct webhook_flight *flight = &webhooks->rows.flights[i];
        if (flight->state != FLIGHT_IN_AIR || flight->body == NULL)
            continue;
        struct webhook_call   *call     = &webhooks->calls[i];
        const struct receiver *receiver = find_receiver(webhooks, flight->topic);
        char                  *body     = flight->body;
        if (receiver == NULL) { /* it left posts.yaml; its row waits */
            flight->state = FLIGHT_FAILED;
            continue;
        }
        flight->body = NULL;
        if (!webhook_call_open(call, &receiver->endpoint, flight->id, body, (int64_t)time(NULL)) ||
            curl_multi_add_handle(webhooks->multi, call->easy) != CURLM_OK) {
            webhook_call_close(call);
            flight->state = FLIGHT_FAILED;
        }
    }
}

static void land(struct webhooks *webhooks, struct webhook_call *call, CURLcode result)
{
    struct webhook_flight *flight = &webhooks->rows.flights[call - webhooks->calls];
    const long             status = webhook_call_status(call, result);

    flight->state = status >= 200 && status <= 299 ? FLIGHT_DELIVERED : FLIGHT_FAILED;
    if (flight->state == FLIGHT_FAILED)
        log_warning("webhook_failed", log_word("to", flight->topic), log_number("status", status),
                    log_number("curl", (int64_t)result));
    curl_multi_remove_handle(webhooks->multi, call->easy);
    webhook_call_close(call);
}

static void let_curl_work(struct webhooks *webhooks)
{
    int      running = 0, left = 0;
    CURLMsg *message;

    curl_multi_perform(webhooks->multi, &running);
    while ((message = curl_multi_info_read(webhooks->multi, &left)) != NULL) {
        void *call = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode result = message->data.result; /* the message goes with its handle */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        land(webhooks, call, result);
    }
}

/* A sign of life for the posts that have no topic to look at. */
static void beat(struct webhooks *webhooks)
{
    if (clock_monotonic_ms() < webhooks->beat_at_ms)
        return;
    webhooks->beat_at_ms = clock_monotonic_ms() + HEARTBEAT_EVERY_MS;
    for (size_t i = 0; i < webhooks->receiver_count; i++) {
        const struct receiver *receiver = &webhooks->receivers[i];
        struct webhook_flight *flight   = webhook_rows_free_flight(&webhooks->rows);
        const int64_t          now_s    = (int64_t)time(NULL);
        if (receiver->post == NULL || flight == NULL)
            continue;
        *flight = (struct webhook_flight){ .state = FLIGHT_IN_AIR };
        snprintf(flight->topic, sizeof flight->topic, "%s", receiver->topic);
        snprintf(flight->id, sizeof flight->id, "heartbeat/%s/%lld", receiver->post->id, (long long)now_s);
        flight->body = heartbeat_render(receiver->post->id, webhooks->config->shard, now_s);
        if (flight->body == NULL)
            flight->state = FLIGHT_FREE;
    }
}

static enum db_status take(struct webhooks *webhooks)
{
    size_t count = 0;

    if (clock_monotonic_ms() < webhooks->take_at_ms)
        return DB_OK;
    webhooks->take_at_ms        = clock_monotonic_ms() + TAKE_EVERY_MS;
    const enum db_status status = webhook_rows_take(&webhooks->rows, &count);
    if (count > 0)
        webhooks->take_at_ms = 0; /* there may be more */
    return status;
}

/* The emergencies of a police post without Kafka are encrypted for it, too. */
static void read_certificates(struct webhooks *webhooks)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (now_ms < webhooks->certificates_at_ms)
        return;
    webhooks->certificates_at_ms = now_ms + CERTIFICATES_EVERY_MS;
    certificates_load(webhooks->certificates);
}

static void *run(void *context)
{
    struct webhooks *webhooks = context;

    while (!atomic_load(&webhooks->stop)) {
        beat(webhooks);
        read_certificates(webhooks);
        enum db_status status = take(webhooks);
        launch(webhooks);
        let_curl_work(webhooks);
        if (status == DB_OK)
            status = webhook_rows_settle(&webhooks->rows);
        if (status == DB_OK) {
            curl_multi_poll(webhooks->multi, NULL, 0, POLL_MS, NULL);
            continue;
        }
        courier_count(COURIER_DB_RETRIES, 1);
        curl_multi_poll(webhooks->multi, NULL, 0, REST_MS, NULL);
        if (!db_is_connected(webhooks->rows.db))
            db_reconnect(webhooks->rows.db);
    }
    return NULL;
}

/* ---- begin and end ---- */

/* The folder of a file: paths in it are relative to that. */
static void folder_of(const char *path, char *folder, size_t size)
{
    const char  *slash  = strrchr(path, '/');
    const size_t length = slash != NULL ? (size_t)(slash - path) : 0;

    snprintf(folder, size, "%.*s", (int)length, path);
}

static bool add_receiver(struct webhooks *webhooks, const char *name, const struct post *post,
                         const struct webhook_target *target, char *error, size_t error_size)
{
    struct receiver *receiver = &webhooks->receivers[webhooks->receiver_count++];
    char             folder[PATH_MAX];

    folder_of(webhooks->config->posts, folder, sizeof folder);
    snprintf(receiver->topic, sizeof receiver->topic, "webhook:%s", name);
    receiver->post = post;
    return webhook_endpoint_open(&receiver->endpoint, target, folder, webhooks->config->courier.keys, error,
                                 error_size);
}

static bool open_receivers(struct webhooks *webhooks, const struct posts *posts, char *error, size_t error_size)
{
    webhooks->receivers = calloc(posts->posts_count + 1, sizeof *webhooks->receivers);
    if (webhooks->receivers == NULL) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    for (unsigned i = 0; i < posts->posts_count; i++) {
        const struct post *post = &posts->posts[i];
        if (post->webhook != NULL && !add_receiver(webhooks, post->id, post, post->webhook, error, error_size))
            return false;
    }
    return posts->gateway == NULL || add_receiver(webhooks, "gateway", NULL, posts->gateway, error, error_size);
}

static bool open_rows(struct webhooks *webhooks, const struct posts *posts, const struct view_policy *views,
                      int64_t fence, char *error, size_t error_size)
{
    struct webhook_rows *rows = &webhooks->rows;
    const char          *keys = webhooks->config->courier.keys;

    rows->shard = webhooks->config->shard;
    rows->fence = fence;
    rows->blind = blind_open_directory(keys, error, error_size);
    if (rows->blind != NULL)
        rows->vault = vault_open_directory(keys, error, error_size);
    if (rows->vault != NULL)
        rows->db = db_open(webhooks->config->database.courier, "hulei webhooks", error, error_size);
    if (rows->db != NULL)
        webhooks->certificates = certificates_open(webhooks->config->courier.certificates, posts, views);
    webhooks->parts = (struct emergency_part_tools){ rows->vault, webhooks->certificates };

    const struct due_tools tools = { rows->shard, views, &webhooks->parts };
    claim_init(&rows->claim, &tools, rows->blind);
    return webhooks->certificates != NULL;
}

struct webhooks *webhooks_start(const struct config *config, const struct posts *posts, const struct view_policy *views,
                                int64_t fence, char *error, size_t error_size)
{
    struct webhooks *webhooks = calloc(1, sizeof *webhooks);

    if (webhooks == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    webhooks->config = config;
    webhooks->multi  = curl_multi_init();
    if (webhooks->multi == NULL)
        snprintf(error, error_size, "curl does not start");
    if (webhooks->multi != NULL && open_rows(webhooks, posts, views, fence, error, error_size) &&
        open_receivers(webhooks, posts, error, error_size)) {
        webhooks->has_thread = pthread_create(&webhooks->thread, NULL, run, webhooks) == 0;
        if (!webhooks->has_thread)
            snprintf(error, error_size, "no thread for webhooks");
    }
    if (webhooks->has_thread)
        return webhooks;
    webhooks_stop(webhooks);
    return NULL;
}

void webhooks_stop(struct webhooks *webhooks)
{
    if (webhooks == NULL)
        return;
    atomic_store(&webhooks->stop, true);
    if (webhooks->has_thread)
        pthread_join(webhooks->thread, NULL);
    for (size_t i = 0; i < WEBHOOK_FLIGHTS_MAX; i++) {
        if (webhooks->calls[i].easy != NULL)
            curl_multi_remove_handle(webhooks->multi, webhooks->calls[i].easy);
        webhook_call_close(&webhooks->calls[i]);
        free(webhooks->rows.flights[i].body);
    }
    claim_clear(&webhooks->rows.claim);
    db_close(webhooks->rows.db);
    certificates_close(webhooks->certificates);
    vault_close(webhooks->rows.vault);
    blind_close(webhooks->rows.blind);
    curl_multi_cleanup(webhooks->multi);
    free(webhooks->receivers);
    free(webhooks);
}
