/* The courier's figures; see courier_metrics.h.
 * No label holds a post, a topic or an id. */
#include "daemon/courier/courier_metrics.h"

struct metric courier_metrics[COURIER_METRIC_COUNT] = {
    [COURIER_SENT_ALERT] =
        METRIC_COUNTER("hulei_courier_sent_total", "kind=\"alert\"", "Messages confirmed by the broker."),
    [COURIER_SENT_OTHER] =
        METRIC_COUNTER("hulei_courier_sent_total", "kind=\"other\"", "Messages confirmed by the broker."),
    [COURIER_SEND_FAILED] =
        METRIC_COUNTER("hulei_courier_send_failed_total", NULL, "Failed delivery reports; the rows stay queued."),
    [COURIER_RENDER_REFUSED] =
        METRIC_COUNTER("hulei_courier_render_refused_total", NULL, "Rows no message could be made of."),
    [COURIER_IN_FLIGHT] = METRIC_GAUGE("hulei_courier_in_flight", NULL, "Messages waiting for their delivery report."),
    [COURIER_TOPICS_FAILING]    = METRIC_GAUGE("hulei_courier_topics_failing", NULL, "Topics resting after a failure."),
    [COURIER_POSTS_UNREACHABLE] = METRIC_GAUGE("hulei_courier_posts_unreachable", NULL,
                                               "Posts whose topic does not exist or may not be written."),
    [COURIER_POST_FAULTS] =
        METRIC_GAUGE("hulei_courier_post_faults", NULL,
                     "Unknown posts named by feeds, areas without a police post, alerts that no post answers for."),
    [COURIER_PRODUCER_REBUILT] =
        METRIC_COUNTER("hulei_courier_producer_rebuilt_total", NULL, "Producers replaced after a fatal error."),
    [COURIER_REPEATED] =
        METRIC_COUNTER("hulei_courier_repeated_total", NULL, "Reminders of alerts nobody acknowledged."),
    [COURIER_TO_HUMAN] =
        METRIC_COUNTER("hulei_courier_to_human_total", NULL, "Alerts at the end of their chain, put before a human."),
    [COURIER_REVIEWS_ESCALATED] =
        METRIC_COUNTER("hulei_courier_reviews_escalated_total", NULL, "Reviews and signatures that were late."),
    [COURIER_REVIEWS_DUE_AGAIN] =
        METRIC_COUNTER("hulei_courier_reviews_due_again_total", NULL, "Accepted pairs whose review was due again."),
    [COURIER_ESCALATED]    = METRIC_COUNTER("hulei_courier_escalated_total", NULL, "Alerts handed to a lead."),
    [COURIER_ACK_ACCEPTED] = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"accepted\"", "Answers of posts."),
    [COURIER_ACK_LATE]     = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"late\"", "Answers of posts."),
    [COURIER_ACK_REPEATED] = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"repeated\"", "Answers of posts."),
    [COURIER_ACK_UNKNOWN]  = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"unknown\"", "Answers of posts."),
    [COURIER_ACK_FOREIGN]  = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"foreign\"", "Answers of posts."),
    [COURIER_ACK_INVALID]  = METRIC_COUNTER("hulei_courier_acks_total", "verdict=\"invalid\"", "Answers of posts."),
    [COURIER_REOPENED]     = METRIC_COUNTER("hulei_courier_reopened_total", NULL,
                                            "Pairs reopened as a post found the wrong person or address."),
    [COURIER_REROUTED] =
        METRIC_COUNTER("hulei_courier_rerouted_total", NULL, "Alerts handed on as a post said that it cannot."),
    [COURIER_WEBHOOK_FAILED] = METRIC_COUNTER("hulei_courier_webhook_failed_total", NULL,
                                              "Requests no receiver answered with a 2xx; tried again."),
    [COURIER_NOTICE_NOBODY] =
        METRIC_COUNTER("hulei_courier_notice_nobody_total", NULL, "Notices for a post with nobody on duty."),
    [COURIER_DB_RETRIES] =
        METRIC_COUNTER("hulei_courier_db_retries_total", NULL, "Transactions that had to be run again."),
    [COURIER_KAFKA_ERRORS] =
        METRIC_COUNTER("hulei_courier_kafka_errors_total", NULL, "Errors that librdkafka reported."),
    [COURIER_LEADER]          = METRIC_GAUGE("hulei_courier_leader", NULL, "1 while this process holds the lease."),
    [COURIER_EMERGENCY_TAKEN] = METRIC_COUNTER("hulei_courier_emergency_taken_total", NULL,
                                               "Emergency messages taken, with or without an alert."),
    [COURIER_EMERGENCY_PARKED] =
        METRIC_COUNTER("hulei_courier_emergency_parked_total", NULL, "Emergency messages that were refused."),
    [COURIER_EMERGENCY_LAG] = METRIC_GAUGE("hulei_courier_emergency_lag", NULL, "Emergency messages not taken yet."),
    [COURIER_EMERGENCY_LEADER] =
        METRIC_GAUGE("hulei_courier_emergency_leader", NULL, "1 while this process holds the lease of emergencies."),
    [COURIER_POSTS_WITHOUT_CERTIFICATE] = METRIC_GAUGE("hulei_courier_posts_without_certificate", NULL,
                                                       "Posts whose emergencies go without their encrypted part."),
    [COURIER_LINKS_CHECKED] =
        METRIC_GAUGE("hulei_courier_links_checked", NULL, "Pairs of which a post found both persons, or not."),
    [COURIER_LINKS_WRONG] =
        METRIC_GAUGE("hulei_courier_links_wrong", NULL, "Of these, a wrong person or a wrong address."),
    [COURIER_LINKS_BOUND] = {"hulei_courier_false_link_upper_ratio", NULL,
                             "Upper 95 % bound of the share of wrong links.", METRIC_KIND_GAUGE, 1000000, 0},
};
