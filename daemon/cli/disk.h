/* Whether a folder lies on an encrypted disk (dm-crypt, LUKS), as Linux tells it in sysfs.
 * Knows nothing of encryption in hardware, file systems' own, or of other machines. */
#ifndef HULEI_DAEMON_CLI_DISK_H
#define HULEI_DAEMON_CLI_DISK_H

enum disk_state {
    DISK_UNKNOWN = 0, /* no such folder, a network's or pooled file system, no sysfs */
    DISK_PLAIN,
    DISK_ENCRYPTED, /* it, or all it is made of (LVM, RAID on LUKS) */
};

/* "encrypted", "not encrypted", "unknown". */
const char *disk_state_word(enum disk_state state);

/* Of the file system that holds `path`, or its nearest parent that can be looked at. */
enum disk_state disk_state_of(const char *path);

/* Of a block device by its numbers, in a sysfs mounted at `sys`. */
enum disk_state disk_state_of_device(const char *sys, unsigned major_number, unsigned minor_number);

#endif
