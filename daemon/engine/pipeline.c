/* A batch's way from messages to COMMIT; see pipeline.h.
 * Computes everything before the transaction begins, and touches the world only after it ended. */
#include "daemon/engine/pipeline.h"

#include "daemon/common/clock.h"
#include "daemon/common/lease.h"
#include "daemon/common/log.h"
#include "daemon/engine/commands.h"
#include "daemon/engine/decode.h"
#include "daemon/engine/objections.h"
#include "daemon/engine/pairs.h"
#include "daemon/engine/people.h"
#include "daemon/engine/policies.h"
#include "daemon/engine/reference.h"
#include "daemon/engine/situations.h"
#include "daemon/engine/trail.h"

#include <stdlib.h>
#include <string.h>

enum { RETRY_PAUSE_MS = 500, RETRIES_IN_TOUCH = 20, ARENA_BYTES_DEFAULT = 192 << 20 };

struct pipeline {
    struct pipeline_parts  parts;
    struct arena           arena;
    void                  *memory;
    struct store_batch     rows;
    struct dirty           dirty;          /* whom the next batch must look at again */
    int32_t                ends_noted_day; /* the day for which ended rows of the policy are on record; 0: none */
    int32_t                looked_h;       /* the hour in which moves were looked for last */
    struct pipeline_totals totals;
    int64_t                shift_us; /* how far the deciding clock stands from the true one */
};

struct pipeline *pipeline_open(const struct pipeline_parts *parts)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return NULL;
    pipeline->parts  = *parts;
    pipeline->memory = malloc(ARENA_BYTES_DEFAULT);
    if (pipeline->memory == NULL) {
        free(pipeline);
        return NULL;
    }
    arena_init(&pipeline->arena, pipeline->memory, ARENA_BYTES_DEFAULT);
    store_batch_init(&pipeline->rows);
    dirty_init(&pipeline->dirty);
    return pipeline;
}

void pipeline_close(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    store_batch_clear(&pipeline->rows);
    free(pipeline->memory);
    free(pipeline);
}

static void pause_before_retry(void)
{
    const struct timespec pause = { 0, RETRY_PAUSE_MS * 1000000 };

    nanosleep(&pause, NULL);
}

/* Waits until PostgreSQL answers again; false when a stop was asked for. */
static bool wait_for_database(struct pipeline *pipeline)
{
    while (!pipeline->parts.should_stop()) {
        pause_before_retry();
        if (db_is_connected(pipeline->parts.db) || db_reconnect(pipeline->parts.db))
            return true;
    }
    return false;
}

/* ---- building a batch: everything up to the rows ---- */

struct build {
    struct batch           batch;
    struct engine_counters counters; /* kept only after COMMIT */
    struct dirty_turn      turn;
    struct people          people;
    struct exposure_batch *exposures;
    struct exposure_result result;
    struct commands        commands;
    struct forget          forget;
    int64_t                now_us;
};

static struct versions versions_of(struct pipeline *pipeline, struct build *build)
{
    const struct pipeline_parts *parts = &pipeline->parts;

    return (struct versions){
        .db       = parts->db,
        .blind    = parts->blind,
        .vault    = parts->tools->vault,
        .sources  = parts->sources,
        .counters = &build->counters,
    };
}

static bool resolve_people(struct pipeline *pipeline, struct build *build)
{
    const struct pipeline_parts *parts    = &pipeline->parts;
    const struct versions        versions = versions_of(pipeline, build);

    return people_begin(&build->people, parts->tools, parts->world, parts->blind, &pipeline->arena) &&
           commands_decide(&build->commands, build->people.identity) &&
           activation_take(parts->activation, world_identity(parts->world), build->people.identity, &pipeline->rows) &&
           people_take_records(&build->people, &build->batch, &versions, &pipeline->rows) &&
           people_resolve(&build->people, &build->counters.next_person) &&
           people_write(&build->people, &build->batch, &pipeline->rows);
}

