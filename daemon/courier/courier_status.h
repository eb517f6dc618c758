/* What the courier tells `hulei status`: a row, every few seconds. */
#ifndef HULEI_DAEMON_COURIER_COURIER_STATUS_H
#define HULEI_DAEMON_COURIER_COURIER_STATUS_H

#include "daemon/common/db.h"
#include "daemon/common/metrics.h"
#include "daemon/courier/ack_feed.h"
#include "daemon/courier/relay.h"

enum db_status courier_status_write(struct db *db, const struct relay *relay, struct ack_feed *acks,
                                    struct metrics_server *metrics);

#endif
