/* A Unix socket that takes lines and gives lines, and knows by SO_PEERCRED which OS user is at the other end.
 * One thread and poll(2): a slow or silent client delays nobody. What a line means is the handler's business. */
#ifndef HULEI_DAEMON_CONSOLE_SERVER_H
#define HULEI_DAEMON_CONSOLE_SERVER_H

#include <jansson.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

enum {
    SERVER_CLIENTS_MAX         = 64,
    SERVER_CLIENTS_OF_USER_MAX = 8,
    SERVER_IDLE_MS             = 60000,
};

struct server_handler {
    /* The answer to one line (without its newline); a new reference, sent and dropped by the server. Never NULL. */
    json_t *(*answer)(void *context, uid_t user, const char *line, size_t length);
    /* Called every half second or so; may be NULL. */
    void (*tick)(void *context);
    void *context;
};

/* Opens the socket, mode 0666: who may do what is decided per request. -1 on failure, with `error` filled. */
int server_listen(const char *path, char *error, size_t error_size);

/* Serves until *stop is true, which a signal handler or another thread may set; closes all clients, not the listening
 * socket. */
void server_run(int listener, const struct server_handler *handler, const atomic_bool *stop);

#endif
