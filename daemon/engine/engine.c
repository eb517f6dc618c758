/* The life of the engine process; see engine.h.
 * Leads only while it holds the lease; everything it knows is dropped when it loses it. */
#include "daemon/engine/engine.h"
#include "daemon/engine/counted.h"

#include "daemon/common/clock.h"
#include "daemon/common/db.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/common/lease.h"
#include "daemon/common/log.h"
#include "daemon/common/model.h"
#include "daemon/common/policy.h"
#include "daemon/engine/erasures.h"
#include "daemon/engine/expiry.h"
#include "daemon/engine/pipeline.h"
#include "daemon/engine/policies.h"
#include "daemon/engine/remake.h"
#include "daemon/engine/status.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STANDBY_POLL_MS = 1000,
    STATUS_EVERY_MS = 2000,
    ERASE_EVERY_MS  = 1000,
    FEEDS_EVERY_MS  = 60000,
    ERASE_AGAIN_MS  = 30000,
    EXPIRE_EVERY_MS = 1000,
    ERROR_BYTES     = 512
};

/* Everything that lives as long as the process. */
struct engine {
    const struct config    *config;
    struct vault           *vault;
    struct blind           *blind;
    struct gazetteer_file  *gazetteer;
    struct language_tables *language;
    struct identity_model  *model;
    struct policy           policy;
    struct feed_config     *feeds;
    const char            **topics;
    size_t                  topic_count;
    struct db              *db;
    struct lease            lease;
    struct engine_status   *status;
};

static volatile sig_atomic_t stop_asked;

static void ask_stop(int number)
{
    (void)number;
    stop_asked = 1;
}

static bool should_stop(void)
{
    return stop_asked != 0;
}

static bool open_parts(struct engine *engine, char *error, size_t size)
{
    const struct config *config = engine->config;

    engine->vault = vault_open_directory(config->engine.keys, error, size);
    if (engine->vault == NULL)
        return false;
    vault_use_suite(engine->vault, config->vault.suite);
    engine->blind = blind_open_directory(config->engine.keys, error, size);
    if (engine->blind == NULL)
        return false;
    engine->gazetteer = gazetteer_file_open(NULL, error, size);
    if (engine->gazetteer == NULL)
        return false;
    engine->language = language_open(error, size);
    if (engine->language == NULL)
        return false;
    engine->model = model_load(config->model, error, size);
    if (engine->model == NULL)
        return false;
    if (!policy_load(config->policy, &engine->policy, error, size))
        return false;
    engine->feeds = feed_config_load(config->feeds, error, size);
    if (engine->feeds == NULL)
        return false;
    engine->topics = calloc(engine->feeds->topics_count, sizeof *engine->topics);
    if (engine->topics == NULL)
        return false;
    for (size_t i = 0; i < engine->feeds->topics_count; i++) {
        if (!feed_topic_is_emergency(&engine->feeds->topics[i])) /* those are the courier's */
            engine->topics[engine->topic_count++] = engine->feeds->topics[i].topic;
    }
    engine->status = engine_status_open(config->engine.metrics_socket, engine->blind, error, size);
    return engine->status != NULL;
}

static void close_parts(struct engine *engine)
{
    engine_status_close(engine->status);
    if (engine->db != NULL)
        lease_release(&engine->lease, engine->db);
    db_close(engine->db);
    free(engine->topics);
    feed_config_free(engine->feeds);
    model_free(engine->model);
    language_close(engine->language);
    gazetteer_file_close(engine->gazetteer);
    blind_close(engine->blind);
    vault_close(engine->vault);
}

/* True when PostgreSQL answers; the connection outlives a lost lead. */
static bool connect_database(struct engine *engine)
{
    char error[ERROR_BYTES];

    if (engine->db == NULL)
        engine->db = db_open(engine->config->database.engine, "hulei engine", error, sizeof error);
    else if (!db_is_connected(engine->db))
        db_reconnect(engine->db);
    if (engine->db != NULL && db_is_connected(engine->db))
        return true;
    log_warning("database_unreachable", log_word("role", "engine"));
    return false;
}

/* Waits until this process leads. False when a stop was asked for. */
static bool wait_for_lead(struct engine *engine)
{
    bool is_told = false;

    for (; !should_stop(); clock_wait_ms(STANDBY_POLL_MS)) {
        if (!connect_database(engine) || lease_acquire(&engine->lease, engine->db) != DB_OK)
            continue;
        if (engine->lease.fence > 0)
            return true;
        if (!is_told)
            log_info("standby", log_word("reason", "another_engine_leads"));
        is_told = true;
    }
    return false;
}

