/* A comparison as a waterfall, for a terminal. */
#ifndef HULEI_DAEMON_CLI_EXPLAIN_WATERFALL_PRINT_H
#define HULEI_DAEMON_CLI_EXPLAIN_WATERFALL_PRINT_H

#include "daemon/common/waterfall.h"

#include <stdio.h>

/* `columns` is the terminal's width. */
void waterfall_print(FILE *stream, const struct waterfall *waterfall, int columns);

#endif
