/* posix_spawn and a pipe; see child.h. */
#include "daemon/cli/backup/child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool child_start(struct child *child, enum child_end end, const char *const argv[])
{
    posix_spawn_file_actions_t actions;
    int                        ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const int theirs = end == CHILD_WRITES ? ends[1] : ends[0];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs, end == CHILD_WRITES ? STDOUT_FILENO : STDIN_FILENO);
    const int failure = posix_spawnp(&child->pid, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(theirs);
    child->pipe = end == CHILD_WRITES ? ends[0] : ends[1];
    if (failure == 0)
        return true;
    fprintf(stderr, "%s: %s\n", argv[0], strerror(failure));
    close(child->pipe);
    return false;
}

bool child_wait(struct child *child)
{
    int status = 0;

    close(child->pipe);
    while (waitpid(child->pid, &status, 0) < 0) {
        if (errno != EINTR)
            return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
