/* `hulei topics apply|check`: makes the broker hold every topic and right of feeds.yaml and posts.yaml, or compares.
 * Adds only: a topic or right that the files no longer name is for a human to take away. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/cli/topics_plan.h"
#include "daemon/common/clock.h"
#include "daemon/common/kafka.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REQUEST_MS = 30000, ADMIN_QUEUE_MS = 60000, IN_FORCE_MS = 30000, LOOK_AGAIN_US = 200000, ERROR_BYTES = 512 };

struct broker {
    rd_kafka_t       *handle;
    rd_kafka_queue_t *queue;
    bool              is_quiet; /* while waiting, what is missing is no fault yet */
};

static void print_help(void)
{
    puts("usage: hulei topics apply|check [--config FILE]\n\n"
         "apply creates the topics of feeds.yaml and posts.yaml and the rights of every principal, as the configured\n"
         "admin. check only compares and exits 1 when something is missing.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

static void fault(const char *what, const char *why)
{
    fprintf(stderr, "hulei topics: %s: %s\n", what, why);
}

static void difference(const struct broker *broker, const char *what, const char *why)
{
    if (!broker->is_quiet)
        fault(what, why);
}

static bool broker_open(struct broker *broker, const struct config *config)
{
    char             error[ERROR_BYTES];
    rd_kafka_conf_t *conf = kafka_conf_new(&config->kafka, config->kafka.admin.user, config->kafka.admin.password_file,
                                           error, sizeof error);

    if (conf == NULL) {
        fault("admin", error);
        return false;
    }
    broker->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (broker->handle == NULL) {
        rd_kafka_conf_destroy(conf);
        fault("admin", error);
        return false;
    }
    broker->queue = rd_kafka_queue_new(broker->handle);
    return true;
}

static void broker_close(struct broker *broker)
{
    if (broker->queue != NULL)
        rd_kafka_queue_destroy(broker->queue);
    if (broker->handle != NULL)
        rd_kafka_destroy(broker->handle);
}

/* The answer to the request just sent, or NULL after saying why not. */
static rd_kafka_event_t *await_answer(const struct broker *broker, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(broker->queue, ADMIN_QUEUE_MS);

    if (event == NULL) {
        fault(what, "no answer");
        return NULL;
    }
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fault(what, rd_kafka_event_error_string(event));
        rd_kafka_event_destroy(event);
        return NULL;
    }
    return event;
}

static rd_kafka_AdminOptions_t *request_options(const struct broker *broker, rd_kafka_admin_op_t operation)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(broker->handle, operation);
    char                     error[ERROR_BYTES];

    rd_kafka_AdminOptions_set_request_timeout(options, REQUEST_MS, error, sizeof error);
    return options;
}

/* ---- topics ---- */

/* Replication is the broker's default: 1 in development, 3 where there are three. */
static rd_kafka_NewTopic_t *new_topic(const struct planned_topic *topic)
{
    char                 error[ERROR_BYTES];
    rd_kafka_NewTopic_t *made = rd_kafka_NewTopic_new(topic->name, topic->partitions, -1, error, sizeof error);

    if (made == NULL) {
        fault(topic->name, error);
        return NULL;
    }
    rd_kafka_NewTopic_set_config(made, "cleanup.policy", "delete");
    rd_kafka_NewTopic_set_config(made, "message.timestamp.type", "LogAppendTime");
    if (topic->is_feed)
        rd_kafka_NewTopic_set_config(made, "retention.ms", "604800000"); /* 7 days */
    return made;
}

static bool judge_created(const rd_kafka_event_t *event)
{
    size_t                          count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result((rd_kafka_event_t *)event), &count);
    bool is_ok = true;

    for (size_t i = 0; i < count; i++) {
        const rd_kafka_resp_err_t outcome = rd_kafka_topic_result_error(results[i]);
        if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR || outcome == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            continue;
        fault(rd_kafka_topic_result_name(results[i]), rd_kafka_err2name(outcome));
        is_ok = false;
    }
    return is_ok;
}

static bool create_topics(const struct broker *broker, const struct topics_plan *plan)
{
    rd_kafka_NewTopic_t **topics = calloc(plan->topic_count, sizeof *topics);
    size_t                count  = 0;
    bool                  is_ok  = false;

    for (; topics != NULL && count < plan->topic_count; count++) {
        topics[count] = new_topic(&plan->topics[count]);
        if (topics[count] == NULL)
            break;
    }
    if (topics != NULL && count == plan->topic_count) {
        rd_kafka_AdminOptions_t *options = request_options(broker, RD_KAFKA_ADMIN_OP_CREATETOPICS);
        rd_kafka_CreateTopics(broker->handle, topics, count, options, broker->queue);
        rd_kafka_AdminOptions_destroy(options);
        rd_kafka_event_t *event = await_answer(broker, "topics");
        is_ok                   = event != NULL && judge_created(event);
        if (event != NULL)
            rd_kafka_event_destroy(event);
    }
    rd_kafka_NewTopic_destroy_array(topics, count);
    free(topics);
    return is_ok;
}

