/* The courier's loop; see courier.h. One thread, one connection: every step is short and starts from rows.
 * While another courier holds the lease it only waits. */
#include "daemon/courier/courier.h"

#include "daemon/common/blind.h"
#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"
#include "daemon/common/kafka.h"
#include "daemon/common/lease.h"
#include "daemon/common/log.h"
#include "daemon/common/vault.h"
#include "daemon/courier/ack_feed.h"
#include "daemon/courier/audit_roots.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/courier_status.h"
#include "daemon/courier/emergency.h"
#include "daemon/courier/heartbeat.h"
#include "daemon/courier/posts.h"
#include "daemon/courier/relay.h"
#include "daemon/courier/reviews.h"
#include "daemon/courier/webhooks.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    IDLE_WAIT_MS      = 20,
    CLAIM_EVERY_MS    = 500, /* when nothing wakes us: NOTIFY may be lost */
    ESCALATE_EVERY_MS = 1000,
    ESCALATE_MAX      = 200,
    REVIEWS_EVERY_MS  = 1000,
    STATUS_EVERY_MS   = 5000,
    POSTS_EVERY_MS    = 60000,
    ROOTS_EVERY_MS    = 1000, /* to look whether one is due */
    RETRY_WAIT_MS     = 500,
    LEASE_RETRY_MS    = 1000,
};

struct courier {
    const struct config   *config;
    struct db             *db;
    struct blind          *blind;
    struct vault          *vault;
    struct sign_key       *sign_key; /* of the audit lanes' statements */
    struct posts          *posts;
    struct view_policy    *views;
    struct relay          *relay;
    struct ack_feed       *acks;
    struct emergency      *emergency;
    struct webhooks       *webhooks; /* NULL: nobody wants any */
    struct metrics_server *metrics;
    struct lease           lease;
    struct heartbeat       heartbeat;
    int64_t                claim_at_ms, escalate_at_ms, reviews_at_ms, status_at_ms, posts_at_ms,
        roots_at_ms; /* monotonic: next time */
};

static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

/* True when somebody said that the outbox has something new. */
static bool was_notified(struct courier *courier)
{
    bool      is_news    = false;
    PGconn   *connection = db_connection(courier->db);
    PGnotify *notice;

    if (PQconsumeInput(connection) == 0)
        return false;
    while ((notice = PQnotifies(connection)) != NULL) {
        is_news = true;
        PQfreemem(notice);
    }
    return is_news;
}

/* First duties of a new leader: posts into the tables, wake-ups. */
static enum db_status take_office(struct courier *courier)
{
    enum db_status status = db_begin(courier->db);

    if (status == DB_OK)
        status = lease_check(&courier->lease, courier->db);
    if (status == DB_OK)
        status = posts_store(courier->posts, courier->db);
    if (status == DB_OK)
        status = db_commit(courier->db);
    else
        db_rollback(courier->db);
    if (status == DB_UNKNOWN)
        return DB_RETRY;
    if (status == DB_OK)
        status = db_command(courier->db, "LISTEN hulei_outbox");
    return status;
}

/* Alerts to nowhere are found by looking, not when one is lost. */
static void check_posts(struct courier *courier)
{
    if (!clock_is_due(&courier->posts_at_ms, POSTS_EVERY_MS))
        return;
    const int missing = relay_check_posts(courier->relay, courier->posts);
    if (missing >= 0)
        metric_set(&courier_metrics[COURIER_POSTS_UNREACHABLE], missing);
}

static void note_steps(struct courier *courier, const PGresult *result)
{
    const int64_t planned   = db_get_number(result, 0, 0);
    const int64_t repeated  = db_get_number(result, 0, 1);
    const int64_t escalated = db_get_number(result, 0, 2);
    const int64_t to_human  = db_get_number(result, 0, 3);

    courier_count(COURIER_REPEATED, repeated);
    courier_count(COURIER_ESCALATED, escalated);
    courier_count(COURIER_TO_HUMAN, to_human);
    if (escalated > 0 || to_human > 0)
        log_warning("alerts_escalated", log_number("to_leads", escalated), log_number("to_humans", to_human));
    if (repeated > 0 || escalated > 0 || db_get_number(result, 0, 4) > 0)
        courier->claim_at_ms = 0;
    if (planned + repeated + escalated + to_human >= ESCALATE_MAX)
        courier->escalate_at_ms = 0; /* there may be more */
}

