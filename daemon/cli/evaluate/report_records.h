/* The figures of a run over records, as text or JSON.
 * For report.c only. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_REPORT_RECORDS_H
#define HULEI_DAEMON_CLI_EVALUATE_REPORT_RECORDS_H

#include "daemon/cli/evaluate/records.h"

#include <jansson.h>
#include <stdio.h>

void report_records_text(FILE *stream, const struct record_figures *figures);
/* NULL when memory is out. */
json_t *report_records_json(const struct record_figures *figures);

#endif