static struct situation_scope scope_of(const struct pipeline *pipeline, const struct build *build)
{
    return (struct situation_scope){
        .tools  = pipeline->parts.tools,
        .world  = pipeline->parts.world,
        .people = &build->people,
        .batch  = &build->batch,
        .today  = clock_day_of(build->now_us),
        .now_h  = clock_hour_of(build->now_us),
    };
}

static bool open_counted(const struct build *build)
{
    bool is_ok = true;

    for (size_t i = 0; is_ok && i < build->commands.opened_count; i++)
        is_ok = exposure_batch_open_counted(build->exposures, build->commands.opened[i]);
    return is_ok;
}

static bool find_pairs(struct pipeline *pipeline, struct build *build)
{
    struct situation_scope scope = scope_of(pipeline, build);

    scope.rows       = &pipeline->rows;
    build->exposures = exposure_batch_begin(world_exposure(scope.world), &pipeline->arena);
    return build->exposures != NULL && situations_update(&scope, &build->turn, build->exposures, &pipeline->arena) &&
           open_counted(build) &&
           exposure_batch_pairs(build->exposures, scope.tools->policy, scope.today, &build->result) == EXPOSURE_OK;
}

static bool write_rows(struct pipeline *pipeline, struct build *build)
{
    const struct pipeline_parts *parts = &pipeline->parts;

    pipeline->rows.cluster_id = kafka_reader_cluster_id(parts->intake);
    objections_write(&build->batch, &pipeline->rows);
    return pairs_write(&build->result, identity_batch_result(build->people.identity), parts->tools->policy,
                       &build->batch, build->now_us, &pipeline->rows) &&
           reference_write(&build->batch, parts->tools->vault, &pipeline->rows) &&
           commands_write(&build->commands, &pipeline->arena, &pipeline->rows) &&
           trail_write(&build->batch, parts->tools->vault, &build->counters, parts->intake, &pipeline->arena,
                       &pipeline->rows);
}

static void begin_build(struct pipeline *pipeline, struct build *build)
{
    memset(build, 0, sizeof *build);
    arena_reset(&pipeline->arena);
    store_batch_reset(&pipeline->rows);
    batch_init(&build->batch, &pipeline->arena);
    build->counters = *pipeline->parts.counters;
    build->now_us   = clock_now_us() + pipeline->shift_us;
}

/* Commands, decoding and the stored versions: all that is asked of PostgreSQL before the transaction. */
static enum db_status read_inputs(struct pipeline *pipeline, struct build *build, rd_kafka_message_t **messages,
                                  size_t count, bool is_forced_out, bool *is_full)
{
    const struct pipeline_parts *parts = &pipeline->parts;
    const struct decode_scope    scope = {
           .feeds         = parts->feeds,
           .policy        = parts->tools->policy,
           .sources       = parts->sources,
           .intake        = parts->intake,
           .now_us        = build->now_us,
           .is_forced_out = is_forced_out,
    };
    const struct versions versions = versions_of(pipeline, build);

    *is_full              = false;
    enum db_status status = commands_read(&build->commands, parts->db, parts->tools->vault, &pipeline->arena);
    if (status == DB_OK)
        status = forget_read(&build->forget, parts->db, &pipeline->arena);
    if (status != DB_OK)
        return status;
    const int64_t start_us = clock_now_us();
    *is_full = !decode_messages(&build->batch, &scope, build->commands.requeued, build->commands.requeued_count,
                                messages, count, build->forget.count);
    pipeline->totals.decode_us += clock_now_us() - start_us;
    return *is_full ? DB_OK : versions_decide(&versions, &build->batch, &build->forget, &pipeline->rows);
}

static bool match(struct pipeline *pipeline, struct build *build)
{
    const int64_t start_us = clock_now_us();
    const bool    is_done  = resolve_people(pipeline, build) && find_pairs(pipeline, build) &&
                         write_rows(pipeline, build) &&
                         disputes_reserve(world_disputes(pipeline->parts.world), build->commands.dispute_count);

    pipeline->totals.match_us += clock_now_us() - start_us;
    return is_done;
}

