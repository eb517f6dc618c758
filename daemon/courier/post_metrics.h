/* Figures of each post as Prometheus text: a metric each, labelled by the post's id, which is no personal data.
 * Counted in the database, so that a restart of the courier resets none. */
#ifndef HULEI_DAEMON_COURIER_POST_METRICS_H
#define HULEI_DAEMON_COURIER_POST_METRICS_H

#include <libpq-fe.h>

/* Of a result of courier_posts_counts (text format); the caller frees it. NULL when there is no memory. */
char *post_metrics_render(const PGresult *result);

#endif
