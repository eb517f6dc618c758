/* Sheets of tasks; see task_sheet.h.
 * Adds nothing to the two sides: whose data they are, sheet.c decides. */
#include "daemon/console/task_sheet.h"

#include <stdlib.h>

int task_number(const PGresult *task, int row, int column)
{
    return (int)strtol(PQgetvalue(task, row, column), NULL, 10);
}

json_t *task_sheet_make(const PGresult *task, json_t *sides)
{
    json_t *sheet = json_pack("{s:s, s:s, s:s, s:s, s:s}", "task", PQgetvalue(task, 0, TASK_PUBLIC), "kind",
                              PQgetvalue(task, 0, TASK_KIND), "task_state", PQgetvalue(task, 0, TASK_STATE), "due",
                              PQgetvalue(task, 0, TASK_DUE), "identity", PQgetvalue(task, 0, TASK_IDENTITY));

    if (!PQgetisnull(task, 0, PAIR_ID)) {
        json_t *pair = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:o*, s:o*}", "tier", task_number(task, 0, TASK_TIER),
                                 "pair", PQgetvalue(task, 0, PAIR_PUBLIC), "version",
                                 task_number(task, 0, PAIR_VERSION), "state", PQgetvalue(task, 0, PAIR_STATE), "rule",
                                 PQgetvalue(task, 0, PAIR_RULE), "policy", PQgetvalue(task, 0, PAIR_POLICY), "reasons",
                                 json_loads(PQgetvalue(task, 0, PAIR_REASONS), 0, NULL), "evidence",
                                 json_loads(PQgetvalue(task, 0, PAIR_EVIDENCE), 0, NULL));
        json_object_update(sheet, pair);
        json_decref(pair);
    }
    json_object_update(sheet, sides);
    json_decref(sides);
    return sheet;
}