/* A new address that has stood for the hold within the last hour becomes a move (rule O2). */
static void mark_moves(struct pipeline *pipeline, int32_t now_h)
{
    const struct world *world   = pipeline->parts.world;
    const int32_t       hold_h  = pipeline->parts.tools->policy->cycles.flap_hold_hours;
    size_t              count   = 0;
    const int64_t      *records = world_interest(world, &count);

    for (size_t i = 0; i < count; i++) {
        const struct record_facts *facts = world_facts(world, records[i]);
        if (facts != NULL && facts->home_since_h != 0 && facts->home_since_h + hold_h <= now_h &&
            facts->home_since_h + hold_h > pipeline->looked_h)
            dirty_mark_mention(&pipeline->dirty, world_mention_id(facts->record_id, 0));
    }
    pipeline->looked_h = now_h;
}

/* Ages, ends and freshness count in days: on a new one everybody's turn comes. */
static void take_turn(struct pipeline *pipeline, struct build *build, size_t count)
{
    const int32_t today = clock_day_of(build->now_us), now_h = clock_hour_of(build->now_us);
    size_t        interest;

    if (pipeline->looked_h != now_h)
        mark_moves(pipeline, now_h);
    if (pipeline->dirty.evaluated_day != today)
        dirty_mark_all(&pipeline->dirty);
    if (pipeline->ends_noted_day != today)
        policies_write_ends(pipeline->parts.tools->policy, today, &pipeline->rows);
    pipeline->dirty.evaluated_day = today;
    world_interest(pipeline->parts.world, &interest);
    build->turn = dirty_turn(&pipeline->dirty, interest, count > 0 ? DIRTY_TURN_BUSY : DIRTY_TURN_IDLE);
}

static enum pipeline_status build_batch(struct pipeline *pipeline, struct build *build, rd_kafka_message_t **messages,
                                        size_t count, bool is_forced_out)
{
    enum db_status status   = DB_RETRY;
    bool           is_full  = false;
    int            in_touch = 0;

    while (status == DB_RETRY || status == DB_UNKNOWN) {
        begin_build(pipeline, build);
        take_turn(pipeline, build, count);
        status = read_inputs(pipeline, build, messages, count, is_forced_out, &is_full);
        if (status != DB_RETRY && status != DB_UNKNOWN)
            break;
        pipeline->totals.retries++;
        /* It answers and still does not do: the arena is full, most likely, and fewer messages at a time fit. */
        if (db_is_connected(pipeline->parts.db) && ++in_touch == RETRIES_IN_TOUCH)
            return PIPELINE_REBUILD;
        if (!wait_for_database(pipeline))
            return PIPELINE_STOPPED;
    }
    if (status != DB_OK) {
        log_error("read_failed", log_word("sqlstate", db_sqlstate(pipeline->parts.db)),
                  log_number("arena_used", (int64_t)pipeline->arena.used));
        return PIPELINE_BROKEN;
    }
    if (is_full || !match(pipeline, build)) {
        log_error("batch_memory", log_number("arena_used", (int64_t)pipeline->arena.used),
                  log_number("messages", (int64_t)count));
        people_discard(&build->people);
        return PIPELINE_REBUILD;
    }
    return PIPELINE_OK;
}

/* ---- committing ---- */

enum commit_end { COMMIT_DONE, COMMIT_REFUSED, COMMIT_FENCED, COMMIT_BROKEN, COMMIT_STOPPED };

/* Asks what became of a COMMIT that never answered, until PostgreSQL can tell. */
static enum db_status learn_outcome(struct pipeline *pipeline, const char *xact_id, int32_t backend_pid)
{
    enum db_status status = DB_RETRY;

    log_warning("commit_unknown", log_word("xact", xact_id));
    while (status == DB_RETRY && !pipeline->parts.should_stop()) {
        pause_before_retry();
        status = store_outcome(pipeline->parts.db, xact_id, backend_pid);
    }
    log_info("commit_outcome", log_word("outcome", status == DB_OK ? "committed" : "not_committed"));
    return status;
}

