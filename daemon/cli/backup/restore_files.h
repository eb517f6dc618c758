/* A data directory out of a sealed base backup, ready to start: recovery settings that fetch sealed WAL, and a door
 * that only PostgreSQL's and the machine's administrators pass until the erasures are followed. Starts no server. */
#ifndef HULEI_DAEMON_CLI_BACKUP_RESTORE_FILES_H
#define HULEI_DAEMON_CLI_BACKUP_RESTORE_FILES_H

#include "daemon/common/config.h"

#include <stdbool.h>

struct restore_request {
    const char *directory;   /* of the new cluster; absent or empty */
    const char *key;         /* the recovery key's file, PEM */
    const char *at;          /* the moment to restore to, or NULL: as far as the WAL goes */
    const char *config_path; /* of hulei.yaml, absolute */
};

/* Extracts the newest base that began before `at`. False after a complaint on standard error. */
bool restore_files_make(const struct config *config, const struct restore_request *request);

/* One archived WAL file to `path`: PostgreSQL's restore_command. 0; 1 when there is none; 2 when it cannot be opened.
 */
int restore_files_wal(const struct config *config, const char *key, const char *name, const char *path);

/* The settings that restore_files_make() wrote and a finished restore takes back. */
extern const char *const restore_files_settings[5];

#endif
