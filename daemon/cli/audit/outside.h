/* Reads what the outside auditor keeps: the file of signed statements, and the key that was handed over. */
#ifndef HULEI_DAEMON_CLI_AUDIT_OUTSIDE_H
#define HULEI_DAEMON_CLI_AUDIT_OUTSIDE_H

#include "daemon/common/audit_root.h"
#include "daemon/common/audit_verify.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads statements, one a line, from `path` ("-": standard input) into *roots, sorted. `public_keys`: hex, separated by
 * commas. False with `error` saying line and fault; what was read before it is in *roots.
 */
bool outside_read_roots(const char *path, const char *public_keys, struct audit_roots *roots, char *error,
                        size_t error_size);

/* Reads "epoch N" and "key HEX" (written by `hulei audit hand-over`) into *outside. */
bool outside_read_key(const char *path, struct audit_outside *outside, char *error, size_t error_size);

#endif