static bool is_listed(const struct rd_kafka_metadata *metadata, const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        if (strcmp(metadata->topics[i].topic, name) == 0)
            return metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topics[i].partition_cnt > 0;
    }
    return false;
}

static bool check_topics(const struct broker *broker, const struct topics_plan *plan)
{
    const struct rd_kafka_metadata *metadata;
    bool                            is_ok = true;
    const rd_kafka_resp_err_t       outcome =
        rd_kafka_metadata(broker->handle, 1 /* all topics */, NULL, &metadata, REQUEST_MS);

    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fault("metadata", rd_kafka_err2name(outcome));
        return false;
    }
    for (size_t i = 0; i < plan->topic_count; i++) {
        if (!is_listed(metadata, plan->topics[i].name)) {
            difference(broker, plan->topics[i].name, "missing");
            is_ok = false;
        }
    }
    rd_kafka_metadata_destroy(metadata);
    return is_ok;
}

/* ---- rights ---- */

static rd_kafka_AclBinding_t *new_right(const struct planned_right *right)
{
    char                   error[ERROR_BYTES];
    rd_kafka_AclBinding_t *made =
        rd_kafka_AclBinding_new(right->resource, right->name, right->pattern, right->principal, "*", right->operation,
                                RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, error, sizeof error);

    if (made == NULL)
        fault(right->principal, error);
    return made;
}

static bool judge_rights(const rd_kafka_event_t *event)
{
    size_t                        count;
    const rd_kafka_acl_result_t **results =
        rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result((rd_kafka_event_t *)event), &count);
    bool is_ok = true;

    for (size_t i = 0; i < count; i++) {
        const rd_kafka_error_t *error = rd_kafka_acl_result_error(results[i]);
        if (error != NULL) {
            fault("rights", rd_kafka_error_name(error));
            is_ok = false;
        }
    }
    return is_ok;
}

static bool create_rights(const struct broker *broker, const struct topics_plan *plan)
{
    rd_kafka_AclBinding_t **rights = calloc(plan->right_count, sizeof *rights);
    size_t                  count  = 0;
    bool                    is_ok  = false;

    for (; rights != NULL && count < plan->right_count; count++) {
        rights[count] = new_right(&plan->rights[count]);
        if (rights[count] == NULL)
            break;
    }
    if (rights != NULL && count == plan->right_count) {
        rd_kafka_AdminOptions_t *options = request_options(broker, RD_KAFKA_ADMIN_OP_CREATEACLS);
        rd_kafka_CreateAcls(broker->handle, rights, count, options, broker->queue);
        rd_kafka_AdminOptions_destroy(options);
        rd_kafka_event_t *event = await_answer(broker, "rights");
        is_ok                   = event != NULL && judge_rights(event);
        if (event != NULL)
            rd_kafka_event_destroy(event);
    }
    rd_kafka_AclBinding_destroy_array(rights, count);
    free(rights);
    return is_ok;
}

static bool is_held(const rd_kafka_AclBinding_t **held, size_t count, const struct planned_right *right)
{
    for (size_t i = 0; i < count; i++) {
        if (rd_kafka_AclBinding_restype(held[i]) == right->resource &&
            rd_kafka_AclBinding_resource_pattern_type(held[i]) == right->pattern &&
            rd_kafka_AclBinding_operation(held[i]) == right->operation &&
            strcmp(rd_kafka_AclBinding_name(held[i]), right->name) == 0 &&
            strcmp(rd_kafka_AclBinding_principal(held[i]), right->principal) == 0)
            return true;
    }
    return false;
}

static bool is_planned(const struct topics_plan *plan, const rd_kafka_AclBinding_t *held)
{
    for (size_t i = 0; i < plan->right_count; i++) {
        if (is_held(&held, 1, &plan->rights[i]))
            return true;
    }
    return false;
}

