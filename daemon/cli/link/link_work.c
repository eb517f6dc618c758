/* Chunks on threads; see link_work.h.
 * A thread waits with its results for its turn, so no more than one chunk per thread is held. */
#include "daemon/cli/link/link_work.h"

#include <pthread.h>

struct crew {
    const struct link_work *work;
    pthread_mutex_t         lock;
    pthread_cond_t          turn;
    size_t                  chunks, next_run, next_emit;
    bool                    has_failed;
    unsigned                started;
};

static bool take_chunk(struct crew *crew, size_t *chunk)
{
    pthread_mutex_lock(&crew->lock);
    *chunk            = crew->next_run;
    const bool is_any = !crew->has_failed && *chunk < crew->chunks;
    crew->next_run += is_any;
    pthread_mutex_unlock(&crew->lock);
    return is_any;
}

static void give_out(struct crew *crew, unsigned thread, size_t chunk, size_t first, size_t last, bool is_done)
{
    const struct link_work *work = crew->work;

    pthread_mutex_lock(&crew->lock);
    while (crew->next_emit != chunk && !crew->has_failed)
        pthread_cond_wait(&crew->turn, &crew->lock);
    if (is_done && !crew->has_failed && work->emit != NULL)
        is_done = work->emit(work->context, thread, first, last);
    crew->has_failed = crew->has_failed || !is_done;
    crew->next_emit++;
    if (work->progress != NULL)
        link_progress_step(work->progress, last, work->items);
    pthread_cond_broadcast(&crew->turn);
    pthread_mutex_unlock(&crew->lock);
}

static void *run_thread(void *argument)
{
    struct crew *crew = argument;
    size_t       chunk;

    pthread_mutex_lock(&crew->lock);
    const unsigned thread = crew->started++;
    pthread_mutex_unlock(&crew->lock);
    while (take_chunk(crew, &chunk)) {
        const struct link_work *work  = crew->work;
        const size_t            first = chunk * work->chunk_items;
        const size_t            end   = first + work->chunk_items;
        const size_t            last  = end < work->items ? end : work->items;

        give_out(crew, thread, chunk, first, last, work->run(work->context, thread, first, last));
    }
    return NULL;
}

bool link_work_run(const struct link_work *work, unsigned threads)
{
    pthread_t   handles[LINK_THREADS_MAX];
    struct crew crew    = { .work = work, .chunks = (work->items + work->chunk_items - 1) / work->chunk_items };
    unsigned    started = 0;

    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.turn, NULL);
    while (started < threads && pthread_create(&handles[started], NULL, run_thread, &crew) == 0)
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(handles[i], NULL);
    pthread_cond_destroy(&crew.turn);
    pthread_mutex_destroy(&crew.lock);
    return started > 0 && !crew.has_failed;
}
