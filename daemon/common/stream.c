/* Three steps for each chunk; see stream.h.
 * A thread waits with its results for its turn, so no more than one chunk per thread is held. */
#include "daemon/common/stream.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>

unsigned stream_cores(void)
{
    cpu_set_t cores;

    if (sched_getaffinity(0, sizeof cores, &cores) != 0)
        return 1;
    const int count = CPU_COUNT(&cores);
    return count < 1 ? 1 : count > STREAM_THREADS_MAX ? STREAM_THREADS_MAX : (unsigned)count;
}

struct crew {
    const struct stream *stream;
    pthread_mutex_t      source, lock; /* source: held during take(); lock: for what follows */
    pthread_cond_t       turn;
    size_t               next_take, next_emit;
    bool                 has_ended; /* under `source` */
    bool                 has_failed;
    unsigned             started;
};

static bool has_failed(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    const bool failed = crew->has_failed;
    pthread_mutex_unlock(&crew->lock);
    return failed;
}

static void note_failure(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->has_failed = true;
    pthread_cond_broadcast(&crew->turn);
    pthread_mutex_unlock(&crew->lock);
}

/* False: there is none, or all work ends. */
static bool take_chunk(struct crew *crew, unsigned thread, size_t *chunk)
{
    bool is_any = false;

    pthread_mutex_lock(&crew->source);
    if (!crew->has_ended && !has_failed(crew)) {
        if (!crew->stream->take(crew->stream->context, thread, &is_any)) {
            is_any = false;
            note_failure(crew);
        }
        crew->has_ended = !is_any;
        *chunk          = crew->next_take;
        crew->next_take += is_any;
    }
    pthread_mutex_unlock(&crew->source);
    return is_any;
}

/* False: all work ends. */
static bool await_turn(struct crew *crew, size_t chunk)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->next_emit != chunk && !crew->has_failed)
        pthread_cond_wait(&crew->turn, &crew->lock);
    const bool is_on = !crew->has_failed;
    pthread_mutex_unlock(&crew->lock);
    return is_on;
}

static void pass_turn(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->next_emit++;
    pthread_cond_broadcast(&crew->turn);
    pthread_mutex_unlock(&crew->lock);
}

static void *run_thread(void *argument)
{
    struct crew         *crew   = argument;
    const struct stream *stream = crew->stream;
    size_t               chunk  = 0;

    pthread_mutex_lock(&crew->lock);
    const unsigned thread = crew->started++;
    pthread_mutex_unlock(&crew->lock);
    while (take_chunk(crew, thread, &chunk)) {
        if (!stream->run(stream->context, thread)) {
            note_failure(crew);
            break;
        }
        if (!await_turn(crew, chunk))
            break;
        if (!stream->emit(stream->context, thread)) {
            note_failure(crew);
            break;
        }
        pass_turn(crew);
    }
    return NULL;
}

bool stream_run(const struct stream *stream, unsigned threads)
{
    pthread_t   handles[STREAM_THREADS_MAX];
    struct crew crew    = { .stream = stream };
    unsigned    started = 0;

    pthread_mutex_init(&crew.source, NULL);
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.turn, NULL);
    while (started < threads && pthread_create(&handles[started], NULL, run_thread, &crew) == 0)
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(handles[i], NULL);
    pthread_cond_destroy(&crew.turn);
    pthread_mutex_destroy(&crew.lock);
    pthread_mutex_destroy(&crew.source);
    return started > 0 && !crew.has_failed;
}
