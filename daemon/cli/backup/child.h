/* A child program with one end of a pipe: pg_basebackup's output, tar's input.
 * Its messages go to standard error, as they are; it is given no shell. */
#ifndef HULEI_DAEMON_CLI_BACKUP_CHILD_H
#define HULEI_DAEMON_CLI_BACKUP_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
    pid_t pid;
    int   pipe; /* ours: read its output from it, or write its input to it */
};

enum child_end { CHILD_WRITES, CHILD_READS };

/* Finds argv[0] in PATH. False with a complaint on standard error. */
bool child_start(struct child *child, enum child_end end, const char *const argv[]);

/* Closes the pipe and waits. True when the child ended with status 0. */
bool child_wait(struct child *child);

#endif
