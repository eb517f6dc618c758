/* Finds the program's data files; see share.h.
 * Never looks into the working directory: a planted file must not be read. */
#include "daemon/common/share.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_readable(const char *folder, const char *suffix, const char *name, char *path, size_t size)
{
    const int length = snprintf(path, size, "%s%s/%s", folder, suffix, name);

    return length > 0 && (size_t)length < size && access(path, R_OK) == 0;
}

bool share_path(const char *name, char *path, size_t size)
{
    static const char *const places[] = { "/share", "/../share/hulei", "/../share" };
    const char              *override = getenv("HULEI_SHARE");
    char                     folder[PATH_MAX];

    if (override != NULL && override[0] != '\0')
        return is_readable(override, "", name, path, size);

    const ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (length <= 0)
        return false;
    folder[length] = '\0';
    char *slash    = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (is_readable(folder, places[i], name, path, size))
            return true;
    }
    return false;
}