static enum commit_end commit_rows(struct pipeline *pipeline)
{
    struct db *db = pipeline->parts.db;

    for (;;) {
        char    xact_id[24] = "";
        int32_t backend_pid = 0;
        bool    is_fenced   = false;

        enum db_status status =
            store_commit(&pipeline->rows, pipeline->parts.lease, db, xact_id, &backend_pid, &is_fenced);
        if (status == DB_UNKNOWN)
            status = learn_outcome(pipeline, xact_id, backend_pid) == DB_OK ? DB_OK : DB_RETRY;
        if (status == DB_OK)
            return COMMIT_DONE;
        if (is_fenced)
            return COMMIT_FENCED;
        /* A reviewer decided a pair in between: the statement reads its version again. */
        const bool is_conflict = strcmp(db_sqlstate(db), "HL001") == 0;
        if (status == DB_REFUSED && !is_conflict)
            return COMMIT_REFUSED;
        if (status == DB_BROKEN)
            return COMMIT_BROKEN;
        pipeline->totals.retries++;
        if (!is_conflict && !wait_for_database(pipeline))
            return COMMIT_STOPPED;
    }
}

static void count_outcomes(struct pipeline *pipeline, const struct batch *batch)
{
    pipeline->totals.batches++;
    pipeline->totals.messages += (int64_t)batch->message_count;
    for (size_t i = 0; i < batch->message_count; i++) {
        const struct batch_message *message = &batch->messages[i];
        pipeline->totals.outcomes[message->outcome]++;
        if (message->outcome == RECEIPT_REFUSED && message->is_sealed)
            pipeline->totals.sealed++;
        else if (message->outcome == RECEIPT_REFUSED)
            pipeline->totals.parked++;
    }
}

/* From the next batch on; everybody's turn comes. */
static void take_policy(struct pipeline *pipeline, const struct policy *policy)
{
    *pipeline->parts.policy = *policy;
    dirty_mark_all(&pipeline->dirty);
    log_info("policy_activated", log_word("version", policy->version));
}

/* After COMMIT: the world follows. Nothing here can fail. */
static void merge(struct pipeline *pipeline, struct build *build)
{
    dirty_done(&pipeline->dirty, &build->turn);
    people_merge(&build->people, &build->batch, &pipeline->dirty);
    exposure_batch_merge(build->exposures);
    trail_advance_positions(&build->batch);
    activation_advance(pipeline->parts.activation);
    pipeline->ends_noted_day = clock_day_of(build->now_us);
    if (build->commands.policy != NULL)
        take_policy(pipeline, build->commands.policy);
    commands_merge_disputes(&build->commands, world_disputes(pipeline->parts.world), &pipeline->dirty);
    *pipeline->parts.counters = build->counters;
    count_outcomes(pipeline, &build->batch);
}

static enum pipeline_status run_once(struct pipeline *pipeline, rd_kafka_message_t **messages, size_t count,
                                     bool is_forced_out, bool *is_refused)
{
    struct build build;

    *is_refused                 = false;
    enum pipeline_status status = build_batch(pipeline, &build, messages, count, is_forced_out);
    if (status != PIPELINE_OK)
        return status;
    const int64_t         start_us = clock_now_us();
    const enum commit_end end      = commit_rows(pipeline);
    pipeline->totals.commit_us += clock_now_us() - start_us;
    if (end == COMMIT_DONE) {
        merge(pipeline, &build);
        return PIPELINE_OK;
    }
    people_discard(&build.people);
    *is_refused = end == COMMIT_REFUSED;
    switch (end) {
    case COMMIT_FENCED:
        return PIPELINE_FENCED;
    case COMMIT_BROKEN:
        return PIPELINE_BROKEN;
    case COMMIT_STOPPED:
        return PIPELINE_STOPPED;
    default:
        return PIPELINE_OK;
    }
}

