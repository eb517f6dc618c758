/* The producer of `hulei feed push`: a department's own principal, idempotent, counted by delivery report.
 * Knows nothing of rows or records. */
#ifndef HULEI_DAEMON_CLI_FEED_KAFKA_H
#define HULEI_DAEMON_CLI_FEED_KAFKA_H

#include "daemon/cli/feed_options.h"
#include "daemon/common/config.h"
#include "daemon/common/feed/feed.h"

#include <stddef.h>
#include <stdint.h>

struct feed_producer;

/* `config` may be NULL when the options say everything; `topic` gives the principal and so the password file. */
struct feed_producer *feed_producer_open(const struct feed_options *options, const struct config *config,
                                         const struct feed_topic *topic, char *error, size_t error_size);
/* Closing NULL does nothing; what is not delivered yet is lost: call feed_producer_flush() before. */
void feed_producer_close(struct feed_producer *producer);

/* Copies the message; waits while the queue is full. False on an error that will not pass; see _error(). */
bool feed_producer_send(struct feed_producer *producer, const struct feed_message *message);

/* Waits for every delivery report, up to `timeout_ms`. */
void feed_producer_flush(struct feed_producer *producer, int timeout_ms);

int64_t feed_producer_delivered(const struct feed_producer *producer);
int64_t feed_producer_failed(const struct feed_producer *producer);
/* Name of the first error, or "". */
const char *feed_producer_error(const struct feed_producer *producer);

/* The path of the password file that the options or the configuration give; "" when none. */
void feed_password_path(const struct feed_options *options, const struct config *config, const struct feed_topic *topic,
                        char *path, size_t size);

#endif
