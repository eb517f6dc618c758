/* The two persons of a review sheet: what each live record says of them, opened with the record's key.
 * The result holds personal data: it goes to the reviewer's terminal and nowhere else. */
#ifndef HULEI_DAEMON_CONSOLE_SHEET_H
#define HULEI_DAEMON_CONSOLE_SHEET_H

#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "matchers/identity/model.h"
#include "matchers/text/language_tables.h"

#include <jansson.h>
#include <stdint.h>

/* What opens and compares records; all borrowed. */
struct sheet_tools {
    struct vault                 *vault;
    const struct language_tables *tables;
    const struct identity_model  *model;
};

/*
 * Reads both sides of an open task for an account, inside the caller's transaction, which holds the audit entries too:
 * show nothing before it is committed. *sides has "child" and "risk", of an identity task "first" and "second", each
 * {grade, seen, records: [{ref, record, department, type, role, as_of, name, birth_year, sex, addresses: [{address,
 * kind, as_of}], and what levels.h adds}]}; a new reference, set on DB_OK only. `seen` names the set of records an
 * identity answer is about. A record that cannot be opened is listed with "unreadable".
 */
enum db_status sheet_read(struct db *db, const struct sheet_tools *tools, const char *task_id, int64_t account_id,
                          json_t **sides);

#endif
