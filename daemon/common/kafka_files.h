/* The files a Kafka client was made from, as they were then: librdkafka reads them once, so a renewed certificate or
 * password needs a new client. Makes none. */
#ifndef HULEI_DAEMON_COMMON_KAFKA_FILES_H
#define HULEI_DAEMON_COMMON_KAFKA_FILES_H

#include "daemon/common/config.h"

#include <stdbool.h>
#include <stdint.h>

struct kafka_files {
    const char *ca, *password_file; /* borrowed */
    struct kafka_file_mark {
        uint64_t inode;
        int64_t  bytes, written_ns;
    } marks[2];
    int64_t looked_at_ms;
};

/* Remembers the files as they are now. Call it before the client is made: what is written in between is noticed. */
void kafka_files_note(struct kafka_files *files, const struct config_kafka *kafka, const char *password_file);

/* True when one was replaced since. Looks once a second at most; a file that is missing for a moment is no change. */
bool kafka_files_changed(struct kafka_files *files);

#endif
