/* Finding the row for a request; see routes.h.
 * Decodes nothing: a path in normal form needs it not. */
#include "daemon/console/http/routes.h"

#include <stdio.h>
#include <string.h>

static size_t segment_length(const char *text)
{
    return strcspn(text, "/");
}

static bool is_field(const char *segment)
{
    return segment[0] == '{';
}

/* Takes one segment of both; false when they do not fit. */
static bool match_segment(const char *pattern, const char *path, struct route_params *params)
{
    const size_t length = segment_length(path);

    if (!is_field(pattern))
        return segment_length(pattern) == length && strncmp(pattern, path, length) == 0;
    if (length == 0 || length >= ROUTE_PARAM_BYTES || params->count == ROUTE_PARAMS_MAX)
        return false;
    snprintf(params->texts[params->count++], ROUTE_PARAM_BYTES, "%.*s", (int)length, path);
    return true;
}

static bool match_path(const char *pattern, const char *path, struct route_params *params)
{
    params->count = 0;
    for (;;) {
        if (!match_segment(pattern, path, params))
            return false;
        pattern += segment_length(pattern);
        path += segment_length(path);
        if (*pattern == '\0' || *path == '\0')
            return *pattern == *path;
        pattern++;
        path++;
    }
}

enum route_verdict route_find(const char *method, const char *path, const struct web_route **route,
                              struct route_params *params)
{
    size_t                  count;
    const struct web_route *all     = routes_all(&count);
    const char             *wanted  = strcmp(method, "HEAD") == 0 ? "GET" : method;
    enum route_verdict      verdict = ROUTE_NO_PATH;

    for (size_t i = 0; i < count; i++) {
        struct route_params found;
        if (!match_path(all[i].path, path, &found))
            continue;
        if (strcmp(all[i].method, wanted) == 0) {
            *route  = &all[i];
            *params = found;
            return ROUTE_FOUND;
        }
        verdict = ROUTE_NO_METHOD;
    }
    return verdict;
}

int route_param_index(const struct web_route *route, const char *name)
{
    const size_t length = strlen(name);
    int          index  = 0;

    for (const char *at = strchr(route->path, '{'); at != NULL; at = strchr(at + 1, '{'), index++) {
        if (strncmp(at + 1, name, length) == 0 && at[length + 1] == '}')
            return index;
    }
    return -1;
}
