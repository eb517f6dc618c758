/* How `hulei review` prints the console's answers. */
#ifndef HULEI_DAEMON_CLI_REVIEW_PRINT_H
#define HULEI_DAEMON_CLI_REVIEW_PRINT_H

#include <jansson.h>

void review_print_tasks(const json_t *answer);
void review_print_sheet(const json_t *answer);
void review_print_decision(const json_t *answer);
void review_print_identity(const json_t *answer);
void review_print_counted(const json_t *answer);

#endif
