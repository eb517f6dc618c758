/* The folder of backups: base/<UTC time>.tar.sealed and wal/<segment>-<hash>.sealed; which are there, which may go.
 * Opens none of them. */
#ifndef HULEI_DAEMON_CLI_BACKUP_BACKUP_FOLDER_H
#define HULEI_DAEMON_CLI_BACKUP_BACKUP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BACKUP_STAMP_BYTES = 17, /* 20261125T101112Z */
    BACKUP_NAME_BYTES  = 64, /* a WAL file's name */
};

struct backup_base {
    char    stamp[BACKUP_STAMP_BYTES];
    int64_t started_s; /* seconds since 1970 */
    int64_t bytes;
};

/* Sorted, oldest first; freed with free(). *count 0 with NULL when there is none. False: the folder cannot be read. */
bool backup_folder_list(const char *folder, struct backup_base **bases, size_t *count);

/* Number and bytes of WAL files, and the time the newest was written (0: none). */
bool backup_folder_wal(const char *folder, size_t *count, int64_t *bytes, int64_t *newest_s);

void backup_stamp(int64_t now_s, char stamp[BACKUP_STAMP_BYTES]);

/* "20261125T101112Z", or "2026-11-25 10:11:12Z" and with T, as operators write it. False: neither. */
bool backup_stamp_parse(const char *text, int64_t *seconds);

/* What PostgreSQL may ask to archive: a segment, a history or a backup label; no other character, no folder. */
bool backup_is_wal_name(const char *name);

/* The archived file of a WAL name. False when there is none. */
bool backup_folder_find_wal(const char *folder, const char *name, char *path, size_t size);

/*
 * Removes bases older than `keep_days` and the WAL that no base left needs: what was written before the oldest of them
 * began. Counts what went. False: something could not be removed.
 */
bool backup_folder_prune(const char *folder, uint32_t keep_days, int64_t now_s, size_t *bases, size_t *segments);

/* Makes a rename in `folder` durable. */
bool backup_folder_sync(const char *folder);

#endif
