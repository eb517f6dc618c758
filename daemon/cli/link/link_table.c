/* Rows of CSV and NDJSON; see link_table.h.
 * CSV is cut by feed_csv.c, JSON by jansson; both read one row at a time. */
#include "daemon/cli/link/link_table.h"

#include "daemon/cli/feed_csv.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 512 * 1024, LINE_BYTES_MAX = 1024 * 1024, TEXT_BYTES = 64 * 1024 };

static const size_t no_cell = SIZE_MAX;

struct link_table {
    FILE              *stream;
    bool               is_json;
    const char *const *fields;
    size_t             field_count;
    uint64_t           row;
    const char        *fault;

    /* CSV */
    struct arena      arena;
    char             *memory;
    struct csv_record record;
    size_t            cells[LINK_FIELDS_MAX]; /* of each field */
    size_t            heading_count;

    /* NDJSON */
    char   *line, *text;
    size_t  line_size;
    json_t *object;
};

/* ---- CSV ---- */

static struct span trimmed(struct span text)
{
    while (text.length > 0 && (text.bytes[0] == ' ' || text.bytes[0] == '\t'))
        text = span_of(text.bytes + 1, text.length - 1);
    while (text.length > 0 && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
        text.length--;
    return text;
}

static size_t find_heading(const struct csv_record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++) {
        if (span_equals_text(trimmed(record->cells[i]), name))
            return i;
    }
    return no_cell;
}

static void skip_byte_order_mark(FILE *stream)
{
    static const unsigned char mark[] = { 0xEF, 0xBB, 0xBF };
    unsigned char              first[sizeof mark];

    if (fread(first, 1, sizeof first, stream) != sizeof first || memcmp(first, mark, sizeof mark) != 0)
        rewind(stream);
}

static bool read_headings(struct link_table *table, char *error, size_t error_size)
{
    skip_byte_order_mark(table->stream);
    arena_reset(&table->arena);
    if (csv_read(table->stream, &table->arena, &table->record) != CSV_RECORD) {
        snprintf(error, error_size, "no headings in the first row");
        return false;
    }
    table->row           = 1;
    table->heading_count = table->record.count;
    for (size_t i = 0; i < table->field_count; i++) {
        table->cells[i] = find_heading(&table->record, table->fields[i]);
        if (table->cells[i] == no_cell) {
            snprintf(error, error_size, "there is no heading '%s'", table->fields[i]);
            return false;
        }
    }
    return true;
}

static enum link_row_status bad(struct link_table *table, const char *fault)
{
    table->fault = fault;
    return LINK_ROW_BAD;
}

static enum link_row_status next_csv(struct link_table *table, struct span *values)
{
    arena_reset(&table->arena);
    const enum csv_status status = csv_read(table->stream, &table->arena, &table->record);

    if (status == CSV_END)
        return LINK_ROW_END;
    table->row++;
    switch (status) {
    case CSV_RECORD:
    case CSV_END:
        break;
    case CSV_BAD_QUOTES:
        return bad(table, "csv.quotes");
    case CSV_TOO_MANY_CELLS:
        return bad(table, "csv.too_many_cells");
    case CSV_TOO_LARGE:
        return bad(table, "csv.too_large");
    case CSV_UNREADABLE:
        table->fault = strerror(errno);
        return LINK_ROW_UNREADABLE;
    }
    if (table->record.count != table->heading_count)
        return bad(table, "csv.cell_count");
    for (size_t i = 0; i < table->field_count; i++)
        values[i] = trimmed(table->record.cells[table->cells[i]]);
    return LINK_ROW;
}

/* ---- NDJSON ---- */

static const json_t *find_member(const json_t *object, const char *path)
{
    char        key[128];
    const char *dot = strchr(path, '.');

    while (dot != NULL && object != NULL) {
        snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
        object = json_object_get(object, key);
        path   = dot + 1;
        dot    = strchr(path, '.');
    }
    return json_object_get(object, path);
}

/* Appends to the row's texts; false when they are full. */
static bool put_text(struct link_table *table, size_t *used, const char *text, size_t length)
{
    if (length > TEXT_BYTES - *used)
        return false;
    memcpy(table->text + *used, text, length);
    *used += length;
    return true;
}

