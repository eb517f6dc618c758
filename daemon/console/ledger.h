/* Rows of a ledger as the engine would judge them at its door: each becomes the message that the console's feed would
 * carry, and goes through the engine's own decoder. Stores nothing and sends nothing. */
#ifndef HULEI_DAEMON_CONSOLE_LEDGER_H
#define HULEI_DAEMON_CONSOLE_LEDGER_H

#include "daemon/common/feed/feed.h"
#include "matchers/arena.h"
#include "matchers/tier/policy.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { LEDGER_ROWS_MAX = 500, LEDGER_ARENA_BYTES = 8 * 1024 * 1024 };

/* Where the rows would go in, and what is in force there. */
struct ledger_door {
    const struct feed_config *config;
    const struct feed_topic  *topic;
    struct policy             policy;
    int64_t                   now_us; /* also the time of rows that name none */
};

/* Texts are freed with ledger_row_clear(). */
struct ledger_row {
    int64_t           line;
    enum feed_outcome outcome;
    struct feed_fault fault;
    char             *key;     /* of the message */
    char             *message; /* a CloudEvent in structured mode */
};

/* hulei.feed.<department>.console; NULL when the configuration has none. */
const struct feed_topic *ledger_topic(const struct feed_config *config, const char *department);

/* A list of 1 to LEDGER_ROWS_MAX rows {row, subject, time?, data} and nothing else in them. */
bool ledger_is_formed(const json_t *rows);

/*
 * Judges one row of a formed list, as a record of `type` and event <ledger>:<line>. *row is always set; without memory
 * it is refused as "out_of_memory". The arena is wiped and reset.
 */
void ledger_row_judge(const struct ledger_door *door, const char *type, const char *ledger, const json_t *source,
                      struct arena *arena, struct ledger_row *row);

/* Wipes and frees. */
void ledger_row_clear(struct ledger_row *row);

#endif
