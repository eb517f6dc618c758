/* The console's figures. */
#ifndef HULEI_DAEMON_CONSOLE_CONSOLE_METRICS_H
#define HULEI_DAEMON_CONSOLE_CONSOLE_METRICS_H

#include "daemon/common/metrics.h"

enum console_metric {
    CONSOLE_REQUESTS,
    CONSOLE_MALFORMED,
    CONSOLE_DENIED,
    CONSOLE_LOOKS,
    CONSOLE_DECISIONS,
    CONSOLE_HTTP_GOOD,
    CONSOLE_HTTP_REFUSED,
    CONSOLE_HTTP_FAILED,
    CONSOLE_HTTP_SECONDS,
    CONSOLE_METRIC_COUNT
};

extern struct metric console_metrics[CONSOLE_METRIC_COUNT];

#endif
