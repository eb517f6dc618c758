/* Figures as text or JSON.
 * Opaque ids only: subjects, person numbers of the generator, person ids of the database. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_REPORT_H
#define HULEI_DAEMON_CLI_EVALUATE_REPORT_H

#include "daemon/cli/evaluate/evaluate.h"
#include "daemon/cli/evaluate/records.h"

#include <stdio.h>

/* `records`: of a run over records; NULL: there was none. */
void report_text(FILE *stream, const struct evaluation *evaluation, const struct evaluation_figures *figures,
                 const struct record_figures *records);
/* False when memory is out or the stream fails. */
bool report_json(FILE *stream, const struct evaluation *evaluation, const struct evaluation_figures *figures,
                 const struct record_figures *records);

#endif
