/* Any bytes as a department's table with field paths for headings: every record becomes one JSON object or none,
 * whatever the paths say of each other. */
#include "daemon/cli/feed_map.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 1024 * 1024, ROWS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct csv_record header, record;
    static char             *memory;
    static int               columns[CSV_CELLS_MAX];
    struct arena             arena;

    if (size == 0 || size > 32768)
        return 0;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    FILE *stream = fmemopen((void *)data, size, "r");
    assert(stream != NULL && memory != NULL);
    arena_init(&arena, memory, ARENA_BYTES);
    if (csv_read(stream, &arena, &header) == CSV_RECORD) {
        const size_t bound = feed_map_bind(NULL, &header, columns);
        assert(bound <= header.count);
        for (int row = 0; row < ROWS_MAX && csv_read(stream, &arena, &record) == CSV_RECORD; row++) {
            json_t *made = feed_map_apply(NULL, &header, columns, &record);
            assert(made == NULL || json_is_object(made));
            char *text = made != NULL ? json_dumps(made, JSON_COMPACT) : NULL;
            free(text);
            json_decref(made);
        }
    }
    fclose(stream);
    return 0;
}
