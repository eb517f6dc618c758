/* Any bytes as a CSV or NDJSON file: reading ends, values are told apart from faults, and what is cleaned once stays.
 * The first byte chooses the form. */
#include "daemon/cli/link/link_clean.h"
#include "daemon/cli/link/link_table.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

enum { FIELDS = 3 };

static void check_clean(const struct link_column *column, struct span raw)
{
    static struct link_value once, twice;

    if (link_clean_value(column, raw, &once) != LINK_CLEAN_OK)
        return;
    assert(once.length > 0 && once.length <= LINK_VALUE_BYTES);
    assert(link_clean_value(column, span_of(once.text, once.length), &twice) == LINK_CLEAN_OK);
    assert(twice.length == once.length && memcmp(twice.text, once.text, once.length) == 0);
    assert(memcmp(&twice.number, &once.number, sizeof once.number) == 0);
}

static void check_values(const struct span *values)
{
    static const struct link_column columns[] = {
        {.kind = LINKAGE_TEXT,    .clean = LINK_LOWER | LINK_LETTERS},
        { .kind = LINKAGE_TEXT,   .clean = LINK_SORTED              },
        { .kind = LINKAGE_TEXT,   .clean = LINK_DIGITS              },
        { .kind = LINKAGE_TEXT,   .clean = LINK_LOWER | LINK_JOINED },
        { .kind = LINKAGE_DATE,   .clean = 0                        },
        { .kind = LINKAGE_NUMBER, .clean = 0                        },
    };

    for (size_t i = 0; i < FIELDS; i++) {
        for (size_t j = 0; values[i].length > 0 && j < sizeof columns / sizeof columns[0]; j++)
            check_clean(&columns[j], values[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const fields[FIELDS] = { "a", "b", "c.d" };
    char                     error[256];

    if (size < 2 || size > 65536)
        return 0;
    FILE *stream = fmemopen((void *)(data + 1), size - 1, "r");
    assert(stream != NULL);
    struct link_table *table = link_table_take(stream, (data[0] & 1) != 0, fields, FIELDS, error, sizeof error);
    if (table == NULL)
        return 0;
    for (uint64_t rows = 0;; rows++) {
        struct span                values[FIELDS] = { 0 };
        const enum link_row_status status         = link_table_next(table, values);

        assert(rows <= size);
        if (status == LINK_ROW_END || status == LINK_ROW_UNREADABLE)
            break;
        if (status == LINK_ROW)
            check_values(values);
        else
            assert(link_table_fault(table) != NULL);
    }
    link_table_close(table);
    return 0;
}
