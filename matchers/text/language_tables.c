/* Look-ups in the language tables; see language_tables.h.
 * Deliberately without filling them. */
#include "matchers/text/language_tables.h"

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
