/* Figures of each post; see post_metrics.h.
 * Ids of posts need no quoting: posts.c lets only a-z, 0-9 and - pass. */
#include "daemon/courier/post_metrics.h"

#include <stdio.h>
#include <stdlib.h>

static const struct figure {
    const char *name, *help;
    int         column;
} figures[] = {
    {"hulei_post_delivered",                      "Alerts that reached the post.",                             9},
    { "hulei_post_queued",                        "Alerts that did not reach the post yet.",                   3},
    { "hulei_post_unacknowledged",                "Alerts that reached the post and have no answer.",          4},
    { "hulei_post_answered",                      "Alerts the post answered.",                                 5},
    { "hulei_post_oldest_unacknowledged_seconds", "Age of the oldest alert without an answer; 0: none.",       7},
    { "hulei_post_escalated",                     "Alerts handed to the post's lead as it did not answer.",    6},
    { "hulei_post_gave_up",                       "Alerts put before a human as they did not reach the post.", 8},
};

char *post_metrics_render(const PGresult *result)
{
    char  *text   = NULL;
    size_t size   = 0;
    FILE  *stream = open_memstream(&text, &size);

    if (stream == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        const struct figure *figure = &figures[i];
        fprintf(stream, "# HELP %s %s\n# TYPE %s gauge\n", figure->name, figure->help, figure->name);
        for (int row = 0; row < PQntuples(result); row++)
            fprintf(stream, "%s{post=\"%s\"} %s\n", figure->name, PQgetvalue(result, row, 0),
                    PQgetisnull(result, row, figure->column) ? "0" : PQgetvalue(result, row, figure->column));
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
