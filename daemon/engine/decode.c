/* Kafka messages into decoded records; see decode.h.
 * Knows Kafka's message type, so that the decoder itself does not. */
#include "daemon/engine/decode.h"

#include "daemon/common/kafka_message.h"

#include <string.h>

static void force_out(struct batch_message *message)
{
    message->is_forced_out = true;
    message->decoded       = FEED_REFUSED;
    message->fault         = (struct feed_fault){ "store_refused", "store", "", "the database refused the record" };
}

/* False when the arena is full: the message must be read again with more room, not parked, for it may be sealed. */
static bool decode(struct batch_message *message, const struct decode_scope *scope, struct arena *arena)
{
    message->decoded   = feed_decode(scope->feeds, scope->policy, &message->message, scope->now_us, arena,
                                     &message->record, &message->fault);
    message->source_id = sources_find(scope->sources, message->record.source);
    if (message->decoded == FEED_REFUSED && strcmp(message->fault.code, "out_of_memory") == 0)
        return false;
    /* Of an ordinary feed, or sent anew from the quarantine. */
    message->is_handed_on = message->decoded == FEED_OK && message->record.is_emergency && !scope->is_forced_out;
    if (scope->is_forced_out)
        force_out(message);
    return true;
}

bool decode_messages(struct batch *batch, const struct decode_scope *scope, const struct feed_message *requeued,
                     size_t requeued_count, rd_kafka_message_t **messages, size_t count, size_t forgotten)
{
    const size_t total     = requeued_count + count;
    batch->messages        = arena_alloc(batch->arena, total + 1, sizeof *batch->messages);
    batch->record_capacity = 2 * total + forgotten;
    batch->records         = arena_alloc(batch->arena, batch->record_capacity + 1, sizeof *batch->records);
    batch->message_count   = total;
    if (batch->messages == NULL || batch->records == NULL)
        return false;
    for (size_t i = 0; i < total; i++) {
        struct batch_message *message = &batch->messages[i];
        if (i < requeued_count) {
            message->message = requeued[i];
        } else {
            message->kafka     = messages[i - requeued_count];
            message->partition = kafka_reader_partition_of(scope->intake, message->kafka);
            if (!kafka_message_take(message->kafka, &message->message, batch->arena))
                return false;
        }
        if (!decode(message, scope, batch->arena))
            return false;
    }
    return true;
}
