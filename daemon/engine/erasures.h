/* What a seal erases in Kafka: the feed messages up to the sealed record (FEEDS.md, topics). */
#ifndef HULEI_DAEMON_ENGINE_ERASURES_H
#define HULEI_DAEMON_ENGINE_ERASURES_H

#include "daemon/common/db.h"
#include "daemon/common/kafka_reader.h"
#include "daemon/engine/batch.h"
#include "daemon/engine/store.h"

/* Adds the batch's messages that hold a sealed record, refused at the door or sealed a moment later. */
void erasures_write(const struct batch *batch, struct store_batch *rows);

/* Deletes what is due, up to the committed position at most; takes up to 5 s. False when something did not work: it
 * stays due, and there is no hurry to ask again. */
bool erasures_run(struct kafka_reader *reader, struct db *db);

#endif
