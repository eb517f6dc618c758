/* Receipts: what became of each event, told to its department as lists of up to 500 per source.
 * Holds ids, outcomes, field paths and rules; never a value. */
#ifndef HULEI_DAEMON_ENGINE_RECEIPTS_H
#define HULEI_DAEMON_ENGINE_RECEIPTS_H

#include "daemon/engine/store.h"
#include "matchers/span.h"

enum receipt_outcome {
    RECEIPT_ACCEPTED = 0,
    RECEIPT_UNCHANGED,
    RECEIPT_SUPERSEDED,
    RECEIPT_REFUSED,
    RECEIPT_OUTCOME_COUNT
};

const char *receipt_outcome_word(enum receipt_outcome outcome);

struct receipt {
    struct span          feed_topic;
    struct span          source;   /* urn, or absent when it could not be read */
    struct span          event_id; /* or absent: then partition and offset tell the message */
    int32_t              part;
    int64_t              off;
    enum receipt_outcome outcome;
    const char          *code;  /* of a refusal, else NULL */
    const char          *field; /* path of the field at fault, or NULL */
    const char          *rule;  /* or NULL */
    const char          *note;  /* a warning to the feed's owner, e.g. "forbidden_fields", or NULL */
};

/*
 * Adds the receipts to the batch's outbox rows, grouped by (topic, source) in order of first appearance.
 * False when memory is out.
 */
bool receipts_write(struct store_batch *batch, const struct receipt *receipts, size_t count);

#endif
