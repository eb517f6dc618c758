/* The producer of `hulei feed push`; see feed_kafka.h.
 * Settings shared with the other clients are in daemon/common/kafka.c. */
#include "daemon/cli/feed_kafka.h"

#include "daemon/common/clock.h"
#include "daemon/common/kafka.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct feed_producer {
    rd_kafka_t *handle;
    int64_t     delivered, failed;
    const char *error;
    int64_t     refused_at_ms; /* of the first refused sign-in; 0: none */
};

/* A broker that is starting may refuse a sign-in for a moment; one that goes on refusing will not change its mind. */
enum { REFUSED_FOR_MS = 10000, FLUSH_STEP_MS = 500 };

static void on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
    struct feed_producer *producer = opaque;

    (void)handle;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        producer->delivered++;
        return;
    }
    producer->failed++;
    if (producer->error == NULL)
        producer->error = rd_kafka_err2name(message->err);
}

/* Connection noise is told once, by the delivery reports; librdkafka repeats it every second. */
static void on_error(rd_kafka_t *handle, int error, const char *reason, void *opaque)
{
    struct feed_producer *producer = opaque;

    (void)handle;
    (void)reason;
    if (producer->error == NULL)
        producer->error = rd_kafka_err2name(error);
    if (error == RD_KAFKA_RESP_ERR__AUTHENTICATION && producer->refused_at_ms == 0)
        producer->refused_at_ms = clock_monotonic_ms();
}

static bool is_hopeless(const struct feed_producer *producer)
{
    return producer->delivered == 0 && producer->refused_at_ms != 0 &&
           clock_monotonic_ms() - producer->refused_at_ms > REFUSED_FOR_MS;
}

static void on_log(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
    (void)handle;
    (void)level;
    (void)facility;
    (void)text;
}

void feed_password_path(const struct feed_options *options, const struct config *config, const struct feed_topic *topic,
                        char *path, size_t size)
{
    char folder[1024];

    path[0] = '\0';
    if (options->password_file != NULL) {
        snprintf(path, size, "%s", options->password_file);
    } else if (config != NULL && config->kafka.admin.password_file != NULL && topic != NULL &&
               topic->principal != NULL) {
        snprintf(folder, sizeof folder, "%s", config->kafka.admin.password_file);
        snprintf(path, size, "%s/%s.pw", dirname(folder), topic->principal);
    }
}

struct feed_producer *feed_producer_open(const struct feed_options *options, const struct config *config,
                                         const struct feed_topic *topic, char *error, size_t error_size)
{
    struct config_kafka   kafka    = { .protocol = (char[]){ "sasl_ssl" }, .mechanism = (char[]){ "SCRAM-SHA-512" } };
    struct feed_producer *producer = calloc(1, sizeof *producer);
    const char           *user     = options->user;
    char                  password_file[1100];

    if (producer == NULL)
        return NULL;
    if (config != NULL)
        kafka = config->kafka;
    if (options->brokers != NULL)
        kafka.brokers = (char *)options->brokers;
    if (options->ca != NULL)
        kafka.ca = (char *)options->ca;
    if (options->protocol != NULL)
        kafka.protocol = (char *)options->protocol;
    if (user == NULL && topic != NULL)
        user = topic->principal;
    feed_password_path(options, config, topic, password_file, sizeof password_file);
    const bool is_plain = strcmp(kafka.protocol, "plaintext") == 0;
    if (kafka.brokers == NULL || (!is_plain && (kafka.ca == NULL || user == NULL || password_file[0] == '\0'))) {
        snprintf(error, error_size, "give --config, or --brokers, --ca, --user and --password-file");
        goto fail;
    }
    rd_kafka_conf_t *conf = kafka_producer_conf_new(&kafka, user, password_file, error, error_size);
    if (conf == NULL)
        goto fail;
    rd_kafka_conf_set_opaque(conf, producer);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set(conf, "message.max.bytes", "1100000", NULL, 0);
    producer->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, error_size);
    if (producer->handle == NULL) {
        rd_kafka_conf_destroy(conf);
        goto fail;
    }
    return producer;

fail:
    feed_producer_close(producer);
    return NULL;
}

void feed_producer_close(struct feed_producer *producer)
{
    if (producer == NULL)
        return;
    if (producer->handle != NULL) {
        rd_kafka_purge(producer->handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_poll(producer->handle, 0);
        rd_kafka_destroy(producer->handle);
    }
    free(producer);
}

static rd_kafka_headers_t *copy_headers(const struct feed_message *message)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(message->header_count);

    for (size_t i = 0; i < message->header_count; i++) {
        const struct feed_header *header = &message->headers[i];
        rd_kafka_header_add(headers, header->name.bytes, (ssize_t)header->name.length, header->value.bytes,
                            (ssize_t)header->value.length);
    }
    return headers;
}

/* Its macros for variable arguments are statement expressions, which strict C has not: hence the array form. */
static rd_kafka_resp_err_t produce(struct feed_producer *producer, const struct feed_message *message)
{
    char                topic[256];
    rd_kafka_headers_t *headers = copy_headers(message);
    const rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC,     .u.cstr = topic                                                 },
        { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY                                      },
        { .vtype = RD_KAFKA_VTYPE_KEY,      .u.mem = { (void *)message->key.bytes, message->key.length }    },
        { .vtype = RD_KAFKA_VTYPE_VALUE,    .u.mem = { (void *)message->value.bytes, message->value.length }},
        { .vtype = RD_KAFKA_VTYPE_HEADERS,  .u.headers = headers                                            },
    };

    snprintf(topic, sizeof topic, "%.*s", (int)message->topic.length, message->topic.bytes);
    rd_kafka_error_t *error = rd_kafka_produceva(producer->handle, parts, sizeof parts / sizeof parts[0]);
    if (error == NULL)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t outcome = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers); /* only success takes them over */
    return outcome;
}

bool feed_producer_send(struct feed_producer *producer, const struct feed_message *message)
{
    while (!is_hopeless(producer)) {
        const rd_kafka_resp_err_t outcome = produce(producer, message);
        rd_kafka_poll(producer->handle, 0);
        if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        if (outcome != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            if (producer->error == NULL)
                producer->error = rd_kafka_err2name(outcome);
            producer->failed++;
            return false;
        }
        rd_kafka_poll(producer->handle, 100);
    }
    return false;
}

void feed_producer_flush(struct feed_producer *producer, int timeout_ms)
{
    const int64_t end_ms = clock_monotonic_ms() + timeout_ms;

    while (!is_hopeless(producer) && clock_monotonic_ms() < end_ms &&
           rd_kafka_flush(producer->handle, FLUSH_STEP_MS) == RD_KAFKA_RESP_ERR__TIMED_OUT)
        ;
}

int64_t feed_producer_delivered(const struct feed_producer *producer)
{
    return producer->delivered;
}

int64_t feed_producer_failed(const struct feed_producer *producer)
{
    return producer->failed;
}

const char *feed_producer_error(const struct feed_producer *producer)
{
    return producer->error != NULL ? producer->error : "";
}
