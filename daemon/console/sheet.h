/* One person on a review sheet: what each live record says of her or him, opened with the record's key.
 * The result holds personal data: it goes to the reviewer's terminal and nowhere else. */
#ifndef HULEI_DAEMON_CONSOLE_SHEET_H
#define HULEI_DAEMON_CONSOLE_SHEET_H

#include "daemon/common/db.h"
#include "daemon/common/vault.h"

#include <jansson.h>

/*
 * {grade, records: [{record, department, type, role, as_of, name, birth_year, sex, addresses: [{address, kind,
 * as_of}]}]}; new reference in *person on DB_OK only. A record that cannot be opened is listed with "unreadable".
 */
enum db_status sheet_read_person(struct db *db, struct vault *vault, const char *person_id, json_t **person);

/* The part of a canonical body that a mention (slot and role of its row) is about; NULL when there is none. Borrowed.
 */
const json_t *sheet_find_person(const json_t *body, int slot, int role);

/* What the sheet shows of a person block: name, year of birth, sex, addresses; new reference. */
json_t *sheet_extract(const json_t *person);

#endif
