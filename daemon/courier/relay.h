/* The outbox relay: due rows of the outbox become Kafka messages, and rows become `sent` only when the broker's
 * delivery report says so (RELIABILITY.md C.1, C.2). A series has one message in flight, so its order holds whatever
 * fails; receipts name their messages, so many of one source may fly, in order unless one fails for good. */
#ifndef HULEI_DAEMON_COURIER_RELAY_H
#define HULEI_DAEMON_COURIER_RELAY_H

#include "daemon/common/blind.h"
#include "daemon/common/config.h"
#include "daemon/common/db.h"
#include "daemon/common/lease.h"
#include "daemon/common/vault.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/courier/emergency_part.h"
#include "daemon/courier/posts.h"
#include "daemon/courier/topics.h"

#include <stdbool.h>
#include <stddef.h>

struct relay;

/* All borrowed for the relay's life. */
struct relay_spec {
    const struct config               *config;
    const struct blind                *blind; /* this relay's own: a handle serves one thread */
    const struct view_policy          *views;
    struct vault                      *vault; /* opens what clerks entered; NULL for the relay of emergencies */
    const struct emergency_part_tools *parts; /* of the relay that sends emergencies, and only those; NULL: the other */
};

/* NULL on failure, with `error` filled. */
struct relay *relay_open(const struct relay_spec *spec, char *error, size_t error_size);

/* Closing NULL does nothing. Messages in flight are dropped; their rows are still queued. */
void relay_close(struct relay *relay);

/*
 * Reads due rows, renders the views of alerts and hands the messages to the producer, at most as many as there is
 * room in flight. *count: rows handed over. On anything but DB_OK nothing was handed over.
 */
enum db_status relay_claim(struct relay *relay, struct db *db, struct lease *lease, size_t *count);

/*
 * Sends one CloudEvents message no row stands behind; nothing is noted of it but how its topic fares. Dropped when
 * there is no room.
 */
void relay_send_plain(struct relay *relay, const char *topic, const char *key, const char *text);

/* The last message to the topic failed. */
bool relay_is_failing(struct relay *relay, const char *topic);

/* Serves delivery reports for up to `wait_ms`; returns as soon as the last message in flight has its report. */
void relay_poll(struct relay *relay, int wait_ms);

/* Writes what the reports say, in one transaction. Anything not written is kept for the next call. */
enum db_status relay_settle(struct relay *relay, struct db *db, struct lease *lease);

/*
 * At a clean stop: waits up to 3 s for the reports of what is in flight and writes them down, so that the next courier
 * does not send it again.
 */
void relay_land(struct relay *relay, struct db *db, struct lease *lease);

/* Replaces the producer after a fatal error; true when it did. Rows in flight go back to the queue. */
bool relay_recover(struct relay *relay);

/*
 * Logs every post whose topic does not exist or may not be written by this principal; returns how many, -1 when the
 * cluster does not answer.
 */
int relay_check_posts(struct relay *relay, const struct posts *posts);

size_t relay_in_flight(const struct relay *relay);

/* For status: which topics fail, and how. */
const struct topics *relay_topics(const struct relay *relay);

#endif