/* A right too many is as wrong as one that is missing. */
static bool compare_rights(const struct broker *broker, const struct topics_plan *plan,
                           const rd_kafka_AclBinding_t **held, size_t count)
{
    bool is_ok = true;

    for (size_t i = 0; i < plan->right_count; i++) {
        if (!is_held(held, count, &plan->rights[i])) {
            difference(broker, plan->rights[i].principal, "a right is missing");
            is_ok = false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_planned(plan, held[i])) {
            difference(broker, rd_kafka_AclBinding_principal(held[i]), "has a right that the files do not give");
            is_ok = false;
        }
    }
    return is_ok;
}

static bool check_rights(const struct broker *broker, const struct topics_plan *plan)
{
    char                         error[ERROR_BYTES];
    rd_kafka_AclBindingFilter_t *all = rd_kafka_AclBindingFilter_new(
        RD_KAFKA_RESOURCE_ANY, NULL, RD_KAFKA_RESOURCE_PATTERN_ANY, NULL, NULL, RD_KAFKA_ACL_OPERATION_ANY,
        RD_KAFKA_ACL_PERMISSION_TYPE_ANY, error, sizeof error);

    if (all == NULL) {
        fault("rights", error);
        return false;
    }
    rd_kafka_AdminOptions_t *options = request_options(broker, RD_KAFKA_ADMIN_OP_DESCRIBEACLS);
    rd_kafka_DescribeAcls(broker->handle, all, options, broker->queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_AclBinding_destroy(all);
    rd_kafka_event_t *event = await_answer(broker, "rights");
    if (event == NULL)
        return false;
    size_t                        count;
    const rd_kafka_AclBinding_t **held =
        rd_kafka_DescribeAcls_result_acls(rd_kafka_event_DescribeAcls_result(event), &count);
    const bool is_ok = compare_rights(broker, plan, held, count);
    rd_kafka_event_destroy(event);
    return is_ok;
}

/* ---- the command ---- */

static bool check_all(const struct broker *broker, const struct topics_plan *plan)
{
    const bool has_topics = check_topics(broker, plan);

    return check_rights(broker, plan) && has_topics;
}

/*
 * The controller answers before the brokers act on it: after a hundred new topics rights came into force seconds
 * later (measured). A right too many is not waited for; the last look says what it is.
 */
static bool await_all(struct broker *broker, const struct topics_plan *plan)
{
    const int64_t limit_ms = clock_monotonic_ms() + IN_FORCE_MS;

    broker->is_quiet = true;
    while (!check_all(broker, plan) && clock_monotonic_ms() < limit_ms)
        usleep(LOOK_AGAIN_US);
    broker->is_quiet = false;
    return check_all(broker, plan);
}

static bool work(const struct config *config, const struct topics_plan *plan, bool applies)
{
    struct broker broker = { 0 };
    bool          is_ok  = broker_open(&broker, config);

    if (is_ok && applies)
        is_ok = create_rights(&broker, plan) && create_topics(&broker, plan) && await_all(&broker, plan);
    else if (is_ok)
        is_ok = check_all(&broker, plan);
    broker_close(&broker);
    return is_ok;
}

static int run(const struct config *config, bool applies)
{
    char                error[ERROR_BYTES];
    struct topics_plan  plan        = { 0 };
    struct posts       *posts       = NULL;
    int                 exit_status = 1;
    struct feed_config *feeds       = feed_config_load(config->feeds, error, sizeof error);

    if (feeds != NULL)
        posts = posts_load(config->posts, error, sizeof error);
    if (feeds == NULL || posts == NULL) {
        fprintf(stderr, "hulei topics: %s\n", error);
        exit_status = 2;
    } else if (!topics_plan_make(&plan, config, feeds, posts)) {
        fault("plan", "out of memory, or a name is too long");
    } else if (work(config, &plan, applies)) {
        printf("%zu topics, %zu rights %s\n", plan.topic_count, plan.right_count, applies ? "applied" : "in place");
        exit_status = 0;
    }
    topics_plan_clear(&plan);
    posts_free(posts);
    feed_config_free(feeds);
    return exit_status;
}

int command_topics(int argc, char **argv)
{
    const char *path        = NULL;
    int         exit_status = 2;

    if (!config_option_read(argc, argv, print_help, NULL, 0, &path, &exit_status))
        return exit_status;
    const char *verb    = optind + 1 == argc ? argv[optind] : "";
    const bool  applies = strcmp(verb, "apply") == 0;
    if (!applies && strcmp(verb, "check") != 0) {
        fputs("hulei topics: see `hulei topics --help`\n", stderr);
        return 2;
    }
    struct config *config = config_option_load("topics", path);
    if (config == NULL)
        return 2;
    exit_status = run(config, applies);
    config_free(config);
    return exit_status;
}
