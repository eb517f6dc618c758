/* The caller's side of the console's socket; see console_client.h.
 * Says nothing of who the caller is: the console asks the kernel. */
#include "daemon/cli/console_client.h"

#include "daemon/cli/config_option.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_WAIT_S = 30 };

/* Writes the socket's path; false with a complaint printed. */
static bool find_socket(const char *name, const char *config_path, const char *socket_path, char *path, size_t size)
{
    const char *given = socket_path != NULL ? socket_path : getenv("HULEI_CONSOLE_SOCKET");

    if (given != NULL) {
        snprintf(path, size, "%s", given);
        return true;
    }
    struct config *config = config_option_load(name, config_path);
    if (config == NULL)
        return false;
    snprintf(path, size, "%s", config->console.socket);
    config_free(config);
    return true;
}

static int connect_to(const char *path)
{
    struct sockaddr_un   address = { .sun_family = AF_UNIX };
    const struct timeval wait    = { ANSWER_WAIT_S, 0 };
    const int            handle  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (handle >= 0 && setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
        connect(handle, (struct sockaddr *)&address, sizeof address) == 0)
        return handle;
    if (handle >= 0)
        close(handle);
    return -1;
}

static bool send_all(int handle, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t count = send(handle, text, length, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        text += count;
        length -= (size_t)count;
    }
    return true;
}

/* Sends one line and reads one; NULL when the console does not answer. */
static json_t *ask(int handle, json_t *request)
{
    char   *text   = json_dumps(request, JSON_COMPACT);
    char   *line   = NULL;
    size_t  size   = 0;
    json_t *answer = NULL;
    FILE   *stream = fdopen(dup(handle), "r");

    if (text != NULL && stream != NULL && send_all(handle, text, strlen(text)) && send_all(handle, "\n", 1)) {
        const ssize_t length = getline(&line, &size, stream);
        if (length > 0)
            answer = json_loadb(line, (size_t)length, 0, NULL);
    }
    if (stream != NULL)
        fclose(stream);
    free(line);
    free(text);
    return answer;
}

json_t *console_client_ask(const char *name, const char *config_path, const char *socket_path, json_t *request,
                           int *exit_status)
{
    char path[sizeof((struct sockaddr_un *)0)->sun_path];

    *exit_status = 2;
    if (!find_socket(name, config_path, socket_path, path, sizeof path)) {
        json_decref(request);
        return NULL;
    }
    *exit_status     = 1;
    const int handle = connect_to(path);
    if (handle < 0) {
        fprintf(stderr, "hulei %s: the console does not listen on %s\n", name, path);
        json_decref(request);
        return NULL;
    }
    json_t *answer = ask(handle, request);
    json_decref(request);
    close(handle);
    if (answer == NULL)
        fprintf(stderr, "hulei %s: the console did not answer\n", name);
    return answer;
}
