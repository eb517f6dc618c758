/* The simulation's loop; see simulate.h.
 * One thread for all posts; prints ids of posts and counts, nothing of what a message says. */
#include "daemon/cli/post/simulate.h"

#include "daemon/cli/post/agenda.h"
#include "daemon/common/clock.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_MAX = 256, ERROR_BYTES = 512, REST_MS = 10, AGAIN_MS = 1000, ALERT_HEX = 32 };

struct simulation {
    const struct simulate_options *options;
    struct posts                  *posts;
    struct desk                   *desks;
    size_t                         count;
    struct agenda                  agenda;
    int64_t                        heard_ms; /* when there was last something to do */
};

static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

/* True when the list is NULL or names the post between its commas. */
static bool is_chosen(const char *list, const char *post)
{
    const size_t length = strlen(post);

    for (const char *word = list; word != NULL;) {
        const size_t word_length = strcspn(word, ",");
        if (word_length == length && memcmp(word, post, length) == 0)
            return true;
        word = word[word_length] == ',' ? word + word_length + 1 : NULL;
    }
    return list == NULL;
}

/* False when a word of the list is no post with Kafka. */
static bool list_is_known(const char *list, const struct posts *posts)
{
    size_t words = list != NULL, found = 0;

    for (const char *at = list; at != NULL && *at != '\0'; at++)
        words += *at == ',';
    for (unsigned i = 0; list != NULL && i < posts->posts_count; i++)
        found += posts->posts[i].webhook == NULL && is_chosen(list, posts->posts[i].id);
    return words == found;
}

static bool open_desks(struct simulation *simulation, const struct config *config, char *error, size_t error_size)
{
    const struct simulate_options *options = simulation->options;
    const struct posts            *posts   = simulation->posts;

    if (!list_is_known(options->posts, posts)) {
        snprintf(error, error_size, "--post names one that is not in posts.yaml, or has a webhook");
        return false;
    }
    simulation->desks = calloc(posts->posts_count > 0 ? posts->posts_count : 1, sizeof *simulation->desks);
    for (unsigned i = 0; simulation->desks != NULL && i < posts->posts_count; i++) {
        if (posts->posts[i].webhook != NULL || !is_chosen(options->posts, posts->posts[i].id))
            continue;
        const struct desk_spec spec = {
            .kafka       = &config->kafka,
            .post        = &posts->posts[i],
            .passwords   = options->passwords,
            .other_post  = posts->posts[i > 0 ? i - 1 : posts->posts_count - 1].id,
            .is_exercise = options->is_exercise,
            .from_end    = options->from_end,
        };
        if (!desk_open(&simulation->desks[simulation->count++], &spec, error, error_size))
            return false;
    }
    if (simulation->count == 0)
        snprintf(error, error_size, "no post to simulate");
    return simulation->count > 0;
}

/* ---- one message ---- */

static bool plan_reply(struct simulation *simulation, struct desk *desk, const char *alert,
                       const struct post_reply *what, int64_t now_ms)
{
    struct desk_reply *reply = calloc(1, sizeof *reply);

    if (reply == NULL)
        return false;
    *reply = (struct desk_reply){ .due_ms = now_ms + what->after_ms, .desk = desk, .what = *what };
    if (what->kind == POST_REPLY_UNKNOWN)
        snprintf(reply->alert_id, sizeof reply->alert_id, "al-%0*d", ALERT_HEX, 0);
    else
        snprintf(reply->alert_id, sizeof reply->alert_id, "%s", alert);
    return agenda_add(&simulation->agenda, reply);
}

static long *count_of(struct desk_counts *counts, const char *message)
{
    if (strcmp(message, "update") == 0)
        return &counts->updates;
    if (strcmp(message, "cancel") == 0)
        return &counts->cancels;
    return strcmp(message, "close") == 0 ? &counts->closes : &counts->alerts;
}

