/* Tables read row by row, and what the gazetteer's builder gathers out of them.
 * Not for others: part of gazetteer_build(). */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_GATHER_H
#define HULEI_DAEMON_COMMON_GAZETTEER_GATHER_H

#include "daemon/common/gazetteer_write.h"
#include "matchers/span.h"

enum { GATHER_COLUMNS = 8 };

/* Takes one row's columns (absent ones are empty); sets build->fault when it cannot stand. */
typedef void (*gather_row)(struct build *build, char **columns);

/* Reads a CSV table without quoting, plain or gzip: a heading, then rows; blank lines and those that begin with # are
 * skipped. False with a sentence in `error`: the path, and the line and what is wrong with it. */
bool gather_table(struct build *build, const char *path, gather_row take, char *error, size_t size);

/* 12 digits of a code that is written with 2 to 12; 0 when it is none. */
uint64_t gather_code(const char *text);

void gather_division(struct build *build, uint64_t code, const char *name);

/* For qsort() by code. */
int gather_compare(const void *left, const void *right);

/* Once the divisions are sorted; NULL when there is none. */
const struct division *gather_find(const struct build *build, uint64_t code);

/* Puts a name of the division at `index` into the table of names; `form` is an enum gazetteer_form. */
void gather_name(struct build *build, struct span name, size_t index, int form);

#endif
