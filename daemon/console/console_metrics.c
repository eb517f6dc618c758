/* The console's figures; see console_metrics.h.
 * No label holds an account or a task. */
#include "daemon/console/console_metrics.h"

struct metric console_metrics[CONSOLE_METRIC_COUNT] = {
    [CONSOLE_REQUESTS]  = METRIC_COUNTER("hulei_console_requests_total", NULL, "Lines received."),
    [CONSOLE_MALFORMED] = METRIC_COUNTER("hulei_console_malformed_total", NULL, "Lines that were no request."),
    [CONSOLE_DENIED]    = METRIC_COUNTER("hulei_console_denied_total", NULL, "Requests of nobody who may review."),
    [CONSOLE_LOOKS]     = METRIC_COUNTER("hulei_console_looks_total", NULL, "Review sheets shown."),
    [CONSOLE_DECISIONS] = METRIC_COUNTER("hulei_console_decisions_total", NULL, "Decisions taken or undone."),
    [CONSOLE_HTTP_GOOD] =
        METRIC_COUNTER("hulei_console_http_requests_total", "outcome=\"good\"", "HTTP requests by outcome."),
    [CONSOLE_HTTP_REFUSED] =
        METRIC_COUNTER("hulei_console_http_requests_total", "outcome=\"refused\"", "HTTP requests by outcome."),
    [CONSOLE_HTTP_FAILED] =
        METRIC_COUNTER("hulei_console_http_requests_total", "outcome=\"failed\"", "HTTP requests by outcome."),
    [CONSOLE_HTTP_SECONDS] =
        METRIC_SECONDS("hulei_console_http_seconds_total", NULL, "Time spent answering HTTP requests."),
};
