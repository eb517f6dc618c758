/* What a reviewer may ask of the console, and who counts as one: an account bound to the caller's OS user, unlocked,
 * with the role reviewer. Root is nobody here. Every look and every decision leaves an audit entry. */
#ifndef HULEI_DAEMON_CONSOLE_REVIEW_H
#define HULEI_DAEMON_CONSOLE_REVIEW_H

#include "daemon/common/db.h"
#include "daemon/console/sheet.h"

#include <jansson.h>
#include <stddef.h>
#include <sys/types.h>

struct review {
    struct db         *db;
    struct sheet_tools tools;
};

/* server.h's handler; `context` is a struct review. */
json_t *review_answer(void *context, uid_t user, const char *line, size_t length);

#endif