/* False: no memory. */
static bool take_alert(struct simulation *simulation, struct desk *desk, const char *alert, const char *message)
{
    const int64_t    now_ms = clock_monotonic_ms();
    struct post_plan plan;
    bool             is_kept = true;

    switch (agenda_meet(&simulation->agenda, desk->spec.post->id, alert)) {
    case AGENDA_FULL:
        return false;
    case AGENDA_KNOWN:
        desk->counts.reminders++;
        return true;
    case AGENDA_NEW:
        break;
    }
    ++*count_of(&desk->counts, message);
    post_plan_make(&simulation->options->mix, desk->spec.post->id, alert, message, &plan);
    desk->counts.lost += plan.is_lost;
    desk->counts.late += plan.is_late;
    for (size_t i = 0; is_kept && i < plan.count; i++)
        is_kept = plan_reply(simulation, desk, alert, &plan.replies[i], now_ms);
    return is_kept;
}

static bool take_message(struct simulation *simulation, struct desk *desk, const rd_kafka_message_t *message)
{
    json_t     *event   = message->payload != NULL ? json_loadb(message->payload, message->len, 0, NULL) : NULL;
    const char *type    = json_string_value(json_object_get(event, "type"));
    const char *alert   = json_string_value(json_object_get(event, "subject"));
    const char *kind    = json_string_value(json_object_get(json_object_get(event, "data"), "msg"));
    bool        is_kept = true;

    if (type != NULL && strcmp(type, "hulei.alert.v1") == 0 && alert != NULL && kind != NULL &&
        strlen(alert) < ACK_TEXT_BYTES) {
        is_kept              = take_alert(simulation, desk, alert, kind);
        simulation->heard_ms = clock_monotonic_ms();
    } else if (type != NULL && strcmp(type, "hulei.heartbeat.v1") == 0) {
        desk->counts.heartbeats++;
    } else if (type != NULL && strcmp(type, "hulei.answer.v1") == 0) {
        desk->counts.replies++;
    } else {
        desk->counts.others++;
    }
    json_decref(event);
    return is_kept;
}

/* ---- the loop ---- */

/* False: no memory. *is_busy: something was read. */
static bool read_desk(struct simulation *simulation, struct desk *desk, bool *is_busy)
{
    rd_kafka_message_t *messages[READ_MAX];
    bool                is_kept = true;
    const size_t        count   = desk_read(desk, messages, READ_MAX);

    for (size_t i = 0; i < count; i++) {
        is_kept = is_kept && take_message(simulation, desk, messages[i]);
        rd_kafka_message_destroy(messages[i]);
    }
    for (struct desk_reply *reply; is_kept && (reply = desk_take_returned(desk)) != NULL;) {
        reply->due_ms = clock_monotonic_ms() + AGAIN_MS;
        is_kept       = agenda_add(&simulation->agenda, reply);
    }
    *is_busy |= count > 0;
    return is_kept;
}

static bool do_round(struct simulation *simulation)
{
    bool is_busy = false, is_kept = true;

    for (size_t i = 0; is_kept && i < simulation->count; i++)
        is_kept = read_desk(simulation, &simulation->desks[i], &is_busy);
    for (struct desk_reply *reply; (reply = agenda_take(&simulation->agenda, clock_monotonic_ms())) != NULL;) {
        desk_send(reply->desk, reply);
        simulation->heard_ms = clock_monotonic_ms();
    }
    if (!is_busy)
        clock_wait_ms(REST_MS);
    return is_kept;
}

static bool is_idle(const struct simulation *simulation, int64_t now_ms)
{
    if (simulation->options->idle_ms == 0 || now_ms - simulation->heard_ms < simulation->options->idle_ms ||
        simulation->agenda.count > 0)
        return false;
    for (size_t i = 0; i < simulation->count; i++) {
        if (simulation->desks[i].in_air > 0)
            return false;
    }
    return true;
}

static bool work(struct simulation *simulation)
{
    const int64_t begun_ms = clock_monotonic_ms();
    bool          is_kept  = true;

    simulation->heard_ms = begun_ms;
    while (is_kept && !stop_requested) {
        const int64_t now_ms = clock_monotonic_ms();
        if ((simulation->options->for_ms > 0 && now_ms - begun_ms >= simulation->options->for_ms) ||
            is_idle(simulation, now_ms))
            break;
        is_kept = do_round(simulation);
    }
    return is_kept;
}

