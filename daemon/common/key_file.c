/* Reads a key from a file; see key_file.h.
 * Refuses rather than repairs a wrong mode: somebody may have read the key. */
#include "daemon/common/key_file.h"

#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void harden_process(void)
{
    const struct rlimit none = { 0, 0 };

    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &none);
}

static bool is_credential(const char *directory)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");

    return credentials != NULL && strcmp(directory, credentials) == 0;
}

static const char *fault_of(int file, bool is_given, size_t size)
{
    struct stat facts;

    if (file < 0 || fstat(file, &facts) != 0)
        return "cannot be opened";
    if (!S_ISREG(facts.st_mode))
        return "is not a regular file";
    if (facts.st_uid != geteuid() && !(is_given && facts.st_uid == 0))
        return "must be owned by the user that runs this role";
    if ((facts.st_mode & (is_given ? 07737 : 07777)) != 0400)
        return "must have mode 0400";
    if (facts.st_size != (off_t)size)
        return "has the wrong length";
    return NULL;
}

bool key_file_read(const char *directory, const char *name, unsigned char *key, size_t size, char *error,
                   size_t error_size)
{
    char path[PATH_MAX];

    harden_process();
    snprintf(path, sizeof path, "%s/%s", directory, name);
    const int   file  = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const char *fault = fault_of(file, is_credential(directory), size);
    if (fault == NULL && read(file, key, size) != (ssize_t)size)
        fault = "cannot be read";
    if (file >= 0)
        close(file);
    if (fault != NULL) {
        OPENSSL_cleanse(key, size);
        snprintf(error, error_size, "key file %s %s", path, fault);
        return false;
    }
    return true;
}
