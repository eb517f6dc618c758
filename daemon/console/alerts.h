/* What a reviewer may ask of alerts that are out: {"op": "alert", "verb": "list" | "show" | "resend" | "cancel" |
 * "silence" | "unsilence" | "status", ...}. The database's doors check the account and write the audit entries. */
#ifndef HULEI_DAEMON_CONSOLE_ALERTS_H
#define HULEI_DAEMON_CONSOLE_ALERTS_H

#include "daemon/common/db.h"
#include "daemon/console/reviewer.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The request as an object the caller drops, or NULL: the line is no request of this kind. */
json_t *alerts_parse(const char *line, size_t length);

/* New reference: {"ok": true, "result": ...}, or a refusal. */
json_t *alerts_answer(struct db *db, const struct reviewer *reviewer, const json_t *request);

#endif
