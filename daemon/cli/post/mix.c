/* A simulated post's answers; see mix.h.
 * Knows nothing of what an alert says: only whether it asks for an answer. */
#include "daemon/cli/post/mix.h"

#include "daemon/cli/synth/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { PART_MOST = 100, WEIGHT_MOST = 1000000, DELAY_MOST_MS = 86400000, PURPOSE = 0x706f7374 };

struct post_mix post_mix_usual(void)
{
    return (struct post_mix){
        .seed           = 1,
        .delay          = {200,    2000 },
        .late_delay     = { 20000,     60000 },
        .until          = DELIVERY_CLOSED,
        .outcomes       = { { "done", 1 }},
        .outcomes_count = 1,
    };
}

/* A number at `text` up to `highest`; *end is what follows it. */
static bool read_number(const char *text, long highest, long *number, const char **end)
{
    char *rest = NULL;

    errno   = 0;
    *number = strtol(text, &rest, 10);
    *end    = rest;
    return errno == 0 && rest != text && text[0] >= '0' && text[0] <= '9' && *number <= highest;
}

bool post_delay_parse(const char *text, struct post_delay *delay)
{
    long        lowest = 0, highest = 0;
    const char *end = NULL;

    if (!read_number(text, DELAY_MOST_MS, &lowest, &end))
        return false;
    highest = lowest;
    if (*end == '-' && !read_number(end + 1, DELAY_MOST_MS, &highest, &end))
        return false;
    *delay = (struct post_delay){ (int32_t)lowest, (int32_t)highest };
    return *end == '\0' && highest >= lowest;
}

/* Takes "name=number" from *text, and the comma behind it. */
static bool take_part(const char **text, char name[POST_OUTCOME_BYTES], long highest, long *number)
{
    const size_t length = strcspn(*text, "=,");

    if (length == 0 || length >= POST_OUTCOME_BYTES || (*text)[length] != '=')
        return false;
    memcpy(name, *text, length);
    name[length] = '\0';
    if (!read_number(*text + length + 1, highest, number, text))
        return false;
    if (**text == ',' && (*text)[1] != '\0')
        (*text)++;
    else if (**text != '\0')
        return false;
    return true;
}

static unsigned *part_of(struct post_mix *mix, const char *name)
{
    const struct {
        const char *name;
        unsigned   *part;
    } parts[] = {
        {"loss",       &mix->loss     },
        { "late",      &mix->late     },
        { "cannot",    &mix->cannot   },
        { "duplicate", &mix->duplicate},
        { "foreign",   &mix->foreign  },
        { "unknown",   &mix->unknown  },
        { "broken",    &mix->broken   },
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, name) == 0)
            return parts[i].part;
    }
    return NULL;
}

bool post_mix_parse(const char *text, struct post_mix *mix)
{
    char name[POST_OUTCOME_BYTES];
    long number = 0;

    while (*text != '\0') {
        unsigned *part = take_part(&text, name, PART_MOST, &number) ? part_of(mix, name) : NULL;
        if (part == NULL)
            return false;
        *part = (unsigned)number;
    }
    return true;
}

bool post_mix_parse_outcomes(const char *text, struct post_mix *mix)
{
    char     name[POST_OUTCOME_BYTES];
    long     number = 0;
    unsigned sum    = 0;

    for (mix->outcomes_count = 0; *text != '\0'; mix->outcomes_count++) {
        if (mix->outcomes_count == POST_OUTCOMES_MAX || !take_part(&text, name, WEIGHT_MOST, &number) ||
            !ack_outcome_is_known(name))
            return false;
        struct post_outcome *outcome = &mix->outcomes[mix->outcomes_count];
        snprintf(outcome->code, sizeof outcome->code, "%s", name);
        outcome->weight = (unsigned)number;
        sum += outcome->weight;
    }
    return sum > 0;
}

