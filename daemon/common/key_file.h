/* Reads a key from a file that nobody else may read. */
#ifndef HULEI_DAEMON_COMMON_KEY_FILE_H
#define HULEI_DAEMON_COMMON_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads exactly `size` bytes of `directory`/`name`. The file must be a regular one with mode 0400, owned by the
 * calling user, and exactly that long; false otherwise, with `error` naming file and rule, and `key` wiped. Files of
 * $CREDENTIALS_DIRECTORY may be root's and readable by the group that systemd's access list shows as one.
 * From the first call on the process writes no core and is not dumpable: whoever reads a key is not to be read.
 */
bool key_file_read(const char *directory, const char *name, unsigned char *key, size_t size, char *error,
                   size_t error_size);

#endif
