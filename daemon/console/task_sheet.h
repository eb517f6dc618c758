/* A task's row and its sheet as JSON: what both ways into the console show alike.
 * Asks the database nothing itself. */
#ifndef HULEI_DAEMON_CONSOLE_TASK_SHEET_H
#define HULEI_DAEMON_CONSOLE_TASK_SHEET_H

#include <jansson.h>
#include <libpq-fe.h>

/* Columns of sql/statements/console_task.sql. */
enum task_column {
    TASK_ID,
    TASK_PUBLIC,
    TASK_KIND,
    TASK_STATE,
    TASK_TIER,
    PAIR_ID,
    PAIR_PUBLIC,
    PAIR_VERSION,
    PAIR_STATE,
    PAIR_RULE,
    PAIR_REASONS,
    PAIR_EVIDENCE,
    PAIR_POLICY,
    TASK_DUE,
    TASK_IDENTITY,
};

/* An integer column, as PostgreSQL writes it. */
int task_number(const PGresult *task, int row, int column);

/* Takes `sides` (sheet.h); a new reference. */
json_t *task_sheet_make(const PGresult *task, json_t *sides);

#endif
