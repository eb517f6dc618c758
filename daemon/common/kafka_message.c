/* Messages; see kafka_message.h.
 * Copies no body. */
#include "daemon/common/kafka_message.h"

enum { HEADERS_MAX = 64 };

static bool take_headers(const rd_kafka_message_t *kafka, struct feed_message *message, struct arena *arena)
{
    rd_kafka_headers_t *headers = NULL;

    if (rd_kafka_message_headers(kafka, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    const size_t        count = rd_kafka_header_cnt(headers) < HEADERS_MAX ? rd_kafka_header_cnt(headers) : HEADERS_MAX;
    struct feed_header *copies = arena_alloc(arena, count, sizeof *copies);
    if (copies == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name  = NULL;
        const void *value = NULL;
        size_t      size  = 0;
        if (rd_kafka_header_get_all(headers, i, &name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        copies[i] = (struct feed_header){ span_from_text(name), span_of(value, size) };
    }
    message->headers      = copies;
    message->header_count = count;
    return true;
}

bool kafka_message_take(const rd_kafka_message_t *kafka, struct feed_message *message, struct arena *arena)
{
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;

    *message = (struct feed_message){
        .topic          = span_from_text(rd_kafka_topic_name(kafka->rkt)),
        .partition      = kafka->partition,
        .offset         = kafka->offset,
        .append_time_ms = rd_kafka_message_timestamp(kafka, &kind),
        .key            = {kafka->key,      kafka->key_len},
        .value          = { kafka->payload, kafka->len    },
    };
    return take_headers(kafka, message, arena);
}