static enum db_status escalate(struct courier *courier)
{
    char           limit[16];
    PGresult      *result = NULL;
    enum db_status status = db_begin(courier->db);

    snprintf(limit, sizeof limit, "%d", ESCALATE_MAX);
    const struct db_param param = db_text(limit);
    if (status == DB_OK)
        status = lease_check(&courier->lease, courier->db);
    if (status == DB_OK)
        status = db_run_binary(courier->db, &statement_courier_escalate, &param, 1, &result);
    if (status == DB_OK)
        status = db_commit(courier->db);
    else
        db_rollback(courier->db);
    if (status == DB_OK)
        note_steps(courier, result);
    PQclear(result);
    return status == DB_UNKNOWN ? DB_RETRY : status; /* what is due is worked out anew: twice is once */
}

static enum db_status follow_reviews(struct courier *courier)
{
    bool                 has_more = false;
    const enum db_status status   = reviews_step(courier->db, &courier->lease, &has_more);

    if (has_more)
        courier->reviews_at_ms = 0;
    return status;
}

static enum db_status claim(struct courier *courier)
{
    size_t         count  = 0;
    enum db_status status = DB_OK;

    if (was_notified(courier))
        courier->claim_at_ms = 0;
    if (clock_is_due(&courier->claim_at_ms, CLAIM_EVERY_MS))
        status = relay_claim(courier->relay, courier->db, &courier->lease, &count);
    if (count > 0)
        courier->claim_at_ms = 0; /* there may be more than one claim takes */
    return status;
}

static enum db_status settle(struct courier *courier)
{
    const size_t         before = relay_in_flight(courier->relay);
    const enum db_status status = relay_settle(courier->relay, courier->db, &courier->lease);

    if (relay_in_flight(courier->relay) < before)
        courier->claim_at_ms = 0; /* what waited for room, or behind a message of its series, may go now */
    return status;
}

/* One round of the loop. */
static enum db_status do_round(struct courier *courier)
{
    size_t acks = 0;

    heartbeat_beat(&courier->heartbeat, courier->posts, courier->relay, courier->config->shard);
    enum db_status status = claim(courier);
    relay_poll(courier->relay, IDLE_WAIT_MS);
    if (status == DB_OK)
        status = settle(courier);
    if (status == DB_OK)
        status = ack_feed_step(courier->acks, courier->db, &courier->lease, &acks);
    if (status == DB_OK && clock_is_due(&courier->escalate_at_ms, ESCALATE_EVERY_MS))
        status = escalate(courier);
    if (status == DB_OK && clock_is_due(&courier->reviews_at_ms, REVIEWS_EVERY_MS))
        status = follow_reviews(courier);
    if (status == DB_OK && clock_is_due(&courier->roots_at_ms, ROOTS_EVERY_MS))
        status = audit_roots_step(courier->db, &courier->lease, courier->config, courier->sign_key);
    if (status == DB_OK && clock_is_due(&courier->status_at_ms, STATUS_EVERY_MS))
        status = courier_status_write(courier->db, courier->relay, courier->acks, courier->metrics);
    check_posts(courier);
    relay_recover(courier->relay);
    return status;
}

/* Waits until this process leads; false when it shall stop. */
static bool wait_for_lease(struct courier *courier)
{
    while (!stop_requested && emergency_is_well(courier->emergency)) {
        if (lease_try(&courier->lease, courier->db, LEASE_RETRY_MS))
            return true;
    }
    return false;
}

/* Acts as leader until told to stop or the lease is lost; false on a failure no retry can cure. */
static bool lead(struct courier *courier)
{
    enum db_status status = DB_RETRY;
    bool           is_set = false; /* in office on this connection */

    metric_set(&courier_metrics[COURIER_LEADER], 1);
    while (!stop_requested && emergency_is_well(courier->emergency)) {
        status = is_set ? do_round(courier) : take_office(courier);
        if (status == DB_OK && !is_set) {
            is_set = true;
            continue;
        }
        if (status == DB_REFUSED || status == DB_BROKEN)
            break;
        if (status == DB_OK)
            continue;
        courier_count(COURIER_DB_RETRIES, 1);
        relay_poll(courier->relay, 0);
        clock_wait_ms(RETRY_WAIT_MS);
        if (!db_is_connected(courier->db)) {
            is_set = false;
            db_reconnect(courier->db);
        }
    }
    metric_set(&courier_metrics[COURIER_LEADER], 0);
    if (status == DB_OK)
        relay_land(courier->relay, courier->db, &courier->lease);
    if (status == DB_REFUSED || status == DB_BROKEN)
        log_error(status == DB_BROKEN ? "database_broken" : "lease_lost_or_refused",
                  log_word("sqlstate", db_sqlstate(courier->db)), log_word("constraint", db_constraint(courier->db)));
    return status != DB_BROKEN;
}

