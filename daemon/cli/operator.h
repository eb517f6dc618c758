/* What the operators' subcommands share: their refusals as sentences, and the number of a type of record. */
#ifndef HULEI_DAEMON_CLI_OPERATOR_H
#define HULEI_DAEMON_CLI_OPERATOR_H

#include "daemon/cli/admin.h"

/* Prints why the last statement was refused; returns 1. */
int operator_complain(const struct admin *admin, const char *name);

/* The number of a type ("child") as text; NULL when there is no such type. */
const char *operator_type_number(const char *word, char number[16]);

#endif
