/* Work cut into chunks for all cores, its results given out in the order of the chunks.
 * So the output does not depend on the number of threads. */
#ifndef HULEI_DAEMON_CLI_LINK_WORK_H
#define HULEI_DAEMON_CLI_LINK_WORK_H

#include "daemon/cli/link/link_progress.h"
#include "daemon/common/stream.h"

#include <stdbool.h>
#include <stddef.h>

enum { LINK_THREADS_MAX = STREAM_THREADS_MAX };

struct link_work {
    size_t items, chunk_items;
    /* Works on items first to below last, in memory of this thread. False ends all work. */
    bool (*run)(void *context, unsigned thread, size_t first, size_t last);
    /* Gives out what run() left behind; never two at a time, in order of the chunks. May be NULL. */
    bool (*emit)(void *context, unsigned thread, size_t first, size_t last);
    void                 *context;
    struct link_progress *progress; /* may be NULL */
};

/* False when a function said so or no thread could be started. */
bool link_work_run(const struct link_work *work, unsigned threads);

#endif
