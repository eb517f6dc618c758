/* From sealed files to a data directory; see restore_files.h. */
#include "daemon/cli/backup/restore_files.h"

#include "daemon/cli/backup/backup_folder.h"
#include "daemon/cli/backup/child.h"
#include "daemon/cli/backup/sealed_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

const char *const restore_files_settings[5] = { "restore_command", "recovery_target_time", "recovery_target_action",
                                                "hba_file", "ident_file" };

static bool write_all(int file, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

static bool copy_out(struct sealed_reader *reader, int file)
{
    const unsigned char *bytes = NULL;
    ssize_t              size  = 0;

    while ((size = sealed_read(reader, &bytes)) > 0) {
        if (!write_all(file, bytes, (size_t)size))
            return false;
    }
    return size == 0;
}

/* The newest base of the folder that began before the moment wanted. */
static bool choose_base(const struct config *config, const char *at, char stamp[BACKUP_STAMP_BYTES])
{
    struct backup_base *bases = NULL;
    size_t              count = 0, chosen = 0;
    int64_t             until_s = INT64_MAX;

    if (at != NULL && !backup_stamp_parse(at, &until_s)) {
        fputs("hulei restore: --at is a moment in UTC, as 2026-11-25T10:11:12Z\n", stderr);
        return false;
    }
    if (!backup_folder_list(config->backup.folder, &bases, &count))
        fprintf(stderr, "hulei restore: %s cannot be read\n", config->backup.folder);
    while (chosen < count && bases[chosen].started_s < until_s)
        chosen++;
    if (chosen > 0)
        memcpy(stamp, bases[chosen - 1].stamp, BACKUP_STAMP_BYTES);
    else
        fputs("hulei restore: no base backup began before that moment\n", stderr);
    free(bases);
    return chosen > 0;
}

static bool extract(const struct config *config, const struct restore_request *request, const char *stamp)
{
    char              path[PATH_BYTES], label[64];
    const char *const argv[] = { "tar", "--extract", "--file=-", "--directory", request->directory, NULL };
    struct child      child;

    snprintf(path, sizeof path, "%s/base/%s.tar.sealed", config->backup.folder, stamp);
    snprintf(label, sizeof label, "base/%s", stamp);
    struct sealed_reader *reader = sealed_open(path, label, request->key, config->backup.certificate);
    if (reader == NULL) {
        fprintf(stderr, "hulei restore: %s cannot be opened with this key\n", path);
        return false;
    }
    bool is_whole = child_start(&child, CHILD_READS, argv);
    if (is_whole) {
        const bool is_copied = copy_out(reader, child.pipe);
        is_whole             = child_wait(&child) && is_copied;
        if (!is_whole)
            fprintf(stderr, "hulei restore: %s is not whole or was altered\n", path);
    }
    sealed_close(reader);
    return is_whole;
}

/* In a setting's value and in a shell's double quotes at once. */
static bool is_plain(const char *text)
{
    return strpbrk(text, "'\"\\$`%\n") == NULL;
}

static bool write_file(const char *directory, const char *name, const char *text, const char *mode)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, mode);
    if (file == NULL)
        return false;
    const bool is_written = fputs(text, file) >= 0;
    return fclose(file) == 0 && is_written;
}

/* Until `hulei restore finish`, nobody but the administrators connects. */
static bool close_the_door(const char *directory)
{
    return write_file(directory, "hulei-restore-hba.conf", "local all postgres peer map=hulei_restore\n", "we") &&
           write_file(directory, "hulei-restore-ident.conf",
                      "hulei_restore postgres postgres\nhulei_restore root postgres\n", "we");
}

/* PostgreSQL knows no zone's name, not even Z, when it reads its settings. */
static void write_target(const char *at, char *text, size_t size)
{
    int64_t   seconds = 0;
    char      moment[32];
    struct tm parts;

    backup_stamp_parse(at, &seconds);
    const time_t wanted = (time_t)seconds;
    gmtime_r(&wanted, &parts);
    strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S+00", &parts);
    snprintf(text, size, "recovery_target_time = '%s'\nrecovery_target_action = 'promote'\n", moment);
}

static bool write_settings(const struct restore_request *request)
{
    char    program[PATH_BYTES], settings[6 * PATH_BYTES], target[256] = "";
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    if (length <= 0)
        return false;
    program[length] = '\0';
    if (!is_plain(program) || !is_plain(request->config_path) || !is_plain(request->key) ||
        !is_plain(request->directory)) {
        fputs("hulei restore: a path holds a quote, a backslash, a dollar or a percent sign\n", stderr);
        return false;
    }
    if (request->at != NULL)
        write_target(request->at, target, sizeof target);
    snprintf(settings, sizeof settings,
             "restore_command = '\"%s\" restore wal \"%%f\" \"%%p\" --key \"%s\" --config \"%s\"'\n%s"
             "hba_file = '%s/hulei-restore-hba.conf'\nident_file = '%s/hulei-restore-ident.conf'\n",
             program, request->key, request->config_path, target, request->directory, request->directory);
    return write_file(request->directory, "postgresql.auto.conf", settings, "ae") &&
           write_file(request->directory, "recovery.signal", "", "we");
}

/* A new folder, or one that is there and empty; errno says why not. */
static bool make_empty(const char *path)
{
    int entries = 0;

    if (mkdir(path, 0700) == 0)
        return true;
    DIR *directory = errno == EEXIST ? opendir(path) : NULL;
    if (directory == NULL)
        return false;
    while (readdir(directory) != NULL)
        entries++;
    closedir(directory);
    errno = entries <= 2 ? 0 : ENOTEMPTY;
    return entries <= 2;
}

bool restore_files_make(const struct config *config, const struct restore_request *request)
{
    char stamp[BACKUP_STAMP_BYTES];

    if (!choose_base(config, request->at, stamp))
        return false;
    if (!make_empty(request->directory)) {
        fprintf(stderr, "hulei restore: %s: %s\n", request->directory, strerror(errno));
        return false;
    }
    if (!extract(config, request, stamp))
        return false;
    if (!close_the_door(request->directory) || !write_settings(request)) {
        fprintf(stderr, "hulei restore: cannot write to %s\n", request->directory);
        return false;
    }
    printf("base %s in %s; start the server, wait for its promotion, then `hulei restore finish`\n", stamp,
           request->directory);
    return true;
}

int restore_files_wal(const struct config *config, const char *key, const char *name, const char *path)
{
    char sealed[PATH_BYTES], label[80];

    if (!backup_is_wal_name(name) || !backup_folder_find_wal(config->backup.folder, name, sealed, sizeof sealed))
        return 1; /* the usual end of recovery */
    snprintf(label, sizeof label, "wal/%s", name);
    struct sealed_reader *reader   = sealed_open(sealed, label, key, config->backup.certificate);
    const int             file     = reader != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    bool                  is_whole = file >= 0 && copy_out(reader, file);
    if (file >= 0)
        is_whole = close(file) == 0 && is_whole;
    sealed_close(reader);
    if (!is_whole)
        fprintf(stderr, "hulei restore: %s is not whole, was altered, or is not for this key\n", name);
    return is_whole ? 0 : 2;
}
