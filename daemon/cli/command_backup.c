/* `hulei backup`: base backups and WAL, sealed to the recovery certificate; run as PostgreSQL's OS user.
 * Reads nothing of what it copies, and cannot read what it wrote. */
#include "daemon/cli/backup/backup_folder.h"
#include "daemon/cli/backup/child.h"
#include "daemon/cli/backup/sealed_file.h"
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, READ_BYTES = 64 * 1024, STALE_S = 36 * 3600, HASH_BYTES = 32 };

static void print_help(void)
{
    puts("usage: hulei backup base            a base backup now, then prune\n"
         "       hulei backup wal FILE        PostgreSQL's archive_command: hulei backup wal \"%p\"\n"
         "       hulei backup list            what is there; exit status 1 without a base of the last 36 hours\n"
         "       hulei backup prune           removes what is older than backup.keep_days\n\n"
         "Run as PostgreSQL's OS user. Every file is sealed to the recovery certificate; its key is needed to restore\n"
         "only and is kept away from this machine. Nothing is kept longer than 35 days, for what was erased is in "
         "it.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static struct cms_recipient *load_certificate(const struct config *config)
{
    struct cms_recipient *recipient = NULL;
    const enum cms_status status    = cms_recipient_load(config->backup.certificate, (int64_t)time(NULL), &recipient);

    if (status != CMS_OK)
        fprintf(stderr, "hulei backup: the recovery certificate %s is %s\n", config->backup.certificate,
                cms_status_word(status));
    return recipient;
}

static bool make_folders(const struct config *config)
{
    static const char *const parts[] = { "", "/base", "/wal" };
    char                     path[PATH_BYTES];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(path, sizeof path, "%s%s", config->backup.folder, parts[i]);
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            fprintf(stderr, "hulei backup: %s: %s\n", path, strerror(errno));
            return false;
        }
    }
    return true;
}

/* Everything from `source` into a new sealed file, which gets its name only when it is whole. */
static bool seal_stream(const struct config *config, int source, const char *part, const char *name, const char *label)
{
    char                  path[PATH_BYTES], unfinished[PATH_BYTES], folder[PATH_BYTES];
    unsigned char         bytes[READ_BYTES];
    struct cms_recipient *recipient = load_certificate(config);
    ssize_t               size      = 0;

    if (recipient == NULL)
        return false;
    snprintf(folder, sizeof folder, "%s/%s", config->backup.folder, part);
    snprintf(path, sizeof path, "%s/%s/%s", config->backup.folder, part, name);
    snprintf(unfinished, sizeof unfinished, "%s/%s/.%s.new", config->backup.folder, part, name);
    struct sealed_writer *writer = sealed_create(unfinished, label, recipient);
    cms_recipient_free(recipient);
    bool is_ok = writer != NULL;
    while (is_ok && (size = read(source, bytes, sizeof bytes)) != 0)
        is_ok = size > 0 ? sealed_write(writer, bytes, (size_t)size) : errno == EINTR;
    if (is_ok)
        is_ok = sealed_finish(writer);
    else
        sealed_abandon(writer);
    is_ok = is_ok && rename(unfinished, path) == 0 && backup_folder_sync(folder);
    if (!is_ok) {
        fprintf(stderr, "hulei backup: %s cannot be written\n", path);
        unlink(unfinished);
    }
    return is_ok;
}

static int prune(const struct config *config)
{
    size_t bases = 0, segments = 0;

    if (!backup_folder_prune(config->backup.folder, config->backup.keep_days, (int64_t)time(NULL), &bases, &segments)) {
        fputs("hulei backup: not everything that is too old could be removed\n", stderr);
        return 1;
    }
    printf("%zu bases and %zu WAL files removed\n", bases, segments);
    return 0;
}

static int base(const struct config *config)
{
    char              stamp[BACKUP_STAMP_BYTES], name[64], label[64];
    const char *const argv[] = { "pg_basebackup", "--dbname",          config->backup.connection, "--pgdata=-",
                                 "--format=tar",  "--wal-method=none", "--checkpoint=fast",       NULL };
    struct child      child;

    backup_stamp((int64_t)time(NULL), stamp);
    snprintf(name, sizeof name, "%s.tar.sealed", stamp);
    snprintf(label, sizeof label, "base/%s", stamp);
    if (!make_folders(config) || !child_start(&child, CHILD_WRITES, argv))
        return 1;
    const bool is_sealed = seal_stream(config, child.pipe, "base", name, label);
    const bool is_whole  = child_wait(&child);
    if (is_sealed && !is_whole) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/base/%s", config->backup.folder, name);
        unlink(path);
        fputs("hulei backup: pg_basebackup failed; nothing was kept\n", stderr);
    }
    if (!is_sealed || !is_whole)
        return 1;
    printf("base %s\n", stamp);
    return prune(config);
}

