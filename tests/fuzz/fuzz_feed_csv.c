/* Any bytes as a CSV file: reading ends, and cells written with quotes read back as they were. */
#include "daemon/cli/feed_csv.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

enum { ARENA_BYTES = 1024 * 1024 };

static void write_quoted(FILE *stream, struct span cell)
{
    fputc('"', stream);
    for (size_t i = 0; i < cell.length; i++) {
        if (cell.bytes[i] == '"')
            fputc('"', stream);
        fputc(cell.bytes[i], stream);
    }
    fputc('"', stream);
}

static void check_round_trip(const struct csv_record *record)
{
    static struct csv_record again;
    static char             *memory;
    char                    *text = NULL;
    size_t                   size = 0;
    FILE                    *out  = open_memstream(&text, &size);
    struct arena             arena;

    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert(out != NULL && memory != NULL);
    for (size_t i = 0; i < record->count; i++) {
        if (i > 0)
            fputc(',', out);
        write_quoted(out, record->cells[i]);
    }
    fputs("\r\n", out);
    fclose(out);

    FILE *in = fmemopen(text, size, "r");
    assert(in != NULL);
    arena_init(&arena, memory, ARENA_BYTES);
    assert(csv_read(in, &arena, &again) == CSV_RECORD && again.count == record->count);
    for (size_t i = 0; i < record->count; i++)
        assert(span_equals(again.cells[i], record->cells[i]));
    fclose(in);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct csv_record record;
    static char             *memory;
    struct arena             arena;

    if (size == 0 || size > 65536)
        return 0;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    FILE *stream = fmemopen((void *)data, size, "r");
    assert(stream != NULL && memory != NULL);
    for (size_t rows = 0; rows <= size; rows++) {
        arena_init(&arena, memory, ARENA_BYTES);
        const enum csv_status status = csv_read(stream, &arena, &record);
        if (status == CSV_END || status == CSV_UNREADABLE)
            break;
        if (status == CSV_RECORD)
            check_round_trip(&record);
    }
    fclose(stream);
    return 0;
}
