/* A batch on its way from Kafka messages to rows: the messages, the distinct records they touch, and what became of
 * each. Everything lives in the batch arena and dies with it. */
#ifndef HULEI_DAEMON_ENGINE_BATCH_H
#define HULEI_DAEMON_ENGINE_BATCH_H

#include "daemon/common/feed/feed.h"
#include "daemon/common/kafka_reader.h"
#include "daemon/common/vault.h"
#include "daemon/engine/facts.h"
#include "daemon/engine/receipts.h"
#include "matchers/arena.h"
#include "matchers/proximity/keymap.h"

#include <stdbool.h>
#include <stdint.h>

enum { BATCH_DIGEST_BYTES = 16, BATCH_EVENT_BYTES = 16, BATCH_TOMBSTONE_BYTES = 32, BATCH_BASIS_BYTES = 16 };

struct batch_record;

struct batch_message {
    const rd_kafka_message_t *kafka;     /* NULL: requeued from quarantine */
    struct kafka_partition   *partition; /* NULL likewise */
    struct feed_message       message;
    struct feed_record        record;
    enum feed_outcome         decoded;
    struct feed_fault         fault; /* of a refusal */
    enum receipt_outcome      outcome;
    bool                      is_sealed;     /* refused and dropped, never parked */
    bool                      is_forced_out; /* the database refused it alone: park it whatever the decoder says */
    bool                      is_history;    /* late, or replaced within the batch */
    bool                      is_handed_on;  /* an emergency: the courier's, no record of the engine's */
    int16_t                   source_id;     /* 0: source unknown */
    unsigned char             event[BATCH_EVENT_BYTES];
    unsigned char             digest[BATCH_DIGEST_BYTES];
    unsigned char             tombstone[BATCH_TOMBSTONE_BYTES];
    unsigned char             basis[BATCH_BASIS_BYTES]; /* what it rests on */
    const char               *gone_as; /* "sealed", "expired", …: why nothing of it is taken; else NULL */
    struct batch_record      *target;  /* NULL: touches no record */
};

/* Orders versions of a record: source time, then partition and offset (FEEDS.md, `time`). */
struct batch_version {
    int64_t time_us;
    int32_t part;
    int64_t off;
};

/* One distinct (source, type, subject) the batch touches. */
struct batch_record {
    int16_t               source_id;
    enum feed_type        type;
    struct span           source, subject;
    int64_t               record_id;
    bool                  is_stored;    /* PostgreSQL has a row */
    bool                  is_withdrawn; /* the newest version is a withdrawal */
    struct batch_version  version;      /* newest so far */
    unsigned char         digest[BATCH_DIGEST_BYTES];
    int64_t               data_key_id;
    bool                  has_key; /* `key` is open */
    struct vault_key      key;
    struct span           wrapped; /* of a stored record, until it is opened */
    bool                  is_new_key;
    struct batch_message *winner;    /* the message whose version is stored by this batch; NULL: none */
    bool                  is_sealed; /* or forgotten for another reason: nothing of it stays */
    const char           *reason;    /* a word of erasure.reason; NULL: sealed */
    unsigned char         tombstone[BATCH_TOMBSTONE_BYTES];
    struct record_facts   facts; /* of the winner */
};

struct batch {
    struct arena         *arena;
    struct batch_message *messages;
    size_t                message_count;
    struct batch_record  *records; /* room for message_count, the records named by seals and those to be forgotten */
    size_t                record_count, record_capacity;
    struct pool_memory    memory; /* the arena's */
    struct keymap         index;  /* records and events by hash */
    const struct shifts  *shifts; /* as known before the batch */
};

/* An empty batch in the arena. */
void batch_init(struct batch *batch, struct arena *arena);

/* True when source, type and subject could be read: the message can be told to be sealed or not. */
bool batch_has_identity(const struct batch_message *message);

/* Finds or adds the record; NULL when there is no room (records hold at most twice the messages) or no memory. */
struct batch_record *batch_record_of(struct batch *batch, int16_t source_id, enum feed_type type, struct span subject);

/* Negative, zero or positive as `a` is older than, the same as, or newer than `b`. */
int batch_version_compare(struct batch_version a, struct batch_version b);

#endif