/* ---- what it did ---- */

static const struct column {
    const char *name;
    size_t      offset;
} columns[] = {
    {"alerts",      offsetof(struct desk_counts, alerts)    },
    { "updates",    offsetof(struct desk_counts, updates)   },
    { "cancels",    offsetof(struct desk_counts, cancels)   },
    { "closes",     offsetof(struct desk_counts, closes)    },
    { "reminders",  offsetof(struct desk_counts, reminders) },
    { "heartbeats", offsetof(struct desk_counts, heartbeats)},
    { "replies",    offsetof(struct desk_counts, replies)   },
    { "others",     offsetof(struct desk_counts, others)    },
    { "lost",       offsetof(struct desk_counts, lost)      },
    { "late",       offsetof(struct desk_counts, late)      },
    { "acked",      offsetof(struct desk_counts, acked)     },
    { "acting",     offsetof(struct desk_counts, acting)    },
    { "closed",     offsetof(struct desk_counts, closed)    },
    { "cannot",     offsetof(struct desk_counts, cannot)    },
    { "duplicates", offsetof(struct desk_counts, duplicates)},
    { "strays",     offsetof(struct desk_counts, strays)    },
    { "failed",     offsetof(struct desk_counts, failed)    },
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static long *cell(struct desk_counts *counts, size_t column)
{
    return (long *)(void *)((char *)counts + columns[column].offset);
}

static json_t *counts_as_json(struct desk_counts *counts)
{
    json_t *object = json_object();

    for (size_t i = 0; i < COLUMN_COUNT; i++)
        json_object_set_new(object, columns[i].name, json_integer(*cell(counts, i)));
    return object;
}

static void print_json(struct simulation *simulation, struct desk_counts *total)
{
    json_t *posts  = json_object();
    json_t *object = json_pack("{s:o, s:o}", "total", counts_as_json(total), "posts", posts);

    for (size_t i = 0; i < simulation->count; i++)
        json_object_set_new(posts, simulation->desks[i].spec.post->id, counts_as_json(&simulation->desks[i].counts));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static void print_line(const char *name, struct desk_counts *counts)
{
    printf("%-20s", name);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(" %*ld", (int)strlen(columns[i].name), *cell(counts, i));
    putchar('\n');
}

static void print_table(struct simulation *simulation, struct desk_counts *total)
{
    printf("%-20s", "post");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(" %s", columns[i].name);
    putchar('\n');
    for (size_t i = 0; i < simulation->count; i++)
        print_line(simulation->desks[i].spec.post->id, &simulation->desks[i].counts);
    print_line("all", total);
}

static void finish(struct simulation *simulation)
{
    struct desk_counts total = { .alerts = 0 };

    for (size_t i = 0; i < simulation->count; i++) {
        desk_finish(&simulation->desks[i]);
        for (size_t column = 0; column < COLUMN_COUNT; column++)
            *cell(&total, column) += *cell(&simulation->desks[i].counts, column);
    }
    if (simulation->options->is_json)
        print_json(simulation, &total);
    else
        print_table(simulation, &total);
}

int simulate_run(const struct config *config, const struct simulate_options *options)
{
    struct simulation      simulation         = { .options = options };
    char                   error[ERROR_BYTES] = "";
    const struct sigaction action             = { .sa_handler = on_signal };

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    simulation.posts = posts_load(config->posts, error, sizeof error);
    bool is_well     = simulation.posts != NULL && open_desks(&simulation, config, error, sizeof error);
    if (is_well) {
        fprintf(stderr, "hulei post: %zu posts read their topics\n", simulation.count);
        is_well = work(&simulation);
        if (!is_well)
            snprintf(error, sizeof error, "out of memory");
        finish(&simulation);
    }
    if (!is_well)
        fprintf(stderr, "hulei post: %s\n", error);
    for (size_t i = 0; i < simulation.count; i++)
        desk_clear(&simulation.desks[i]);
    agenda_clear(&simulation.agenda);
    free(simulation.desks);
    posts_free(simulation.posts);
    return is_well ? 0 : 1;
}
