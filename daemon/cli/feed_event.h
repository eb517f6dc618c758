/* A row becomes the Kafka message a department would send: key, CloudEvents headers, value.
 * Checks nothing; a row that makes no good message makes a bad one, which the decoder then names. */
#ifndef HULEI_DAEMON_CLI_FEED_EVENT_H
#define HULEI_DAEMON_CLI_FEED_EVENT_H

#include "daemon/cli/feed_rows.h"

enum { EVENT_HEADERS_MAX = 32, EVENT_SECRET_BYTES = 256 };

/* What a record that does not say so itself gets. Texts are borrowed. */
struct feed_event_settings {
    const struct feed_config *config;                     /* to find the topic of a source */
    struct span               topic, source, type, time;  /* absent: the row must tell */
    char                      secret[EVENT_SECRET_BYTES]; /* keys the event ids; may be empty */
};

struct feed_event {
    struct feed_message message;
    struct feed_header  headers[EVENT_HEADERS_MAX];
};

/*
 * Everything lives in the arena or in the row. False, with the fault filled, only when there is nothing to send:
 * the row itself could not be read, or memory is out.
 *
 * Event ids are a keyed hash of type, subject, time and body, so that the same record pushed again has the same id
 * and changes nothing, and nobody without the key can test a guess of the body against it.
 */
bool feed_event_build(const struct feed_event_settings *settings, const struct feed_row *row, bool is_raw,
                      struct arena *arena, struct feed_event *event, struct feed_fault *fault);

#endif