/* The first half of SHA-256 in hex: tells the same segment sent again from another of its name. */
static bool hash_file(int file, char text[HASH_BYTES + 1])
{
    unsigned char bytes[READ_BYTES], digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX   *context = EVP_MD_CTX_new();
    bool          is_ok   = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    ssize_t       size    = 0;

    while (is_ok && (size = read(file, bytes, sizeof bytes)) != 0)
        is_ok = size > 0 ? EVP_DigestUpdate(context, bytes, (size_t)size) == 1 : errno == EINTR;
    is_ok = is_ok && EVP_DigestFinal_ex(context, digest, NULL) == 1 && lseek(file, 0, SEEK_SET) == 0;
    EVP_MD_CTX_free(context);
    for (int i = 0; is_ok && i < HASH_BYTES / 2; i++)
        snprintf(text + 2 * (size_t)i, 3, "%02x", digest[i]);
    return is_ok;
}

static int archive(const struct config *config, const char *wal_path)
{
    const char *slash = strrchr(wal_path, '/');
    const char *name  = slash != NULL ? slash + 1 : wal_path;
    char        file_name[160], label[80], hash[HASH_BYTES + 1], known[PATH_BYTES];

    if (!backup_is_wal_name(name)) {
        fputs("hulei backup: that is no WAL file\n", stderr);
        return 2;
    }
    const int file = open(wal_path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || !hash_file(file, hash) || !make_folders(config)) {
        fprintf(stderr, "hulei backup: %s cannot be read\n", name);
        if (file >= 0)
            close(file);
        return 1;
    }
    snprintf(file_name, sizeof file_name, "%s-%s.sealed", name, hash);
    snprintf(label, sizeof label, "wal/%s", name);
    int status = 0;
    if (!backup_folder_find_wal(config->backup.folder, name, known, sizeof known)) {
        status = seal_stream(config, file, "wal", file_name, label) ? 0 : 1;
    } else if (strstr(known, hash) == NULL) {
        fprintf(stderr, "hulei backup: another %s was archived before\n", name);
        status = 1;
    }
    close(file);
    return status;
}

static int list(const struct config *config)
{
    struct backup_base *bases = NULL;
    size_t              count = 0, segments = 0;
    int64_t             bytes = 0, newest_s = 0;
    const int64_t       now_s = (int64_t)time(NULL);

    if (!backup_folder_list(config->backup.folder, &bases, &count) ||
        !backup_folder_wal(config->backup.folder, &segments, &bytes, &newest_s)) {
        fprintf(stderr, "hulei backup: %s cannot be read\n", config->backup.folder);
        free(bases);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        printf("base %s  %lld bytes, %lld hours old\n", bases[i].stamp, (long long)bases[i].bytes,
               (long long)((now_s - bases[i].started_s) / 3600));
    printf("wal  %zu files, %lld bytes", segments, (long long)bytes);
    if (segments > 0)
        printf(", newest %lld s old", (long long)(now_s - newest_s));
    putchar('\n');
    const bool is_fresh = count > 0 && now_s - bases[count - 1].started_s < STALE_S;
    if (!is_fresh)
        fputs("hulei backup: no base backup of the last 36 hours\n", stderr);
    free(bases);
    return is_fresh ? 0 : 1;
}

int command_backup(int argc, char **argv)
{
    const char *path   = NULL;
    int         status = 2;

    if (!config_option_read(argc, argv, print_help, NULL, 0, &path, &status))
        return status;
    const int   words = argc - optind;
    const char *verb  = words > 0 ? argv[optind] : "";
    const bool  is_known =
        (words == 2 && strcmp(verb, "wal") == 0) ||
        (words == 1 && (strcmp(verb, "base") == 0 || strcmp(verb, "list") == 0 || strcmp(verb, "prune") == 0));
    if (!is_known) {
        fputs("hulei backup: see `hulei backup --help`\n", stderr);
        return 2;
    }
    struct config *config = config_option_load("backup", path);
    if (config == NULL)
        return 2;
    if (words == 2)
        status = archive(config, argv[optind + 1]);
    else
        status = strcmp(verb, "base") == 0 ? base(config) : strcmp(verb, "list") == 0 ? list(config) : prune(config);
    config_free(config);
    return status;
}
