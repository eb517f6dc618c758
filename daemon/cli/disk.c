/* Block devices in sysfs; see disk.h. */
#include "daemon/cli/disk.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { DEPTH_MAX = 8, NUMBERS_BYTES = 32 };

const char *disk_state_word(enum disk_state state)
{
    static const char *const words[] = {
        [DISK_UNKNOWN]   = "unknown",
        [DISK_PLAIN]     = "not encrypted",
        [DISK_ENCRYPTED] = "encrypted",
    };

    return words[state];
}

/* The first line of a file below a device's folder; "" when there is none. */
static void read_line(const char *device, const char *name, char *line, size_t size)
{
    char  path[PATH_MAX];
    FILE *file = NULL;

    line[0] = '\0';
    if (snprintf(path, sizeof path, "%s/%s", device, name) < (int)sizeof path)
        file = fopen(path, "re");
    if (file == NULL)
        return;
    if (fgets(line, (int)size, file) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    fclose(file);
}

static enum disk_state look(const char *device, int depth);

/* Encrypted when every device below is; a device on nothing is plain. */
static enum disk_state look_below(const char *device, int depth)
{
    char            path[PATH_MAX];
    enum disk_state state  = DISK_PLAIN;
    bool            is_all = true, is_any = false;

    if (snprintf(path, sizeof path, "%s/slaves", device) >= (int)sizeof path)
        return DISK_UNKNOWN;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char slave[PATH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(slave, sizeof slave, "%s/%s", path, entry->d_name) >= (int)sizeof slave)
            continue;
        is_any = true;
        is_all = look(slave, depth + 1) == DISK_ENCRYPTED && is_all;
    }
    if (folder != NULL)
        closedir(folder);
    if (is_any && is_all)
        state = DISK_ENCRYPTED;
    return state;
}

static enum disk_state look(const char *device, int depth)
{
    char uuid[128], partition[16], whole[PATH_MAX];

    if (depth > DEPTH_MAX)
        return DISK_UNKNOWN;
    read_line(device, "dm/uuid", uuid, sizeof uuid);
    if (strncmp(uuid, "CRYPT-", 6) == 0)
        return DISK_ENCRYPTED;
    /* A partition has no devices below of its own: those of its disk count (RAID). */
    read_line(device, "partition", partition, sizeof partition);
    if (partition[0] != '\0' && snprintf(whole, sizeof whole, "%s/..", device) < (int)sizeof whole)
        return look_below(whole, depth);
    return look_below(device, depth);
}

enum disk_state disk_state_of_device(const char *sys, unsigned major_number, unsigned minor_number)
{
    char device[PATH_MAX], resolved[PATH_MAX];

    snprintf(device, sizeof device, "%s/dev/block/%u:%u", sys, major_number, minor_number);
    if (realpath(device, resolved) == NULL)
        return DISK_UNKNOWN;
    return look(resolved, 0);
}

/* btrfs and overlays have numbers of their own: the mount table says which device lies below, if one does. */
static bool find_source(unsigned major_number, unsigned minor_number, struct stat *facts)
{
    char  line[4096], wanted[NUMBERS_BYTES], numbers[NUMBERS_BYTES], source[PATH_MAX];
    bool  is_found = false;
    FILE *mounts   = fopen("/proc/self/mountinfo", "re");

    snprintf(wanted, sizeof wanted, "%u:%u", major_number, minor_number);
    while (mounts != NULL && !is_found && fgets(line, sizeof line, mounts) != NULL) {
        const char *tail = strstr(line, " - ");
        is_found         = tail != NULL && sscanf(line, "%*s %*s %31s", numbers) == 1 && strcmp(numbers, wanted) == 0 &&
                   sscanf(tail, " - %*s %4095s", source) == 1 && stat(source, facts) == 0 && S_ISBLK(facts->st_mode);
    }
    if (mounts != NULL)
        fclose(mounts);
    return is_found;
}

enum disk_state disk_state_of(const char *path)
{
    char        looked_at[PATH_MAX];
    struct stat facts;

    if (snprintf(looked_at, sizeof looked_at, "%s", path) >= (int)sizeof looked_at)
        return DISK_UNKNOWN;
    while (stat(looked_at, &facts) != 0) {
        char *slash = strrchr(looked_at, '/');
        if (slash == NULL || slash == looked_at)
            return DISK_UNKNOWN;
        *slash = '\0';
    }
    const enum disk_state state = disk_state_of_device("/sys", major(facts.st_dev), minor(facts.st_dev));
    if (state != DISK_UNKNOWN)
        return state;
    if (!find_source(major(facts.st_dev), minor(facts.st_dev), &facts))
        return DISK_UNKNOWN;
    return disk_state_of_device("/sys", major(facts.st_rdev), minor(facts.st_rdev));
}
