/* A simulated post's Kafka clients; see desk.h.
 * Joins no group and commits no offset: a simulation begins where it is told to. */
#include "daemon/cli/post/desk.h"

#include "daemon/common/kafka.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_BYTES = 256, PATH_BYTES = 4096, ASK_MS = 30000, FLUSH_MS = 5000, TIME_BYTES = 32 };

static void count_confirmed(struct desk_counts *counts, const struct post_reply *what)
{
    if (what->kind == POST_REPLY_DUPLICATE)
        counts->duplicates++;
    else if (what->kind != POST_REPLY_OWN)
        counts->strays++;
    else if (what->state == DELIVERY_ACKED)
        counts->acked++;
    else if (what->state == DELIVERY_ACTING)
        counts->acting++;
    else if (what->state == DELIVERY_CLOSED)
        counts->closed++;
    else
        counts->cannot++;
}

static void give_back(struct desk *desk, struct desk_reply *reply)
{
    desk->counts.failed++;
    reply->next    = desk->returned;
    desk->returned = reply;
}

static void on_report(rd_kafka_t *writer, const rd_kafka_message_t *message, void *context)
{
    struct desk       *desk  = context;
    struct desk_reply *reply = message->_private;

    (void)writer;
    desk->in_air--;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        give_back(desk, reply);
        return;
    }
    count_confirmed(&desk->counts, &reply->what);
    free(reply);
}

static rd_kafka_t *open_client(const struct desk *desk, rd_kafka_type_t type, char *error, size_t error_size)
{
    const struct desk_spec *spec = &desk->spec;
    char                    user[NAME_BYTES], password[PATH_BYTES];

    snprintf(user, sizeof user, "post-%s", spec->post->id);
    snprintf(password, sizeof password, "%s/%s.pw", spec->passwords, user);
    rd_kafka_conf_t *conf = type == RD_KAFKA_PRODUCER
                                ? kafka_producer_conf_new(spec->kafka, user, password, error, error_size)
                                : kafka_conf_new(spec->kafka, user, password, error, error_size);
    if (conf == NULL)
        return NULL;
    rd_kafka_conf_set_opaque(conf, (void *)desk);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_t *client = rd_kafka_new(type, conf, error, error_size);
    if (client == NULL)
        rd_kafka_conf_destroy(conf);
    return client;
}

/* Begins to read one partition, at a place that is certain before this returns. */
static rd_kafka_resp_err_t start_partition(struct desk *desk, const char *topic, int32_t partition)
{
    int64_t             low = 0, high = 0;
    rd_kafka_resp_err_t outcome = rd_kafka_query_watermark_offsets(desk->reader, topic, partition, &low, &high, ASK_MS);

    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR &&
        rd_kafka_consume_start_queue(desk->topic, partition, desk->spec.from_end ? high : low, desk->queue) != 0)
        outcome = rd_kafka_last_error();
    return outcome;
}

static bool start_reading(struct desk *desk, const char *topic, char *error, size_t error_size)
{
    const struct rd_kafka_metadata *metadata = NULL;

    desk->topic                 = rd_kafka_topic_new(desk->reader, topic, NULL);
    desk->queue                 = rd_kafka_queue_new(desk->reader);
    rd_kafka_resp_err_t outcome = desk->topic != NULL
                                      ? rd_kafka_metadata(desk->reader, 0, desk->topic, &metadata, ASK_MS)
                                      : rd_kafka_last_error();
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
        outcome = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    for (int i = 0; outcome == RD_KAFKA_RESP_ERR_NO_ERROR && i < metadata->topics[0].partition_cnt; i++)
        outcome = start_partition(desk, topic, metadata->topics[0].partitions[i].id);
    if (metadata != NULL)
        rd_kafka_metadata_destroy(metadata);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR)
        snprintf(error, error_size, "%s: %s", topic, rd_kafka_err2name(outcome));
    return outcome == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool desk_open(struct desk *desk, const struct desk_spec *spec, char *error, size_t error_size)
{
    char topic[NAME_BYTES];

    *desk = (struct desk){ .spec = *spec };
    snprintf(topic, sizeof topic, "%s%s", spec->is_exercise ? "hulei.exercise." : "",
             spec->is_exercise ? spec->post->id : spec->post->topic);
    desk->reader = open_client(desk, RD_KAFKA_CONSUMER, error, error_size);
    if (desk->reader == NULL)
        return false;
    desk->writer = open_client(desk, RD_KAFKA_PRODUCER, error, error_size);
    return desk->writer != NULL && start_reading(desk, topic, error, error_size);
}

