/* A batch's way: decode, versions, mentions, clusters, situations, pairs, one transaction, merge.
 * pipeline.c reads as that list. */
#ifndef HULEI_DAEMON_ENGINE_PIPELINE_H
#define HULEI_DAEMON_ENGINE_PIPELINE_H

#include "daemon/common/blind.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/kafka_reader.h"
#include "daemon/engine/activation.h"
#include "daemon/engine/world.h"

enum pipeline_status {
    PIPELINE_OK = 0,
    PIPELINE_FENCED,  /* the lease is lost: stop consuming, drop the world */
    PIPELINE_REBUILD, /* an internal contradiction or memory: drop the world and load it again */
    PIPELINE_BROKEN,  /* rights or schema: stop and alarm */
    PIPELINE_STOPPED, /* a stop was asked for while PostgreSQL was away; nothing of the batch was written */
};

struct pipeline;

struct pipeline_parts {
    struct db                 *db;
    struct lease              *lease;
    struct kafka_reader       *intake;
    struct world              *world;
    const struct world_tools  *tools;
    const struct feed_config  *feeds;
    const struct blind        *blind;
    const struct source_table *sources;
    struct engine_counters    *counters;
    struct policy             *policy; /* that of the tools; a command may change it */
    struct activation         *activation;
    bool (*should_stop)(void);
};

/* NULL when memory is out. Parts are borrowed. */
struct pipeline *pipeline_open(const struct pipeline_parts *parts);
void             pipeline_close(struct pipeline *pipeline);

/*
 * Takes the messages (may be none) and whatever became due by itself (commands, a new day, places that moved an
 * address) all the way to COMMIT. Retries while PostgreSQL is away; a batch it refuses is replayed one by one.
 * The messages are destroyed.
 */
enum pipeline_status pipeline_run(struct pipeline *pipeline, rd_kafka_message_t **messages, size_t count);

/* Computes every pair anew and brings the table in line; once after loading. */
enum pipeline_status pipeline_reconcile(struct pipeline *pipeline);

/* The days of the rules follow hulei.clock(), which a test may move: its distance from the true time. */
void pipeline_shift_clock(struct pipeline *pipeline, int64_t shift_us);

/* True when pipeline_run() has work even without messages. */
bool pipeline_has_due_work(const struct pipeline *pipeline);
/* True when places or a new day left persons to be looked at: do not wait for messages. */
bool pipeline_is_behind(const struct pipeline *pipeline);

struct pipeline_totals {
    int64_t batches, messages, outcomes[RECEIPT_OUTCOME_COUNT], parked, sealed, retries;
    int64_t decode_us, match_us, commit_us;
};
const struct pipeline_totals *pipeline_totals(const struct pipeline *pipeline);

#endif