/* One term of leadership, from an empty world to whatever ends it. */
struct term {
    struct engine         *engine;
    struct world          *world;
    struct kafka_reader   *intake;
    struct pipeline       *pipeline;
    struct source_table    sources;
    struct engine_counters counters;
    struct activation      activation;
    int64_t                status_at_ms, erase_at_ms, expire_at_ms, feeds_at_ms;
    struct expiry          expiry;
    int32_t                counted_day; /* the day rule B1 counted last */
};

static void show_status(struct term *term)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (now_ms - term->status_at_ms < STATUS_EVERY_MS)
        return;
    term->status_at_ms = now_ms;
    engine_status_show(term->engine->status, term->engine->db, term->intake, term->world,
                       pipeline_totals(term->pipeline), &term->expiry);
}

static void erase_sealed(struct term *term)
{
    if (clock_monotonic_ms() < term->erase_at_ms)
        return;
    const bool is_done = erasures_run(term->intake, term->engine->db);
    term->erase_at_ms  = clock_monotonic_ms() + (is_done ? ERASE_EVERY_MS : ERASE_AGAIN_MS);
}

/* What is past its end, and with it the clock by which the rules count their days. */
static void expire(struct term *term)
{
    if (clock_monotonic_ms() < term->expire_at_ms)
        return;
    if (expiry_run(&term->expiry, term->engine->config->engine.erasure_ledger, term->engine->db))
        pipeline_shift_clock(term->pipeline, term->expiry.shift_us);
    term->expire_at_ms = clock_monotonic_ms() + EXPIRE_EVERY_MS;
}

/* Silent feeds and totals that do not fit become tasks (rule B3). */
static void check_feeds(struct term *term)
{
    const bool            is_on = term->engine->policy.rules[RULE_B3];
    const struct db_param param = db_text(is_on ? "true" : "false");

    if (clock_monotonic_ms() < term->feeds_at_ms)
        return;
    term->feeds_at_ms = clock_monotonic_ms() + FEEDS_EVERY_MS;
    if (db_run(term->engine->db, &statement_engine_feed_faults, &param, 1, NULL) != DB_OK)
        log_warning("feed_faults_failed", log_word("sqlstate", db_sqlstate(term->engine->db)));
}

/* Once everybody was looked at on a new day, what is only counted is counted. */
static void count_exposures(struct term *term)
{
    const int32_t today = clock_day_of(clock_now_us() + term->expiry.shift_us);

    if (term->counted_day == today || pipeline_is_behind(term->pipeline))
        return;
    if (counted_update(term->world, &term->engine->policy, today, term->engine->db) == DB_OK)
        term->counted_day = today;
    else
        log_warning("count_failed", log_word("sqlstate", db_sqlstate(term->engine->db)));
}

static void assign(struct term *term)
{
    bool                 is_assigned = false;
    const enum db_status status      = kafka_reader_assign(term->intake, term->engine->db, &is_assigned);

    if (status == DB_OK && is_assigned)
        return;
    log_warning("assign_failed", log_word("sqlstate", db_sqlstate(term->engine->db)),
                log_word("error", kafka_reader_error(term->intake)));
    if (!db_is_connected(term->engine->db))
        db_reconnect(term->engine->db);
    clock_wait_ms(STANDBY_POLL_MS);
}

static struct kafka_reader *open_intake(const struct engine *engine, char *error, size_t error_size)
{
    const struct kafka_reader_spec spec = {
        .kafka         = &engine->config->kafka,
        .user          = engine->config->kafka.engine.user,
        .password_file = engine->config->kafka.engine.password_file,
        .group         = "hulei-engine",
        .blind         = engine->blind,
        .topics        = engine->topics,
        .topic_count   = engine->topic_count,
    };

    return kafka_reader_open(&spec, error, error_size);
}

static enum pipeline_status lead_batches(struct term *term)
{
    const struct config_engine *settings = &term->engine->config->engine;
    rd_kafka_message_t        **messages = calloc(settings->batch_max_messages, sizeof *messages);
    enum pipeline_status        status   = messages != NULL ? PIPELINE_OK : PIPELINE_REBUILD;

