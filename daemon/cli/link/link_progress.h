/* A bar on the terminal: what runs and how far it is. Silent where stderr is no terminal.
 * Knows no work. */
#ifndef HULEI_DAEMON_CLI_LINK_PROGRESS_H
#define HULEI_DAEMON_CLI_LINK_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct link_progress {
    const char *what;
    bool        is_shown;
    int         last; /* per mille drawn, or -1 */
};

/* Starts a bar; ends the one before. */
void link_progress_begin(struct link_progress *progress, const char *what);
/* `total` 0: unknown, the count is shown. */
void link_progress_step(struct link_progress *progress, uint64_t done, uint64_t total);
/* Clears the line. */
void link_progress_end(struct link_progress *progress);

#endif
