/* A backup's file: a stream sealed to the recovery certificate, so that this machine can write it and not read it.
 * XChaCha20-Poly1305 in chunks (libsodium's secretstream); the stream's key stands in front, as CMS for the
 * certificate. Deliberately without names, folders and retention. */
#ifndef HULEI_DAEMON_CLI_BACKUP_SEALED_FILE_H
#define HULEI_DAEMON_CLI_BACKUP_SEALED_FILE_H

#include "daemon/courier/cms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sealed_writer;
struct sealed_reader;

/*
 * Creates `path` with mode 0600. `label` says what the file is; it is not stored and must be given again to read it, so
 * that one file cannot stand for another. NULL when the file cannot be created or the certificate not be used.
 */
struct sealed_writer *sealed_create(const char *path, const char *label, const struct cms_recipient *recipient);

bool sealed_write(struct sealed_writer *writer, const unsigned char *bytes, size_t size);

/* Writes the end, syncs and frees. False: the file is not whole; it is the caller's to remove. */
bool sealed_finish(struct sealed_writer *writer);

/* Frees without an end; a reader would find the file cut short. NULL does nothing. */
void sealed_abandon(struct sealed_writer *writer);

/*
 * `key_path`: PEM of the private key (its passphrase is asked for on the terminal), `certificate_path`: its
 * certificate. NULL when the file is no sealed file, or not for that key.
 */
struct sealed_reader *sealed_open(const char *path, const char *label, const char *key_path,
                                  const char *certificate_path);

/*
 * The next chunk; *bytes stays valid until the next call. 0 only at the true end; -1 when the file was altered, cut
 * short, or has another label.
 */
ssize_t sealed_read(struct sealed_reader *reader, const unsigned char **bytes);

/* NULL does nothing. */
void sealed_close(struct sealed_reader *reader);

#endif
