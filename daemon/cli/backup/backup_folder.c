/* Names, ages and retention of backups; see backup_folder.h. */
#include "daemon/cli/backup/backup_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, DAY_S = 86400 };

static const char base_suffix[] = ".tar.sealed";
static const char wal_suffix[]  = ".sealed";

void backup_stamp(int64_t now_s, char stamp[BACKUP_STAMP_BYTES])
{
    const time_t now = (time_t)now_s;
    struct tm    parts;

    gmtime_r(&now, &parts);
    strftime(stamp, BACKUP_STAMP_BYTES, "%Y%m%dT%H%M%SZ", &parts);
}

bool backup_stamp_parse(const char *text, int64_t *seconds)
{
    static const char *const forms[] = { "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%SZ" };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct tm   parts = { .tm_isdst = 0 };
        const char *end   = strptime(text, forms[i], &parts);
        if (end != NULL && *end == '\0') {
            *seconds = (int64_t)timegm(&parts);
            return true;
        }
    }
    return false;
}

static bool has_suffix(const char *name, const char *suffix)
{
    const size_t length = strlen(name), tail = strlen(suffix);

    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

bool backup_is_wal_name(const char *name)
{
    const size_t hex  = strspn(name, "0123456789ABCDEF");
    const char  *tail = name + hex;

    if (hex == 24 && tail[0] == '.' && strspn(tail + 1, "0123456789ABCDEF") == 8)
        return strcmp(tail + 9, ".backup") == 0;
    return (hex == 24 && (tail[0] == '\0' || strcmp(tail, ".partial") == 0)) ||
           (hex == 8 && strcmp(tail, ".history") == 0);
}

/* Calls for each file of folder/part with that suffix, until it answers false. */
static bool each_file(const char *folder, const char *part, const char *suffix,
                      bool (*visit)(void *context, const char *path, const char *name, const struct stat *facts),
                      void *context)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", folder, part);
    DIR *directory = opendir(path);
    bool is_ok     = directory != NULL;
    for (struct dirent *entry; is_ok && (entry = readdir(directory)) != NULL;) {
        struct stat facts;
        char        file[PATH_BYTES + 256];
        if (!has_suffix(entry->d_name, suffix))
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        is_ok = stat(file, &facts) == 0 && visit(context, file, entry->d_name, &facts);
    }
    if (directory != NULL)
        closedir(directory);
    return is_ok;
}

struct listing {
    struct backup_base *bases;
    size_t              count, capacity;
};

static bool add_base(void *context, const char *path, const char *name, const struct stat *facts)
{
    struct listing *listing                   = context;
    char            stamp[BACKUP_STAMP_BYTES] = "";
    int64_t         started_s                 = 0;

    (void)path;
    if (strlen(name) != BACKUP_STAMP_BYTES - 1 + sizeof base_suffix - 1)
        return true;
    memcpy(stamp, name, BACKUP_STAMP_BYTES - 1);
    if (!backup_stamp_parse(stamp, &started_s))
        return true;
    if (listing->count == listing->capacity) {
        const size_t        capacity = listing->capacity * 2 + 16;
        struct backup_base *grown    = realloc(listing->bases, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        listing->bases    = grown;
        listing->capacity = capacity;
    }
    struct backup_base *base = &listing->bases[listing->count++];
    memcpy(base->stamp, stamp, sizeof base->stamp);
    base->started_s = started_s;
    base->bytes     = facts->st_size;
    return true;
}

static int compare_bases(const void *a, const void *b)
{
    return strcmp(((const struct backup_base *)a)->stamp, ((const struct backup_base *)b)->stamp);
}

bool backup_folder_list(const char *folder, struct backup_base **bases, size_t *count)
{
    struct listing listing = { NULL, 0, 0 };
    const bool     is_ok   = each_file(folder, "base", base_suffix, add_base, &listing);

    if (listing.count > 0)
        qsort(listing.bases, listing.count, sizeof *listing.bases, compare_bases);
    if (!is_ok) {
        free(listing.bases);
        listing = (struct listing){ NULL, 0, 0 };
    }
    *bases = listing.bases;
    *count = listing.count;
    return is_ok;
}

struct wal_sum {
    size_t  count;
    int64_t bytes, newest_s;
};

static bool add_wal(void *context, const char *path, const char *name, const struct stat *facts)
{
    struct wal_sum *sum = context;

    (void)path;
    (void)name;
    sum->count++;
    sum->bytes += facts->st_size;
    if (facts->st_mtime > sum->newest_s)
        sum->newest_s = facts->st_mtime;
    return true;
}

bool backup_folder_wal(const char *folder, size_t *count, int64_t *bytes, int64_t *newest_s)
{
    struct wal_sum sum   = { 0, 0, 0 };
    const bool     is_ok = each_file(folder, "wal", wal_suffix, add_wal, &sum);

    *count    = sum.count;
    *bytes    = sum.bytes;
    *newest_s = sum.newest_s;
    return is_ok;
}

struct wanted {
    const char *name;
    char       *path;
    size_t      size;
    bool        is_found;
};

static bool match_wal(void *context, const char *path, const char *name, const struct stat *facts)
{
    struct wanted *wanted = context;
    const size_t   length = strlen(wanted->name);

    (void)facts;
    if (strncmp(name, wanted->name, length) == 0 && name[length] == '-') {
        snprintf(wanted->path, wanted->size, "%s", path);
        wanted->is_found = true;
    }
    return !wanted->is_found;
}

bool backup_folder_find_wal(const char *folder, const char *name, char *path, size_t size)
{
    struct wanted wanted = { name, path, size, false };

    each_file(folder, "wal", wal_suffix, match_wal, &wanted);
    return wanted.is_found;
}

struct pruning {
    int64_t before_s;
    size_t  removed;
};

static bool remove_old_base(void *context, const char *path, const char *name, const struct stat *facts)
{
    struct pruning *pruning                   = context;
    char            stamp[BACKUP_STAMP_BYTES] = "";
    int64_t         started_s                 = 0;

    (void)facts;
    memcpy(stamp, name, BACKUP_STAMP_BYTES - 1);
    if (!backup_stamp_parse(stamp, &started_s) || started_s >= pruning->before_s)
        return true;
    pruning->removed++;
    return unlink(path) == 0;
}

static bool remove_old_wal(void *context, const char *path, const char *name, const struct stat *facts)
{
    struct pruning *pruning = context;

    (void)name;
    if (facts->st_mtime >= pruning->before_s)
        return true;
    pruning->removed++;
    return unlink(path) == 0;
}

bool backup_folder_prune(const char *folder, uint32_t keep_days, int64_t now_s, size_t *bases, size_t *segments)
{
    struct pruning      pruning = { now_s - (int64_t)keep_days * DAY_S, 0 };
    struct backup_base *left    = NULL;
    size_t              count   = 0;

    *bases = *segments = 0;
    if (!each_file(folder, "base", base_suffix, remove_old_base, &pruning) ||
        !backup_folder_list(folder, &left, &count))
        return false;
    *bases           = pruning.removed;
    pruning.removed  = 0;
    pruning.before_s = count > 0 ? left[0].started_s : pruning.before_s;
    free(left);
    const bool is_ok = each_file(folder, "wal", wal_suffix, remove_old_wal, &pruning);
    *segments        = pruning.removed;
    return is_ok;
}

bool backup_folder_sync(const char *folder)
{
    const int  directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_ok     = directory >= 0 && fsync(directory) == 0;

    if (directory >= 0)
        close(directory);
    return is_ok;
}
