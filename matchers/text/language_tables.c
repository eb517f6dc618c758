/* Look-ups in the language tables; see language_tables.h.
 * Deliberately without filling them. */
#include "matchers/text/language_tables.h"

#include <string.h>

const struct language_surname *language_surname_find(const struct language_tables *tables, uint32_t first,
                                                     uint32_t second)
{
    size_t low  = 0;
    size_t high = tables->surname_count;

    while (low < high) {
        const size_t                   middle  = low + (high - low) / 2;
        const struct language_surname *surname = &tables->surnames[middle];

        if (surname->first == first && surname->second == second)
            return surname;
        if (surname->first < first || (surname->first == first && surname->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int compare_characters(const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

bool language_is_composed(const struct language_tables *tables, const uint32_t *parts, size_t count, uint32_t whole)
{
    uint32_t wanted[LANGUAGE_PARTS] = { 0 };
    size_t   low = 0, high = tables->part_count;

    if (count < 2 || count > LANGUAGE_PARTS)
        return false;
    memcpy(wanted, parts, count * sizeof wanted[0]);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_characters(tables->parts[middle].parts, wanted, LANGUAGE_PARTS) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < tables->part_count; low++) {
        if (compare_characters(tables->parts[low].parts, wanted, LANGUAGE_PARTS) != 0)
            return false;
        if (whole == 0 || tables->parts[low].whole == whole)
            return true;
    }
    return false;
}

bool language_is_unit(const struct language_tables *tables, const uint32_t *characters, size_t count)
{
    uint32_t wanted[LANGUAGE_UNIT_LENGTH] = { 0 };
    size_t   low = 0, high = tables->unit_count;

    if (count == 0 || count > LANGUAGE_UNIT_LENGTH)
        return false;
    memcpy(wanted, characters, count * sizeof wanted[0]);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int    order  = compare_characters(tables->units[middle].characters, wanted, LANGUAGE_UNIT_LENGTH);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool language_are_lookalikes(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    const uint32_t wanted[2] = { a < b ? a : b, a < b ? b : a };
    size_t         low = 0, high = tables->lookalike_count;

    while (low < high) {
        const size_t   middle  = low + (high - low) / 2;
        const uint32_t pair[2] = { tables->lookalikes[middle].first, tables->lookalikes[middle].second };
        const int      order   = compare_characters(pair, wanted, 2);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
