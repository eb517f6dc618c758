/* The line server on a real socket: whole and broken lines, several clients, oversize, order of answers.
 * The handler is an echo; who may do what is tested with the database. */
#include "daemon/console/protocol.h"
#include "daemon/console/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

struct fixture {
    char        path[64];
    int         listener;
    atomic_bool stop;
    pthread_t   thread;
};

static json_t *echo(void *context, uid_t user, const char *line, size_t length)
{
    (void)context;
    return json_pack("{s:i, s:s%}", "uid", (int)user, "line", line, length);
}

static void *serve(void *context)
{
    struct fixture             *fixture = context;
    const struct server_handler handler = { echo, NULL, NULL };

    server_run(fixture->listener, &handler, &fixture->stop);
    return NULL;
}

static int start(void **state)
{
    static struct fixture fixture;
    char                  error[200] = "";

    fixture = (struct fixture){ .stop = 0 };
    snprintf(fixture.path, sizeof fixture.path, "/tmp/hulei-console-test-%d.sock", (int)getpid());
    fixture.listener = server_listen(fixture.path, error, sizeof error);
    *state           = &fixture;
    return fixture.listener >= 0 ? pthread_create(&fixture.thread, NULL, serve, &fixture) : -1;
}

static int finish(void **state)
{
    struct fixture *fixture = *state;

    fixture->stop = 1;
    pthread_join(fixture->thread, NULL);
    close(fixture->listener);
    unlink(fixture->path);
    return 0;
}

static int join_client(const struct fixture *fixture)
{
    struct sockaddr_un   address = { .sun_family = AF_UNIX };
    const struct timeval wait    = { 5, 0 };
    const int            handle  = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, fixture->path);
    assert_int_equal(connect(handle, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return handle;
}

static void say(int handle, const char *text)
{
    assert_int_equal(send(handle, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* The next line, without its newline; "" at the end. */
static void hear(int handle, char *line, size_t size)
{
    size_t used = 0;

    while (used + 1 < size && recv(handle, line + used, 1, 0) == 1 && line[used] != '\n')
        used++;
    line[used] = '\0';
}

static void expect(int handle, const char *line)
{
    char text[512], wanted[512];

    snprintf(wanted, sizeof wanted, "{\"uid\":%d,\"line\":\"%s\"}", (int)getuid(), line);
    hear(handle, text, sizeof text);
    assert_string_equal(text, wanted);
}

static void answers_lines_in_order(void **state)
{
    const int handle = join_client(*state);

    say(handle, "one\ntwo\nthr");
    expect(handle, "one");
    expect(handle, "two");
    say(handle, "ee\n");
    expect(handle, "three");
    close(handle);
}

static void serves_beside_a_silent_client(void **state)
{
    const int silent = join_client(*state);
    const int busy   = join_client(*state);

    say(silent, "half a line");
    say(busy, "whole\n");
    expect(busy, "whole");
    say(silent, "\n");
    expect(silent, "half a line");
    close(silent);
    close(busy);
}

static void refuses_an_endless_line(void **state)
{
    const int   handle = join_client(*state);
    static char endless[REQUEST_LINE_BYTES_MAX + 1];
    char        text[512];

    memset(endless, 'x', sizeof endless - 1);
    say(handle, endless);
    hear(handle, text, sizeof text);
    assert_non_null(strstr(text, "too_long"));
    hear(handle, text, sizeof text);
    assert_string_equal(text, ""); /* closed */
    close(handle);
}

static void bounds_clients_of_one_user(void **state)
{
    int  handles[SERVER_CLIENTS_OF_USER_MAX];
    char text[512];

    for (int i = 0; i < SERVER_CLIENTS_OF_USER_MAX; i++) {
        handles[i] = join_client(*state);
        say(handles[i], "here\n");
        expect(handles[i], "here");
    }
    const int one_more = join_client(*state);
    hear(one_more, text, sizeof text);
    assert_string_equal(text, "");
    close(one_more);
    for (int i = 0; i < SERVER_CLIENTS_OF_USER_MAX; i++)
        close(handles[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_lines_in_order, start, finish),
        cmocka_unit_test_setup_teardown(serves_beside_a_silent_client, start, finish),
        cmocka_unit_test_setup_teardown(refuses_an_endless_line, start, finish),
        cmocka_unit_test_setup_teardown(bounds_clients_of_one_user, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
