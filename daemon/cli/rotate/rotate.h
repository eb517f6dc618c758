/* Rewrapping of all data keys under a new key-encryption key, while records flow.
 * Touches no file; see key_folders.h. Every step may be repeated. */
#ifndef HULEI_DAEMON_CLI_ROTATE_ROTATE_H
#define HULEI_DAEMON_CLI_ROTATE_ROTATE_H

#include "daemon/common/db.h"
#include "daemon/common/vault.h"

#include <stdint.h>

struct rotate {
    struct db    *db;    /* as the owner */
    struct vault *vault; /* knows the new key and the older ones */
    int32_t       kek;   /* the new one's number */
    int64_t       rewrapped;
    int64_t       longest_ms; /* of one transaction: nobody waited longer for a row */
    int64_t       left;       /* rows that an older key still wraps, by the last count */
    int64_t       unreadable; /* data key of the first row that no key opens; 0: none */
};

/* Rewraps what older keys wrap until a scan finds none. On DB_REFUSED see `unreadable`: nothing may leave then. */
enum db_status rotate_rewrap(struct rotate *rotate);

/* From now on the database refuses rows under an older key; waits for those who could not know, and rewraps theirs. */
enum db_status rotate_retire(struct rotate *rotate);

#endif
