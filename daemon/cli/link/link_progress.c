/* The bar; see link_progress.h.
 * Deliberately without a clock: it is drawn anew when a per mille or ten thousand more are done. */
#include "daemon/cli/link/link_progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_CELLS = 40, COUNT_STEP = 10000 };

void link_progress_begin(struct link_progress *progress, const char *what)
{
    link_progress_end(progress);
    *progress = (struct link_progress){ what, isatty(STDERR_FILENO) == 1, -1 };
}

static void draw_bar(const struct link_progress *progress, int per_mille)
{
    fprintf(stderr, "\r%-12s [", progress->what);
    for (int i = 0; i < BAR_CELLS; i++)
        fputc(i * 1000 < per_mille * BAR_CELLS ? '#' : ' ', stderr);
    fprintf(stderr, "] %3d.%d %%", per_mille / 10, per_mille % 10);
}

void link_progress_step(struct link_progress *progress, uint64_t done, uint64_t total)
{
    const int now = (int)(total > 0 ? done * 1000 / total : done / COUNT_STEP);

    if (!progress->is_shown || now == progress->last)
        return;
    progress->last = now;
    if (total > 0)
        draw_bar(progress, now);
    else
        fprintf(stderr, "\r%-12s %llu", progress->what, (unsigned long long)done);
}

void link_progress_end(struct link_progress *progress)
{
    if (progress->is_shown && progress->last >= 0)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