static bool put_scalar(struct link_table *table, size_t *used, const json_t *value)
{
    char number[64];

    if (json_is_string(value))
        return put_text(table, used, json_string_value(value), json_string_length(value));
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(number, sizeof number, "%.15g", json_real_value(value));
    else if (json_is_boolean(value))
        snprintf(number, sizeof number, "%s", json_is_true(value) ? "true" : "false");
    else
        return json_is_null(value);
    return put_text(table, used, number, strlen(number));
}

/* A list becomes its items with a semicolon between them. */
static bool put_value(struct link_table *table, size_t *used, const json_t *value)
{
    if (!json_is_array(value))
        return put_scalar(table, used, value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if ((i > 0 && !put_text(table, used, ";", 1)) || !put_scalar(table, used, json_array_get(value, i)))
            return false;
    }
    return true;
}

static enum link_row_status take_object(struct link_table *table, struct span *values)
{
    size_t used = 0;

    for (size_t i = 0; i < table->field_count; i++) {
        const json_t *value = find_member(table->object, table->fields[i]);
        const size_t  from  = used;

        if (value != NULL && !put_value(table, &used, value))
            return bad(table, "json.value");
        values[i] = value == NULL ? span_of(NULL, 0) : span_of(table->text + from, used - from);
    }
    return LINK_ROW;
}

static enum link_row_status next_json(struct link_table *table, struct span *values)
{
    ssize_t length;

    do {
        length = getline(&table->line, &table->line_size, table->stream);
        if (length < 0 && ferror(table->stream) == 0)
            return LINK_ROW_END;
        table->row++;
        if (length < 0) {
            table->fault = strerror(errno);
            return LINK_ROW_UNREADABLE;
        }
    } while (strspn(table->line, " \t\r\n") == (size_t)length);
    if (length > LINE_BYTES_MAX)
        return bad(table, "json.too_large");
    json_decref(table->object);
    table->object = json_loadb(table->line, (size_t)length, JSON_REJECT_DUPLICATES, NULL);
    if (table->object == NULL)
        return bad(table, "json.syntax");
    if (!json_is_object(table->object))
        return bad(table, "json.no_object");
    return take_object(table, values);
}

/* ---- both ---- */

static bool ends_with(const char *path, const char *ending)
{
    const size_t length = strlen(path), end = strlen(ending);

    return length >= end && strcmp(path + length - end, ending) == 0;
}

struct link_table *link_table_take(FILE *stream, bool is_json, const char *const *fields, size_t field_count,
                                   char *error, size_t error_size)
{
    struct link_table *table = calloc(1, sizeof *table);

    snprintf(error, error_size, "out of memory");
    if (table == NULL) {
        fclose(stream);
        return NULL;
    }
    table->stream      = stream;
    table->fields      = fields;
    table->field_count = field_count;
    table->is_json     = is_json;
    table->memory      = malloc(ARENA_BYTES);
    table->text        = malloc(TEXT_BYTES);
    if (table->memory != NULL && table->text != NULL && field_count <= LINK_FIELDS_MAX) {
        arena_init(&table->arena, table->memory, ARENA_BYTES);
        if (is_json || read_headings(table, error, error_size))
            return table;
    }
    link_table_close(table);
    return NULL;
}

struct link_table *link_table_open(const char *path, const char *const *fields, size_t field_count, char *error,
                                   size_t error_size)
{
    const bool         is_json = ends_with(path, ".ndjson") || ends_with(path, ".jsonl");
    FILE              *stream  = fopen(path, "re");
    char               reason[200];
    struct link_table *table = NULL;

    if (stream == NULL)
        snprintf(reason, sizeof reason, "%s", strerror(errno));
    else
        table = link_table_take(stream, is_json, fields, field_count, reason, sizeof reason);
    if (table == NULL)
        snprintf(error, error_size, "%s: %s", path, reason);
    return table;
}

void link_table_close(struct link_table *table)
{
    if (table == NULL)
        return;
    fclose(table->stream);
    json_decref(table->object);
    free(table->memory);
    free(table->text);
    free(table->line);
    free(table);
}

enum link_row_status link_table_next(struct link_table *table, struct span *values)
{
    return table->is_json ? next_json(table, values) : next_csv(table, values);
}

uint64_t link_table_row(const struct link_table *table)
{
    return table->row;
}

const char *link_table_fault(const struct link_table *table)
{
    return table->fault;
}
