/* Shared settings of every Kafka client; see kafka.h for what and RELIABILITY.md A.2, C.2 for why.
 * Opens no connection. */
#include "daemon/common/kafka.h"

#include "daemon/common/log.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SYSLOG_ERROR = 3 };

static struct metric *error_metric; /* set once, before the first client */

struct setting {
    const char *name, *value;
};

void kafka_count_errors(struct metric *metric)
{
    error_metric = metric;
}

/* Called from librdkafka's threads. Its texts name hosts and addresses: facility and level say enough. */
static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    (void)text;
    log_write(level <= SYSLOG_ERROR ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "kafka_log",
              LOG_FIELDS(log_word("facility", facility), log_number("level", level)));
}

static void on_error(rd_kafka_t *client, int error, const char *reason, void *context)
{
    (void)client;
    (void)reason;
    (void)context;
    if (error_metric != NULL)
        metric_add(error_metric, 1);
    log_warning("kafka_error", log_word("error", rd_kafka_err2name((rd_kafka_resp_err_t)error)));
}

static bool set_all(rd_kafka_conf_t *conf, const struct setting *settings, size_t count, char *error, size_t error_size)
{
    for (size_t i = 0; i < count; i++) {
        if (rd_kafka_conf_set(conf, settings[i].name, settings[i].value, error, error_size) != RD_KAFKA_CONF_OK)
            return false;
    }
    return true;
}

static bool set_password(rd_kafka_conf_t *conf, const char *file, char *error, size_t error_size)
{
    char  password[256] = "";
    FILE *stream        = fopen(file, "re");

    if (stream == NULL || fgets(password, sizeof password, stream) == NULL) {
        snprintf(error, error_size, "cannot read the password file %s", file);
        if (stream != NULL)
            fclose(stream);
        return false;
    }
    fclose(stream);
    password[strcspn(password, "\r\n")] = '\0';
    const bool is_set = rd_kafka_conf_set(conf, "sasl.password", password, NULL, 0) == RD_KAFKA_CONF_OK;
    OPENSSL_cleanse(password, sizeof password);
    if (!is_set)
        snprintf(error, error_size, "librdkafka refused the password of %s", file);
    return is_set;
}

rd_kafka_conf_t *kafka_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                char *error, size_t error_size)
{
    rd_kafka_conf_t     *conf     = rd_kafka_conf_new();
    const struct setting common[] = {
        {"bootstrap.servers",                   kafka->brokers },
        { "security.protocol",                  kafka->protocol},
        { "client.id",                          "hulei"        },
        { "socket.nagle.disable",               "true"         },
        { "reconnect.backoff.max.ms",           "1000"         }, /* the default of 10 s made an outage 8.8 s longer (measured) */
        { "topic.metadata.refresh.interval.ms", "30000"        },
        { "allow.auto.create.topics",           "false"        },
        { "log_level",                          "4"            },
    };

    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    if (!set_all(conf, common, sizeof common / sizeof common[0], error, error_size))
        goto fail;
    if (strcmp(kafka->protocol, "sasl_ssl") == 0) {
        const struct setting secured[] = {
            {"ssl.ca.location",                        kafka->ca       },
            { "sasl.mechanism",                        kafka->mechanism},
            { "sasl.username",                         user            },
            { "ssl.endpoint.identification.algorithm", "https"         },
        };
        if (!set_all(conf, secured, sizeof secured / sizeof secured[0], error, error_size) ||
            !set_password(conf, password_file, error, error_size))
            goto fail;
    }
    return conf;

fail:
    rd_kafka_conf_destroy(conf);
    return NULL;
}

rd_kafka_conf_t *kafka_consumer_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                         const char *group, char *error, size_t error_size)
{
    rd_kafka_conf_t     *conf       = kafka_conf_new(kafka, user, password_file, error, error_size);
    const struct setting settings[] = {
        {"group.id",                    group           }, /* needed by rd_kafka_assign() and for the mirror of offsets; no group is joined */
        { "enable.auto.commit",         "false"         },
        { "enable.auto.offset.store",   "false"         },
        { "auto.offset.reset",          "error"         },
        { "isolation.level",            "read_committed"},
        { "check.crcs",                 "true"          },
        { "enable.partition.eof",       "false"         },
        { "queued.min.messages",        "1000"          },
        { "queued.max.messages.kbytes", "8192"          },
        { "fetch.message.max.bytes",    "1048576"       },
        { "fetch.max.bytes",            "4194304"       },
        { "receive.message.max.bytes",  "5242880"       },
        { "fetch.wait.max.ms",          "100"           },
        { "max.poll.interval.ms",       "3600000"       },
    };

    if (conf != NULL && !set_all(conf, settings, sizeof settings / sizeof settings[0], error, error_size)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}

rd_kafka_conf_t *kafka_producer_conf_new(const struct config_kafka *kafka, const char *user, const char *password_file,
                                         char *error, size_t error_size)
{
    rd_kafka_conf_t     *conf       = kafka_conf_new(kafka, user, password_file, error, error_size);
    const struct setting settings[] = {
        {"enable.idempotence",  "true"          },
        { "partitioner",        "murmur2_random"}, /* as Java clients; the default of librdkafka lands elsewhere */
        { "linger.ms",          "5"             },
        { "message.timeout.ms", "60000"         },
        { "compression.codec",  "none"          },
    };

    if (conf != NULL && !set_all(conf, settings, sizeof settings / sizeof settings[0], error, error_size)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}
