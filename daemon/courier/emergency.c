/* The emergency thread; see emergency.h.
 * Shares nothing with the courier's loop but configuration that nobody changes. */
#include "daemon/courier/emergency.h"

#include "daemon/common/blind.h"
#include "daemon/common/clock.h"
#include "daemon/common/db.h"
#include "daemon/common/lease.h"
#include "daemon/common/log.h"
#include "daemon/common/policy.h"
#include "daemon/common/vault.h"
#include "daemon/courier/certificates.h"
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/emergency_handed.h"
#include "daemon/courier/emergency_intake.h"
#include "daemon/courier/relay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    IDLE_WAIT_MS          = 20,
    FLYING_WAIT_MS        = 2,
    HANDED_EVERY_MS       = 500,
    CLAIM_EVERY_MS        = 200, /* reminders and steps up are put there by the courier's loop */
    RENEW_EVERY_MS        = 2000,
    TURN_EVERY_MS         = 60000,
    CERTIFICATES_EVERY_MS = 60000,
    RETRY_WAIT_MS         = 200,
    LEASE_RETRY_MS        = 500,
    ARENA_BYTES           = 16 * 1024 * 1024,
};

struct emergency {
    const struct config        *config;
    const struct posts         *posts;
    const struct view_policy   *views;
    struct feed_config         *feeds;
    struct policy               policy;
    struct blind               *blind;
    struct vault               *vault;
    struct certificates        *certificates;
    struct emergency_part_tools parts;
    struct db                  *db;
    struct lease                lease;
    struct emergency_intake    *intake;
    struct relay               *relay;
    struct arena                arena;                                                  /* of one message handed on */
    int64_t     claim_at_ms, handed_at_ms, renew_at_ms, turn_at_ms, certificates_at_ms; /* monotonic: next time */
    pthread_t   thread;
    bool        has_thread;
    atomic_bool shall_stop, is_broken;
};

static void check_certificates(struct emergency *emergency)
{
    if (clock_is_due(&emergency->certificates_at_ms, CERTIFICATES_EVERY_MS))
        metric_set(&courier_metrics[COURIER_POSTS_WITHOUT_CERTIFICATE], certificates_load(emergency->certificates));
}

/* Erasure and overdue notices; and while nothing happens, the lease stays ours. */
static enum db_status keep_house(struct emergency *emergency)
{
    const bool     is_turn = clock_is_due(&emergency->turn_at_ms, TURN_EVERY_MS);
    PGresult      *result  = NULL;
    enum db_status status  = DB_OK;

    if (!clock_is_due(&emergency->renew_at_ms, RENEW_EVERY_MS) && !is_turn)
        return DB_OK;
    status = db_begin(emergency->db);
    if (status == DB_OK)
        status = lease_check(&emergency->lease, emergency->db);
    if (status == DB_OK && is_turn)
        status = db_run_binary(emergency->db, &statement_courier_emergency_turn, NULL, 0, &result);
    if (status == DB_OK)
        status = db_commit(emergency->db);
    else
        db_rollback(emergency->db);
    PQclear(result);
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

/* What came on ordinary feeds. */
static enum db_status take_handed(struct emergency *emergency, size_t *alerts)
{
    const struct emergency_message_tools tools = { emergency->feeds, &emergency->policy, emergency->blind,
                                                   emergency->vault, emergency->db,      &emergency->arena };
    size_t                               taken = 0;

    if (!clock_is_due(&emergency->handed_at_ms, HANDED_EVERY_MS))
        return DB_OK;
    const enum db_status status = emergency_handed_step(&tools, &emergency->lease, &taken);
    *alerts += taken;
    return status;
}

/* One round: what came in is committed, and at once handed to the broker. */
static enum db_status do_round(struct emergency *emergency)
{
    const bool     is_flying = relay_in_flight(emergency->relay) > 0;
    size_t         alerts = 0, claimed = 0;
    enum db_status status = emergency_intake_step(emergency->intake, emergency->db, &emergency->lease,
                                                  is_flying ? FLYING_WAIT_MS : IDLE_WAIT_MS, &alerts);

