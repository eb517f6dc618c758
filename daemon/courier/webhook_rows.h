/* The rows of the outbox that go out by HTTPS: taken, rendered, and written down as sent or failed.
 * Speaks to PostgreSQL only, on a connection of its own. */
#ifndef HULEI_DAEMON_COURIER_WEBHOOK_ROWS_H
#define HULEI_DAEMON_COURIER_WEBHOOK_ROWS_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "daemon/courier/claim.h"
#include "daemon/courier/flights.h"

#include <stddef.h>
#include <stdint.h>

enum { WEBHOOK_FLIGHTS_MAX = 64, WEBHOOK_FLIGHTS_OF_RECEIVER = 4, WEBHOOK_ID_BYTES = 192 };

/* A message on its way. */
struct webhook_flight {
    enum flight_state state;
    int64_t           outbox_id; /* 0: no row stands behind it */
    bool              is_alert;
    char              topic[80]; /* "webhook:<receiver>" */
    char              id[WEBHOOK_ID_BYTES];
    char              ack_by[FLIGHT_TIME_BYTES], act_by[FLIGHT_TIME_BYTES]; /* "": none */
    char             *body;                                                 /* NULL once a call has it */
};

struct webhook_rows {
    struct db            *db; /* owned, with the next two */
    struct blind         *blind;
    struct vault         *vault;
    const char           *shard; /* borrowed */
    int64_t               fence; /* of the courier's lease */
    struct claim          claim;
    struct webhook_flight flights[WEBHOOK_FLIGHTS_MAX];
};

/* Takes what is due into free flights (FLIGHT_IN_AIR, with a body; FLIGHT_HOPELESS: no message can be made of it). */
enum db_status webhook_rows_take(struct webhook_rows *rows, size_t *count);

/* Writes down what became of the landed flights and frees them. */
enum db_status webhook_rows_settle(struct webhook_rows *rows);

/* A free flight, or NULL. */
struct webhook_flight *webhook_rows_free_flight(struct webhook_rows *rows);

#endif
