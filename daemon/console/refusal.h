/* What a failed statement means to a reviewer. */
#ifndef HULEI_DAEMON_CONSOLE_REFUSAL_H
#define HULEI_DAEMON_CONSOLE_REFUSAL_H

#include "daemon/common/db.h"

#include <jansson.h>

/* The answer for a status other than DB_OK, by SQLSTATE where the schema's functions refused; a new reference. */
json_t *refusal_answer(const struct db *db, enum db_status status);

#endif
