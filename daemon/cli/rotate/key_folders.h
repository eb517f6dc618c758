/* The roles' key folders as a rotation changes them: a new key arrives everywhere, is put to use, an old one leaves.
 * Every step may be repeated after a crash; run as root, each file belongs to its folder's owner. */
#ifndef HULEI_DAEMON_CLI_ROTATE_KEY_FOLDERS_H
#define HULEI_DAEMON_CLI_ROTATE_KEY_FOLDERS_H

#include "daemon/common/config.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_FOLDERS = 3 };

struct key_folders {
    const char *paths[KEY_FOLDERS];    /* borrowed from the configuration */
    char        error[PATH_MAX + 128]; /* file and rule of the last failure */
};

struct key_folders key_folders_of(const struct config *config);

/*
 * The key that is to be the newest: that of an unfinished rotation (*is_resumed: a key is not in use everywhere yet, or
 * an older one is still there), or the next number. False, with `error`, when a folder cannot be read.
 */
bool key_folders_plan(struct key_folders *folders, int32_t *number, bool *is_resumed);

/* Key `number` is in every folder, the same one, at least as kek-<n>.next. Made at random when it is in none. */
bool key_folders_install(struct key_folders *folders, int32_t number);

/* Key `number` wraps in every folder. */
bool key_folders_activate(struct key_folders *folders, int32_t number);

/* Keys below `number` leave every folder; one copy of each is put into `keep` (mode 0400) unless that is NULL. */
bool key_folders_retire(struct key_folders *folders, int32_t number, const char *keep);

#endif
