/* Pair names in an arena; see exposure_ids.h. */
#include "matchers/tier/exposure_ids.h"

#include <string.h>

bool exposure_ids_add(struct exposure_id_list *list, struct arena *arena, enum tier_subject subject, int64_t subject_id,
                      int64_t risk_id)
{
    if (list->count == list->capacity) {
        const size_t         capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        struct exposure_ids *items    = arena_alloc(arena, capacity, sizeof *items);
        if (items == NULL)
            return false;
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items    = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (struct exposure_ids){ subject, subject_id, risk_id };
    return true;
}

static void sift_down(struct exposure_ids *items, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; root = child, child = 2 * root + 1) {
        if (child + 1 < count && exposure_compare_ids(&items[child], &items[child + 1]) < 0)
            child++;
        if (exposure_compare_ids(&items[root], &items[child]) >= 0)
            return;
        const struct exposure_ids swapped = items[root];
        items[root]                       = items[child];
        items[child]                      = swapped;
    }
}

/* Heap sort: qsort() may allocate. */
void exposure_ids_settle(struct exposure_id_list *list)
{
    size_t kept = 0;

    for (size_t i = list->count / 2; i-- > 0;)
        sift_down(list->items, i, list->count);
    for (size_t end = list->count; end-- > 1;) {
        const struct exposure_ids swapped = list->items[0];
        list->items[0]                    = list->items[end];
        list->items[end]                  = swapped;
        sift_down(list->items, 0, end);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || exposure_compare_ids(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}
