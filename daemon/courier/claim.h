/* The rows a carrier takes out of the outbox and what it reports of them: held back if they may not leave, marked as
 * tried, read, their series named; later sent. Every call stands inside the caller's transaction.
 * Chooses no row and sends nothing: relay.c (Kafka) and webhooks.c (HTTPS) do. */
#ifndef HULEI_DAEMON_COURIER_CLAIM_H
#define HULEI_DAEMON_COURIER_CLAIM_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/db_array.h"
#include "daemon/courier/due.h"

#include <stdint.h>

struct claim {
    struct due_tools    tools; /* what it points to is borrowed */
    const struct blind *blind; /* borrowed */
    struct db_array     ids, names, texts[2];
};

void claim_init(struct claim *claim, const struct due_tools *tools, const struct blind *blind);

/* Frees what it holds; a cleared claim may be cleared again. */
void claim_clear(struct claim *claim);

/* Forgets the rows, keeps the memory. */
void claim_reset(struct claim *claim);

void claim_add(struct claim *claim, int64_t outbox_id);

/* `ack_by`, `act_by`: as the message said them; "" for none. */
void claim_add_sent(struct claim *claim, int64_t outbox_id, const char *ack_by, const char *act_by);

/*
 * Of the rows in claim->ids those that may leave now, as due_read() reads them, in binary; the caller clears *result,
 * which stays NULL when there are none. An alert among them is marked as tried: from here on a withdrawal must send a
 * cancel after it instead of removing it.
 */
enum db_status claim_take(struct claim *claim, struct db *db, PGresult **result);

/* The message of an alert, as text the caller frees. NULL: no message can be made of the row. */
char *claim_render_alert(const struct claim *claim, const struct due_row *due);

/* The rows of claim_add_sent() become `sent`, and with them their deliveries. Twice is once. */
enum db_status claim_write_sent(struct claim *claim, struct db *db);

/* The rows can never be sent. */
enum db_status claim_write_hopeless(struct claim *claim, struct db *db);

#endif
