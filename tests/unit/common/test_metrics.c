/* The figures of a role: the text itself, and a scrape while other threads count.
 * Run under ThreadSanitizer, too: the metrics server is the one thread a role has besides its own. */
#include "daemon/common/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { COUNTS = 20000, COUNTERS = 2, SCRAPES = 20 };

enum { ACCEPTED, REFUSED, SECONDS, LAG, ROWS };

static struct metric rows[ROWS + 1] = {
    [ACCEPTED] = METRIC_COUNTER("test_records_total", "outcome=\"accepted\"", "Records by outcome."),
    [REFUSED]  = METRIC_COUNTER("test_records_total", "outcome=\"refused\"", "Records by outcome."),
    [SECONDS]  = METRIC_SECONDS("test_seconds_total", NULL, "Time spent."),
    [LAG]      = METRIC_GAUGE("test_lag", NULL, "Messages behind."),
};

static void *count(void *unused)
{
    (void)unused;
    for (int i = 0; i < COUNTS; i++) {
        metric_add(&rows[ACCEPTED], 1);
        metric_set(&rows[LAG], COUNTS - i - 1);
    }
    return NULL;
}

/* The server's answer to one request; closes the connection. */
static void ask(const char *path, const char *request, char *answer, size_t size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const int          handle  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t             used    = 0;
    ssize_t            got     = 0;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    assert_int_equal(connect(handle, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(handle, request, strlen(request), MSG_NOSIGNAL), (int)strlen(request));
    while (used + 1 < size && (got = recv(handle, answer + used, size - used - 1, 0)) > 0)
        used += (size_t)got;
    answer[used] = '\0';
    close(handle);
}

static void path_of_socket(char path[64])
{
    snprintf(path, 64, "/tmp/hulei-test-metrics.%d", (int)getpid());
}

static void prints_prometheus_text(void **state)
{
    (void)state;
    metric_set(&rows[ACCEPTED], 3);
    metric_set(&rows[REFUSED], 1);
    metric_set(&rows[SECONDS], 1500000);
    metric_set(&rows[LAG], -7);
    char *text = metrics_render(rows, ROWS + 1); /* the last row has no name: a gap */
    assert_string_equal(text, "# HELP test_records_total Records by outcome.\n# TYPE test_records_total counter\n"
                              "test_records_total{outcome=\"accepted\"} 3\ntest_records_total{outcome=\"refused\"} 1\n"
                              "# HELP test_seconds_total Time spent.\n# TYPE test_seconds_total counter\n"
                              "test_seconds_total 1.500000\n"
                              "# HELP test_lag Messages behind.\n# TYPE test_lag gauge\ntest_lag -7\n");
    free(text);
}

static void is_scraped_while_threads_count(void **state)
{
    static const char *const request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    pthread_t                threads[COUNTERS];
    char                     path[64], error[200] = "", answer[8192];

    (void)state;
    path_of_socket(path);
    metric_set(&rows[ACCEPTED], 0);
    struct metrics_server *server = metrics_serve(path, rows, ROWS, error, sizeof error);
    assert_non_null(server);
    for (int i = 0; i < COUNTERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count, NULL), 0);
    for (int i = 0; i < SCRAPES; i++) {
        ask(path, request, answer, sizeof answer);
        assert_non_null(strstr(answer, "200 OK"));
        assert_non_null(strstr(answer, "test_records_total{outcome=\"accepted\"} "));
    }
    for (int i = 0; i < COUNTERS; i++)
        pthread_join(threads[i], NULL);
    ask(path, request, answer, sizeof answer);
    assert_non_null(strstr(answer, "test_records_total{outcome=\"accepted\"} 40000\n"));
    assert_non_null(strstr(answer, "test_lag 0\n"));
    metrics_stop(server);
    assert_int_equal(access(path, F_OK), -1);
}

static void shows_more_behind_the_table(void **state)
{
    static const char *const request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    char                     path[64], error[200] = "", answer[8192];

    (void)state;
    path_of_socket(path);
    struct metrics_server *server = metrics_serve(path, rows, ROWS, error, sizeof error);
    assert_non_null(server);
    metrics_show(server, strdup("test_post{post=\"p-1\"} 1\n"));
    metrics_show(server, strdup("test_post{post=\"p-2\"} 2\n"));
    ask(path, request, answer, sizeof answer);
    assert_null(strstr(answer, "p-1"));
    const char *more = strstr(answer, "test_post{post=\"p-2\"} 2\n");
    assert_non_null(more);
    assert_true(more > strstr(answer, "test_lag "));
    metrics_show(server, NULL);
    ask(path, request, answer, sizeof answer);
    assert_null(strstr(answer, "test_post"));
    metrics_stop(server);
}

static void answers_nothing_else(void **state)
{
    static const struct {
        const char *what, *request, *status;
    } requests[] = {
        {"another page",   "GET /keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",                          "404"},
        { "a post",        "POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "405"},
        { "a way out",     "GET /../metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",                    "404"},
        { "no host named", "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n",                                  "400"},
    };
    char        path[64], error[200] = "", answer[4096], status[16];
    struct stat found;

    (void)state;
    path_of_socket(path);
    struct metrics_server *server = metrics_serve(path, rows, ROWS, error, sizeof error);
    assert_non_null(server);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0660);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        ask(path, requests[i].request, answer, sizeof answer);
        snprintf(status, sizeof status, " %s ", requests[i].status);
        if (strstr(answer, status) == NULL || strstr(answer, "test_records_total") != NULL)
            fail_msg("%s: %.40s", requests[i].what, answer);
    }
    metrics_stop(server);
    metrics_stop(NULL);
}

static void refuses_a_long_path(void **state)
{
    char path[300], error[200] = "";

    (void)state;
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_null(metrics_serve(path, rows, ROWS, error, sizeof error));
    assert_non_null(strstr(error, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_prometheus_text),      cmocka_unit_test(is_scraped_while_threads_count),
        cmocka_unit_test(shows_more_behind_the_table), cmocka_unit_test(answers_nothing_else),
        cmocka_unit_test(refuses_a_long_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
