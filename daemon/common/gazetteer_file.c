/* Maps the built gazetteer; see gazetteer_file.h.
 * Read-only and shared, so that several processes cost its pages once. */
#include "daemon/common/gazetteer_file.h"

#include "daemon/common/share.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct gazetteer_file {
    void            *memory;
    size_t           length;
    struct gazetteer tables;
};

static void *map(const char *path, size_t *length)
{
    struct stat status;
    const int   file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return MAP_FAILED;

    void *memory = MAP_FAILED;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        *length = (size_t)status.st_size;
        memory  = mmap(NULL, *length, PROT_READ, MAP_SHARED, file, 0);
    }
    close(file);
    return memory;
}

struct gazetteer_file *gazetteer_file_open(const char *path, char *error, size_t size)
{
    char found[PATH_MAX] = "gazetteer.bin";

    if (path == NULL && !share_path("gazetteer.bin", found, sizeof found)) {
        snprintf(error, size, "the gazetteer is not there: %s", found);
        return NULL;
    }
    const char            *name = path != NULL ? path : found;
    struct gazetteer_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        snprintf(error, size, "out of memory");
        return NULL;
    }
    file->memory = map(name, &file->length);
    if (file->memory == MAP_FAILED) {
        snprintf(error, size, "cannot map the gazetteer %s", name);
        free(file);
        return NULL;
    }
    if (!gazetteer_open(&file->tables, file->memory, file->length)) {
        snprintf(error, size, "%s is damaged or no gazetteer of this version; make it anew: hulei gazetteer build",
                 name);
        gazetteer_file_close(file);
        return NULL;
    }
    return file;
}

const struct gazetteer *gazetteer_file_tables(const struct gazetteer_file *file)
{
    return &file->tables;
}

size_t gazetteer_file_length(const struct gazetteer_file *file)
{
    return file->length;
}

void gazetteer_file_close(struct gazetteer_file *file)
{
    if (file == NULL)
        return;
    munmap(file->memory, file->length);
    free(file);
}
