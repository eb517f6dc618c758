/* The built gazetteer and rows of tab-separated files for the address tests.
 * Reads files itself, as the library under test must not. */
#ifndef HULEI_TESTS_ADDRESS_FIXTURE_H
#define HULEI_TESTS_ADDRESS_FIXTURE_H

#include "matchers/address/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIXTURE_COLUMNS = 8, FIXTURE_ARENA_BYTES = 1 << 16 };

struct fixture {
    void            *data;
    struct gazetteer gazetteer;
    struct arena     arena;
    char             memory[FIXTURE_ARENA_BYTES];
};

static inline void *fixture_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length    = (size_t)ftell(file);
    char *data = malloc(*length + 1);
    assert_non_null(data);
    rewind(file);
    assert_int_equal(fread(data, 1, *length, file), *length);
    data[*length] = '\0';
    fclose(file);
    return data;
}

static inline int fixture_set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    size_t          length;

    assert_non_null(fixture);
    fixture->data = fixture_read(HULEI_SHARE_DIR "/gazetteer.bin", &length);
    assert_true(gazetteer_open(&fixture->gazetteer, fixture->data, length));
    arena_init(&fixture->arena, fixture->memory, sizeof fixture->memory);
    *state = fixture;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;

    free(fixture->data);
    free(fixture);
    return 0;
}

static inline struct address fixture_parse(struct fixture *fixture, const char *text, uint64_t area)
{
    struct address address;

    (void)address_parse(&fixture->gazetteer, span_from_text(text), area, &fixture->arena, &address);
    return address;
}

static inline struct address_features fixture_features(struct fixture *fixture, const char *text, uint64_t area)
{
    struct address_features features;
    const struct address    address = fixture_parse(fixture, text, area);

    address_features_make(&address, &features);
    return features;
}

typedef void (*fixture_row)(void *context, char **columns);

/* Calls `take` with the columns of every line but the heading. */
static inline void fixture_rows(const char *name, fixture_row take, void *context)
{
    char   path[512];
    size_t length;

    snprintf(path, sizeof path, HULEI_SOURCE_DIR "/tests/data/address/%s", name);
    char  *data = fixture_read(path, &length);
    size_t row  = 0;
    for (char *line = data, *next; *line != '\0'; line = next, row++) {
        char *columns[FIXTURE_COLUMNS];
        next = line + strcspn(line, "\n");
        if (*next != '\0')
            *next++ = '\0';
        for (size_t i = 0; i < FIXTURE_COLUMNS; i++) {
            columns[i] = line;
            line += strcspn(line, "\t");
            if (*line != '\0')
                *line++ = '\0';
        }
        if (row > 0)
            take(context, columns);
    }
    free(data);
}

#endif
