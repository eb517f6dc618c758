/* Arrays in PostgreSQL's binary form, so that one statement writes a whole batch through unnest().
 * Holds no SQL; see sql/statements/engine_*.sql for the statements. */
#ifndef HULEI_DAEMON_COMMON_DB_ARRAY_H
#define HULEI_DAEMON_COMMON_DB_ARRAY_H

#include "daemon/common/db.h"
#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Element types, by PostgreSQL's type OIDs. */
enum db_array_type {
    DB_ARRAY_BYTEA     = 17,
    DB_ARRAY_INT8      = 20,
    DB_ARRAY_INT2      = 21,
    DB_ARRAY_INT4      = 23,
    DB_ARRAY_TEXT      = 25,
    DB_ARRAY_TIMESTAMP = 1184, /* timestamptz; elements are microseconds since 1970 */
};

/* Grows with malloc; owns its bytes until db_array_clear(). A failed growth sticks: see db_array_param(). */
struct db_array {
    enum db_array_type type;
    char              *bytes;
    size_t             length, capacity; /* bytes */
    int32_t            count;
    bool               has_null, has_failed;
};

void db_array_init(struct db_array *array, enum db_array_type type);

/* Empties the array and keeps its memory. */
void db_array_reset(struct db_array *array);

/* Wipes and frees the memory. */
void db_array_clear(struct db_array *array);

/* Appends one element of an INT2, INT4, INT8 or TIMESTAMP array; the value must fit the type. */
void db_array_add_number(struct db_array *array, int64_t value);

/* Appends one element of a TEXT or BYTEA array; the absent span is NULL. */
void db_array_add_span(struct db_array *array, struct span value);

void db_array_add_null(struct db_array *array);

/* The array as a parameter; it borrows the array's bytes. False when memory ran out while it was filled. */
bool db_array_param(struct db_array *array, struct db_param *param);

/* Readers of binary results. */
int64_t db_get_number(const PGresult *result, int row, int column); /* int2, int4, int8; timestamptz in µs since 1970 */
struct span db_get_span(const PGresult *result, int row, int column); /* absent for NULL; lives as long as the result */

#endif
