/* Sorting in place; see index_parts.h.
 * Deliberately a heap sort: the C library's qsort() may take memory. */
#include "matchers/identity/index_parts.h"

#include <string.h>

enum { PIECE_BYTES = 32 };

static void swap(char *a, char *b, size_t size)
{
    char piece[PIECE_BYTES];

    while (size > 0) {
        const size_t part = size < sizeof piece ? size : sizeof piece;

        memcpy(piece, a, part);
        memcpy(a, b, part);
        memcpy(b, piece, part);
        a += part;
        b += part;
        size -= part;
    }
}

static void sink(char *base, size_t from, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t child = 2 * from + 1; child < count; child = 2 * from + 1) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + from * size, base + child * size) >= 0)
            return;
        swap(base + from * size, base + child * size, size);
        from = child;
    }
}

void order_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    char *base = items;

    for (size_t i = count / 2; i > 0; i--)
        sink(base, i - 1, count, size, compare);
    for (size_t left = count; left > 1; left--) {
        swap(base, base + (left - 1) * size, size);
        sink(base, 0, left - 1, size, compare);
    }
}
