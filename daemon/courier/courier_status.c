/* The courier's row of role_status; see courier_status.h.
 * Names topics and error codes, nothing else. */
#include "daemon/courier/courier_status.h"

#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/post_metrics.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static json_t *list_failing(const struct topics *topics)
{
    json_t *failing = json_array();

    for (size_t i = 0; i < topics->count; i++) {
        const struct topic *topic = &topics->topics[i];
        if (topic->failures > 0)
            json_array_append_new(failing, json_pack("{s:s, s:s, s:i}", "topic", topic->name, "error", topic->error,
                                                     "failures", topic->failures));
    }
    return failing;
}

static json_t *number_or_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? json_null()
                                            : json_integer(strtoll(PQgetvalue(result, row, column), NULL, 10));
}

/* Deliveries by post, so that whoever reads the status needs no right on alerts. */
static enum db_status add_posts(struct db *db, json_t *detail, struct metrics_server *metrics)
{
    static const char *const names[] = { "queued",         "sent",    "answered", "escalated",
                                         "oldest_seconds", "gave_up", "delivered" };
    PGresult                *result  = NULL;
    const enum db_status     status  = db_run(db, &statement_courier_posts_counts, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    json_t *posts = json_array();
    for (int row = 0; row < PQntuples(result); row++) {
        json_t *post = json_object();
        json_object_set_new(post, "post", json_string(PQgetvalue(result, row, 0)));
        json_object_set_new(post, "view", json_string(PQgetvalue(result, row, 1)));
        json_object_set_new(post, "active", json_boolean(PQgetvalue(result, row, 2)[0] == 't'));
        for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
            json_object_set_new(post, names[i], number_or_null(result, row, 3 + i));
        json_array_append_new(posts, post);
    }
    metrics_show(metrics, post_metrics_render(result));
    PQclear(result);
    json_object_set_new(detail, "posts", posts);
    return DB_OK;
}

/* Rows of word and number as an object `name`. */
static enum db_status add_counts(struct db *db, json_t *detail, const char *name, const struct statement *statement)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run(db, statement, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    json_t *counts = json_object();
    for (int row = 0; row < PQntuples(result); row++)
        json_object_set_new(counts, PQgetvalue(result, row, 0), number_or_null(result, row, 1));
    PQclear(result);
    json_object_set_new(detail, name, counts);
    return DB_OK;
}

/* What posts found of the links they were told of (DOMAIN.md D.1). */
static enum db_status add_links(struct db *db, json_t *detail)
{
    static const enum courier_metric metrics[]  = { COURIER_LINKS_CHECKED, COURIER_LINKS_WRONG, COURIER_LINKS_BOUND };
    int64_t                          figures[3] = { 0 };
    PGresult                        *result     = NULL;
    const enum db_status             status     = db_run(db, &statement_courier_false_links, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    for (int i = 0; i < 3; i++) {
        figures[i] = PQgetisnull(result, 0, i) ? 1000000 : strtoll(PQgetvalue(result, 0, i), NULL, 10);
        metric_set(&courier_metrics[metrics[i]], figures[i]);
    }
    PQclear(result);
    json_object_set_new(detail, "false_links",
                        json_pack("{s:I, s:I, s:f}", "checked", (json_int_t)figures[0], "wrong", (json_int_t)figures[1],
                                  "upper_95", (double)figures[2] / 1000000));
    return DB_OK;
}

static int64_t sum_of(json_t *counts)
{
    int64_t     sum = 0;
    const char *word;
    json_t     *count;

    json_object_foreach(counts, word, count) sum += json_integer_value(count);
    return sum;
}

static enum db_status write_row(struct db *db, const json_t *detail)
{
    char  pid[16];
    char *text = json_dumps(detail, JSON_COMPACT);

    snprintf(pid, sizeof pid, "%d", (int)getpid());
    const struct db_param params[] = { db_text(pid), db_text(text != NULL ? text : "{}") };
    const enum db_status  status   = db_run(db, &statement_courier_status, params, 2, NULL);
    free(text);
    return status;
}

enum db_status courier_status_write(struct db *db, const struct relay *relay, struct ack_feed *acks,
                                    struct metrics_server *metrics)
{
    json_t *failing = list_failing(relay_topics(relay));
    json_t *detail  = json_object();

    metric_set(&courier_metrics[COURIER_TOPICS_FAILING], (int64_t)json_array_size(failing));
    json_object_set_new(detail, "in_flight", json_integer((json_int_t)relay_in_flight(relay)));
    json_object_set_new(detail, "ack_lag", json_integer(ack_feed_lag(acks)));
    json_object_set_new(detail, "ack_partitions_halted", json_integer(ack_feed_halted(acks)));
    const int64_t unreachable = metric_get(&courier_metrics[COURIER_POSTS_UNREACHABLE]);
    const int64_t uncertified = metric_get(&courier_metrics[COURIER_POSTS_WITHOUT_CERTIFICATE]);
    json_object_set_new(detail, "posts_unreachable", json_integer(unreachable));
    json_object_set_new(detail, "posts_without_certificate", json_integer(uncertified));
    json_object_set_new(detail, "emergency_lag", json_integer(metric_get(&courier_metrics[COURIER_EMERGENCY_LAG])));
    json_object_set_new(detail, "topics_failing", failing);
    enum db_status status = add_counts(db, detail, "post_faults", &statement_courier_post_faults);
    const int64_t  faults = sum_of(json_object_get(detail, "post_faults"));
    metric_set(&courier_metrics[COURIER_POST_FAULTS], faults);
    json_object_set_new(detail, "alarm",
                        json_boolean(json_array_size(failing) > 0 || ack_feed_halted(acks) > 0 || unreachable > 0 ||
                                     faults > 0 || uncertified > 0));
    if (status == DB_OK)
        status = add_counts(db, detail, "acks", &statement_courier_acks_counts);
    if (status == DB_OK)
        status = add_counts(db, detail, "outcomes", &statement_courier_outcomes_counts);
    if (status == DB_OK)
        status = add_counts(db, detail, "emergencies", &statement_courier_emergency_counts);
    if (status == DB_OK)
        status = add_links(db, detail);
    if (status == DB_OK)
        status = add_posts(db, detail, metrics);
    if (status == DB_OK)
        status = write_row(db, detail);
    json_decref(detail);
    return status;
}
