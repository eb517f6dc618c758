/* Records of a CSV file; see feed_csv.h.
 * Works on bytes: no byte of a GB18030 sequence but the first can be a quote, a comma or a line break. */
#include "daemon/cli/feed_csv.h"

enum { CELL_BYTES_MAX = 16 * 1024 };

/* One cell being read into the arena's free bytes. */
struct cell {
    char  *bytes;
    size_t length, room;
};

static struct cell open_cell(const struct arena *arena)
{
    struct cell cell = { 0 };

    cell.bytes = arena_rest(arena, &cell.room);
    if (cell.room > CELL_BYTES_MAX)
        cell.room = CELL_BYTES_MAX;
    return cell;
}

static bool cell_add(struct cell *cell, int c)
{
    if (cell->length >= cell->room)
        return false;
    cell->bytes[cell->length++] = (char)c;
    return true;
}

static void skip_line(FILE *stream, int c)
{
    while (c != '\n' && c != EOF)
        c = getc_unlocked(stream);
}

/* CR before LF belongs to the line break. */
static int next_character(FILE *stream)
{
    const int c = getc_unlocked(stream);

    if (c != '\r')
        return c;
    const int after = getc_unlocked(stream);
    if (after == '\n')
        return after;
    if (after != EOF)
        ungetc(after, stream);
    return c;
}

/* The inside of a quoted cell; *c is what follows the closing quote. */
static enum csv_status read_quoted(FILE *stream, struct cell *cell, int *c)
{
    for (;;) {
        int next = getc_unlocked(stream);
        if (next == EOF) {
            *c = EOF;
            return CSV_BAD_QUOTES;
        }
        if (next == '"') {
            next = next_character(stream);
            if (next != '"') {
                *c = next;
                return next == ',' || next == '\n' || next == EOF ? CSV_RECORD : CSV_BAD_QUOTES;
            }
        }
        if (!cell_add(cell, next)) {
            *c = next;
            return CSV_TOO_LARGE;
        }
    }
}

static enum csv_status read_plain(FILE *stream, struct cell *cell, int *c)
{
    for (; *c != ',' && *c != '\n' && *c != EOF; *c = next_character(stream)) {
        if (!cell_add(cell, *c))
            return CSV_TOO_LARGE;
    }
    return CSV_RECORD;
}

static enum csv_status read_cells(FILE *stream, struct arena *arena, struct csv_record *record, int *c)
{
    for (;;) {
        struct cell           cell    = open_cell(arena);
        const bool            quoted  = *c == '"';
        const enum csv_status outcome = quoted ? read_quoted(stream, &cell, c) : read_plain(stream, &cell, c);
        if (outcome != CSV_RECORD)
            return outcome;
        if (record->count == CSV_CELLS_MAX)
            return CSV_TOO_MANY_CELLS;
        record->cells[record->count++] = arena_keep(arena, cell.length);
        if (*c != ',')
            return CSV_RECORD;
        *c = next_character(stream);
    }
}

enum csv_status csv_read(FILE *stream, struct arena *arena, struct csv_record *record)
{
    int c = next_character(stream);

    record->count = 0;
    while (c == '\n') /* an empty line is no record */
        c = next_character(stream);
    if (c == EOF)
        return ferror(stream) != 0 ? CSV_UNREADABLE : CSV_END;
    const enum csv_status status = read_cells(stream, arena, record, &c);
    if (status != CSV_RECORD)
        skip_line(stream, c);
    return status;
}
