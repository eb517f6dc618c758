/* The real language tables, opened at the first call of a harness and never closed. */
#ifndef HULEI_TESTS_FUZZ_LANGUAGE_H
#define HULEI_TESTS_FUZZ_LANGUAGE_H

#include "daemon/common/language.h"

#include <stdio.h>
#include <stdlib.h>

static const struct language_tables *tables_once(void)
{
    static struct language_tables *tables;
    char                           error[256];

    if (tables == NULL) {
        setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
        tables = language_open(error, sizeof error);
    }
    if (tables == NULL) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    return tables;
}

#endif
