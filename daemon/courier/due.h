/* One row of the statement courier_rows: what is to be sent, and for an alert the message made of it.
 * Sends nothing. */
#ifndef HULEI_DAEMON_COURIER_DUE_H
#define HULEI_DAEMON_COURIER_DUE_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/courier/emergency_part.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the result (binary format); NULL for SQL NULL. */
struct due_row {
    int64_t         outbox_id;
    const char     *kind, *topic, *key;
    const void     *payload;
    size_t          payload_length;
    struct span     wrapped; /* of a feed row: its key, and the key's number; absent for others */
    int64_t         key_id;
    const char     *headers; /* JSON object of text values, or NULL */
    const char     *alert_id, *series_id;
    const char     *ack_by, *act_by; /* RFC 3339; NULL: none */
    const char     *child_pseudonym, *risk_pseudonym;
    const PGresult *result;
    int             row;
};

enum { PSEUDONYM_BYTES = 2 + 16 + 1 };

void due_read(const PGresult *result, int row, struct due_row *due);

bool due_is_alert(const struct due_row *due);

/*
 * The pseudonyms of the row's series: keyed hashes of person + post + the quarter the series was opened in, so that
 * two posts cannot join their lists (DOMAIN.md C.5). "" where there is no such person. False when the row lacks post or
 * quarter, or is of no emergency and lacks the person of concern.
 */
bool due_make_pseudonyms(const struct due_row *due, const struct blind *blind, char child[PSEUDONYM_BYTES],
                         char risk[PSEUDONYM_BYTES]);

/* What rendering needs beside the row; parts is only used for emergencies. */
struct due_tools {
    const char                        *shard;
    const struct view_policy          *views;
    const struct emergency_part_tools *parts;
};

/* The view of the row's post; the caller frees it. NULL when the row is not whole: such an alert must not be sent. */
json_t *due_render(const struct due_row *due, const struct due_tools *tools, const char *child_pseudonym,
                   const char *risk_pseudonym);

#endif