bool post_mix_parse_until(const char *word, struct post_mix *mix)
{
    return delivery_state_parse(word, &mix->until) &&
           (mix->until == DELIVERY_ACKED || mix->until == DELIVERY_ACTING || mix->until == DELIVERY_CLOSED);
}

static bool draw(struct random_stream *random, unsigned part)
{
    return random_below(random, PART_MOST) < part;
}

static int32_t draw_delay(struct random_stream *random, struct post_delay delay)
{
    return random_between(random, delay.lowest_ms, delay.highest_ms);
}

static const char *draw_outcome(struct random_stream *random, const struct post_mix *mix)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < mix->outcomes_count; i++)
        sum += mix->outcomes[i].weight;
    uint32_t place = random_below(random, sum);
    for (unsigned i = 0; i < mix->outcomes_count; i++) {
        if (place < mix->outcomes[i].weight)
            return mix->outcomes[i].code;
        place -= mix->outcomes[i].weight;
    }
    return NULL;
}

static void add(struct post_plan *plan, struct post_reply reply)
{
    if (plan->count < POST_REPLIES_MAX)
        plan->replies[plan->count++] = reply;
}

/* The answer, and perhaps the same once more. */
static void add_own(struct post_plan *plan, struct random_stream *random, const struct post_mix *mix,
                    struct post_reply reply)
{
    add(plan, reply);
    if (draw(random, mix->duplicate)) {
        reply.kind = POST_REPLY_DUPLICATE;
        reply.after_ms += draw_delay(random, mix->delay);
        add(plan, reply);
    }
}

/* Takes the alert as far as the mix says. */
static void follow_alert(struct post_plan *plan, struct random_stream *random, const struct post_mix *mix,
                         int64_t after_ms)
{
    if (draw(random, mix->cannot)) {
        add_own(plan, random, mix, (struct post_reply){ POST_REPLY_OWN, DELIVERY_CANNOT, "referred", after_ms });
        return;
    }
    for (enum delivery_state state = DELIVERY_ACKED; state <= mix->until; state++) {
        const char *outcome = state == DELIVERY_CLOSED ? draw_outcome(random, mix) : NULL;
        add_own(plan, random, mix, (struct post_reply){ POST_REPLY_OWN, state, outcome, after_ms });
        after_ms += draw_delay(random, mix->delay);
    }
}

static void add_strays(struct post_plan *plan, struct random_stream *random, const struct post_mix *mix)
{
    const struct {
        unsigned             part;
        enum post_reply_kind kind;
    } strays[] = {
        {mix->foreign,  POST_REPLY_FOREIGN},
        { mix->unknown, POST_REPLY_UNKNOWN},
        { mix->broken,  POST_REPLY_BROKEN },
    };

    for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++) {
        if (draw(random, strays[i].part))
            add(plan, (struct post_reply){ strays[i].kind, DELIVERY_ACKED, NULL, draw_delay(random, mix->delay) });
    }
}

void post_plan_make(const struct post_mix *mix, const char *post, const char *alert, const char *message,
                    struct post_plan *plan)
{
    const uint64_t       of_post = XXH3_64bits(post, strlen(post));
    const uint64_t       number  = XXH3_64bits_withSeed(alert, strlen(alert), of_post);
    struct random_stream random  = random_for(mix->seed, PURPOSE, number);

    *plan = (struct post_plan){ .is_lost = draw(&random, mix->loss) };
    if (plan->is_lost)
        return;
    plan->is_late          = draw(&random, mix->late);
    const int64_t after_ms = draw_delay(&random, plan->is_late ? mix->late_delay : mix->delay);
    if (strcmp(message, "cancel") == 0)
        add_own(plan, &random, mix, (struct post_reply){ POST_REPLY_OWN, DELIVERY_CLOSED, "deleted", after_ms });
    else if (strcmp(message, "close") == 0)
        add_own(plan, &random, mix, (struct post_reply){ POST_REPLY_OWN, DELIVERY_ACKED, NULL, after_ms });
    else
        follow_alert(plan, &random, mix, after_ms);
    add_strays(plan, &random, mix);
}
