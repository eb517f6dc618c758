/* The recovery key's side of a backup: opens what was sealed to its certificate.
 * The key is kept away from the machine that writes backups; only a restore needs it. */
#ifndef HULEI_DAEMON_CLI_BACKUP_RECOVERY_KEY_H
#define HULEI_DAEMON_CLI_BACKUP_RECOVERY_KEY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Opens `text`, the base64 of cms_seal(), into exactly `size` bytes. False when the key or certificate cannot be read,
 * the message is not for them, was altered, or holds another number of bytes; `plain` is wiped then.
 */
bool recovery_key_open(const char *text, const char *key_path, const char *certificate_path, unsigned char *plain,
                       size_t size);

#endif