    while (status == PIPELINE_OK && !should_stop()) {
        if (kafka_reader_needs_assign(term->intake))
            assign(term);
        const uint32_t wait_ms = pipeline_is_behind(term->pipeline) ? 0 : settings->batch_max_wait_ms;
        const size_t   count   = kafka_reader_poll(term->intake, messages, settings->batch_max_messages, wait_ms);
        if (count > 0 || pipeline_has_due_work(term->pipeline))
            status = pipeline_run(term->pipeline, messages, count);
        if (status == PIPELINE_OK && count > 0)
            kafka_reader_mirror_offsets(term->intake);
        erase_sealed(term);
        expire(term);
        check_feeds(term);
        count_exposures(term);
        show_status(term);
    }
    free(messages);
    return status;
}

static bool begin_term(struct term *term, const struct world_tools *tools)
{
    struct engine *engine = term->engine;
    char           error[ERROR_BYTES];
    const int64_t  started_ms = clock_monotonic_ms();

    if (sources_load(&term->sources, engine->feeds, engine->db) != DB_OK)
        return false;
    if (policies_open(engine->config->policy, &engine->policy, engine->db) != DB_OK) {
        log_error("policy_in_force", log_word("error", "database, or the stored policy does not load"));
        return false;
    }
    if (remake_features(engine->db, &engine->lease, tools, engine->blind) != DB_OK) {
        log_error("features_remake", log_word("sqlstate", db_sqlstate(engine->db)));
        return false;
    }
    term->world = world_make(tools);
    if (term->world == NULL || world_load(term->world, engine->db, &term->counters) != DB_OK)
        return false;
    log_info("index_loaded", log_number("records", (int64_t)world_counts(term->world).records),
             log_number("ms", clock_monotonic_ms() - started_ms));
    term->intake = open_intake(engine, error, sizeof error);
    if (term->intake == NULL) {
        log_error("kafka_setup", log_word("error", "see the configuration"));
        return false;
    }
    if (activation_open(&term->activation, engine->config->model, engine->model, world_identity(term->world),
                        term->counters.next_person, engine->db) != DB_OK) {
        log_error("model_activation", log_word("error", "database, model file or memory"));
        return false;
    }
    const struct pipeline_parts parts = {
        .db          = engine->db,
        .lease       = &engine->lease,
        .intake      = term->intake,
        .world       = term->world,
        .tools       = tools,
        .feeds       = engine->feeds,
        .blind       = engine->blind,
        .sources     = &term->sources,
        .counters    = &term->counters,
        .policy      = &engine->policy,
        .activation  = &term->activation,
        .should_stop = should_stop,
    };
    term->pipeline = pipeline_open(&parts);
    return term->pipeline != NULL;
}

static void end_term(struct term *term)
{
    pipeline_close(term->pipeline);
    kafka_reader_close(term->intake);
    world_drop(term->world);
    activation_clear(&term->activation);
    sources_clear(&term->sources);
}

static enum pipeline_status lead(struct engine *engine)
{
    struct term              term  = { .engine = engine };
    const struct world_tools tools = {
        .gazetteer          = gazetteer_file_tables(engine->gazetteer),
        .language           = engine->language,
        .model              = engine->model,
        .policy             = &engine->policy,
        .vault              = engine->vault,
        .sources            = &term.sources,
        .memory_limit_bytes = (size_t)engine->config->engine.memory_limit_mb << 20,
    };
    enum pipeline_status status = PIPELINE_REBUILD;

    if (begin_term(&term, &tools)) {
        status = pipeline_reconcile(term.pipeline);
        if (status == PIPELINE_OK)
            status = lead_batches(&term);
    }
    end_term(&term);
    return status;
}

int engine_run(const struct config *config)
{
    struct engine    engine = { .config = config };
    struct sigaction action = { .sa_handler = ask_stop };
    char             error[ERROR_BYTES];
    int              status = 0;

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    lease_init(&engine.lease, "engine");
    if (!open_parts(&engine, error, sizeof error)) {
        fprintf(stderr, "hulei engine: %s\n", error);
        close_parts(&engine);
        return 1;
    }
    log_info("engine_started", log_word("version", HULEI_VERSION), log_word("policy", engine.policy.version));
    while (status == 0 && wait_for_lead(&engine)) {
        const enum pipeline_status ended = lead(&engine);
        if (ended == PIPELINE_OK || ended == PIPELINE_STOPPED)
            break;
        log_warning("term_ended", log_number("status", ended));
        if (ended == PIPELINE_BROKEN)
            status = 1;
        if (ended == PIPELINE_FENCED)
            engine.lease.fence = 0;
        clock_wait_ms(STANDBY_POLL_MS);
    }
    close_parts(&engine);
    log_info("engine_stopped", log_number("status", status));
    return status;
}
