/* Memory that grows by large pieces and is given back as a whole: for indexes whose entries are met in any order.
 * Deliberately without a limit: who takes it counts. */
#ifndef HULEI_DAEMON_COMMON_SLABS_H
#define HULEI_DAEMON_COMMON_SLABS_H

#include <stddef.h>

struct slab;

/* Zeroed is empty. */
struct slabs {
    struct slab *newest;
};

/* Zeroed, aligned for any type; NULL: none is left. */
void *slabs_take(struct slabs *slabs, size_t bytes);
/* Gives everything back. */
void slabs_clear(struct slabs *slabs);

#endif
