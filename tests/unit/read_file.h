/* A whole small file as text; the test frees it. */
#ifndef HULEI_TESTS_READ_FILE_H
#define HULEI_TESTS_READ_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FILE_BYTES = 1 << 20 };

static inline char *read_file(const char *path)
{
    char *text   = calloc(1, FILE_BYTES);
    FILE *stream = fopen(path, "re");

    assert_non_null(stream);
    assert_true(fread(text, 1, FILE_BYTES - 1, stream) > 0);
    fclose(stream);
    return text;
}

#endif