/* The database refused something in the batch: one record per transaction finds it, and parks it. */
static enum pipeline_status replay_one_by_one(struct pipeline *pipeline, rd_kafka_message_t **messages, size_t count)
{
    enum pipeline_status status = PIPELINE_OK;

    log_warning("batch_refused", log_word("sqlstate", db_sqlstate(pipeline->parts.db)),
                log_word("constraint", db_constraint(pipeline->parts.db)), log_number("messages", (int64_t)count));
    for (size_t i = 0; i < count && status == PIPELINE_OK; i++) {
        bool is_refused = false;
        status          = run_once(pipeline, messages + i, 1, false, &is_refused);
        if (status == PIPELINE_OK && is_refused)
            status = run_once(pipeline, messages + i, 1, true, &is_refused);
        if (status == PIPELINE_OK && is_refused) {
            log_error("record_unparkable", log_word("sqlstate", db_sqlstate(pipeline->parts.db)));
            return PIPELINE_BROKEN;
        }
    }
    return status;
}

/* One transaction, or as many as it takes when the database refuses something in it. */
static enum pipeline_status run_part(struct pipeline *pipeline, rd_kafka_message_t **messages, size_t count)
{
    bool                 is_refused = false;
    enum pipeline_status status     = run_once(pipeline, messages, count, false, &is_refused);

    if (status == PIPELINE_OK && is_refused && count > 0)
        return replay_one_by_one(pipeline, messages, count);
    if (status == PIPELINE_OK && is_refused)
        return run_once(pipeline, NULL, 0, true, &is_refused); /* a requeued message: back into quarantine */
    return status;
}

enum pipeline_status pipeline_run(struct pipeline *pipeline, rd_kafka_message_t **messages, size_t count)
{
    enum pipeline_status status = PIPELINE_OK;
    size_t               part   = count;
    size_t               done   = 0;

    /* Large messages may not fit the arena together; fewer at a time do. */
    do {
        const size_t left = count - done;
        part              = part < left ? part : left;
        status            = run_part(pipeline, messages + done, part);
        if (status == PIPELINE_OK)
            done += part;
        else if (status == PIPELINE_REBUILD && part > 1)
            part /= 2;
        else
            break;
    } while (done < count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_message_destroy(messages[i]);
    return status;
}

enum pipeline_status pipeline_reconcile(struct pipeline *pipeline)
{
    const enum db_status status = pairs_load(world_exposure(pipeline->parts.world), pipeline->parts.db);

    if (status != DB_OK)
        return status == DB_RETRY ? PIPELINE_REBUILD : PIPELINE_BROKEN;

    const struct build           build = { .people = { .world = pipeline->parts.world },
                                           .now_us = clock_now_us() + pipeline->shift_us };
    const struct situation_scope scope = scope_of(pipeline, &build);
    enum pipeline_status         ended = situations_load(&scope) ? PIPELINE_OK : PIPELINE_REBUILD;
    dirty_mark_all(&pipeline->dirty);
    while (ended == PIPELINE_OK && (!dirty_is_clean(&pipeline->dirty) || pipeline->parts.activation->is_due) &&
           !pipeline->parts.should_stop())
        ended = run_part(pipeline, NULL, 0);
    return ended;
}

void pipeline_shift_clock(struct pipeline *pipeline, int64_t shift_us)
{
    pipeline->shift_us = shift_us;
}

bool pipeline_has_due_work(const struct pipeline *pipeline)
{
    return pipeline_is_behind(pipeline) || pipeline->looked_h != clock_hour_of(clock_now_us() + pipeline->shift_us) ||
           commands_are_due(pipeline->parts.db);
}

bool pipeline_is_behind(const struct pipeline *pipeline)
{
    return !dirty_is_clean(&pipeline->dirty);
}

const struct pipeline_totals *pipeline_totals(const struct pipeline *pipeline)
{
    return &pipeline->totals;
}
