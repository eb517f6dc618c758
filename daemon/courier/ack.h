/* Reads a post's answer and says what it means for the delivery it names (DOMAIN.md E.2, E.5).
 * Pure: no database, no clock; whether it is late is the caller's knowledge. */
#ifndef HULEI_DAEMON_COURIER_ACK_H
#define HULEI_DAEMON_COURIER_ACK_H

#include <stdbool.h>
#include <stddef.h>

enum delivery_state {
    DELIVERY_QUEUED,
    DELIVERY_SENT,
    DELIVERY_ACKED,
    DELIVERY_ACTING,
    DELIVERY_CLOSED,
    DELIVERY_CANNOT,
    DELIVERY_GAVE_UP,
};

bool        delivery_state_parse(const char *word, enum delivery_state *state);
const char *delivery_state_word(enum delivery_state state);

/* True for a code a post may close an alert with. */
bool ack_outcome_is_known(const char *code);

enum { ACK_TEXT_BYTES = 80, ACK_MESSAGE_BYTES_MAX = 16384 };

/* Empty text: the field was missing. Only code characters ([A-Za-z0-9._:/+-]) come through. */
struct ack {
    char                alert_id[ACK_TEXT_BYTES];
    char                post_id[ACK_TEXT_BYTES];
    char                who[ACK_TEXT_BYTES];
    char                at[ACK_TEXT_BYTES]; /* RFC 3339 */
    char                outcome_code[ACK_TEXT_BYTES];
    enum delivery_state state; /* acked, acting, closed or cannot */
};

/*
 * Reads {alert, post, who, at, state, outcome_code}. False: the message is invalid; `*field` then names the first
 * field that is wrong ("" for the message as a whole), and *ack holds what could be read before it.
 */
bool ack_parse(const void *bytes, size_t length, struct ack *ack, const char **field);

enum ack_verdict {
    ACK_ACCEPTED,
    ACK_LATE,     /* after its time, still effective */
    ACK_REPEATED, /* says nothing new; no effect */
    ACK_UNKNOWN,  /* no such alert */
    ACK_FOREIGN,  /* another post's topic, or an alert this post never got */
    ACK_INVALID,
};

const char *ack_verdict_word(enum ack_verdict verdict);
/* True when the delivery follows the answer. */
bool ack_is_effective(enum ack_verdict verdict);

/* What the database knows of the alert and the delivery an answer names. */
struct ack_facts {
    bool                alert_exists;
    bool                delivery_exists; /* this alert for this post */
    enum delivery_state current;
    bool                is_past_due; /* after ack_by, by the database clock */
};

/* `topic_post`: the post whose topic carried it. */
enum ack_verdict ack_judge(const struct ack *ack, const char *topic_post, struct ack_facts facts);

#endif
