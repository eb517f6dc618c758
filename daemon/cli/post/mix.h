/* What a simulated post answers to one message, and when: drawn from a seed, the post and the alert alone, so that
 * neither order nor restart changes it. Pure: no clock, no Kafka. */
#ifndef HULEI_DAEMON_CLI_POST_MIX_H
#define HULEI_DAEMON_CLI_POST_MIX_H

#include "daemon/courier/ack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POST_OUTCOMES_MAX = 16, POST_OUTCOME_BYTES = 64, POST_REPLIES_MAX = 12 };

struct post_delay {
    int32_t lowest_ms, highest_ms;
};

struct post_outcome {
    char     code[POST_OUTCOME_BYTES];
    unsigned weight;
};

/* Parts in per cent of the alerts (of the answers for `duplicate`). */
struct post_mix {
    uint64_t          seed;
    struct post_delay delay; /* before an answer, and between two */
    struct post_delay late_delay;
    unsigned          loss;      /* never answered */
    unsigned          late;      /* first answered after `late_delay` */
    unsigned          cannot;    /* handed back */
    unsigned          duplicate; /* an answer sent twice */
    unsigned          foreign;   /* beside its own answers, one in another post's name */
    unsigned          unknown;   /* one to an alert nobody issued */
    unsigned          broken;    /* one that is no answer */

    enum delivery_state until; /* how far an alert is taken: acked, acting or closed */
    struct post_outcome outcomes[POST_OUTCOMES_MAX];
    unsigned            outcomes_count;
};

/* What is taken where nothing is said: 200 to 2000 ms, all acted on and closed as done. */
struct post_mix post_mix_usual(void);

/* Each reads an option's text into the mix; false: the text is wrong, and the mix may be half read. */
bool post_delay_parse(const char *text, struct post_delay *delay); /* "MS" or "MS-MS" */
bool post_mix_parse(const char *text, struct post_mix *mix);       /* "loss=5,late=10" */
bool post_mix_parse_outcomes(const char *text, struct post_mix *mix);
bool post_mix_parse_until(const char *word, struct post_mix *mix);

enum post_reply_kind {
    POST_REPLY_OWN = 0,
    POST_REPLY_DUPLICATE,
    POST_REPLY_FOREIGN,
    POST_REPLY_UNKNOWN,
    POST_REPLY_BROKEN,
};

struct post_reply {
    enum post_reply_kind kind;
    enum delivery_state  state;
    const char          *outcome; /* NULL: none; lives as long as the mix */
    int64_t              after_ms;
};

struct post_plan {
    struct post_reply replies[POST_REPLIES_MAX]; /* not in the order of time */
    size_t            count;
    bool              is_lost, is_late;
};

/* `message`: alert, update, cancel or close. A cancel is answered by closed and deleted, a close by acked. */
void post_plan_make(const struct post_mix *mix, const char *post, const char *alert, const char *message,
                    struct post_plan *plan);

#endif
