/* The API as one table; config/openapi/console.yaml describes it, and a test holds the two against each other. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_ROUTES_H
#define HULEI_DAEMON_CONSOLE_HTTP_ROUTES_H

#include "daemon/console/http/web.h"

#include <stddef.h>

enum { ROUTE_PARAMS_MAX = 2, ROUTE_PARAM_BYTES = 80 };

/* Values of the path's fields in the order in which they stand there. */
struct route_params {
    char   texts[ROUTE_PARAMS_MAX][ROUTE_PARAM_BYTES];
    size_t count;
};

enum route_verdict { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };

/* Every row, for tests and for those who print them. */
const struct web_route *routes_all(size_t *count);

/* `path` without its query; *params is set on ROUTE_FOUND. HEAD is answered as GET. */
enum route_verdict route_find(const char *method, const char *path, const struct web_route **route,
                              struct route_params *params);

/* Place of a path field among those of the route's path; -1 when the path has none of that name. */
int route_param_index(const struct web_route *route, const char *name);

#endif
