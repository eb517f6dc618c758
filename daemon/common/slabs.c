/* Growing memory; see slabs.h.
 * Asks for huge pages: an index of a million persons is far larger than what small pages' translations cover. */
#include "daemon/common/slabs.h"

#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>

static const size_t slab_bytes = (size_t)32 << 20, page_bytes = (size_t)2 << 20;

struct slab {
    struct slab *previous;
    void        *mapping;
    size_t       mapped_bytes;
    char        *next, *end;
};

static struct slab *map_slab(size_t wanted)
{
    const size_t inside  = (wanted + sizeof(struct slab) + page_bytes - 1) / page_bytes * page_bytes;
    const size_t bytes   = (inside > slab_bytes ? inside : slab_bytes) + page_bytes;
    char        *mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (mapping == MAP_FAILED)
        return NULL;
    /* Starts where a huge page can. */
    char *start = mapping + (page_bytes - (uintptr_t)mapping % page_bytes) % page_bytes;
    madvise(start, bytes - page_bytes, MADV_HUGEPAGE); /* a wish: without it all works more slowly */

    struct slab *slab  = (struct slab *)start;
    slab->mapping      = mapping;
    slab->mapped_bytes = bytes;
    slab->next = start + (sizeof *slab + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    slab->end  = start + bytes - page_bytes;
    return slab;
}

void *slabs_take(struct slabs *slabs, size_t bytes)
{
    const size_t alignment = alignof(max_align_t);
    const size_t whole     = (bytes + alignment - 1) / alignment * alignment;

    if (whole < bytes || whole > SIZE_MAX / 2)
        return NULL;
    if (slabs->newest == NULL || whole > (size_t)(slabs->newest->end - slabs->newest->next)) {
        struct slab *slab = map_slab(whole + alignment);

        if (slab == NULL)
            return NULL;
        slab->previous = slabs->newest;
        slabs->newest  = slab;
    }
    char *taken = slabs->newest->next;
    slabs->newest->next += whole;
    return taken;
}

void slabs_clear(struct slabs *slabs)
{
    while (slabs->newest != NULL) {
        struct slab *slab = slabs->newest;

        slabs->newest = slab->previous;
        munmap(slab->mapping, slab->mapped_bytes);
    }
}
