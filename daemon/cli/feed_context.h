/* What both feed subcommands need besides the rows: configuration, policy, mapping, and defaults from them.
 * Opens no connection. */
#ifndef HULEI_DAEMON_CLI_FEED_CONTEXT_H
#define HULEI_DAEMON_CLI_FEED_CONTEXT_H

#include "daemon/cli/feed_event.h"
#include "daemon/common/config.h"

struct feed_context {
    const struct feed_options *options;
    struct config             *config; /* NULL: none given and none needed */
    struct feed_config        *feeds;  /* loaded, or NULL */
    const struct feed_config  *bound;  /* feeds, or the permissive one */
    const struct feed_topic   *topic;  /* of the options or the source; may be NULL */
    struct policy              policy;
    struct feed_map           *map; /* or NULL */
    struct feed_event_settings settings;
    char                       file_time[40]; /* of the file being read */
    char                      *memory;        /* of `arena`, one row at a time */
    struct arena               arena;
};

/* False with `error` filled; call feed_context_close() either way. */
bool feed_context_open(struct feed_context *context, const struct feed_options *options, char *error,
                       size_t error_size);
void feed_context_close(struct feed_context *context);

/* Records without a time get the file's. */
void feed_context_set_file_time(struct feed_context *context, int64_t time_s);

/*
 * Builds and checks one row. FEED_REFUSED and FEED_SEALED fill the fault; *has_event says whether there is something
 * to send all the same.
 */
enum feed_outcome feed_context_read(struct feed_context *context, const struct feed_row *row, bool is_raw,
                                    struct feed_event *event, bool *has_event, struct feed_record *record,
                                    struct feed_fault *fault);

#endif
