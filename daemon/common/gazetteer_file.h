/* The built gazetteer, mapped into memory.
 * Deliberately no cache: the system's page cache is shared by all processes. */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_FILE_H
#define HULEI_DAEMON_COMMON_GAZETTEER_FILE_H

#include "matchers/address/gazetteer.h"

#include <stddef.h>

struct gazetteer_file;

/* Maps the file at `path`, or the program's own (share_path()) with NULL. NULL on failure, with a sentence in `error`.
 */
struct gazetteer_file *gazetteer_file_open(const char *path, char *error, size_t size);

/* Valid until gazetteer_file_close(). */
const struct gazetteer *gazetteer_file_tables(const struct gazetteer_file *file);

/* Bytes mapped. */
size_t gazetteer_file_length(const struct gazetteer_file *file);

/* NULL does nothing. */
void gazetteer_file_close(struct gazetteer_file *file);

#endif
