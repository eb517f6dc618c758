/* The real language tables for the tests that compare names and dates.
 * Deliberately one for the whole program: opening takes half a second. */
#ifndef HULEI_TESTS_LANGUAGE_FIXTURE_H
#define HULEI_TESTS_LANGUAGE_FIXTURE_H

#include "daemon/common/language.h"

#include <stdio.h>
#include <stdlib.h>

static struct language_tables *tables;

static inline int open_tables(void **state)
{
    char error[256];

    (void)state;
    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    tables = language_open(error, sizeof error);
    if (tables == NULL)
        fprintf(stderr, "%s\n", error);
    return tables == NULL;
}

static inline int close_tables(void **state)
{
    (void)state;
    language_close(tables);
    return 0;
}

#endif
