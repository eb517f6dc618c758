/* The rows of one file; see feed_rows.h.
 * Streams: no file is held in memory. */
#include "daemon/cli/feed_rows.h"

#include "daemon/common/feed/feed_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

struct feed_rows {
    FILE                  *stream;
    enum feed_format       format;
    bool                   is_gb18030;
    const struct feed_map *map;
    int64_t                number, size_bytes, time_s;
    char                  *line; /* of getline() */
    size_t                 line_capacity;
    struct csv_record      header, record;
    int                    columns[CSV_CELLS_MAX];
    char                  *header_memory;
};

enum { HEADER_BYTES = 256 * 1024 };

static enum feed_format format_of(const char *path, const struct feed_options *options)
{
    const size_t length = strlen(path);

    if (options->format != FORMAT_BY_NAME)
        return options->format;
    return options->map != NULL || (length > 4 && strcasecmp(path + length - 4, ".csv") == 0) ? FORMAT_CSV
                                                                                              : FORMAT_NDJSON;
}

static void set_fault(struct feed_row *row, const char *code, const char *rule)
{
    row->has_fault = true;
    row->fault     = (struct feed_fault){ .code = code, .stage = "encoding", .field = "row", .rule = rule };
}

static void skip_byte_order_mark(FILE *stream)
{
    static const int mark[] = { 0xef, 0xbb, 0xbf };

    for (int i = 0; i < 3; i++) {
        const int c = getc(stream);
        if (c == mark[i])
            continue;
        if (c != EOF)
            ungetc(c, stream);
        if (i > 0)
            fseek(stream, 0, SEEK_SET);
        return;
    }
}

/* To UTF-8; false with the row's fault set. */
static bool convert(const struct feed_rows *rows, struct arena *arena, struct span *text, struct feed_row *row)
{
    if (!rows->is_gb18030) {
        if (text_is_utf8(*text))
            return true;
        set_fault(row, "not_utf8", "well-formed UTF-8");
        return false;
    }
    switch (text_from_gb18030(*text, arena, text)) {
    case TEXT_OK:
        return true;
    case TEXT_MALFORMED:
        set_fault(row, "not_gb18030", "well-formed GB18030");
        return false;
    case TEXT_OUT_OF_MEMORY:
        break;
    }
    set_fault(row, "too_large", "at most 1 MiB");
    return false;
}

static bool convert_cells(const struct feed_rows *rows, struct arena *arena, struct csv_record *record,
                          struct feed_row *row)
{
    for (size_t i = 0; i < record->count; i++) {
        if (!convert(rows, arena, &record->cells[i], row))
            return false;
        record->cells[i] = arena_copy(arena, record->cells[i]); /* NUL-terminated */
    }
    return true;
}

static bool read_header(struct feed_rows *rows, char *error, size_t error_size)
{
    struct feed_row row = { 0 };
    struct arena    arena;

    rows->header_memory = malloc(HEADER_BYTES);
    if (rows->header_memory == NULL)
        return false;
    arena_init(&arena, rows->header_memory, HEADER_BYTES);
    if (csv_read(rows->stream, &arena, &rows->header) != CSV_RECORD ||
        !convert_cells(rows, &arena, &rows->header, &row)) {
        snprintf(error, error_size, "the header cannot be read; is the encoding right?");
        return false;
    }
    rows->number = 1;
    if (feed_map_bind(rows->map, &rows->header, rows->columns) == 0) {
        snprintf(error, error_size, "no heading of the file is in the mapping");
        return false;
    }
    return true;
}

struct feed_rows *feed_rows_open(const char *path, const struct feed_options *options, const struct feed_map *map,
                                 char *error, size_t error_size)
{
    struct feed_rows *rows   = calloc(1, sizeof *rows);
    struct stat       status = { 0 };

    if (rows == NULL)
        return NULL;
    rows->format     = format_of(path, options);
    rows->is_gb18030 = options->is_gb18030;
    rows->map        = map;
    rows->stream     = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (rows->stream == NULL || fstat(fileno(rows->stream), &status) != 0) {
        snprintf(error, error_size, "cannot be opened: %s", strerror(errno));
        goto fail;
    }
    rows->size_bytes = S_ISREG(status.st_mode) ? status.st_size : 0;
    rows->time_s     = S_ISREG(status.st_mode) ? status.st_mtim.tv_sec : time(NULL);
    if (!rows->is_gb18030)
        skip_byte_order_mark(rows->stream);
    if (rows->format == FORMAT_CSV && !read_header(rows, error, error_size))
        goto fail;
    return rows;

fail:
    feed_rows_close(rows);
    return NULL;
}

void feed_rows_close(struct feed_rows *rows)
{
    if (rows == NULL)
        return;
    if (rows->stream != NULL && rows->stream != stdin)
        fclose(rows->stream);
    free(rows->line);
    free(rows->header_memory);
    free(rows);
}

static bool next_line(struct feed_rows *rows, struct arena *arena, struct feed_row *row)
{
    ssize_t length = getline(&rows->line, &rows->line_capacity, rows->stream);

    if (length < 0)
        return false;
    while (length > 0 && (rows->line[length - 1] == '\n' || rows->line[length - 1] == '\r'))
        length--;
    row->number = ++rows->number;
    row->text   = span_of(rows->line, (size_t)length);
    convert(rows, arena, &row->text, row);
    return true;
}

static bool next_record(struct feed_rows *rows, struct arena *arena, struct feed_row *row)
{
    const enum csv_status status = csv_read(rows->stream, arena, &rows->record);

    if (status == CSV_END || status == CSV_UNREADABLE)
        return false;
    row->number = ++rows->number;
    if (status == CSV_BAD_QUOTES)
        set_fault(row, "csv_quotes", "quotes as in RFC 4180");
    else if (status != CSV_RECORD)
        set_fault(row, "csv_too_large", "at most 256 cells of at most 16 KiB");
    else if (rows->record.count != rows->header.count)
        set_fault(row, "csv_columns", "as many cells as headings");
    else if (convert_cells(rows, arena, &rows->record, row)) {
        row->record = feed_map_apply(rows->map, &rows->header, rows->columns, &rows->record);
        if (row->record == NULL)
            set_fault(row, "map_conflict", "paths of the mapping that fit each other");
    }
    return true;
}

bool feed_rows_next(struct feed_rows *rows, struct arena *arena, struct feed_row *row)
{
    *row = (struct feed_row){ 0 };
    return rows->format == FORMAT_CSV ? next_record(rows, arena, row) : next_line(rows, arena, row);
}

void feed_row_clear(struct feed_row *row)
{
    json_decref(row->record);
    row->record = NULL;
}

double feed_rows_progress(const struct feed_rows *rows)
{
    return rows->size_bytes > 0 ? (double)ftell(rows->stream) / (double)rows->size_bytes : 0;
}

int64_t feed_rows_time_s(const struct feed_rows *rows)
{
    return rows->time_s;
}

bool feed_rows_is_raw(const struct feed_rows *rows)
{
    return rows->format == FORMAT_RAW;
}
