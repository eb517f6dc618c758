/* Encrypted disks as sysfs shows them: a tree of devices in a folder of our own. */
#include "daemon/cli/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char sys[] = "/tmp/hulei-sys.XXXXXX";

static void run(const char *command)
{
    char text[1024];

    snprintf(text, sizeof text, "set -e; cd '%s'; %s", sys, command);
    assert_int_equal(system(text), 0);
}

static int make_tree(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(sys));
    run("mkdir -p dev/block devices; cd devices;"
        "mkdir -p sda/sda1 sdb/slaves; echo 1 >sda/sda1/partition;"          /* a plain disk */
        "mkdir -p dm-0/dm dm-0/slaves; echo CRYPT-LUKS2-aa-x >dm-0/dm/uuid;" /* LUKS on a partition */
        "ln -s ../../sda/sda1 dm-0/slaves/sda1;"
        "mkdir -p dm-1/dm dm-1/slaves; echo LVM-bb >dm-1/dm/uuid;" /* LVM on LUKS */
        "ln -s ../../dm-0 dm-1/slaves/dm-0;"
        "mkdir -p dm-2/dm dm-2/slaves; echo LVM-cc >dm-2/dm/uuid;" /* LVM half on LUKS */
        "ln -s ../../dm-0 dm-2/slaves/dm-0; ln -s ../../sda/sda1 dm-2/slaves/sda1;"
        "mkdir -p md0/md0p1 md0/slaves; echo 1 >md0/md0p1/partition;" /* RAID of LUKS */
        "ln -s ../../dm-0 md0/slaves/dm-0;"
        "mkdir -p loop/slaves; ln -s ../../loop loop/slaves/loop"); /* never in practice */
    run("cd dev/block; ln -s ../../devices/sda/sda1 8:1; ln -s ../../devices/sdb 8:16; ln -s ../../devices/dm-0 253:0;"
        "ln -s ../../devices/dm-1 253:1; ln -s ../../devices/dm-2 253:2; ln -s ../../devices/md0/md0p1 259:1;"
        "ln -s ../../devices/loop 7:0");
    return 0;
}

static int remove_tree(void **state)
{
    (void)state;
    run("rm -r dev devices");
    return rmdir(sys);
}

static void test_devices(void **state)
{
    static const struct {
        const char     *what;
        unsigned        major_number, minor_number;
        enum disk_state wanted;
    } rows[] = {
        {"a partition of a plain disk",    8,   1,  DISK_PLAIN    },
        { "a plain disk",                  8,   16, DISK_PLAIN    },
        { "LUKS on it",                    253, 0,  DISK_ENCRYPTED},
        { "LVM on LUKS",                   253, 1,  DISK_ENCRYPTED},
        { "LVM, one of two disks plain",   253, 2,  DISK_PLAIN    },
        { "a partition of a RAID on LUKS", 259, 1,  DISK_ENCRYPTED},
        { "a device on itself",            7,   0,  DISK_PLAIN    },
        { "no device",                     0,   42, DISK_UNKNOWN  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const enum disk_state found = disk_state_of_device(sys, rows[i].major_number, rows[i].minor_number);
        if (found != rows[i].wanted)
            fail_msg("%s: %s", rows[i].what, disk_state_word(found));
    }
}

static void test_folders(void **state)
{
    (void)state;
    assert_int_equal(disk_state_of("/proc"), DISK_UNKNOWN);
    assert_int_equal(disk_state_of(""), DISK_UNKNOWN);
    assert_int_equal(disk_state_of("/tmp/there/is/no/such/folder"), disk_state_of("/tmp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_folders),
    };

    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
