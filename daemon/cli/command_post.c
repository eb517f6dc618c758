/* `hulei post simulate`: posts that answer, for tests and demonstrations.
 * Only reads the options; post/simulate.c works. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/post/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_MOST = 86400 };

struct post_options {
    const char *config, *posts, *passwords, *seed, *delay, *late_delay, *mix, *until, *outcomes, *seconds, *idle;
    bool        is_exercise, from_end, is_json;
};

static void print_help(void)
{
    puts(
        "usage: hulei post simulate --passwords FOLDER [OPTION ...]\n\n"
        "Reads the alert topics of posts, each as its own Kafka principal, and answers on their acknowledgement\n"
        "topics; counts what it did, and knows nobody. What is answered to an alert depends on the seed, the post and\n"
        "the alert alone. A cancel is answered by closed and deleted, a close by acked, a reminder by nothing more.\n\n"
        "  --passwords FOLDER  holds post-<id>.pw of every post\n"
        "  --post A,B          these posts (default: every post of posts.yaml that has Kafka)\n"
        "  --seed N            same seed, same answers (1)\n"
        "  --delay MS[-MS]     before an answer and between two (200-2000)\n"
        "  --late-delay MS[-MS] before the first answer of one that is late (20000-60000)\n"
        "  --mix PART=N,...    per cent of the alerts: loss (no answer), late, cannot (handed back), foreign (also\n"
        "                      answered in another post's name), unknown (also an alert nobody issued), broken (also\n"
        "                      no answer at all); duplicate: of the answers sent twice (all 0)\n"
        "  --until STATE       how far alerts are taken: acked, acting or closed (closed)\n"
        "  --outcomes CODE=N,... weights of what they are closed with (done=1)\n"
        "  --from-end          only what comes from now on, not what the topics hold\n"
        "  --exercise          the topics of exercises\n"
        "  --for SECONDS       how long (until a signal)\n"
        "  --idle SECONDS      ends when nothing came and nothing was to be answered for so long\n"
        "  --json              print the counts as JSON\n"
        "  --config FILE       configuration (default: $HULEI_CONFIG)");
}

static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
    char *end = NULL;

    errno   = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number <= most;
}

static bool read_seconds(const char *text, int64_t *time_ms)
{
    uint64_t seconds = 0;

    if (text != NULL && !read_number(text, SECONDS_MOST, &seconds))
        return false;
    *time_ms = (int64_t)seconds * 1000;
    return true;
}

/* The first option whose value is wrong, or NULL. */
static const char *read_values(const struct post_options *given, struct simulate_options *options)
{
    struct post_mix *mix = &options->mix;

    *mix = post_mix_usual();
    if (given->seed != NULL && !read_number(given->seed, UINT64_MAX, &mix->seed))
        return "--seed";
    if (given->delay != NULL && !post_delay_parse(given->delay, &mix->delay))
        return "--delay";
    if (given->late_delay != NULL && !post_delay_parse(given->late_delay, &mix->late_delay))
        return "--late-delay";
    if (given->mix != NULL && !post_mix_parse(given->mix, mix))
        return "--mix";
    if (given->until != NULL && !post_mix_parse_until(given->until, mix))
        return "--until";
    if (given->outcomes != NULL && !post_mix_parse_outcomes(given->outcomes, mix))
        return "--outcomes";
    if (!read_seconds(given->seconds, &options->for_ms))
        return "--for";
    if (!read_seconds(given->idle, &options->idle_ms))
        return "--idle";
    return given->passwords == NULL ? "--passwords" : NULL;
}

int command_post(int argc, char **argv)
{
    struct post_options     given       = { 0 };
    int                     exit_status = 2;
    const struct cli_option known[]     = {
            {"post",        &given.posts,      NULL              },
            { "passwords",  &given.passwords,  NULL              },
            { "seed",       &given.seed,       NULL              },
            { "delay",      &given.delay,      NULL              },
            { "late-delay", &given.late_delay, NULL              },
            { "mix",        &given.mix,        NULL              },
            { "until",      &given.until,      NULL              },
            { "outcomes",   &given.outcomes,   NULL              },
            { "for",        &given.seconds,    NULL              },
            { "idle",       &given.idle,       NULL              },
            { "exercise",   NULL,              &given.is_exercise},
            { "from-end",   NULL,              &given.from_end   },
            { "json",       NULL,              &given.is_json    },
    };

    if (!config_option_read(argc, argv, print_help, known, sizeof known / sizeof known[0], &given.config, &exit_status))
        return exit_status;
    if (argc - optind != 1 || strcmp(argv[optind], "simulate") != 0) {
        fputs("hulei post: see `hulei post --help`\n", stderr);
        return 2;
    }
    struct simulate_options options = {
        .posts       = given.posts,
        .passwords   = given.passwords,
        .is_exercise = given.is_exercise,
        .from_end    = given.from_end,
        .is_json     = given.is_json,
    };
    const char *wrong = read_values(&given, &options);
    if (wrong != NULL) {
        fprintf(stderr, "hulei post: %s is missing or has a wrong value, see `hulei post --help`\n", wrong);
        return 2;
    }
    struct config *config = config_option_load("post", given.config);
    if (config == NULL)
        return 2;
    exit_status = simulate_run(config, &options);
    config_free(config);
    return exit_status;
}
