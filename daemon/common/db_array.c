/* Arrays in PostgreSQL's binary form; see db_array.h (format: array_recv in the server's source).
 * One dimension, lower bound 1. */
#include "daemon/common/db_array.h"

#include <assert.h>
#include <endian.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 20 };

/* PostgreSQL counts from 2000-01-01. */
static const int64_t postgres_epoch_us = INT64_C(946684800) * 1000000;

void db_array_init(struct db_array *array, enum db_array_type type)
{
    *array = (struct db_array){ .type = type, .length = HEADER_BYTES };
}

void db_array_reset(struct db_array *array)
{
    array->length   = HEADER_BYTES;
    array->count    = 0;
    array->has_null = false;
}

void db_array_clear(struct db_array *array)
{
    if (array->bytes != NULL)
        OPENSSL_cleanse(array->bytes, array->capacity);
    free(array->bytes);
    db_array_init(array, array->type);
}

static char *reserve(struct db_array *array, size_t size)
{
    if (array->has_failed)
        return NULL;
    if (array->bytes == NULL || array->length + size > array->capacity) {
        const size_t capacity = (array->length + size) * 2 + 1024;
        char        *bytes    = malloc(capacity);
        if (bytes == NULL) {
            array->has_failed = true;
            return NULL;
        }
        if (array->bytes != NULL) {
            memcpy(bytes, array->bytes, array->length);
            OPENSSL_cleanse(array->bytes, array->capacity);
            free(array->bytes);
        }
        array->bytes    = bytes;
        array->capacity = capacity;
    }
    char *place = array->bytes + array->length;
    array->length += size;
    array->count++;
    return place;
}

static void put_int32(char *place, int32_t value)
{
    const uint32_t big = htobe32((uint32_t)value);

    memcpy(place, &big, sizeof big);
}

void db_array_add_number(struct db_array *array, int64_t value)
{
    const size_t size  = array->type == DB_ARRAY_INT2 ? 2 : array->type == DB_ARRAY_INT4 ? 4 : 8;
    char        *place = reserve(array, 4 + size);

    if (place == NULL)
        return;
    if (array->type == DB_ARRAY_TIMESTAMP)
        value -= postgres_epoch_us;
    const uint64_t big = htobe64((uint64_t)value);
    put_int32(place, (int32_t)size);
    memcpy(place + 4, (const char *)&big + 8 - size, size);
}

void db_array_add_null(struct db_array *array)
{
    char *place = reserve(array, 4);

    if (place == NULL)
        return;
    put_int32(place, -1);
    array->has_null = true;
}

void db_array_add_span(struct db_array *array, struct span value)
{
    if (value.bytes == NULL) {
        db_array_add_null(array);
        return;
    }
    char *place = reserve(array, 4 + value.length);
    if (place == NULL)
        return;
    put_int32(place, (int32_t)value.length);
    memcpy(place + 4, value.bytes, value.length);
}

bool db_array_param(struct db_array *array, struct db_param *param)
{
    if (array->bytes == NULL) { /* an empty array still needs its header */
        if (reserve(array, 0) == NULL)
            return false;
        array->count = 0;
    }
    if (array->has_failed)
        return false;
    put_int32(array->bytes, array->count > 0 ? 1 : 0);
    put_int32(array->bytes + 4, array->has_null);
    put_int32(array->bytes + 8, (int32_t)array->type);
    put_int32(array->bytes + 12, array->count);
    put_int32(array->bytes + 16, 1);
    *param = db_binary(array->bytes, array->count > 0 ? array->length : 12);
    return true;
}

int64_t db_get_number(const PGresult *result, int row, int column)
{
    const char *value = PQgetvalue(result, row, column);
    uint16_t    two;
    uint32_t    four;
    uint64_t    eight;

    switch (PQgetlength(result, row, column)) {
    case 1:
        return value[0]; /* bool */
    case 2:
        memcpy(&two, value, sizeof two);
        return (int16_t)be16toh(two);
    case 4:
        memcpy(&four, value, sizeof four);
        return (int32_t)be32toh(four);
    case 8:
        memcpy(&eight, value, sizeof eight);
        return (int64_t)be64toh(eight) + (PQftype(result, column) == DB_ARRAY_TIMESTAMP ? postgres_epoch_us : 0);
    default:
        assert(PQgetisnull(result, row, column));
        return 0;
    }
}

struct span db_get_span(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return (struct span){ NULL, 0 };
    return span_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}
