/* Lifetimes of connections; see connections.h.
 * Closes nothing: it only shuts down, and the server that owns the socket sees its end. */
#include "daemon/console/http/connections.h"

#include "daemon/common/clock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

struct connections {
    pthread_mutex_t lock;
    struct {
        int     handle; /* -1: free */
        int64_t until_ms;
    } slots[CONNECTIONS_MAX];
};

struct connections *connections_open(void)
{
    struct connections *connections = calloc(1, sizeof *connections);

    if (connections == NULL)
        return NULL;
    pthread_mutex_init(&connections->lock, NULL);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        connections->slots[i].handle = -1;
    return connections;
}

void connections_close(struct connections *connections)
{
    if (connections == NULL)
        return;
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

int connections_add(struct connections *connections, int handle)
{
    int slot = -1;

    pthread_mutex_lock(&connections->lock);
    for (int i = 0; i < CONNECTIONS_MAX && slot < 0; i++) {
        if (connections->slots[i].handle < 0)
            slot = i;
    }
    if (slot >= 0) {
        connections->slots[slot].handle   = handle;
        connections->slots[slot].until_ms = clock_monotonic_ms() + CONNECTION_STEP_MS;
    }
    pthread_mutex_unlock(&connections->lock);
    return slot;
}

void connections_extend(struct connections *connections, int slot, int64_t ms)
{
    if (slot < 0)
        return;
    pthread_mutex_lock(&connections->lock);
    connections->slots[slot].until_ms = clock_monotonic_ms() + ms;
    pthread_mutex_unlock(&connections->lock);
}

void connections_remove(struct connections *connections, int slot)
{
    if (slot < 0)
        return;
    pthread_mutex_lock(&connections->lock);
    connections->slots[slot].handle = -1;
    pthread_mutex_unlock(&connections->lock);
}

size_t connections_reap(struct connections *connections)
{
    const int64_t now_ms = clock_monotonic_ms();
    size_t        count  = 0;

    pthread_mutex_lock(&connections->lock);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (connections->slots[i].handle >= 0 && connections->slots[i].until_ms < now_ms) {
            shutdown(connections->slots[i].handle, SHUT_RDWR);
            connections->slots[i].until_ms = INT64_MAX;
            count++;
        }
    }
    pthread_mutex_unlock(&connections->lock);
    return count;
}
