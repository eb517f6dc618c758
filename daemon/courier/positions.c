/* Positions; see positions.h.
 * Begins and ends no transaction. */
#include "daemon/courier/positions.h"

/* The arrays of the statement reader_offset_move. */
enum column { TOPIC, PART, FROM, TO, ANCHOR_OFFSET, ANCHOR };

static const enum db_array_type types[POSITION_COLUMNS] = {
    [TOPIC] = DB_ARRAY_TEXT, [PART] = DB_ARRAY_INT4,          [FROM] = DB_ARRAY_INT8,
    [TO] = DB_ARRAY_INT8,    [ANCHOR_OFFSET] = DB_ARRAY_INT8, [ANCHOR] = DB_ARRAY_BYTEA,
};

void positions_init(struct positions *positions)
{
    for (int i = 0; i < POSITION_COLUMNS; i++)
        db_array_init(&positions->columns[i], types[i]);
}

void positions_clear(struct positions *positions)
{
    for (int i = 0; i < POSITION_COLUMNS; i++)
        db_array_clear(&positions->columns[i]);
}

/* Kafka delivers a partition in order: the last message of each in the batch is its highest. */
static bool is_last_of_partition(struct kafka_reader *reader, rd_kafka_message_t *const *batch, size_t count, size_t i)
{
    const struct kafka_partition *partition = kafka_reader_partition_of(reader, batch[i]);

    for (size_t later = i + 1; later < count; later++) {
        if (kafka_reader_partition_of(reader, batch[later]) == partition)
            return false;
    }
    return true;
}

static void add(struct positions *positions, struct kafka_reader *reader, const rd_kafka_message_t *last)
{
    const struct kafka_partition *partition = kafka_reader_partition_of(reader, last);
    struct db_array              *columns   = positions->columns;
    unsigned char                 anchor[KAFKA_ANCHOR_BYTES];

    kafka_reader_anchor_of(reader, last, anchor);
    db_array_add_span(&columns[TOPIC], span_from_text(partition->topic));
    db_array_add_number(&columns[PART], partition->part);
    db_array_add_number(&columns[FROM], partition->next_offset);
    db_array_add_number(&columns[TO], last->offset + 1);
    db_array_add_number(&columns[ANCHOR_OFFSET], last->offset);
    db_array_add_span(&columns[ANCHOR], span_of((const char *)anchor, sizeof anchor));
}

enum db_status positions_move(struct positions *positions, struct kafka_reader *reader,
                              rd_kafka_message_t *const *batch, size_t count, struct db *db)
{
    struct db_param params[POSITION_COLUMNS + 1];
    PGresult       *result = NULL;

    for (int i = 0; i < POSITION_COLUMNS; i++)
        db_array_reset(&positions->columns[i]);
    for (size_t i = 0; i < count; i++) {
        if (is_last_of_partition(reader, batch, count, i))
            add(positions, reader, batch[i]);
    }
    for (int i = 0; i < POSITION_COLUMNS; i++) {
        if (!db_array_param(&positions->columns[i], &params[i]))
            return DB_RETRY;
    }
    params[POSITION_COLUMNS] = db_text(kafka_reader_cluster_id(reader));
    enum db_status status    = db_run(db, &statement_reader_offset_move, params, POSITION_COLUMNS + 1, &result);
    if (status == DB_OK && PQntuples(result) != positions->columns[TOPIC].count)
        status = DB_REFUSED;
    PQclear(result);
    return status;
}

void positions_follow(struct kafka_reader *reader, rd_kafka_message_t *const *batch, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kafka_reader_partition_of(reader, batch[i])->next_offset = batch[i]->offset + 1;
}
