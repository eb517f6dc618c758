/* The roles' key folders during a rotation; see key_folders.h.
 * Knows no database: whether an old key may leave is its caller's knowledge. */
#include "daemon/cli/rotate/key_folders.h"

#include "daemon/common/key_derive.h"
#include "daemon/common/key_ring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct key_folders key_folders_of(const struct config *config)
{
    return (struct key_folders){
        .paths = {config->engine.keys, config->courier.keys, config->console.keys}
    };
}

static bool fail(struct key_folders *folders, const char *path, const char *rule)
{
    snprintf(folders->error, sizeof folders->error, "%s %s: %s", path, rule, strerror(errno));
    return false;
}

/* ---- what is there ---- */

static bool look(struct key_folders *folders, const char *path, int32_t *newest, int32_t *oldest, bool *has_next)
{
    DIR                 *folder = opendir(path);
    const struct dirent *entry;
    bool                 wraps;

    if (folder == NULL)
        return fail(folders, path, "cannot be read");
    while ((entry = readdir(folder)) != NULL) {
        const int32_t number = key_ring_number(entry->d_name, &wraps);
        if (number > *newest)
            *newest = number;
        if (number > 0 && number < *oldest)
            *oldest = number;
        *has_next = *has_next || (number > 0 && !wraps);
    }
    closedir(folder);
    return true;
}

bool key_folders_plan(struct key_folders *folders, int32_t *number, bool *is_resumed)
{
    int32_t newest = 0, oldest = INT32_MAX;
    bool    has_next = false;

    for (size_t i = 0; i < KEY_FOLDERS; i++) {
        if (!look(folders, folders->paths[i], &newest, &oldest, &has_next))
            return false;
    }
    if (newest == 0) {
        snprintf(folders->error, sizeof folders->error, "%s holds no kek-<n>.key", folders->paths[0]);
        return false;
    }
    *is_resumed = has_next || oldest < newest;
    *number     = *is_resumed ? newest : newest + 1;
    return true;
}

/* ---- arriving ---- */

static void name_key(char path[PATH_MAX], const char *folder, int32_t number, const char *end)
{
    snprintf(path, PATH_MAX, "%s/kek-%d.%s", folder, number, end);
}

/* 1: read; 0: there is none; -1: it is there and is no key. */
static int read_one(const char *path, unsigned char key[KEY_MASTER_BYTES])
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (file < 0)
        return errno == ENOENT ? 0 : -1;
    const bool is_read = read(file, key, KEY_MASTER_BYTES) == KEY_MASTER_BYTES;
    close(file);
    return is_read ? 1 : -1;
}

static int read_either(const char *folder, int32_t number, unsigned char key[KEY_MASTER_BYTES])
{
    char path[PATH_MAX];

    name_key(path, folder, number, "key");
    const int found = read_one(path, key);
    if (found != 0)
        return found;
    name_key(path, folder, number, "next");
    return read_one(path, key);
}

static bool sync_folder(const char *path)
{
    const int  folder  = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_done = folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return is_done;
}

/* The file appears whole or not at all; `name` in `folder`, owned by the folder's owner. */
static bool write_key(struct key_folders *folders, const char *folder, const char *name,
                      const unsigned char key[KEY_MASTER_BYTES])
{
    char        made[PATH_MAX], path[PATH_MAX];
    struct stat facts;

    snprintf(made, sizeof made, "%s/.new-key", folder);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (stat(folder, &facts) != 0 || (unlink(made) != 0 && errno != ENOENT))
        return fail(folders, folder, "cannot be written");
    const int file = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (file < 0)
        return fail(folders, made, "cannot be made");
    const bool is_done = write(file, key, KEY_MASTER_BYTES) == KEY_MASTER_BYTES &&
                         fchown(file, facts.st_uid, facts.st_gid) == 0 && fchmod(file, 0400) == 0 && fsync(file) == 0;
    close(file);
    if (!is_done || rename(made, path) != 0 || !sync_folder(folder))
        return fail(folders, path, "cannot be written");
    return true;
}

static bool install_all(struct key_folders *folders, int32_t number, unsigned char key[KEY_MASTER_BYTES])
{
    unsigned char found[KEY_MASTER_BYTES];
    char          name[32];
    bool          is_known = false;
    int           states[KEY_FOLDERS];

    for (size_t i = 0; i < KEY_FOLDERS; i++) {
        states[i] = read_either(folders->paths[i], number, found);
        if (states[i] < 0)
            return fail(folders, folders->paths[i], "holds a key that cannot be read");
        if (states[i] == 0)
            continue;
        if (is_known && CRYPTO_memcmp(found, key, KEY_MASTER_BYTES) != 0) {
            snprintf(folders->error, sizeof folders->error, "%s has another key %d", folders->paths[i], number);
            return false;
        }
        memcpy(key, found, KEY_MASTER_BYTES);
        is_known = true;
    }
    OPENSSL_cleanse(found, sizeof found);
    if (!is_known && RAND_bytes(key, KEY_MASTER_BYTES) != 1)
        return false;
    snprintf(name, sizeof name, "kek-%d.next", number);
    for (size_t i = 0; i < KEY_FOLDERS; i++) {
        if (states[i] == 0 && !write_key(folders, folders->paths[i], name, key))
            return false;
    }
    return true;
}

bool key_folders_install(struct key_folders *folders, int32_t number)
{
    unsigned char key[KEY_MASTER_BYTES];
    const bool    is_done = install_all(folders, number, key);

    OPENSSL_cleanse(key, sizeof key);
    return is_done;
}

bool key_folders_activate(struct key_folders *folders, int32_t number)
{
    char next[PATH_MAX], key[PATH_MAX];

    for (size_t i = 0; i < KEY_FOLDERS; i++) {
        name_key(next, folders->paths[i], number, "next");
        name_key(key, folders->paths[i], number, "key");
        if ((rename(next, key) != 0 && errno != ENOENT) || !sync_folder(folders->paths[i]))
            return fail(folders, key, "cannot be put to use");
    }
    return true;
}

/* ---- leaving ---- */

static bool keep_copy(struct key_folders *folders, const char *path, const char *name, const char *keep)
{
    unsigned char key[KEY_MASTER_BYTES];
    const bool    is_done = read_one(path, key) == 1 && write_key(folders, keep, name, key);

    OPENSSL_cleanse(key, sizeof key);
    return is_done;
}

static bool retire_in(struct key_folders *folders, const char *path, int32_t number, const char *keep)
{
    DIR                 *folder = opendir(path);
    const struct dirent *entry;
    char                 file[PATH_MAX];
    bool                 wraps, is_done = folder != NULL;

    while (is_done && (entry = readdir(folder)) != NULL) {
        const int32_t found = key_ring_number(entry->d_name, &wraps);
        if (found == 0 || found >= number)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        is_done = (keep == NULL || keep_copy(folders, file, entry->d_name, keep)) && unlink(file) == 0;
    }
    if (folder != NULL)
        closedir(folder);
    return (is_done && sync_folder(path)) || fail(folders, path, "still holds an old key");
}

bool key_folders_retire(struct key_folders *folders, int32_t number, const char *keep)
{
    for (size_t i = 0; i < KEY_FOLDERS; i++) {
        if (!retire_in(folders, folders->paths[i], number, keep))
            return false;
    }
    return true;
}
