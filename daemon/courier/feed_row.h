/* A record that a clerk entered in the console, on its way to its department's feed: opened when it leaves.
 * Judges nothing about it; the engine's door does. */
#ifndef HULEI_DAEMON_COURIER_FEED_ROW_H
#define HULEI_DAEMON_COURIER_FEED_ROW_H

#include "daemon/common/vault.h"
#include "daemon/courier/due.h"

#include <stdbool.h>

bool feed_row_is(const struct due_row *due);

/* The message as text, wiped and freed by feed_row_free(); NULL when it does not open. */
char *feed_row_open(const struct due_row *due, struct vault *vault);
void  feed_row_free(char *text);

#endif
