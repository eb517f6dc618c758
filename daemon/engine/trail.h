/* What every batch leaves behind beside its records: parked messages, receipts, counters, audit, feed positions. */
#ifndef HULEI_DAEMON_ENGINE_TRAIL_H
#define HULEI_DAEMON_ENGINE_TRAIL_H

#include "daemon/engine/batch.h"
#include "daemon/engine/versions.h"

/* Adds the rows. False when memory is out. */
bool trail_write(struct batch *batch, struct vault *vault, struct engine_counters *counters,
                 struct kafka_reader *intake, struct arena *arena, struct store_batch *rows);

/* After COMMIT: the partitions' positions follow the rows. */
void trail_advance_positions(const struct batch *batch);

#endif
