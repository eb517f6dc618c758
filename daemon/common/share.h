/* Finds the data files that belong to the program: build/share beside the binary in the build tree,
 * ../share/hulei when installed, $HULEI_SHARE when set. */
#ifndef HULEI_DAEMON_COMMON_SHARE_H
#define HULEI_DAEMON_COMMON_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes the full path of the data file `name` ("gazetteer.bin", "names/surname_freq.csv").
 * False when no such file exists or `size` is too small; `path` then holds the last place tried.
 */
bool share_path(const char *name, char *path, size_t size);

#endif
