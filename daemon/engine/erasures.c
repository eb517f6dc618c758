/* Due erasures through the broker's DeleteRecords; see erasures.h.
 * Deliberately after COMMIT and from a table: a crash in between only makes it later, and twice is once. */
#include "daemon/engine/erasures.h"

#include "daemon/common/log.h"

#include <stdio.h>

enum { REQUEST_MS = 5000 };

void erasures_write(const struct batch *batch, struct store_batch *rows)
{
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message             = &batch->messages[i];
        const bool                  is_of_sealed_record = message->target != NULL && message->target->is_sealed;
        if (!message->is_sealed && !is_of_sealed_record)
            continue;
        store_add_span(rows, STORE_ERASURES, message->message.topic);
        store_add_number(rows, STORE_ERASURES, message->message.partition);
        store_add_number(rows, STORE_ERASURES, message->message.offset);
    }
}

/* ---- what is due ---- */

/* A partition that is halted may be another log than the one the offset was of: an operator decides first. */
static void add_due(rd_kafka_topic_partition_list_t *list, const struct kafka_partition *partitions, size_t count,
                    struct span topic, int32_t part, int64_t before)
{
    for (size_t i = 0; i < count; i++) {
        const struct kafka_partition *partition = &partitions[i];
        if (partition->state != KAFKA_PARTITION_FLOWING || partition->part != part ||
            !span_equals_text(topic, partition->topic))
            continue;
        rd_kafka_topic_partition_list_add(list, partition->topic, part)->offset =
            before < partition->next_offset ? before : partition->next_offset;
    }
}

static rd_kafka_topic_partition_list_t *list_due(struct kafka_reader *reader, struct db *db)
{
    size_t                           count      = 0;
    const struct kafka_partition    *partitions = kafka_reader_partitions(reader, &count);
    rd_kafka_topic_partition_list_t *list       = rd_kafka_topic_partition_list_new(4);
    PGresult                        *result     = NULL;

    if (db_run_binary(db, &statement_engine_erasures_due, NULL, 0, &result) != DB_OK)
        return list;
    for (int row = 0; row < PQntuples(result); row++)
        add_due(list, partitions, count, db_get_span(result, row, 0), (int32_t)db_get_number(result, row, 1),
                db_get_number(result, row, 2));
    PQclear(result);
    return list;
}

/* ---- asking the broker ---- */

static void note_done(struct db *db, const rd_kafka_topic_partition_t *done, int64_t erased_to)
{
    char part[16], offset[24];

    snprintf(part, sizeof part, "%d", done->partition);
    snprintf(offset, sizeof offset, "%lld", (long long)erased_to);
    const struct db_param params[] = { db_text(done->topic), db_text(part), db_text(offset) };
    if (db_run(db, &statement_engine_erasures_done, params, 3, NULL) == DB_OK)
        log_info("feed_erased", log_word("topic", done->topic), log_number("partition", done->partition),
                 log_number("before", erased_to));
}

/* Answers in the order of the broker, with the new begin of each log as its offset. */
static bool take_answer(rd_kafka_event_t *event, const rd_kafka_topic_partition_list_t *asked, struct db *db)
{
    const rd_kafka_DeleteRecords_result_t *result = rd_kafka_event_DeleteRecords_result(event);
    const rd_kafka_topic_partition_list_t *done   = NULL;
    bool                                   is_all = true;

    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR || result == NULL) {
        log_warning("feed_not_erased", log_word("error", rd_kafka_err2name(rd_kafka_event_error(event))));
        return false;
    }
    done = rd_kafka_DeleteRecords_result_offsets(result);
    for (int i = 0; i < done->cnt; i++) {
        const rd_kafka_topic_partition_t *told = &done->elems[i];
        const rd_kafka_topic_partition_t *due =
            rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)asked, told->topic, told->partition);
        if (told->err == RD_KAFKA_RESP_ERR_NO_ERROR && due != NULL) {
            note_done(db, told, due->offset);
            continue;
        }
        is_all = false;
        log_warning("feed_not_erased", log_word("error", rd_kafka_err2name(told->err)), log_word("topic", told->topic),
                    log_number("partition", told->partition));
    }
    return is_all;
}

static bool delete_records(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *due, struct db *db)
{
    char                      error[256];
    rd_kafka_queue_t         *queue   = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t  *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DELETERECORDS);
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(due);

    rd_kafka_AdminOptions_set_request_timeout(options, REQUEST_MS, error, sizeof error);
    rd_kafka_DeleteRecords(client, &request, 1, options, queue);
    rd_kafka_event_t *event   = rd_kafka_queue_poll(queue, REQUEST_MS);
    const bool        is_done = event != NULL && take_answer(event, due, db);
    if (event == NULL)
        log_warning("feed_not_erased", log_word("error", "timed_out"));
    rd_kafka_event_destroy(event);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return is_done;
}

bool erasures_run(struct kafka_reader *reader, struct db *db)
{
    rd_kafka_topic_partition_list_t *due     = list_due(reader, db);
    const bool                       is_done = due->cnt == 0 || delete_records(kafka_reader_client(reader), due, db);

    rd_kafka_topic_partition_list_destroy(due);
    return is_done;
}
