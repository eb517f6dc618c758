/* Simulated posts at work: reads their topics, answers as the mix says, counts. For tests and demonstrations.
 * Opens no database: a post knows what its topic says, no more. */
#ifndef HULEI_DAEMON_CLI_POST_SIMULATE_H
#define HULEI_DAEMON_CLI_POST_SIMULATE_H

#include "daemon/cli/post/mix.h"
#include "daemon/common/config.h"

#include <stdbool.h>
#include <stdint.h>

struct simulate_options {
    struct post_mix mix;
    const char     *posts;     /* ids separated by commas; NULL: every post of posts.yaml that has Kafka */
    const char     *passwords; /* folder of post-<id>.pw */
    int64_t         for_ms;    /* 0: until a signal */
    int64_t         idle_ms;   /* ends after so long without a message and an answer to give; 0: does not */
    bool            is_exercise, from_end, is_json;
};

/* Runs until its time is over or a signal comes, then prints the counts. Returns the exit status. */
int simulate_run(const struct config *config, const struct simulate_options *options);

#endif
