/* Positions of a batch that was read from Kafka, moved by compare-and-set in the batch's own transaction.
 * Knows nothing of what the messages say. */
#ifndef HULEI_DAEMON_COURIER_POSITIONS_H
#define HULEI_DAEMON_COURIER_POSITIONS_H

#include "daemon/common/db_array.h"
#include "daemon/common/kafka_reader.h"

enum { POSITION_COLUMNS = 6 };

struct positions {
    struct db_array columns[POSITION_COLUMNS];
};

void positions_init(struct positions *positions);
void positions_clear(struct positions *positions);

/* DB_REFUSED: somebody else read on. */
enum db_status positions_move(struct positions *positions, struct kafka_reader *reader,
                              rd_kafka_message_t *const *batch, size_t count, struct db *db);

/* After the COMMIT: what the reader holds follows. */
void positions_follow(struct kafka_reader *reader, rd_kafka_message_t *const *batch, size_t count);

#endif
