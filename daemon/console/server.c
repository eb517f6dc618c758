/* The line server; see server.h.
 * Keeps no line after it is answered: what reviewers read and write is wiped from the buffers. */
#include "daemon/console/server.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"
#include "daemon/console/protocol.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { POLL_WAIT_MS = 500, OUTPUT_BYTES_MAX = 4 * 1024 * 1024 };

struct client {
    int     handle; /* -1: free */
    uid_t   user;
    int64_t deadline_ms; /* monotonic */
    char    input[REQUEST_LINE_BYTES_MAX];
    size_t  input_used;
    char   *output; /* NULL: nothing to send */
    size_t  output_length, output_sent;
    bool    is_closing; /* after the output */
};

struct server {
    const struct server_handler *handler;
    struct client                clients[SERVER_CLIENTS_MAX];
};

int server_listen(const char *path, char *error, size_t error_size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof address.sun_path) {
        snprintf(error, error_size, "the path of the console socket is too long");
        return -1;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle >= 0) {
        unlink(path);
        if (bind(handle, (struct sockaddr *)&address, sizeof address) == 0 && chmod(path, 0666) == 0 &&
            listen(handle, SERVER_CLIENTS_MAX) == 0)
            return handle;
    }
    snprintf(error, error_size, "cannot listen on the console socket: %s", strerror(errno));
    if (handle >= 0)
        close(handle);
    return -1;
}

static void drop_output(struct client *client)
{
    if (client->output != NULL)
        OPENSSL_cleanse(client->output, client->output_length);
    free(client->output);
    client->output        = NULL;
    client->output_length = 0;
    client->output_sent   = 0;
}

static void close_client(struct client *client)
{
    drop_output(client);
    OPENSSL_cleanse(client->input, sizeof client->input);
    close(client->handle);
    client->handle     = -1;
    client->input_used = 0;
}

/* Takes ownership of `answer`. */
static void set_output(struct client *client, json_t *answer)
{
    char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;

    json_decref(answer);
    if (text == NULL || strlen(text) > OUTPUT_BYTES_MAX) {
        free(text);
        client->is_closing = true;
        return;
    }
    client->output_length           = strlen(text) + 1;
    text[client->output_length - 1] = '\n'; /* in the place of the NUL */
    client->output                  = text;
    client->output_sent             = 0;
}

static void accept_client(struct server *server, int listener)
{
    struct ucred   peer;
    socklen_t      size        = sizeof peer;
    struct client *free_client = NULL;
    int            of_user     = 0;
    const int      handle      = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (handle < 0)
        return;
    if (getsockopt(handle, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        close(handle);
        return;
    }
    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++) {
        struct client *client = &server->clients[i];
        if (client->handle < 0)
            free_client = client;
        else
            of_user += client->user == peer.uid;
    }
    if (free_client == NULL || of_user >= SERVER_CLIENTS_OF_USER_MAX) {
        log_warning("console_full", log_number("uid", (int64_t)peer.uid));
        close(handle);
        return;
    }
    free_client->handle      = handle;
    free_client->user        = peer.uid;
    free_client->is_closing  = false;
    free_client->deadline_ms = clock_monotonic_ms() + SERVER_IDLE_MS;
}

/* Answers the first whole line in the input, if there is one and nothing waits to be sent. */
static void answer_line(struct server *server, struct client *client)
{
    if (client->output != NULL || client->is_closing)
        return;
    char *end = memchr(client->input, '\n', client->input_used);
    if (end == NULL) {
        if (client->input_used < sizeof client->input)
            return;
        set_output(client, answer_refused("too_long", "a request is one line of at most 8 KiB"));
        client->is_closing = true;
        return;
    }
    const size_t length = (size_t)(end - client->input);
    const size_t left   = client->input_used - length - 1;
    set_output(client, server->handler->answer(server->handler->context, client->user, client->input, length));
    memmove(client->input, end + 1, left);
    OPENSSL_cleanse(client->input + left, client->input_used - left);
    client->input_used = left;
}

/* False: the client is gone. */
static bool read_input(struct client *client)
{
    const size_t room = sizeof client->input - client->input_used;

    if (room == 0)
        return true;
    const ssize_t count = recv(client->handle, client->input + client->input_used, room, 0);
    if (count == 0)
        return false;
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    client->input_used += (size_t)count;
    client->deadline_ms = clock_monotonic_ms() + SERVER_IDLE_MS;
    return true;
}

static bool write_output(struct client *client)
{
    while (client->output != NULL) {
        const ssize_t count = send(client->handle, client->output + client->output_sent,
                                   client->output_length - client->output_sent, MSG_NOSIGNAL);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR;
        client->output_sent += (size_t)count;
        if (client->output_sent == client->output_length)
            drop_output(client);
    }
    return true;
}

static void serve_client(struct server *server, struct client *client, short events)
{
    bool is_alive = true;

    if (events & (POLLIN | POLLHUP | POLLERR))
        is_alive = read_input(client);
    if (is_alive) {
        answer_line(server, client);
        is_alive = write_output(client);
    }
    if (!is_alive || (client->is_closing && client->output == NULL) || clock_monotonic_ms() > client->deadline_ms)
        close_client(client);
}

static bool has_line(const struct client *client)
{
    return client->output == NULL && memchr(client->input, '\n', client->input_used) != NULL;
}

static void run_round(struct server *server, int listener)
{
    struct pollfd waits[SERVER_CLIENTS_MAX + 1] = {
        {listener, POLLIN, 0}
    };
    int wait_ms = POLL_WAIT_MS;

    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++) {
        const struct client *client = &server->clients[i];
        const short          events = client->output != NULL ? POLLOUT : POLLIN;
        waits[i + 1]                = (struct pollfd){ client->handle, events, 0 };
        if (client->handle >= 0 && has_line(client))
            wait_ms = 0; /* a second line came with the first */
    }
    if (poll(waits, SERVER_CLIENTS_MAX + 1, wait_ms) < 0)
        return;
    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++) {
        if (server->clients[i].handle >= 0)
            serve_client(server, &server->clients[i], waits[i + 1].revents);
    }
    if (waits[0].revents & POLLIN)
        accept_client(server, listener);
}

void server_run(int listener, const struct server_handler *handler, const atomic_bool *stop)
{
    static struct server server; /* half a megabyte: not for the stack */

    server.handler = handler;
    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
        server.clients[i].handle = -1;
    while (!atomic_load(stop)) {
        run_round(&server, listener);
        if (handler->tick != NULL)
            handler->tick(handler->context);
    }
    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++) {
        if (server.clients[i].handle >= 0)
            close_client(&server.clients[i]);
    }
}
