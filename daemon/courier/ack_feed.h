/* The courier's Kafka input: the acknowledgement topics of all posts; answers, their effects and the position change in
 * one transaction (RELIABILITY.md A.3). */
#ifndef HULEI_DAEMON_COURIER_ACK_FEED_H
#define HULEI_DAEMON_COURIER_ACK_FEED_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/common/lease.h"
#include "daemon/courier/posts.h"

#include <stddef.h>
#include <stdint.h>

struct ack_feed;

/* NULL on failure, with `error` filled. `posts` and `blind` are borrowed for the feed's life. */
struct ack_feed *ack_feed_open(const struct config *config, const struct posts *posts, const struct blind *blind,
                               char *error, size_t error_size);

/* Closing NULL does nothing. */
void ack_feed_close(struct ack_feed *feed);

/*
 * Looks for partitions when it is time to, takes what has arrived (without waiting) and applies it. *count: answers
 * committed. Anything not committed is kept, or read again, on the next call.
 * DB_REFUSED: the lease is lost, or somebody else moved the position; stop acting.
 */
enum db_status ack_feed_step(struct ack_feed *feed, struct db *db, struct lease *lease, size_t *count);

/* Answers in the log that are not applied yet, as last seen; partitions that are halted. */
int64_t ack_feed_lag(struct ack_feed *feed);
int     ack_feed_halted(struct ack_feed *feed);

#endif
