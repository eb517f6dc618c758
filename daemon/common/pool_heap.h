/* Memory of the matchers' pools from the heap.
 * Deliberately in the daemon: the matchers themselves allocate nothing. */
#ifndef HULEI_DAEMON_COMMON_POOL_HEAP_H
#define HULEI_DAEMON_COMMON_POOL_HEAP_H

#include "matchers/proximity/pool.h"

#include <stdlib.h>

static inline void *pool_heap_acquire(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static inline void pool_heap_release(void *context, void *memory, size_t bytes)
{
    (void)context;
    (void)bytes;
    free(memory);
}

/* `limit_bytes` 0: none. */
static inline struct pool_memory pool_memory_of_heap(size_t limit_bytes)
{
    return (
        struct pool_memory){ .acquire = pool_heap_acquire, .release = pool_heap_release, .limit_bytes = limit_bytes };
}

#endif
