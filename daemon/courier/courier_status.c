/* The courier's row of role_status; see courier_status.h.
 * Names topics and error codes, nothing else. */
#include "daemon/courier/courier_status.h"

#include "daemon/courier/courier_metrics.h"

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

enum db_status courier_status_write(struct db *db, const struct relay *relay, const struct ack_feed *acks)
{
    char    pid[16];
    json_t *failing = list_failing(relay_topics(relay));
    json_t *detail  = json_object();

    metric_set(&courier_metrics[COURIER_TOPICS_FAILING], (int64_t)json_array_size(failing));
    json_object_set_new(detail, "in_flight", json_integer((json_int_t)relay_in_flight(relay)));
    json_object_set_new(detail, "ack_lag", json_integer(ack_feed_lag(acks)));
    json_object_set_new(detail, "ack_partitions_halted", json_integer(ack_feed_halted(acks)));
    json_object_set_new(detail, "alarm", json_boolean(json_array_size(failing) > 0 || ack_feed_halted(acks) > 0));
    json_object_set_new(detail, "topics_failing", failing);
    char *text = json_dumps(detail, JSON_COMPACT);
    json_decref(detail);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    const struct db_param params[] = { db_text(pid), db_text(text != NULL ? text : "{}") };
    const enum db_status  status   = db_run(db, &statement_courier_status, params, 2, NULL);
    free(text);
    return status;
}
