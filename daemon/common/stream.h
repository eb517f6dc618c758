/* A stream cut into chunks for all cores: taken one after the other, worked on side by side, given out in their order.
 * Every thread does all three, so that none waits for another's kind of work. */
#ifndef HULEI_DAEMON_COMMON_STREAM_H
#define HULEI_DAEMON_COMMON_STREAM_H

#include <stdbool.h>

enum { STREAM_THREADS_MAX = 64 };

struct stream {
    /* Takes the next chunk into memory of this thread; never two at a time. *is_any: false when nothing was left. */
    bool (*take)(void *context, unsigned thread, bool *is_any);
    /* Works on what this thread has taken. */
    bool (*run)(void *context, unsigned thread);
    /* Gives it out; never two at a time, in the order of take(). */
    bool (*emit)(void *context, unsigned thread);
    void *context;
};

/* At most STREAM_THREADS_MAX threads. False when a function said so, which ends all work, or no thread could be
 * started.
 */
bool stream_run(const struct stream *stream, unsigned threads);

/* Cores at hand, 1 to STREAM_THREADS_MAX. */
unsigned stream_cores(void);

#endif
