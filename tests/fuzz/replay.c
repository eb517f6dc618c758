/* Runs a fuzz harness over the files of a directory, for builds without libFuzzer.
 * Finds nothing new; a missing or empty directory is a failure, so that no harness goes untested unnoticed. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
    struct stat status;
    FILE       *stream = fopen(path, "rbe");

    if (stream == NULL || fstat(fileno(stream), &status) != 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        if (stream != NULL)
            fclose(stream);
        return -1;
    }
    if (!S_ISREG(status.st_mode)) {
        fclose(stream);
        return 0;
    }
    /* Exactly as large as the input, so that a sanitizer sees a read past its end. */
    uint8_t     *data = malloc((size_t)status.st_size + (status.st_size == 0));
    const size_t size = data != NULL ? fread(data, 1, (size_t)status.st_size, stream) : 0;
    fclose(stream);
    if (data != NULL)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    return data != NULL ? 1 : -1;
}

static int replay_directory(const char *path)
{
    DIR                 *directory = opendir(path);
    const struct dirent *entry     = NULL;
    int                  count     = 0;

    if (directory == NULL) {
        fprintf(stderr, "%s: no such directory\n", path);
        return -1;
    }
    while (count >= 0 && (entry = readdir(directory)) != NULL) {
        char file[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        const int replayed = replay_file(file);
        count              = replayed < 0 ? -1 : count + replayed;
    }
    closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;

    for (int i = 1; i < argc; i++) {
        const int count = replay_directory(argv[i]);
        if (count <= 0) {
            fprintf(stderr, "%s: nothing to replay\n", argv[i]);
            return 1;
        }
        total += count;
    }
    printf("replayed %d inputs\n", total);
    return total == 0;
}
