/* `hulei audit export`: entries and signed statements of a span of days, as lines of JSON on standard output. */
#ifndef HULEI_DAEMON_CLI_AUDIT_EXPORT_H
#define HULEI_DAEMON_CLI_AUDIT_EXPORT_H

#include "daemon/common/db.h"

#include <stdint.h>

/* Days as YYYY-MM-DD, both included. *entries and *statements: how many were written. */
enum db_status audit_export(struct db *db, const char *from, const char *to, int64_t *entries, int64_t *statements);

#endif
