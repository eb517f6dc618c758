/* What `hulei status` says of the feeds: coverage against control totals, and silence.
 * Counts and names of sources only. */
#ifndef HULEI_DAEMON_CLI_STATUS_FEEDS_H
#define HULEI_DAEMON_CLI_STATUS_FEEDS_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdbool.h>

/* One row of the statement status_feeds. */
json_t *status_feed_row(const PGresult *result, int row);
void    status_feeds_print(const json_t *feeds);
/* No feed is silent, every control total fits. */
bool status_feeds_are_well(const json_t *feeds);

#endif
