/* Workers of the pool; see worker.h.
 * Starts no thread: they are the HTTP library's. */
#include "daemon/console/http/worker.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct workers {
    size_t        count;
    atomic_size_t taken;
    struct worker each[WORKERS_MAX];
};

/* The library names no thread to its handlers: each remembers which worker it took. */
static _Thread_local struct worker *mine;

struct workers *workers_open(const struct config *config, const struct sheet_tools *lent, size_t count, char *error,
                             size_t error_size)
{
    struct workers *workers = calloc(1, sizeof *workers);

    if (workers == NULL || count > WORKERS_MAX) {
        snprintf(error, error_size, "no memory for the workers");
        free(workers);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct worker *worker = &workers->each[i];
        char           name[32];
        snprintf(name, sizeof name, "hulei console %zu", i + 1);
        worker->tools       = *lent;
        worker->tools.vault = vault_open_directory(config->console.keys, error, error_size);
        if (worker->tools.vault != NULL) {
            vault_use_suite(worker->tools.vault, config->vault.suite);
            worker->blind = blind_open_directory(config->console.keys, error, error_size);
        }
        if (worker->blind != NULL)
            worker->db = db_open(config->database.console, name, error, error_size);
        workers->count = i + 1;
        if (worker->db == NULL) {
            workers_close(workers);
            return NULL;
        }
    }
    return workers;
}

void workers_close(struct workers *workers)
{
    if (workers == NULL)
        return;
    for (size_t i = 0; i < workers->count; i++) {
        db_close(workers->each[i].db);
        blind_close(workers->each[i].blind);
        vault_close(workers->each[i].tools.vault);
    }
    free(workers);
}

struct worker *workers_mine(struct workers *workers)
{
    if (mine == NULL) {
        const size_t index = atomic_fetch_add(&workers->taken, 1);
        mine               = index < workers->count ? &workers->each[index] : NULL;
    }
    return mine;
}