void desk_finish(struct desk *desk)
{
    rd_kafka_flush(desk->writer, FLUSH_MS);
}

void desk_clear(struct desk *desk)
{
    if (desk->writer != NULL) {
        rd_kafka_purge(desk->writer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(desk->writer, FLUSH_MS);
        rd_kafka_destroy(desk->writer);
    }
    for (struct desk_reply *reply; (reply = desk_take_returned(desk)) != NULL;)
        free(reply);
    if (desk->queue != NULL)
        rd_kafka_queue_destroy(desk->queue);
    if (desk->topic != NULL)
        rd_kafka_topic_destroy(desk->topic);
    if (desk->reader != NULL)
        rd_kafka_destroy(desk->reader);
    *desk = (struct desk){ .in_air = 0 };
}

/* A right that is missing is told once; all else passes by itself. */
static void note_error(struct desk *desk, rd_kafka_resp_err_t error)
{
    if (desk->is_refused ||
        (error != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED && error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART))
        return;
    desk->is_refused = true;
    fprintf(stderr, "hulei post: %s: %s\n", desk->spec.post->id, rd_kafka_err2name(error));
}

size_t desk_read(struct desk *desk, rd_kafka_message_t **messages, size_t max)
{
    const ssize_t count = rd_kafka_consume_batch_queue(desk->queue, 0, messages, max);
    size_t        kept  = 0;

    rd_kafka_poll(desk->reader, 0);
    rd_kafka_poll(desk->writer, 0);
    for (ssize_t i = 0; i < count; i++) {
        if (messages[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            messages[kept++] = messages[i];
            continue;
        }
        note_error(desk, messages[i]->err);
        rd_kafka_message_destroy(messages[i]);
    }
    return kept;
}

/* The answer as JSON; the caller frees it. NULL: no memory. */
static char *render(const struct desk_reply *reply)
{
    const struct desk_spec *spec       = &reply->desk->spec;
    const bool              is_foreign = reply->what.kind == POST_REPLY_FOREIGN;
    const time_t            now        = time(NULL);
    char                    at[TIME_BYTES];
    struct tm               utc;

    if (reply->what.kind == POST_REPLY_BROKEN)
        return strdup("this is no answer");
    gmtime_r(&now, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "alert", reply->alert_id, "post",
                               is_foreign ? spec->other_post : spec->post->id, "who", "duty-1", "at", at, "state",
                               delivery_state_word(reply->what.state), "outcome_code", reply->what.outcome);
    char   *text   = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;
    json_decref(answer);
    return text;
}

static bool produce(struct desk *desk, struct desk_reply *reply, const char *text)
{
    const rd_kafka_vu_t message[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC,     .u.cstr = desk->spec.post->ack_topic                 },
        { .vtype = RD_KAFKA_VTYPE_KEY,      .u.mem = { reply->alert_id, strlen(reply->alert_id) }},
        { .vtype = RD_KAFKA_VTYPE_VALUE,    .u.mem = { (void *)text, strlen(text) }              },
        { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY                           },
        { .vtype = RD_KAFKA_VTYPE_OPAQUE,   .u.ptr = reply                                       },
    };
    rd_kafka_error_t *error = rd_kafka_produceva(desk->writer, message, sizeof message / sizeof message[0]);

    rd_kafka_error_destroy(error);
    return error == NULL;
}

void desk_send(struct desk *desk, struct desk_reply *reply)
{
    char *text = render(reply);

    reply->next = NULL;
    if (text != NULL && produce(desk, reply, text))
        desk->in_air++;
    else
        give_back(desk, reply);
    free(text);
}

struct desk_reply *desk_take_returned(struct desk *desk)
{
    struct desk_reply *reply = desk->returned;

    if (reply != NULL)
        desk->returned = reply->next;
    return reply;
}
