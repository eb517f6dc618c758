/* The carrier for posts without Kafka and for the gateway's notices: a thread and a connection of its own, so that a
 * receiver that is slow or dead delays neither Kafka nor another receiver. */
#ifndef HULEI_DAEMON_COURIER_WEBHOOKS_H
#define HULEI_DAEMON_COURIER_WEBHOOKS_H

#include "daemon/common/config.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/courier/posts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct webhooks;

/* True when posts.yaml names a receiver. */
bool webhooks_are_wanted(const struct posts *posts);

/*
 * Starts the thread for one term of office, `fence` being its lease's. All is borrowed until webhooks_stop(). NULL with
 * `error` filled: a secret or certificate cannot be read, or the database not be reached.
 */
struct webhooks *webhooks_start(const struct config *config, const struct posts *posts, const struct view_policy *views,
                                int64_t fence, char *error, size_t error_size);

/* Ends the thread; what is in flight is sent again by the next. Stopping NULL does nothing. */
void webhooks_stop(struct webhooks *webhooks);

#endif
