/* Marks of files; see kafka_files.h. */
#include "daemon/common/kafka_files.h"

#include "daemon/common/clock.h"

#include <stddef.h>
#include <sys/stat.h>

enum { LOOK_EVERY_MS = 1000 };

static struct kafka_file_mark mark_of(const char *path, struct kafka_file_mark otherwise)
{
    struct stat facts;

    if (path == NULL || stat(path, &facts) != 0)
        return otherwise;
    return (struct kafka_file_mark){
        .inode      = facts.st_ino,
        .bytes      = facts.st_size,
        .written_ns = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec,
    };
}

void kafka_files_note(struct kafka_files *files, const struct config_kafka *kafka, const char *password_file)
{
    *files =
        (struct kafka_files){ .ca = kafka->ca, .password_file = password_file, .looked_at_ms = clock_monotonic_ms() };
    files->marks[0] = mark_of(files->ca, files->marks[0]);
    files->marks[1] = mark_of(files->password_file, files->marks[1]);
}

static bool is_other(struct kafka_file_mark a, struct kafka_file_mark b)
{
    return a.inode != b.inode || a.bytes != b.bytes || a.written_ns != b.written_ns;
}

bool kafka_files_changed(struct kafka_files *files)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (now_ms - files->looked_at_ms < LOOK_EVERY_MS)
        return false;
    files->looked_at_ms = now_ms;
    return is_other(files->marks[0], mark_of(files->ca, files->marks[0])) ||
           is_other(files->marks[1], mark_of(files->password_file, files->marks[1]));
}