static bool open_all(struct courier *courier, char *error, size_t error_size)
{
    const struct config *config = courier->config;

    courier->posts = posts_load(config->posts, error, error_size);
    if (courier->posts == NULL)
        return false;
    courier->views = view_policy_load_folder(config->policy, error, error_size);
    if (courier->views == NULL)
        return false;
    courier->blind = blind_open_directory(config->courier.keys, error, error_size);
    if (courier->blind == NULL)
        return false;
    courier->vault = vault_open_directory(config->courier.keys, error, error_size);
    if (courier->vault == NULL)
        return false;
    enum vault_suite suite;
    courier->sign_key = vault_suite_from_word(config->vault.suite, &suite)
                            ? sign_key_open(config->courier.keys, suite, error, error_size)
                            : NULL;
    if (courier->sign_key == NULL)
        return false;
    courier->db = db_open(config->database.courier, "hulei courier", error, error_size);
    if (courier->db == NULL)
        return false;
    courier->emergency = emergency_start(config, courier->posts, courier->views, error, error_size);
    return courier->emergency != NULL;
}

/* What a leader carries with; made anew for each term of office, so that nothing of an old one remains. */
static bool open_carriers(struct courier *courier, char *error, size_t error_size)
{
    courier->heartbeat           = (struct heartbeat){ .next_ms = 0 };
    const struct relay_spec spec = { courier->config, courier->blind, courier->views, courier->vault, NULL };
    courier->relay               = relay_open(&spec, error, error_size);
    if (courier->relay == NULL)
        return false;
    courier->acks = ack_feed_open(courier->config, courier->posts, courier->blind, error, error_size);
    if (courier->acks == NULL || !webhooks_are_wanted(courier->posts))
        return courier->acks != NULL;
    courier->webhooks =
        webhooks_start(courier->config, courier->posts, courier->views, courier->lease.fence, error, error_size);
    return courier->webhooks != NULL;
}

static void close_carriers(struct courier *courier)
{
    webhooks_stop(courier->webhooks);
    relay_close(courier->relay);
    ack_feed_close(courier->acks);
    courier->relay    = NULL;
    courier->acks     = NULL;
    courier->webhooks = NULL;
}

static bool run_terms(struct courier *courier, char *error, size_t error_size)
{
    bool is_well = true;

    while (is_well && wait_for_lease(courier)) {
        is_well = open_carriers(courier, error, error_size) && lead(courier);
        close_carriers(courier);
    }
    return is_well;
}

int courier_run(const struct config *config)
{
    struct courier         courier    = { .config = config };
    char                   error[512] = "";
    const struct sigaction action     = { .sa_handler = on_signal };
    bool                   is_well    = false;

    log_set_role("courier");
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    lease_init(&courier.lease, "courier");
    kafka_count_errors(&courier_metrics[COURIER_KAFKA_ERRORS]);

    courier.metrics =
        metrics_serve(config->courier.metrics_socket, courier_metrics, COURIER_METRIC_COUNT, error, sizeof error);
    if (courier.metrics != NULL && open_all(&courier, error, sizeof error)) {
        is_well = run_terms(&courier, error, sizeof error) && emergency_is_well(courier.emergency);
        lease_release(&courier.lease, courier.db);
    }
    if (!is_well)
        fprintf(stderr, "hulei courier: %s\n", error[0] != '\0' ? error : "stopped, see the log");
    emergency_stop(courier.emergency);
    db_close(courier.db);
    blind_close(courier.blind);
    vault_close(courier.vault);
    sign_key_close(courier.sign_key);
    view_policy_free(courier.views);
    posts_free(courier.posts);
    metrics_stop(courier.metrics);
    curl_global_cleanup();
    return is_well ? 0 : 1;
}