    if (status == DB_OK)
        status = take_handed(emergency, &alerts);
    if (status == DB_OK && (alerts > 0 || clock_is_due(&emergency->claim_at_ms, CLAIM_EVERY_MS)))
        status = relay_claim(emergency->relay, emergency->db, &emergency->lease, &claimed);
    relay_poll(emergency->relay, is_flying || claimed > 0 ? FLYING_WAIT_MS : 0);
    if (status == DB_OK)
        status = relay_settle(emergency->relay, emergency->db, &emergency->lease);
    if (status == DB_OK)
        status = keep_house(emergency);
    metric_set(&courier_metrics[COURIER_EMERGENCY_LAG], emergency_intake_lag(emergency->intake));
    check_certificates(emergency);
    relay_recover(emergency->relay);
    return status;
}

static bool wait_for_lease(struct emergency *emergency)
{
    while (!emergency->shall_stop) {
        if (lease_try(&emergency->lease, emergency->db, LEASE_RETRY_MS))
            return true;
    }
    return false;
}

/* What a leader needs of Kafka; made anew for each term of office. */
static bool open_kafka(struct emergency *emergency, char *error, size_t error_size)
{
    const struct emergency_intake_spec intake = { emergency->config, emergency->feeds, &emergency->policy,
                                                  emergency->blind, emergency->vault };
    const struct relay_spec relay = { emergency->config, emergency->blind, emergency->views, NULL, &emergency->parts };

    emergency->intake = emergency_intake_open(&intake, error, error_size);
    if (emergency->intake != NULL)
        emergency->relay = relay_open(&relay, error, error_size);
    return emergency->relay != NULL;
}

static void close_kafka(struct emergency *emergency)
{
    relay_close(emergency->relay);
    emergency_intake_close(emergency->intake);
    emergency->relay  = NULL;
    emergency->intake = NULL;
}

/* Acts until told to stop or the lease is lost; false on a failure no retry can cure. */
static bool lead(struct emergency *emergency)
{
    enum db_status status = DB_OK;

    metric_set(&courier_metrics[COURIER_EMERGENCY_LEADER], 1);
    while (!emergency->shall_stop) {
        status = do_round(emergency);
        if (status == DB_REFUSED || status == DB_BROKEN)
            break;
        if (status == DB_OK)
            continue;
        courier_count(COURIER_DB_RETRIES, 1);
        clock_wait_ms(RETRY_WAIT_MS);
        if (!db_is_connected(emergency->db))
            db_reconnect(emergency->db);
    }
    metric_set(&courier_metrics[COURIER_EMERGENCY_LEADER], 0);
    if (status == DB_OK)
        relay_land(emergency->relay, emergency->db, &emergency->lease);
    else
        log_error(status == DB_BROKEN ? "emergency_database_broken" : "emergency_lease_lost_or_refused",
                  log_word("sqlstate", db_sqlstate(emergency->db)),
                  log_word("constraint", db_constraint(emergency->db)));
    return status != DB_BROKEN;
}

static void *run(void *argument)
{
    struct emergency *emergency  = argument;
    char              error[512] = "";
    bool              is_well    = true;

    while (is_well && wait_for_lease(emergency)) {
        is_well = open_kafka(emergency, error, sizeof error) && lead(emergency);
        close_kafka(emergency);
    }
    if (!is_well) {
        if (error[0] != '\0')
            fprintf(stderr, "hulei courier: %s\n", error);
        emergency->is_broken = true;
    }
    lease_release(&emergency->lease, emergency->db);
    return NULL;
}

static bool open_all(struct emergency *emergency, char *error, size_t error_size)
{
    const struct config *config = emergency->config;

    emergency->feeds = feed_config_load(config->feeds, error, error_size);
    if (emergency->feeds == NULL || !policy_load(config->policy, &emergency->policy, error, error_size))
        return false;
    emergency->blind = blind_open_directory(config->courier.keys, error, error_size);
    if (emergency->blind == NULL)
        return false;
    emergency->vault = vault_open_directory(config->courier.keys, error, error_size);
    if (emergency->vault == NULL)
        return false;
    vault_use_suite(emergency->vault, config->vault.suite);
    emergency->certificates = certificates_open(config->courier.certificates, emergency->posts, emergency->views);
    if (emergency->certificates == NULL) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    void *memory = malloc(ARENA_BYTES);
    if (memory == NULL) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    arena_init(&emergency->arena, memory, ARENA_BYTES);
    emergency->parts = (struct emergency_part_tools){ emergency->vault, emergency->certificates };
    emergency->db    = db_open(config->database.courier, "hulei courier emergency", error, error_size);
    return emergency->db != NULL;
}

struct emergency *emergency_start(const struct config *config, const struct posts *posts,
                                  const struct view_policy *views, char *error, size_t error_size)
{
    struct emergency *emergency = calloc(1, sizeof *emergency);

    if (emergency == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    emergency->config = config;
    emergency->posts  = posts;
    emergency->views  = views;
    lease_init(&emergency->lease, "emergency");
    if (!open_all(emergency, error, error_size)) {
        emergency_stop(emergency);
        return NULL;
    }
    check_certificates(emergency);
    emergency->has_thread = pthread_create(&emergency->thread, NULL, run, emergency) == 0;
    if (!emergency->has_thread) {
        snprintf(error, error_size, "no thread for emergencies");
        emergency_stop(emergency);
        return NULL;
    }
    return emergency;
}

bool emergency_is_well(const struct emergency *emergency)
{
    return !emergency->is_broken;
}

void emergency_stop(struct emergency *emergency)
{
    if (emergency == NULL)
        return;
    emergency->shall_stop = true;
    if (emergency->has_thread)
        pthread_join(emergency->thread, NULL);
    db_close(emergency->db);
    certificates_close(emergency->certificates);
    vault_close(emergency->vault);
    blind_close(emergency->blind);
    feed_config_free(emergency->feeds);
    free(emergency->arena.base);
    free(emergency);
}
